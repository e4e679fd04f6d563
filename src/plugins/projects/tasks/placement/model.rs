//! Moves a card. Its place within the column is nobody's property: the last one who drags it wins. Its status is a field like
//! any other.

use super::super::super::statuses::model as statuses;
use super::super::fields::model::{Outcome, conflict, finish};
use super::super::model::get;
use super::super::values::{Choices, Field, Value};
use super::super::writing::model::{Change, GAP, apply, lock};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::Result;
use crate::sql;

/// Where in its column a card is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Before(i64),
    After(i64),
    End,
}

/// Puts a task into a status; a person did that who saw the version `base`.
pub async fn move_to(app: &App, actor: &Actor, id: i64, base: i64, status: &str, place: Place) -> Result<Outcome> {
    let task = get(app, actor, id).await?;
    task.project.require_member()?;
    let mut tx = app.db.begin().await?;
    let statuses = statuses::lock(&mut tx, task.project.id).await?;
    let mut state = lock(&mut tx, id).await?;
    let value = Value::parse(Field::Status, status, &Choices { statuses: &statuses, members: &[], labels: &[] })?;
    let values = vec![value.clone()];
    if let Some((field, by)) = conflict(&mut tx, &state, base, &values).await? {
        drop(tx);
        return Ok(Outcome::Conflict { now: Box::new(get(app, actor, id).await?), field, by });
    }
    let Value::Status(status_id) = value else { unreachable!("a status was read") };
    let position = Some(position(&mut tx, id, status_id, place).await?);
    let change = Change { actor, now_ms: app.now_ms(), batch_id: None, statuses: &statuses, position };
    let applied = apply(&mut tx, &change, &mut state, values).await?;
    finish(app, actor, tx, &task, &state, &applied).await?;
    Ok(Outcome::Saved(Box::new(get(app, actor, id).await?)))
}

/// A position before the given task. Where its neighbours leave none, everything from there on moves down.
async fn position(tx: &mut Tx, id: i64, status_id: i64, place: Place) -> db::Result<i64> {
    let next = next(tx, id, status_id, place).await?;
    let Some((next, next_id)) = next else {
        let query = tx.q(sql!("SELECT MAX(position) FROM tasks WHERE status_id = ? AND id <> ?"));
        let (last,) = query.bind(status_id).bind(id).one::<(Option<i64>,)>().await?;
        return Ok(last.map_or(0, |last| last + GAP));
    };
    let query = tx.q(sql!(
        "SELECT MAX(position) FROM tasks WHERE status_id = ? AND id <> ? AND (position < ? OR (position = ? AND id < ?))"
    ));
    let query = query.bind(status_id).bind(id).bind(next).bind(next).bind(next_id);
    let (previous,) = query.one::<(Option<i64>,)>().await?;
    match previous {
        None => Ok(next - GAP),
        Some(previous) if next - previous >= 2 => Ok(previous + (next - previous) / 2),
        Some(previous) => {
            make_room(tx, status_id, next, next_id).await?;
            Ok(previous + GAP / 2)
        }
    }
}

/// Position and id of the task that comes next. One that is in another column by now says nothing.
async fn next(tx: &mut Tx, id: i64, status_id: i64, place: Place) -> db::Result<Option<(i64, i64)>> {
    let (Place::Before(other) | Place::After(other)) = place else { return Ok(None) };
    let query = tx.q(sql!("SELECT position, id FROM tasks WHERE id = ? AND status_id = ? AND id <> ?"));
    let found: Option<(i64, i64)> = query.bind(other).bind(status_id).bind(id).optional().await?;
    let (Some((position, other)), Place::After(_)) = (found, place) else { return Ok(found) };
    let query = tx.q(sql!(
        "SELECT position, id FROM tasks WHERE status_id = ? AND id <> ? AND (position > ? OR (position = ? AND id > ?))
         ORDER BY position, id LIMIT 1"
    ));
    query.bind(status_id).bind(id).bind(position).bind(position).bind(other).optional().await
}

async fn make_room(tx: &mut Tx, status_id: i64, from: i64, from_id: i64) -> db::Result<()> {
    let query = tx.q(sql!(
        "UPDATE tasks SET position = position + ? WHERE status_id = ? AND (position > ? OR (position = ? AND id >= ?))"
    ));
    query.bind(GAP).bind(status_id).bind(from).bind(from).bind(from_id).execute().await?;
    Ok(())
}
