//! The background jobs that belong to no plugin, and the list of all there are.

use crate::accounts::{known_devices, resets, throttle, used_steps};
use crate::app::App;
use crate::error::Result;
use crate::events::chain;
use crate::plugin::{self, Plugin};
use crate::{notices, outbox, policy_reports};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

pub const OWN: &[plugin::Job] = &[
    plugin::Job { name: "sessions.purge", interval: HOUR, run: |app| Box::pin(purge_sessions(app)) },
    plugin::Job { name: "notices.purge", interval: DAY, run: |app| Box::pin(purge_notices(app)) },
    plugin::Job { name: "outbox.purge", interval: DAY, run: |app| Box::pin(purge_outbox(app)) },
    plugin::Job { name: "policy_reports.purge", interval: DAY, run: |app| Box::pin(purge_policy_reports(app)) },
    plugin::Job { name: "events.seal", interval: Duration::from_secs(30), run: |app| Box::pin(seal_events(app)) },
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

async fn purge_policy_reports(app: &App) -> Result<()> {
    policy_reports::purge(&app.db, app.now_ms()).await?;
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

async fn seal_events(app: &App) -> Result<()> {
    let count = chain::seal(&app.db, app.now_ms()).await?;
    if count > 0 {
        tracing::debug!(count, "sealed events of the audit log");
    }
    Ok(())
}

/// Every job that the configuration allows, each with the plugin that it belongs to.
pub fn all(app: &App) -> Vec<(Option<&'static Plugin>, &'static plugin::Job)> {
    let of_plugins = app.plugins.iter().flat_map(|plugin| plugin.jobs.iter().map(|job| (Some(*plugin), job)));
    OWN.iter().map(|job| (None, job)).chain(of_plugins).collect()
}
