//! One line in the log for every request, and a span with its id around everything that it logs.
//!
//! The line names the route's template, not the path: a path can hold a one-time token, and a query what somebody
//! looked for. A handler's panic becomes an error like any other here, so that it costs one request and no connection.

use std::{any::Any, fmt, panic::AssertUnwindSafe, time::Instant};

use futures_util::FutureExt;
use poem::{
    Endpoint, IntoResponse, Middleware, PathPattern, Request, Response, Result, error::ResponseError, http::StatusCode,
};
use tracing::{Instrument, Span, debug, error, error_span, info};

use super::{client_address::ClientAddress, request_id::RequestId};

/// The middleware. It belongs inside of [`RequestIds`](super::request_id::RequestIds) and
/// [`ClientAddresses`](super::client_address::ClientAddresses).
#[derive(Clone, Debug)]
pub struct RequestLog {
    /// Paths, and what lies below them, whose requests are logged at debug instead of info.
    pub quiet: &'static [&'static str],
}

impl Default for RequestLog {
    fn default() -> Self {
        Self { quiet: &["/healthz", "/readyz", "/metrics", "/assets"] }
    }
}

impl<E: Endpoint> Middleware<E> for RequestLog {
    type Output = RequestLogEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        RequestLogEndpoint { inner, quiet: self.quiet }
    }
}

/// What [`RequestLog`] makes of an endpoint.
pub struct RequestLogEndpoint<E> {
    inner: E,
    quiet: &'static [&'static str],
}

impl<E: Endpoint> Endpoint for RequestLogEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let started = Instant::now();
        let is_quiet = self.quiet.iter().any(|quiet| is_at_or_below(request.uri().path(), quiet));
        let span = request_span(&request);
        let result = self.inner.call(request).instrument(span.clone()).await.map(IntoResponse::into_response);
        // As fields of the line: recorded into the span, each would have its JSON parsed and written once more.
        let (route, status) = (route(&result).unwrap_or("-"), status(&result).as_u16());
        let duration_ms = started.elapsed().as_micros() as f64 / 1000.0;
        if is_quiet {
            span.in_scope(|| debug!(route, status, duration_ms, "request answered"));
        } else {
            span.in_scope(|| info!(route, status, duration_ms, "request answered"));
        }
        result
    }
}

/// Makes an error of a handler's panic and logs its message. It belongs inside of the layer that makes pages of
/// errors, so that a person sees the usual page.
#[derive(Clone, Copy, Debug)]
pub struct CatchPanics;

impl<E: Endpoint> Middleware<E> for CatchPanics {
    type Output = CatchPanicsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CatchPanicsEndpoint { inner }
    }
}

/// What [`CatchPanics`] makes of an endpoint.
pub struct CatchPanicsEndpoint<E> {
    inner: E,
}

impl<E: Endpoint> Endpoint for CatchPanicsEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, request: Request) -> Result<E::Output> {
        let request_id = request.data::<RequestId>().cloned();
        AssertUnwindSafe(self.inner.call(request)).catch_unwind().await.unwrap_or_else(|panic| {
            error!(panic = message(panic.as_ref()), "a handler panicked");
            Err(HandlerPanicked { request_id }.into())
        })
    }
}

/// A handler panicked. Its text, which anyone may see, says no more than the request id.
#[derive(Clone, Debug)]
pub struct HandlerPanicked {
    pub request_id: Option<RequestId>,
}

impl fmt::Display for HandlerPanicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.request_id {
            Some(id) => write!(f, "Something went wrong on the server. Request id: {id}"),
            None => f.write_str("Something went wrong on the server."),
        }
    }
}

impl std::error::Error for HandlerPanicked {}

impl ResponseError for HandlerPanicked {
    fn status(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }
}

/// The template of the route that answered, such as `/skills/ratings/:person/:skill`. A layer that makes a response of
/// an error has to pass the error's [`PathPattern`] on for this.
pub(super) fn route(result: &Result<Response>) -> Option<&str> {
    let pattern = match result {
        Ok(response) => response.data::<PathPattern>(),
        Err(error) => error.data::<PathPattern>(),
    };
    pattern.map(|pattern| pattern.0.as_ref())
}

pub(super) fn status(result: &Result<Response>) -> StatusCode {
    match result {
        Ok(response) => response.status(),
        Err(error) => error.status(),
    }
}

/// At the level of errors, so that whatever the log's level lets through carries the request's id.
fn request_span(request: &Request) -> Span {
    error_span!(
        "request",
        id = request.data::<RequestId>().map(RequestId::as_str),
        client = request.data::<ClientAddress>().map(|client| client.ip.to_string()),
        method = request.method().as_str(),
    )
}

fn is_at_or_below(path: &str, base: &str) -> bool {
    path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
