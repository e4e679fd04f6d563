//! The conversation with the issuer: its own description, the address to send people to, and the code for an identity.
//!
//! What it answers is read within ten seconds and one megabyte, by TLS with the certificates that this machine trusts. A
//! redirect is not followed.

use crate::accounts::identities::Claimed;
use crate::config::Oidc;
use crate::error::{Error, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IdTokenFields, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse,
    TokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::timeout;

const LONGEST_ANSWER: Duration = Duration::from_secs(10);
const MOST_BYTES: usize = 1024 * 1024;

/// Claims beyond the standard's: groups, under whatever name.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Further(HashMap<String, Value>);

impl AdditionalClaims for Further {}

type Fields = IdTokenFields<
    Further,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Party = openidconnect::Client<
    Further,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

pub struct Issuer<'a> {
    oidc: &'a Oidc,
    party: Party,
    http: Http,
}

/// What must fit when somebody comes back.
#[derive(Serialize, Deserialize)]
pub struct Began {
    pub state: String,
    nonce: String,
    verifier: String,
}

impl<'a> Issuer<'a> {
    /// Reads the issuer's description (OpenID Connect Discovery 1.0). `back` is where it sends people afterwards.
    ///
    /// # Errors
    /// `NotFound` when none is configured; `Unavailable` when it cannot be reached.
    pub async fn of(oidc: &'a Oidc, back: &str) -> Result<Self> {
        let url = oidc.issuer.clone().ok_or(Error::NotFound)?;
        let http = Http::new()?;
        let issuer = IssuerUrl::new(url).map_err(Error::internal)?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &http).await.map_err(unavailable)?;
        let secret = Some(oidc.client_secret.expose()).filter(|secret| !secret.is_empty());
        let secret = secret.map(|secret| ClientSecret::new(secret.to_owned()));
        let party = Party::from_provider_metadata(metadata, ClientId::new(oidc.client_id.clone()), secret)
            .set_redirect_uri(RedirectUrl::new(back.to_owned()).map_err(Error::internal)?);
        Ok(Issuer { oidc, party, http })
    }

    /// Where to send somebody, and what is to be kept meanwhile.
    pub fn begin(&self) -> (String, Began) {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let scopes = self.oidc.scopes.iter().filter(|scope| *scope != "openid").cloned().map(Scope::new);
        let request = self.party.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
        let (address, state, nonce) = request.add_scopes(scopes).set_pkce_challenge(challenge).url();
        let began =
            Began { state: state.secret().clone(), nonce: nonce.secret().clone(), verifier: verifier.secret().clone() };
        (address.to_string(), began)
    }

    /// Who came back, by what the issuer has signed: for this client, with this nonce, and not expired.
    pub async fn finish(&self, began: &Began, code: &str, now_ms: i64) -> Result<Claimed> {
        let request = self.party.exchange_code(AuthorizationCode::new(code.to_owned())).map_err(Error::internal)?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(began.verifier.clone()));
        let tokens = request.request_async(&self.http).await.map_err(refused)?;
        let id_token = tokens.id_token().ok_or_else(|| refused("there is no identity token in the answer"))?;
        let verifier = self.party.id_token_verifier().set_time_fn(move || time(now_ms));
        let claims = id_token.claims(&verifier, &Nonce::new(began.nonce.clone())).map_err(refused)?;
        let name = claims.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned());
        Ok(Claimed {
            issuer: claims.issuer().as_str().to_owned(),
            subject: claims.subject().as_str().to_owned(),
            email: claims.email().map(|email| email.as_str().to_owned()),
            email_verified: claims.email_verified().unwrap_or(false),
            name,
            groups: groups(claims.additional_claims().0.get(&self.oidc.groups_claim)),
        })
    }
}

/// A list of names, or one.
fn groups(claim: Option<&Value>) -> Vec<String> {
    match claim {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    }
}

fn time(now_ms: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_millis(now_ms).unwrap_or_default()
}

fn unavailable(error: impl std::fmt::Debug) -> Error {
    tracing::warn!(?error, "the issuer of OpenID Connect cannot be used");
    Error::invalid("identity", "The log-in there cannot be reached at the moment. Please try again later.")
}

fn refused(error: impl std::fmt::Debug) -> Error {
    tracing::warn!(?error, "an answer of the issuer of OpenID Connect was refused");
    Error::invalid("identity", "What came back from the log-in there cannot be trusted. Please try again.")
}

struct Http(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Http {
    fn new() -> Result<Self> {
        let provider = rustls::crypto::ring::default_provider();
        let connector =
            HttpsConnectorBuilder::new().with_provider_and_native_roots(provider).map_err(Error::internal)?;
        let connector = connector.https_or_http().enable_http1().build();
        Ok(Http(Client::builder(TokioExecutor::new()).build(connector)))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let whole = async {
            let response = self.0.request(request).await.map_err(|error| HttpFailure(error.to_string()))?;
            let (head, body) = response.into_parts();
            let body = Limited::new(body, MOST_BYTES).collect().await;
            let body = body.map_err(|error| HttpFailure(error.to_string()))?.to_bytes().to_vec();
            Ok(HttpResponse::from_parts(head, body))
        };
        timeout(LONGEST_ANSWER, whole).await.unwrap_or_else(|_| Err(HttpFailure("no answer in time".to_owned())))
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpFailure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpFailure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

#[derive(Debug)]
struct HttpFailure(String);

impl std::fmt::Display for HttpFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for HttpFailure {}
