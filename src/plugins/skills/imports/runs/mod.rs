//! Imports on their way: an upload is claimed by one process, written here or in the background, and done with.
//!
//! Table: skill_imports. `state` goes waiting → running → done, or back to waiting or failed; it is changed outside of
//! the import's own transaction except for the end, which is committed with it. A process that died leaves “running”,
//! which counts as failed after a while.

pub mod model;
pub mod views;

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::acceptance::model::{Outcome, Run, accept};
use super::model::pending;
use super::{Progress, Upload};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use model::Claim;

/// More ratings than these are written in the background: a browser should not wait that long for an answer.
const AT_ONCE: i64 = 5_000;

/// The imports of this process, by database and id.
static RUNNING: LazyLock<Mutex<HashMap<(String, i64), Progress>>> = LazyLock::new(Mutex::default);

/// Accepts an upload. None when it goes on in the background, or was accepted before.
///
/// # Errors
/// NotFound for what is not one's own; as `accept`.
pub async fn start(app: &App, actor: &Actor, id: i64, fingerprint: &str) -> Result<Option<Outcome>> {
    let Some(claim) = model::claim(app, actor, id).await? else { return Ok(None) };
    let is_small = claim.ratings <= AT_ONCE;
    let work = Work { app: app.clone(), actor: actor.clone(), claim, fingerprint: fingerprint.to_owned() };
    // A browser that goes away ends its request, but not the import.
    let running = tokio::spawn(async move { work.run().await });
    if is_small { running.await.map_err(Error::internal)?.map(Some) } else { Ok(None) }
}

/// How far an import of this process is; none when it runs elsewhere.
pub fn progress(app: &App, id: i64) -> Option<Progress> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner).get(&key(app, id)).cloned()
}

fn key(app: &App, id: i64) -> (String, i64) {
    (app.config.database.url.masked(), id)
}

struct Work {
    app: App,
    actor: Actor,
    claim: Claim,
    fingerprint: String,
}

impl Work {
    async fn run(&self) -> Result<Outcome> {
        let shown = Shown::new(key(&self.app, self.claim.id));
        let outcome = self.accept(shown.progress()).await;
        let (app, claim) = (&self.app, &self.claim);
        match &outcome {
            Ok(Outcome::Imported(_)) => {}
            Ok(Outcome::Refused(_)) => model::give_back(app, claim, false).await?,
            Ok(Outcome::Outdated(_)) => model::give_back(app, claim, true).await?,
            Err(error) => {
                tracing::warn!(%error, import = claim.id, "an import failed");
                model::fail(app, claim, &explanation(error)).await?;
            }
        }
        outcome
    }

    async fn accept(&self, progress: Progress) -> Result<Outcome> {
        let upload: Upload = pending(&self.app, &self.actor, self.claim.id).await?;
        let run = Run { expected: Some(&self.fingerprint), claim: Some(&self.claim), progress };
        accept(&self.app, &self.actor, &upload, &run).await
    }
}

/// What the person is told; the inside of a defect stands in the log.
fn explanation(error: &Error) -> String {
    match error {
        Error::Internal(_) => "Something went wrong on the server.".to_owned(),
        other => other.to_string(),
    }
}

/// Shows the progress of an import for as long as it lives.
struct Shown {
    key: (String, i64),
}

impl Shown {
    fn new(key: (String, i64)) -> Shown {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), Progress::default());
        Shown { key }
    }

    fn progress(&self) -> Progress {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).get(&self.key).cloned().unwrap_or_default()
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}
