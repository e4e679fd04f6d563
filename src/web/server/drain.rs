//! The news that the server is about to stop.
//! An event stream never ends by itself, and would hold the shutdown up until it is cut: it waits for this as well.

use poem::{FromRequest, Request, RequestBody, Result};
use tokio::sync::watch;

/// Tells long-lived answers that the server drains. Clones share one state.
///
/// As an extractor it gives the drain of the server that took the request; a request that came through no server (in
/// a test) gets one that never starts.
#[derive(Clone, Debug)]
pub struct Drain(watch::Sender<bool>);

impl Drain {
    /// Begins the drain. It cannot be taken back.
    pub fn start(&self) {
        self.0.send_replace(true);
    }

    pub fn is_started(&self) -> bool {
        *self.0.borrow()
    }

    /// Resolves as soon as the drain begins, at once if it has begun.
    pub async fn started(&self) {
        // The sender lives in `self`, so that waiting ends with the value and never with an error.
        let _ = self.0.subscribe().wait_for(|started| *started).await;
    }
}

impl Default for Drain {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl<'a> FromRequest<'a> for Drain {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Ok(request.data::<Drain>().cloned().unwrap_or_default())
    }
}
