//! Every background job of this configuration: those of the accounts, and those of the plugins that are switched on.

use crate::accounts::resets;
use crate::accounts::{known_devices, throttle, used_steps};
use crate::app::App;
use crate::error::Result;
use crate::events::chain;
use crate::jobs::Job;
use crate::plugin;
use crate::{notices, outbox};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

const OWN: &[plugin::Job] = &[
    plugin::Job { name: "sessions.purge", interval: HOUR, run: |app| Box::pin(purge_sessions(app)) },
    plugin::Job { name: "events.seal", interval: Duration::from_secs(30), run: |app| Box::pin(seal_events(app)) },
    plugin::Job { name: "notices.purge", interval: DAY, run: |app| Box::pin(purge_notices(app)) },
    plugin::Job { name: "outbox.purge", interval: DAY, run: |app| Box::pin(purge_outbox(app)) },
];

async fn purge_sessions(app: &App) -> Result<()> {
    let count = app.sessions.purge().await?;
    let now = app.now_ms();
    throttle::purge(&app.db, now).await?;
    known_devices::purge(&app.db, now).await?;
    used_steps::purge(&app.db, now).await?;
    if count > 0 {
        tracing::info!(count, "removed sessions that had ended");
    }
    Ok(())
}

async fn seal_events(app: &App) -> Result<()> {
    let count = chain::seal(&app.db, app.now_ms()).await?;
    if count > 0 {
        tracing::debug!(count, "sealed events of the audit log");
    }
    Ok(())
}

async fn purge_notices(app: &App) -> Result<()> {
    let count = notices::purge(&app.db, app.now_ms()).await?;
    if count > 0 {
        tracing::info!(count, "removed notices that were read long ago");
    }
    Ok(())
}

async fn purge_outbox(app: &App) -> Result<()> {
    let count = outbox::purge(&app.db, app.now_ms()).await? + resets::purge(&app.db, app.now_ms()).await?;
    if count > 0 {
        tracing::info!(count, "removed mails that ended long ago, and links that are of no use any more");
    }
    Ok(())
}

pub(super) fn of(app: &App) -> Vec<Job> {
    let of_plugins = app.plugins.iter().flat_map(|plugin| plugin.jobs);
    OWN.iter().chain(of_plugins).map(|job| with_app(job, app)).collect()
}

fn with_app(job: &'static plugin::Job, app: &App) -> Job {
    let app = app.clone();
    let work = move || {
        let app = app.clone();
        Box::pin(async move { (job.run)(&app).await }) as _
    };
    Job { name: job.name, interval: job.interval, work: Box::new(work) }
}
