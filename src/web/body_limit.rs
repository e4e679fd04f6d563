//! How much a request may carry. A longer one is answered with 413.
//!
//! A browser sends its whole body before it reads the answer, and shows a broken connection instead of the page if the
//! server closes meanwhile. So what nobody read is taken in and thrown away, up to a bound, before an answer goes out.

use std::{
    error::Error as StdError,
    fmt, io,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt, combinators::BoxBody};
use hyper::body::{Body, Frame, SizeHint};
use poem::{
    Endpoint, IntoResponse, Middleware, Request, Response, Result,
    error::ResponseError,
    http::{
        StatusCode,
        header::{CONTENT_LENGTH, EXPECT},
    },
};
use tokio::time::timeout;

type HttpBody = BoxBody<Bytes, io::Error>;

/// No more than this is thrown away for one request, whatever its limit.
const MAX_DISCARDED_BYTES: u64 = 128 * 1024 * 1024;
/// Nor for longer than this.
const MAX_DISCARDING: Duration = Duration::from_secs(30);

/// The middleware. It belongs inside of the layer that makes pages of errors.
#[derive(Clone, Debug)]
pub struct BodyLimit {
    default: u64,
    by_path: Vec<(String, u64)>,
}

impl BodyLimit {
    /// Allows bodies of up to `bytes`.
    pub fn new(bytes: u64) -> Self {
        Self { default: bytes, by_path: Vec::new() }
    }

    /// Allows bodies of up to `bytes` at `path` and below it. The longest path that fits counts.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>, bytes: u64) -> Self {
        self.by_path.push((path.into(), bytes));
        self
    }

    fn for_path(&self, path: &str) -> u64 {
        let fits = |base: &str| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let fitting = self.by_path.iter().filter(|(base, _)| fits(base));
        fitting.max_by_key(|(base, _)| base.len()).map_or(self.default, |(_, bytes)| *bytes)
    }
}

/// A request's body is longer than allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyTooLarge {
    /// What is allowed, in bytes.
    pub limit: u64,
}

impl BodyTooLarge {
    /// Finds out whether an error that came from reading a body has this cause.
    pub fn cause_of<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(found) = error.downcast_ref() {
                return Some(found);
            }
            // An I/O error's source is its inner error's source, which skips the inner error itself.
            let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
            next = inner.map(|inner| inner as &'a (dyn StdError + 'static)).or_else(|| error.source());
        }
        None
    }
}

impl fmt::Display for BodyTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.limit {
            bytes if bytes >= 1024 * 1024 => write!(f, "the request is larger than {} MB", bytes / (1024 * 1024)),
            bytes if bytes >= 1024 => write!(f, "the request is larger than {} kB", bytes / 1024),
            bytes => write!(f, "the request is larger than {bytes} bytes"),
        }
    }
}

impl StdError for BodyTooLarge {}

impl ResponseError for BodyTooLarge {
    fn status(&self) -> StatusCode {
        StatusCode::PAYLOAD_TOO_LARGE
    }
}

impl<E: Endpoint> Middleware<E> for BodyLimit {
    type Output = BodyLimitEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        BodyLimitEndpoint { inner, limits: self.clone() }
    }
}

/// What [`BodyLimit`] makes of an endpoint.
pub struct BodyLimitEndpoint<E> {
    inner: E,
    limits: BodyLimit,
}

impl<E: Endpoint> Endpoint for BodyLimitEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let body: HttpBody = request.take_body().into();
        if body.is_end_stream() {
            return self.inner.call(request).await.map(IntoResponse::into_response);
        }
        let limit = self.limits.for_path(request.uri().path());
        // A client that waits for "100 Continue" sends nothing until somebody reads.
        let waits = request.headers().contains_key(EXPECT);
        let declared = request.header(CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
        let fate = Arc::new(BodyFate::default());
        let body = LimitedBody { inner: Some(body), limit, left: limit, was_read: !waits, fate: Arc::clone(&fate) };
        let result = if declared.is_some_and(|bytes| bytes > limit) {
            drop(body);
            Err(BodyTooLarge { limit }.into())
        } else {
            request.set_body(HttpBody::new(body));
            self.inner.call(request).await.map(IntoResponse::into_response)
        };
        fate.discard_rest(limit).await;
        match result {
            Err(_) if fate.exceeded.load(Ordering::Relaxed) => Err(BodyTooLarge { limit }.into()),
            result => result,
        }
    }
}

/// What became of a body once its reader is done with it.
#[derive(Default)]
struct BodyFate {
    exceeded: AtomicBool,
    rest: Mutex<Option<HttpBody>>,
}

impl BodyFate {
    fn leave(&self, rest: HttpBody) {
        *self.rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(rest);
    }

    async fn discard_rest(&self, limit: u64) {
        let rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(rest) = rest {
            let bytes = limit.saturating_mul(4).min(MAX_DISCARDED_BYTES);
            // A client that is too slow, or sends even more, loses its connection.
            let _ = timeout(MAX_DISCARDING, discard(rest, bytes)).await;
        }
    }
}

async fn discard(mut body: HttpBody, mut bytes: u64) {
    while let Some(Ok(frame)) = body.frame().await {
        let length = frame.data_ref().map_or(0, |data| data.len() as u64);
        if length > bytes {
            return;
        }
        bytes -= length;
    }
}

/// A body that fails with [`BodyTooLarge`] after `limit` bytes, and leaves behind what was not read of it.
struct LimitedBody {
    inner: Option<HttpBody>,
    limit: u64,
    left: u64,
    was_read: bool,
    fate: Arc<BodyFate>,
}

impl LimitedBody {
    fn count(&mut self, bytes: usize) -> io::Result<()> {
        match self.left.checked_sub(bytes as u64) {
            Some(left) => self.left = left,
            None => {
                self.fate.exceeded.store(true, Ordering::Relaxed);
                return Err(io::Error::other(BodyTooLarge { limit: self.limit }));
            }
        }
        Ok(())
    }
}

impl Body for LimitedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        this.was_read = true;
        let Some(inner) = &mut this.inner else { return Poll::Ready(None) };
        let Some(frame) = ready!(Pin::new(inner).poll_frame(cx)) else { return Poll::Ready(None) };
        let counted = frame.and_then(|frame| {
            this.count(frame.data_ref().map_or(0, Bytes::len))?;
            Ok(frame)
        });
        Poll::Ready(Some(counted))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}

impl Drop for LimitedBody {
    fn drop(&mut self) {
        if let Some(rest) = self.inner.take().filter(|rest| self.was_read && !rest.is_end_stream()) {
            self.fate.leave(rest);
        }
    }
}
