//! Sends people who came by http to https, and refuses what they sent: what travelled in the clear is not acted upon.
//!
//! TLS ends at a proxy, so how somebody came is what a trusted one says in X-Forwarded-Proto. What probes ask of the
//! process itself is answered either way.

use super::client_address::ClientAddress;
use poem::error::ResponseError;
use poem::http::uri::Scheme;
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

/// Load balancers and Prometheus come from inside, and know no proxy.
const FOR_PROBES: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Where people are sent: `https://deck.example.org`. `None` lets everybody through.
pub struct EnforceHttps {
    pub to: Option<String>,
}

impl<E: Endpoint> Middleware<E> for EnforceHttps {
    type Output = EnforceHttpsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        EnforceHttpsEndpoint { inner, to: self.to.clone() }
    }
}

pub struct EnforceHttpsEndpoint<E> {
    inner: E,
    to: Option<String>,
}

impl<E: Endpoint> Endpoint for EnforceHttpsEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let Some(to) = self.to.as_ref().filter(|_| !came_by_https(&request)) else {
            return self.inner.call(request).await.map(IntoResponse::into_response);
        };
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(NotByHttps.into());
        }
        // Host and scheme are the configuration's; of the request there is nothing but path and query.
        let place = request.uri().path_and_query().map_or("/", |place| place.as_str());
        Ok(Response::builder()
            .status(StatusCode::PERMANENT_REDIRECT)
            .header(header::LOCATION, format!("{to}{place}"))
            .finish())
    }
}

fn came_by_https(request: &Request) -> bool {
    let is_https = request.data::<ClientAddress>().is_some_and(|client| client.scheme == Scheme::HTTPS);
    is_https || FOR_PROBES.contains(&request.uri().path())
}

/// Something that was to change anything came by http.
#[derive(Debug)]
pub struct NotByHttps;

impl std::fmt::Display for NotByHttps {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(
            "Nothing was changed, because this came over a connection that others can read. Open the portal by https and \
             try again.",
        )
    }
}

impl std::error::Error for NotByHttps {}

impl ResponseError for NotByHttps {
    fn status(&self) -> StatusCode {
        StatusCode::FORBIDDEN
    }
}
