//! A name for every request, which a person can read to an administrator from an error page and which finds the
//! request's lines in the log. It goes out in the X-Request-Id header, also with errors.

use std::{fmt, sync::Arc};

use poem::{
    Endpoint, Middleware, Request, Response, Result,
    http::{HeaderName, HeaderValue},
};

use super::client_address::{TrustedProxies, peer_ip};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// A request's id: 16 hexadecimal digits, or what a trusted proxy gave. It is in the request's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    fn random() -> Self {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        Self(format!("{:016x}", u64::from_be_bytes(bytes)).into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The middleware.
#[derive(Clone, Debug, Default)]
pub struct RequestIds {
    /// Keeps the X-Request-Id of a request that comes from one of `trusted`. Only for proxies that set the header
    /// themselves: many pass on whatever the client sent.
    pub accept_incoming: bool,
    pub trusted: TrustedProxies,
}

impl RequestIds {
    fn id_for(&self, request: &Request) -> RequestId {
        let incoming = request.header(HEADER).filter(|id| self.accept_incoming && is_plain(id));
        match incoming {
            Some(id) if self.trusted.trusts(peer_ip(request)) => RequestId(id.into()),
            _ => RequestId::random(),
        }
    }
}

impl<E: Endpoint> Middleware<E> for RequestIds {
    type Output = RequestIdsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        RequestIdsEndpoint { inner, ids: self.clone() }
    }
}

/// What [`RequestIds`] makes of an endpoint.
pub struct RequestIdsEndpoint<E> {
    inner: E,
    ids: RequestIds,
}

impl<E: Endpoint> Endpoint for RequestIdsEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let id = self.ids.id_for(&request);
        request.set_data(id.clone());
        let mut response = self.inner.get_response(request).await;
        if let Ok(value) = HeaderValue::from_str(id.as_str()) {
            response.headers_mut().insert(HEADER, value);
        }
        Ok(response)
    }
}

/// Whether an incoming id is short and holds nothing that could forge a line in the log.
fn is_plain(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}
