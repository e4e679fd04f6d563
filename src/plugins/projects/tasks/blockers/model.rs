//! Dependencies: what blocks a task, and what it blocks. They make no circles.

use super::super::super::TOPIC;
use super::super::super::statuses::model::Kind;
use super::super::model::{Details, get};
use super::super::subtasks::model::{lock_project, number_in};
use super::super::writing::model::note;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Checks, Error, Result};
use crate::sql;
use std::collections::BTreeSet;

const MOST: usize = 50;

/// A task at the other end of a dependency.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Linked {
    pub id: i64,
    pub number: i64,
    pub title: String,
    pub status: String,
    kind: String,
}

impl Linked {
    pub fn kind(&self) -> Kind {
        Kind::from_name(&self.kind).unwrap_or(Kind::Todo)
    }

    pub fn is_open(&self) -> bool {
        self.kind() != Kind::Done
    }
}

pub struct Blockers {
    /// What has to be done first.
    pub by: Vec<Linked>,
    /// What waits for this task.
    pub of: Vec<Linked>,
}

/// Who has the task in hand was let in; both ends are in one project.
pub async fn list(app: &App, id: i64) -> Result<Blockers> {
    let query = app.db.q(sql!(
        "SELECT t.id, t.number, t.title, s.name AS status, s.kind FROM task_blockers b JOIN tasks t ON t.id = b.blocker_id
         JOIN project_statuses s ON s.id = t.status_id WHERE b.task_id = ? ORDER BY t.number"
    ));
    let by = query.bind(id).all().await?;
    let query = app.db.q(sql!(
        "SELECT t.id, t.number, t.title, s.name AS status, s.kind FROM task_blockers b JOIN tasks t ON t.id = b.task_id
         JOIN project_statuses s ON s.id = t.status_id WHERE b.blocker_id = ? ORDER BY t.number"
    ));
    Ok(Blockers { by, of: query.bind(id).all().await? })
}

/// Says that a task, by its name, has to be done before this one.
pub async fn add(app: &App, actor: &Actor, id: i64, name: &str) -> Result<()> {
    let details = get(app, actor, id).await?;
    details.project.require_member()?;
    let missing =
        || Error::invalid("text", format!("Name a task of this project, such as {}-12.", details.project.code));
    let number = number_in(&details.project, name).ok_or_else(missing)?;
    let mut tx = app.db.begin().await?;
    lock_project(&mut tx, details.project.id).await?;
    let query = tx.q(sql!("SELECT id FROM tasks WHERE project_id = ? AND number = ?"));
    let (blocker,) = query.bind(details.project.id).bind(number).optional::<(i64,)>().await?.ok_or_else(missing)?;
    let mut checks = Checks::default();
    checks.that(blocker != id, "text", "A task cannot wait for itself.");
    let is_circle = blocker != id && waits_for(&mut tx, blocker, id).await?;
    checks.that(
        !is_circle,
        "text",
        format!("{} waits for this task already, so that neither could begin.", name.trim().to_uppercase()),
    );
    checks.done()?;
    let query = tx.q(sql!("SELECT COUNT(*) FROM task_blockers WHERE task_id = ?"));
    let (known,) = query.bind(id).one::<(i64,)>().await?;
    Checks::only((known as usize) < MOST, "text", format!("A task waits for at most {MOST} others."))?;
    let query = tx.q(sql!(
        "INSERT INTO task_blockers (task_id, blocker_id) VALUES (?, ?) {upsert task_id, blocker_id} blocker_id = {new blocker_id}"
    ));
    query.bind(id).bind(blocker).execute().await?;
    note(&mut tx, actor, id, "blocker", ("", &format!("{}-{number}", details.project.code)), app.now_ms()).await?;
    tx.commit().await?;
    publish(app, &details, blocker).await;
    Ok(())
}

/// Whether `task` waits for `other`, over any number of steps.
async fn waits_for(tx: &mut Tx, task: i64, other: i64) -> Result<bool> {
    let (mut seen, mut next) = (BTreeSet::from([task]), vec![task]);
    while !next.is_empty() {
        let query = tx.q(sql!("SELECT DISTINCT blocker_id FROM task_blockers WHERE task_id IN ({ids})"));
        let found: Vec<(i64,)> = query.bind_ids(&next).all().await?;
        next = found.into_iter().map(|(id,)| id).filter(|id| seen.insert(*id)).collect();
        if seen.contains(&other) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub async fn remove(app: &App, actor: &Actor, id: i64, blocker: i64) -> Result<()> {
    let details = get(app, actor, id).await?;
    details.project.require_member()?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!("DELETE FROM task_blockers WHERE task_id = ? AND blocker_id = ?"));
    if query.bind(id).bind(blocker).execute().await? == 0 {
        return Err(Error::NotFound);
    }
    let query = tx.q(sql!("SELECT number FROM tasks WHERE id = ?"));
    let (number,) = query.bind(blocker).one::<(i64,)>().await?;
    note(&mut tx, actor, id, "blocker", (&format!("{}-{number}", details.project.code), ""), app.now_ms()).await?;
    tx.commit().await?;
    publish(app, &details, blocker).await;
    Ok(())
}

async fn publish(app: &App, details: &Details, other: i64) {
    for id in [details.task.id, other] {
        app.publish(TOPIC, format!("{}:{id}", details.project.id)).await;
    }
}
