//! Watching: begun and ended by oneself.

use super::super::checks::model::publish;
use super::super::model::{Face, get};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::sql;

/// By name. Who has the task in hand was let in.
pub async fn list(app: &App, task_id: i64) -> Result<Vec<Face>> {
    let query = app.db.q(sql!(
        "SELECT p.id, p.name FROM task_watchers w JOIN people p ON p.id = w.person_id WHERE w.task_id = ? ORDER BY p.name_key, p.id"
    ));
    let rows: Vec<(i64, String)> = query.bind(task_id).all().await?;
    Ok(rows.into_iter().map(|(id, name)| Face { id, name }).collect())
}

/// Whoever sees a task may watch it, also who only looks on.
pub async fn watch(app: &App, actor: &Actor, task_id: i64, watches: bool) -> Result<()> {
    let details = get(app, actor, task_id).await?;
    let person_id = actor.person_id.ok_or(Error::Forbidden)?;
    if watches {
        let query = app.db.q(sql!(
            "INSERT INTO task_watchers (task_id, person_id) VALUES (?, ?) {upsert task_id, person_id} person_id = {new person_id}"
        ));
        query.bind(task_id).bind(person_id).execute().await?;
    } else {
        let query = app.db.q(sql!("DELETE FROM task_watchers WHERE task_id = ? AND person_id = ?"));
        query.bind(task_id).bind(person_id).execute().await?;
    }
    publish(app, &details).await;
    Ok(())
}
