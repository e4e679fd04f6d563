//! Which jobs there are, how their last runs ended, and asking for one.

use super::super::SYSTEM;
use crate::accounts::Actor;
use crate::app::App;
use crate::chores;
use crate::error::{Error, Result};
use crate::events;
use crate::jobs::{Run, TOPIC, request, runs};
use crate::plugin::{Job, Plugin};
use std::collections::HashMap;

pub struct Line {
    pub job: &'static Job,
    pub plugin: Option<&'static Plugin>,
    pub run: Option<Run>,
    pub state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its plugin is switched off, so that it comes and does nothing.
    Off,
    Running,
    /// Somebody asked for it.
    Requested,
    /// Due, and nobody has taken it for longer than a process may look away.
    Late,
    /// It began, and its process died.
    Lost,
    Failed,
    Fine,
    Never,
}

/// A process asks at least once in a minute whether a job is due.
const LATE_MS: i64 = 3 * 60_000;

impl Line {
    fn of(app: &App, (plugin, job): (Option<&'static Plugin>, &'static Job), run: Option<Run>) -> Line {
        let is_off = plugin.is_some_and(|plugin| !app.settings.is_on(plugin.id));
        let state = if is_off { State::Off } else { state(job, run.as_ref(), app.now_ms()) };
        Line { job, plugin, run, state }
    }

    /// When it comes next, in UTC milliseconds; `None` while it runs.
    pub fn next_at(&self) -> Option<i64> {
        next_at(self.job, self.run.as_ref())
    }
}

fn next_at(job: &Job, run: Option<&Run>) -> Option<i64> {
    let run = run?;
    run.finished_at.map(|_| run.requested_at.unwrap_or(run.started_at + job.interval.as_millis() as i64))
}

fn state(job: &Job, run: Option<&Run>, now_ms: i64) -> State {
    let Some(run) = run else { return State::Never };
    match run.finished_at {
        None if run.lease_until > now_ms => State::Running,
        None => State::Lost,
        Some(_) if next_at(job, Some(run)).is_some_and(|next| next + LATE_MS < now_ms) => State::Late,
        Some(_) if run.requested_at.is_some() => State::Requested,
        Some(_) if !run.error.is_empty() => State::Failed,
        Some(_) => State::Fine,
    }
}

pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Line>> {
    actor.require(SYSTEM)?;
    let runs = runs(&app.db).await?;
    let mut runs: HashMap<String, Run> = runs.into_iter().map(|run| (run.name.clone(), run)).collect();
    Ok(chores::all(app).into_iter().map(|entry| Line::of(app, entry, runs.remove(entry.1.name))).collect())
}

/// Asks for a run, which the next process that looks begins.
pub async fn run_now(app: &App, actor: &Actor, name: &str) -> Result<()> {
    actor.require(SYSTEM)?;
    let known = chores::all(app).into_iter().any(|(_, job)| job.name == name);
    if !known {
        return Err(Error::NotFound);
    }
    let mut tx = app.db.begin().await?;
    request(&mut tx, name, app.now_ms()).await?;
    let nothing = serde_json::json!({});
    events::record(&mut tx, actor, app.now_ms(), "admin.job_requested", &format!("job:{name}"), &nothing).await?;
    tx.commit().await?;
    app.publish(TOPIC, name).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_state_follows_from_the_last_run() {
        let job = Job { name: "test.hourly", interval: Duration::from_secs(3600), run: |_| Box::pin(async { Ok(()) }) };
        let run =
            |started_at: i64, finished_at: Option<i64>, lease_until: i64, requested_at: Option<i64>, error: &str| Run {
                name: "test.hourly".to_owned(),
                started_at,
                finished_at,
                lease_until,
                requested_at,
                error: error.to_owned(),
            };
        let now = 10_000_000;
        for (run, expected) in [
            (run(now - 5, Some(now - 1), 0, None, ""), State::Fine),
            (run(now - 5, Some(now - 1), 0, None, "no"), State::Failed),
            (run(now - 5, None, now + 1, None, ""), State::Running),
            (run(now - 5, None, now, None, ""), State::Lost),
            (run(now - 5, Some(now - 1), 0, Some(now - 1), "no"), State::Requested),
            (run(0, Some(0), 0, Some(now - 300_000), ""), State::Late),
            (run(now - 4_000_000, Some(now - 3_900_000), 0, None, ""), State::Late),
        ] {
            assert_eq!(state(&job, Some(&run), now), expected, "{run:?}");
        }
        assert_eq!(state(&job, None, now), State::Never);
    }
}
