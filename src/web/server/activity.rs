//! What one connection is doing, and when it has done nothing for too long.
//!
//! The socket and the requests report here; the connection's task asks from time to time. Nothing is woken by a
//! report: the task looks at least once in the shortest of the time-outs, and so never misses the end of one.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use poem::http::Version;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Instant,
};

use super::Limits;
use super::refusals::Refusal;

/// What a connection is doing, shared between its socket, its requests and its task.
#[derive(Clone)]
pub(super) struct Activity(Arc<Mutex<State>>);

struct State {
    header_timeout: Duration,
    idle_timeout: Duration,
    requests: usize,
    rest: Rest,
    write_blocked: Option<Instant>,
    http2: bool,
}

/// What a connection without a running request waits for, and since when.
#[derive(Clone, Copy)]
enum Rest {
    Header(Instant),
    Idle(Instant),
}

/// What is to be done with a connection now.
pub(super) enum Verdict {
    Keep,
    /// Nothing is under way: say goodbye as the protocol does.
    Close,
    /// The client holds the connection without getting on.
    Cut,
}

impl Activity {
    pub(super) fn new(limits: &Limits) -> Self {
        Self(Arc::new(Mutex::new(State {
            header_timeout: limits.header_timeout,
            idle_timeout: limits.idle_timeout,
            requests: 0,
            rest: Rest::Header(Instant::now()),
            write_blocked: None,
            http2: false,
        })))
    }

    /// Counts a request until the returned value is dropped, which must be when its answer was handed over whole.
    pub(super) fn request(&self, version: Version) -> UnderWay {
        let mut state = self.state();
        state.requests += 1;
        state.http2 |= version == Version::HTTP_2;
        UnderWay(self.clone())
    }

    /// When to ask for the next verdict.
    pub(super) fn next_check(&self) -> Instant {
        let state = self.state();
        let latest = Instant::now() + state.header_timeout.min(state.idle_timeout);
        state.deadline().map_or(latest, |deadline| deadline.min(latest))
    }

    pub(super) fn verdict(&self) -> Verdict {
        let mut state = self.state();
        let now = Instant::now();
        if state.deadline().is_none_or(|deadline| now < deadline) {
            return Verdict::Keep;
        }
        let write_is_stuck = state.write_blocked.is_some_and(|since| now >= since + state.idle_timeout);
        if write_is_stuck || matches!(state.rest, Rest::Header(_)) {
            return Verdict::Cut;
        }
        // The goodbye itself may take no longer than a header.
        state.rest = Rest::Header(now);
        Verdict::Close
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn on_read(&self) {
        let mut state = self.state();
        // Between requests HTTP/2 also carries pings and window updates, which begin no header.
        if state.requests == 0 && !state.http2 && matches!(state.rest, Rest::Idle(_)) {
            state.rest = Rest::Header(Instant::now());
        }
    }

    fn on_write(&self, is_blocked: bool) {
        let mut state = self.state();
        if is_blocked {
            state.write_blocked.get_or_insert_with(Instant::now);
            return;
        }
        state.write_blocked = None;
        // The end of a long answer leaves the socket after its request has ended.
        if let Rest::Idle(since) = &mut state.rest {
            *since = Instant::now();
        }
    }
}

impl State {
    fn deadline(&self) -> Option<Instant> {
        let write = self.write_blocked.map(|since| since + self.idle_timeout);
        let rest = (self.requests == 0).then_some(match self.rest {
            Rest::Header(since) => since + self.header_timeout,
            Rest::Idle(since) => since + self.idle_timeout,
        });
        [write, rest].into_iter().flatten().min()
    }
}

/// A request that is being answered.
pub(super) struct UnderWay(Activity);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.requests -= 1;
        state.rest = Rest::Idle(Instant::now());
    }
}

/// A socket that reports what passes through it.
pub(super) struct WatchedSocket {
    socket: TcpStream,
    activity: Activity,
    /// Lines that hyper's own refusals get as well.
    headers: Arc<str>,
    refusal: Option<Refusal>,
}

impl WatchedSocket {
    pub(super) fn new(socket: TcpStream, peer: SocketAddr, activity: Activity, headers: Arc<str>) -> Self {
        // Answers are written whole, so that waiting for more to send would only delay them.
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, %peer, "TCP_NODELAY could not be set");
        }
        Self { socket, activity, headers, refusal: None }
    }

    fn write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.refusal.is_none() {
            self.refusal = Refusal::of(bytes, &self.headers);
        }
        let Some(refusal) = &mut self.refusal else { return Pin::new(&mut self.socket).poll_write(cx, bytes) };
        let written = ready!(refusal.poll_write(&mut self.socket, cx));
        self.refusal = None;
        Poll::Ready(written)
    }

    fn report(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        self.activity.on_write(written.is_pending());
        written
    }
}

impl AsyncRead for WatchedSocket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.socket).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            self.activity.on_read();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for WatchedSocket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = self.write(cx, bytes);
        self.report(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = match parts {
            [part] => self.write(cx, part),
            parts => Pin::new(&mut self.socket).poll_write_vectored(cx, parts),
        };
        self.report(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
