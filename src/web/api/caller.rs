//! On whose behalf a request to the API acts.

use crate::accounts::Actor;
use crate::error::Error;
use crate::web::context::SignedIn;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use std::sync::Arc;

const SCHEME: &str = "token";

/// The person behind the bearer token, or behind the session. Without either the answer is 401.
pub struct Caller(pub Arc<Actor>);

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        let description = "An API token, as `quarterdeck create-token` prints it. The session of a browser does as well; \
             what changes something then needs the header X-CSRF-Token.";
        let scheme = MetaSecurityScheme {
            ty: "http",
            description: Some(description),
            name: None,
            key_in: None,
            scheme: Some("bearer"),
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        };
        registry.create_security_scheme(SCHEME, scheme);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let actor = request.data::<SignedIn>().and_then(|signed_in| signed_in.actor.clone());
        Ok(Caller(actor.ok_or(Error::Unauthenticated)?))
    }
}
