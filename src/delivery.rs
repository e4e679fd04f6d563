//! Delivery: sends what is to be mailed, in every process that runs the jobs, as soon as something is written.
//!
//! A change that is published wakes it, in all processes where there is Redis. Beside that it looks every few seconds:
//! for what is due again, and for what a process without Redis wrote. Each round is safe beside another one elsewhere.

use crate::accounts::links::Links;
use crate::accounts::resets;
use crate::app::App;
use crate::error::Result;
use crate::events::News;
use crate::notices::{self, Terms};
use crate::outbox::{self, Round};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::sleep;

/// What wakes it.
const TOPICS: &[&str] = &[outbox::TOPIC, notices::TOPIC];
/// Between two looks when nobody wakes it.
const PAUSE: Duration = Duration::from_secs(5);
/// After the mail server or the database could not be used.
const LONGER_PAUSE: Duration = Duration::from_secs(30);

/// Delivers until `stop` resolves. A round that is under way then gets `grace` to end; what it leaves is sent by the next
/// process.
pub async fn run(app: &App, stop: impl Future<Output = ()> + Clone, grace: Duration) {
    let mut news = app.bus.subscribe();
    let rounds = async {
        loop {
            let pause = match round(app).await {
                Ok(Round { is_unreachable: false, .. }) => PAUSE,
                Ok(_) => LONGER_PAUSE,
                Err(error) => {
                    tracing::error!(%error, "mails could not be looked for");
                    LONGER_PAUSE
                }
            };
            tokio::select! {
                () = stop.clone() => return,
                () = woken(&mut news), if pause == PAUSE => {}
                () = sleep(pause) => {}
            }
        }
    };
    tokio::select! {
        () = rounds => {}
        () = async { stop.clone().await; sleep(grace).await } => {
            tracing::warn!("the drain time is over; the mails under way are cut");
        }
    }
}

/// Everything that is due, once.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn round(app: &App) -> Result<Round> {
    if app.outbox.is_on() {
        let (kinds, site) = (app.notice_kinds(), app.site());
        resets::answer(Links { db: &app.db, outbox: &app.outbox, site: &site }, app.now_ms()).await?;
        let terms = Terms { kinds: &kinds, site: &site, digest_hour: app.config.mail.digest_hour };
        notices::bundle(&app.db, &terms, app.now_ms()).await?;
    }
    Ok(app.outbox.send_due().await?)
}

/// Resolves when something may have been written. A bus that is closed never says so again.
async fn woken(news: &mut Receiver<News>) {
    loop {
        match news.recv().await {
            Ok(News::Changed(message)) if !TOPICS.contains(&message.change.topic.as_str()) => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
