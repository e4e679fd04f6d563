//! The checklist: added to, ticked off, shortened.

use super::super::super::TOPIC;
use super::super::model::{Details, get};
use super::super::writing::model::note;
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Checks, Error, Result};
use crate::sql;

pub const MAX_TITLE_CHARS: usize = 300;
const MOST: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Check {
    pub id: i64,
    pub task_id: i64,
    pub title: String,
    pub is_done: bool,
}

/// In the order in which they were added. Who has the task in hand was let in.
pub async fn list(app: &App, task_id: i64) -> Result<Vec<Check>> {
    let query = app.db.q(sql!("SELECT id, task_id, title, is_done FROM task_checks WHERE task_id = ? ORDER BY id"));
    Ok(query.bind(task_id).all().await?)
}

pub async fn add(app: &App, actor: &Actor, task_id: i64, title: &str) -> Result<()> {
    let details = get(app, actor, task_id).await?;
    details.project.require_member()?;
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let known = list(app, task_id).await?.len();
    let mut checks = Checks::default();
    checks.that(!title.is_empty(), "title", "Say what is to be ticked off.");
    checks.that(
        title.chars().count() <= MAX_TITLE_CHARS,
        "title",
        format!("At most {MAX_TITLE_CHARS} characters fit here."),
    );
    checks.that(!title.chars().any(char::is_control), "title", "Control characters are not allowed here.");
    checks.that(known < MOST, "title", format!("A checklist has at most {MOST} lines. Make tasks of some of them."));
    checks.done()?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!("INSERT INTO task_checks (task_id, title, is_done) VALUES (?, ?, FALSE)"));
    query.bind(task_id).bind(title.as_str()).execute().await?;
    note(&mut tx, actor, task_id, "check", ("", &title), app.now_ms()).await?;
    tx.commit().await?;
    publish(app, &details).await;
    Ok(())
}

async fn find(app: &App, actor: &Actor, id: i64) -> Result<(Check, Details)> {
    let query = app.db.q(sql!("SELECT id, task_id, title, is_done FROM task_checks WHERE id = ?"));
    let check: Check = query.bind(id).one().await?;
    let details = get(app, actor, check.task_id).await?;
    details.project.require_member()?;
    Ok((check, details))
}

/// Ticks a line off, or takes that back, and returns the id of its task.
pub async fn tick(app: &App, actor: &Actor, id: i64, is_done: bool) -> Result<i64> {
    let (_, details) = find(app, actor, id).await?;
    app.db.q(sql!("UPDATE task_checks SET is_done = ? WHERE id = ?")).bind(is_done).bind(id).execute().await?;
    let query = app.db.q(sql!("UPDATE tasks SET touched_at = ? WHERE id = ?"));
    query.bind(app.now_ms()).bind(details.task.id).execute().await?;
    publish(app, &details).await;
    Ok(details.task.id)
}

pub async fn remove(app: &App, actor: &Actor, id: i64) -> Result<i64> {
    let (check, details) = find(app, actor, id).await?;
    let mut tx = app.db.begin().await?;
    if tx.q(sql!("DELETE FROM task_checks WHERE id = ?")).bind(id).execute().await? == 0 {
        return Err(Error::NotFound);
    }
    note(&mut tx, actor, details.task.id, "check", (&check.title, ""), app.now_ms()).await?;
    tx.commit().await?;
    publish(app, &details).await;
    Ok(details.task.id)
}

pub async fn publish(app: &App, details: &Details) {
    app.publish(TOPIC, format!("{}:{}", details.project.id, details.task.id)).await;
}
