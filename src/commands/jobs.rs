//! Every background job, as the runner takes it.

use crate::app::App;
use crate::chores;
use crate::jobs::Job;
use crate::plugin::{self, Plugin};

pub(super) fn of(app: &App) -> Vec<Job> {
    chores::all(app).into_iter().map(|(plugin, job)| with_app(plugin, job, app)).collect()
}

/// The job of a plugin that an administrator has switched off has nothing to do.
fn with_app(plugin: Option<&'static Plugin>, job: &'static plugin::Job, app: &App) -> Job {
    let app = app.clone();
    let work = move || {
        let app = app.clone();
        Box::pin(async move {
            app.settings.refresh().await;
            if plugin.is_none_or(|plugin| app.settings.is_on(plugin.id)) { (job.run)(&app).await } else { Ok(()) }
        }) as _
    };
    Job { name: job.name, interval: job.interval, work: Box::new(work) }
}
