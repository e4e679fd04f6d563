//! Subtasks: added by a line, or taken in by their name; none is above itself.

use super::super::super::TOPIC;
use super::super::super::model::Project;
use super::super::super::outline::Outline;
use super::super::creation::model::{NewTask, create};
use super::super::model::{Details, Task, TaskRow, complete, get, task_columns, task_tables};
use super::super::quick_add;
use super::super::writing::model::note;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Checks, Error, Result};
use crate::sql;

/// Deeper than this nobody finds their way.
const DEEPEST: usize = 5;

/// The tasks below this one, by number. Who has the task in hand was let in.
pub async fn list(app: &App, details: &Details) -> Result<Vec<Task>> {
    let query = app.db.q(sql!(concat!(
        "SELECT ",
        task_columns!(),
        " FROM ",
        task_tables!(),
        " WHERE t.parent_id = ? ORDER BY t.number"
    )));
    let rows: Vec<TaskRow> = query.bind(details.task.id).all().await?;
    Ok(complete(app, rows).await?)
}

/// The number in a name such as `QD-12` of this project.
pub fn number_in(project: &Project, text: &str) -> Option<i64> {
    let (code, number) = text.trim().rsplit_once('-')?;
    code.eq_ignore_ascii_case(&project.code).then(|| number.parse().ok()).flatten()
}

/// Adds what a line says: a task by its name, or a new one.
pub async fn add(app: &App, actor: &Actor, id: i64, line: &str, submission: &str) -> Result<()> {
    let details = get(app, actor, id).await?;
    details.project.require_member()?;
    if let Some(number) = number_in(&details.project, line) {
        return take_in(app, actor, &details, number).await;
    }
    let outline = Outline::around(app, details.project.clone()).await?;
    check_depth(app, id).await?;
    let read = quick_add::read(line, &outline.members, outline.today)?;
    let new = NewTask { parent_id: Some(id), submission: submission.to_owned(), ..read };
    create(app, actor, &details.project, new).await?;
    app.publish(TOPIC, format!("{}:{id}", details.project.id)).await;
    Ok(())
}

async fn take_in(app: &App, actor: &Actor, parent: &Details, number: i64) -> Result<()> {
    let mut tx = app.db.begin().await?;
    lock_project(&mut tx, parent.project.id).await?;
    let query = tx.q(sql!("SELECT id, title FROM tasks WHERE project_id = ? AND number = ?"));
    let found: Option<(i64, String)> = query.bind(parent.project.id).bind(number).optional().await?;
    let (child, title) = found.ok_or_else(|| Error::invalid("text", "There is no such task in this project."))?;
    let above = above(&mut tx, parent.task.id).await?;
    let mut checks = Checks::default();
    checks.that(!above.contains(&child), "text", "A task cannot be a part of itself, nor of what is a part of it.");
    checks.that(above.len() < DEEPEST, "text", format!("Tasks can be parts of parts up to {DEEPEST} steps deep."));
    checks.done()?;
    let query = tx.q(sql!("UPDATE tasks SET parent_id = ? WHERE id = ?"));
    query.bind(parent.task.id).bind(child).execute().await?;
    note(&mut tx, actor, parent.task.id, "subtask", ("", &title), app.now_ms()).await?;
    tx.commit().await?;
    for id in [parent.task.id, child] {
        app.publish(TOPIC, format!("{}:{id}", parent.project.id)).await;
    }
    Ok(())
}

/// Makes a subtask a task of its own, and returns the id of the one that it was below.
pub async fn release(app: &App, actor: &Actor, child: i64) -> Result<i64> {
    let details = get(app, actor, child).await?;
    details.project.require_member()?;
    let parent = details.task.parent_id.ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    tx.q(sql!("UPDATE tasks SET parent_id = NULL WHERE id = ?")).bind(child).execute().await?;
    note(&mut tx, actor, parent, "subtask", (&details.task.title, ""), app.now_ms()).await?;
    tx.commit().await?;
    for id in [parent, child] {
        app.publish(TOPIC, format!("{}:{id}", details.project.id)).await;
    }
    Ok(parent)
}

/// Whoever changes how tasks hang together waits here, so that two changes make no circle between them.
pub async fn lock_project(tx: &mut Tx, project_id: i64) -> Result<()> {
    let query = tx.q(sql!("UPDATE projects SET next_number = next_number WHERE id = ?"));
    query.bind(project_id).execute().await?;
    Ok(())
}

/// The task and all that it is a part of.
async fn above(tx: &mut Tx, id: i64) -> Result<Vec<i64>> {
    let mut chain = vec![id];
    while chain.len() <= DEEPEST {
        let query = tx.q(sql!("SELECT parent_id FROM tasks WHERE id = ? AND parent_id IS NOT NULL"));
        match query.bind(chain[chain.len() - 1]).optional::<(i64,)>().await? {
            Some((parent,)) if !chain.contains(&parent) => chain.push(parent),
            _ => break,
        }
    }
    Ok(chain)
}

async fn check_depth(app: &App, id: i64) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let depth = above(&mut tx, id).await?.len();
    Checks::only(depth < DEEPEST, "text", format!("Tasks can be parts of parts up to {DEEPEST} steps deep."))
}

/// Name, title and id of the task that this one is a part of.
pub async fn parent(app: &App, details: &Details) -> Result<Option<(i64, i64, String)>> {
    let Some(parent) = details.task.parent_id else { return Ok(None) };
    let query = app.db.q(sql!("SELECT id, number, title FROM tasks WHERE id = ?"));
    Ok(query.bind(parent).optional().await?)
}
