//! One connection from its opening to its end: hyper speaks the protocol, the endpoint answers, and the connection is
//! closed when it rests too long or when the server drains.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use poem::{
    Addr, Endpoint, EndpointExt, IntoEndpoint, Request,
    endpoint::BoxEndpoint,
    http::uri::Scheme,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    net::TcpStream,
    time::{Sleep, sleep, sleep_until},
};

use super::{
    Drain, Limits,
    activity::{Activity, UnderWay, Verdict, WatchedSocket},
};
use crate::web::metrics;

type HttpBody = BoxBody<Bytes, io::Error>;

/// What all connections of one listener share.
pub(super) struct ConnectionServer {
    endpoint: BoxEndpoint<'static>,
    protocol: auto::Builder<TokioExecutor>,
    limits: Limits,
    local: SocketAddr,
    drain: Drain,
    headers: Arc<str>,
}

impl ConnectionServer {
    pub(super) fn new<E>(endpoint: E, limits: Limits, local: SocketAddr, drain: Drain) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        let endpoint = endpoint.into_endpoint().map_to_response().boxed();
        let headers: String = limits.headers.all().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        Self { endpoint, protocol: protocol(), limits, local, drain, headers: headers.into() }
    }

    pub(super) async fn serve(self: Arc<Self>, socket: TcpStream, peer: SocketAddr) {
        let _open = metrics::hold(metrics::CONNECTIONS_OPEN);
        let activity = Activity::new(&self.limits);
        let service = hyper::service::service_fn(|request| {
            let under_way = activity.request(request.version());
            let server = Arc::clone(&self);
            async move { Ok::<_, Infallible>(server.answer(request, peer, under_way).await) }
        });
        let io = TokioIo::new(WatchedSocket::new(socket, peer, activity.clone(), self.headers.clone()));
        let mut connection = pin!(self.protocol.serve_connection(io, service));
        let mut draining = false;
        loop {
            tokio::select! {
                // What has arrived is read before the connection is told to close.
                biased;
                ended = connection.as_mut() => return log_end(ended, peer),
                () = self.drain.started(), if !draining => {
                    draining = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = sleep_until(activity.next_check()) => match activity.verdict() {
                    Verdict::Keep => {}
                    Verdict::Close => connection.as_mut().graceful_shutdown(),
                    Verdict::Cut => return tracing::debug!(%peer, "a silent connection was cut"),
                }
            }
        }
    }

    async fn answer(
        &self,
        request: hyper::Request<Incoming>,
        peer: SocketAddr,
        under_way: UnderWay,
    ) -> hyper::Response<AnswerBody> {
        let local = LocalAddr(Addr::SocketAddr(self.local));
        let mut request = Request::from((request, local, RemoteAddr(Addr::SocketAddr(peer)), Scheme::HTTP));
        request.set_data(self.drain.clone());
        let body: HttpBody = request.take_body().into();
        request.set_body(with_stall_timeout(body, self.limits.idle_timeout));
        let response: hyper::Response<HttpBody> = self.endpoint.get_response(request).await.into();
        response.map(|inner| AnswerBody { inner, _under_way: under_way })
    }
}

fn protocol() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // hyper's own header timer would also end connections that merely rest: `Activity` tells the two apart.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(128)
        .max_header_list_size(16 * 1024)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20));
    builder
}

fn log_end(ended: Result<(), Box<dyn std::error::Error + Send + Sync>>, peer: SocketAddr) {
    if let Err(error) = ended {
        tracing::debug!(error, %peer, "a connection ended with an error");
    }
}

/// An answer's body, which keeps its request counted until the last of it was taken.
struct AnswerBody {
    inner: HttpBody,
    _under_way: UnderWay,
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// A request body that fails with `TimedOut` when a reader waits too long for its next part.
struct StallTimeout {
    inner: HttpBody,
    limit: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

fn with_stall_timeout(inner: HttpBody, limit: Duration) -> HttpBody {
    if inner.is_end_stream() {
        return inner;
    }
    BoxBody::new(StallTimeout { inner, limit, waiting: None })
}

impl Body for StallTimeout {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) {
            this.waiting = None;
            return Poll::Ready(frame);
        }
        let waiting = this.waiting.get_or_insert_with(|| Box::pin(sleep(this.limit)));
        waiting.as_mut().poll(cx).map(|()| {
            let message = format!("no part of the request's body arrived in {:?}", this.limit);
            Some(Err(io::Error::new(io::ErrorKind::TimedOut, message)))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
