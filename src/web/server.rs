//! The accept loop: how connections come in, how many are served at once, and how they are let go.
//!
//! poem's own server leaves a half-sent header open for ever, has no limit on connections and spins when the process
//! has no file descriptors left. This one closes what is silent, lets the rest wait in the listener's backlog, and on
//! shutdown finishes every request that was begun while it takes no new ones. It speaks HTTP/1.1, and HTTP/2 to a
//! proxy that opens with its preface; TLS is the proxy's business.

mod activity;
mod connection;
mod drain;
mod refusals;

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use futures_util::FutureExt;
use poem::IntoEndpoint;
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};

use super::security_headers::SecurityHeaders;
use connection::ConnectionServer;
pub use drain::Drain;

/// The time between refusing connections and draining those that are open: what their clients sent before the refusal
/// may be noticed only after a turn of the event loop, and would then be cut without an answer.
const LAST_ARRIVALS: Duration = Duration::from_millis(50);

/// How much a client may take of the server: connections, and time.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections that are served at once. Further ones wait in the listener's backlog.
    pub max_connections: usize,
    /// The time for a whole request header, from the opening of the connection or from the first byte of a later
    /// request. A connection that takes longer is cut.
    pub header_timeout: Duration,
    /// How long a connection may rest between two requests, and how long a client may stop in the middle of sending a
    /// body or of reading an answer.
    pub idle_timeout: Duration,
    /// The time for running requests to end after the shutdown began. What is left then is cut.
    pub drain: Duration,
    /// What hyper's own refusals carry as well.
    pub headers: SecurityHeaders,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: 1000,
            header_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(30),
            drain: Duration::from_secs(30),
            headers: SecurityHeaders::default(),
        }
    }
}

/// Serves `endpoint` on `listener` until `shutdown` resolves, then drains.
///
/// Every request carries a [`Drain`], which tells long-lived answers that the shutdown began.
///
/// # Errors
/// Only when the listener has no local address. A failed accept is logged and tried again.
pub async fn serve<E>(
    listener: TcpListener,
    endpoint: E,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()>
where
    E: IntoEndpoint,
    E::Endpoint: 'static,
{
    let (max_connections, grace) = (limits.max_connections, limits.drain);
    let drain = Drain::default();
    let server = Arc::new(ConnectionServer::new(endpoint, limits, listener.local_addr()?, drain.clone()));
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = connections.join_next() => log_panic(ended),
            (socket, peer) = accept(&listener), if connections.len() < max_connections => {
                connections.spawn(Arc::clone(&server).serve(socket, peer));
            }
        }
    }
    // The kernel has already accepted what waits in the backlog: closing the listener would reset these clients.
    while let Some(Ok((socket, peer))) = listener.accept().now_or_never() {
        connections.spawn(Arc::clone(&server).serve(socket, peer));
    }
    drop(listener);
    sleep(LAST_ARRIVALS).await;
    drain.start();
    finish(connections, grace).await;
    Ok(())
}

/// Resolves at the first SIGTERM or SIGINT after this call.
///
/// # Errors
/// When the signals cannot be listened to.
pub fn shutdown_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// The next connection, however often accepting fails before.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    let mut pause = Duration::from_millis(10);
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_one_client(&error) => {}
            Err(error) => {
                // Out of file descriptors, most likely. The connection stays in the backlog, so that trying again at
                // once would spin.
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(1));
            }
        }
    }
}

/// Whether the client gave up between connecting and being accepted, which says nothing about the next one.
fn is_of_one_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn finish(mut connections: JoinSet<()>, grace: Duration) {
    tracing::info!(connections = connections.len(), "draining");
    let all_ended = async {
        while let Some(ended) = connections.join_next().await {
            log_panic(ended);
        }
    };
    if timeout(grace, all_ended).await.is_err() {
        tracing::warn!(connections = connections.len(), "the drain time is over; the remaining connections are cut");
    }
    connections.shutdown().await;
}

fn log_panic(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection ended with a panic");
    }
}
