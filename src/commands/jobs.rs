//! Every background job of this configuration: those of the accounts, and those of the plugins that are switched on.

use crate::app::App;
use crate::jobs::Job;
use crate::plugin;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

const OWN: &[plugin::Job] = &[plugin::Job {
    name: "sessions.purge",
    interval: HOUR,
    run: |app| {
        Box::pin(async move {
            let count = app.sessions.purge().await?;
            if count > 0 {
                tracing::info!(count, "removed sessions that had ended");
            }
            Ok(())
        })
    },
}];

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
