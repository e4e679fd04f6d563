//! Contingencies of a handoff, each of which can be made a task.

use super::super::TOPIC;
use super::super::items::model::draft;
use super::super::model::get;
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Checks, Error, Result};
use crate::plugins::projects::{NewTask, create_task, find_project};
use crate::sql;

pub const MAX_CHARS: usize = 300;
const MOST: i64 = 50;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Contingency {
    pub id: i64,
    pub handoff_id: i64,
    pub happening: String,
    pub action: String,
    pub task_id: Option<i64>,
}

/// Who has the handoff in hand was let in.
pub async fn list(app: &App, handoff_id: i64) -> Result<Vec<Contingency>> {
    let query = app.db.q(sql!(
        "SELECT id, handoff_id, happening, action, task_id FROM handoff_contingencies WHERE handoff_id = ? ORDER BY id"
    ));
    Ok(query.bind(handoff_id).all().await?)
}

async fn one(app: &App, id: i64) -> Result<Contingency> {
    let query =
        app.db.q(sql!("SELECT id, handoff_id, happening, action, task_id FROM handoff_contingencies WHERE id = ?"));
    Ok(query.bind(id).one().await?)
}

pub async fn add(app: &App, actor: &Actor, handoff_id: i64, happening: &str, action: &str) -> Result<()> {
    draft(app, actor, handoff_id).await?;
    let mut checks = Checks::default();
    for (field, text, missing) in
        [("happening", happening, "Say what could happen."), ("action", action, "Say what is to be done then.")]
    {
        checks.that(!text.trim().is_empty(), field, missing);
        checks.that(
            text.trim().chars().count() <= MAX_CHARS,
            field,
            format!("At most {MAX_CHARS} characters fit here."),
        );
        checks.that(!text.chars().any(char::is_control), field, "Control characters are not allowed here.");
    }
    checks.that((list(app, handoff_id).await?.len() as i64) < MOST, "happening", format!("At most {MOST} fit."));
    checks.done()?;
    let query = app
        .db
        .q(sql!("INSERT INTO handoff_contingencies (handoff_id, happening, action, created_at) VALUES (?, ?, ?, ?)"));
    query.bind(handoff_id).bind(happening.trim()).bind(action.trim()).bind(app.now_ms()).execute().await?;
    app.publish(TOPIC, part(handoff_id)).await;
    Ok(())
}

pub async fn remove(app: &App, actor: &Actor, id: i64) -> Result<i64> {
    let contingency = one(app, id).await?;
    draft(app, actor, contingency.handoff_id).await?;
    app.db.q(sql!("DELETE FROM handoff_contingencies WHERE id = ?")).bind(id).execute().await?;
    app.publish(TOPIC, part(contingency.handoff_id)).await;
    Ok(contingency.handoff_id)
}

/// Makes it a task of a project, once; returns the handoff's id and the task's.
pub async fn make_task(app: &App, actor: &Actor, id: i64, project: &str) -> Result<(i64, i64)> {
    let contingency = one(app, id).await?;
    let handoff = get(app, actor, contingency.handoff_id).await?;
    if !handoff.may_close_items() {
        return Err(Error::Forbidden);
    }
    if let Some(task) = contingency.task_id {
        return Ok((handoff.id, task));
    }
    let missing = |error| match error {
        Error::NotFound => Error::invalid("project", "There is no such project, or you take no part in it."),
        other => other,
    };
    let project = find_project(app, actor, project.trim()).await.map_err(missing)?;
    let description = format!(
        "If {}\n\nFrom the handoff [{}]({}{}).",
        contingency.happening,
        handoff.title,
        app.site(),
        handoff.path()
    );
    let (title, submission) = (contingency.action.clone(), format!("handoff-{id}"));
    let new = NewTask { title, description, submission, ..NewTask::default() };
    let task = create_task(app, actor, &project, new).await?.task.id;
    let query = app.db.q(sql!("UPDATE handoff_contingencies SET task_id = ? WHERE id = ? AND task_id IS NULL"));
    query.bind(task).bind(id).execute().await?;
    app.publish(TOPIC, part(handoff.id)).await;
    Ok((handoff.id, task))
}

/// What pages are told that changed.
fn part(handoff_id: i64) -> String {
    format!("{handoff_id}:contingencies")
}
