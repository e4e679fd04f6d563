//! `worker`: the background jobs alone, until SIGTERM.

use super::{Failure, database, jobs, load, start};
use crate::app::App;
use crate::config::Flags;
use crate::delivery;
use crate::jobs::Runner;
use crate::logging;
use crate::web::server::shutdown_signal;
use futures_util::FutureExt;
use std::time::Duration;

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
    let runner = Runner { db: app.db.clone(), clock: app.clock.clone() };
    let grace = Duration::from_secs(app.config.http.drain_s);
    tokio::join!(runner.run(jobs::of(app), stop.clone(), grace), delivery::run(app, stop, grace));
}
