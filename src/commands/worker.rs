//! `worker`: the background jobs alone, until SIGTERM.

use super::{Failure, database, jobs, load, start};
use crate::app::App;
use crate::config::Flags;
use crate::delivery;
use crate::events::News;
use crate::jobs::{Runner, TOPIC};
use crate::logging;
use crate::web::server::shutdown_signal;
use futures_util::FutureExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, broadcast};

pub async fn run(flags: &Flags) -> Result<(), Failure> {
    let stop = shutdown_signal().map_err(|error| Failure::new(format!("signals cannot be listened to: {error}")))?;
    let config = load(flags)?;
    logging::start(&config.log);
    database::make_ready(&config).await?;
    let app = start(config, false).await?;
    tokio::spawn(app.bus.clone().listen());
    tracing::info!("the worker runs");
    run_jobs(&app, stop.shared()).await;
    app.db.close().await;
    Ok(())
}

/// Runs the jobs and sends mails until `stop`; what is under way then gets as long as requests do.
pub(super) async fn run_jobs(app: &App, stop: impl Future<Output = ()> + Clone + Send + 'static) {
    let wake = Arc::new(Notify::new());
    let listening = tokio::spawn(wake_when_asked(app.bus.subscribe(), wake.clone()));
    let runner = Runner { db: app.db.clone(), clock: app.clock.clone(), wake };
    let grace = Duration::from_secs(app.config.http.drain_s);
    tokio::join!(runner.run(jobs::of(app), stop.clone(), grace), delivery::run(app, stop, grace));
    listening.abort();
}

/// Lets every job look whether it is due as soon as somebody asks for one.
async fn wake_when_asked(mut news: broadcast::Receiver<News>, wake: Arc<Notify>) {
    loop {
        match news.recv().await {
            Ok(News::Changed(message)) if message.change.topic != TOPIC => {}
            Ok(_) | Err(RecvError::Lagged(_)) => wake.notify_waiters(),
            Err(RecvError::Closed) => return,
        }
    }
}
