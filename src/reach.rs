//! Whether a server that requests depend on can be reached: found out once, and known to all of them.
//!
//! Without this each request would wait for a server that is gone until its own time is over, and a page that asks
//! twice would wait twice. Only one look-out runs at a time, and it ends as soon as the server is back.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// Between two attempts to reach a server that is away.
const PAUSE: Duration = Duration::from_millis(500);

/// Tries to reach the server, in a time that it limits itself.
pub type Probe = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

/// A clone shares what is known.
#[derive(Clone)]
pub struct Reach(Arc<Inner>);

struct Inner {
    server: &'static str,
    away: watch::Sender<bool>,
    watched: AtomicBool,
    probe: Probe,
}

impl Reach {
    /// `server` is its name in the log.
    pub fn new(server: &'static str, probe: Probe) -> Self {
        Reach(Arc::new(Inner { server, away: watch::Sender::new(false), watched: AtomicBool::new(false), probe }))
    }

    pub fn is_away(&self) -> bool {
        *self.0.away.borrow()
    }

    /// Resolves when the server is known to be away; never, while it is not.
    pub async fn until_away(&self) {
        // The sender lives in `self`, so that waiting ends with the value and never with an error.
        let _ = self.0.away.subscribe().wait_for(|away| *away).await;
    }

    /// Something failed, or takes long: looks whether the server is still there.
    pub fn suspect(&self) {
        if !self.0.watched.swap(true, Ordering::AcqRel) {
            tokio::spawn(self.clone().watch());
        }
    }

    /// As `suspect`, where there is another way: until the server answers, it counts as away.
    pub fn lose(&self) {
        self.0.away.send_replace(true);
        self.suspect();
    }

    async fn watch(self) {
        let server = self.0.server;
        let mut told = false;
        while let Err(error) = (self.0.probe)().await {
            self.0.away.send_replace(true);
            if !told {
                tracing::error!(server, error, "a server cannot be reached");
                told = true;
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.0.watched.store(false, Ordering::Release);
        if self.0.away.send_replace(false) {
            tracing::info!(server, "a server can be reached again");
        }
    }
}
