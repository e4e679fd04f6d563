//! The one way in which tasks are changed, inside of the caller's transaction.
//!
//! Each field that changes becomes a row of task_events with the version that it made. Who changed a task that others had
//! changed meanwhile is in conflict only about fields that both changed.

use super::super::super::statuses::model::{self as statuses, Kind, Status};
use super::super::values::{Field, Priority, Value};
use crate::accounts::Actor;
use crate::db::{self, Tx};
use crate::error::{Error, Result};
use crate::sql;
use jiff::civil::Date;

/// Between two neighbours of a column, so that another task fits between them many times over.
pub const GAP: i64 = 1 << 20;

/// A task as it stands, locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct State {
    pub id: i64,
    pub project_id: i64,
    pub number: i64,
    pub version: i64,
    pub title: String,
    pub description: String,
    pub status_id: i64,
    pub position: i64,
    pub priority: Priority,
    pub starts_on: Option<Date>,
    pub due_on: Option<Date>,
    pub estimate_min: Option<i64>,
    pub started_at: Option<i64>,
    pub assignees: Vec<i64>,
    pub labels: Vec<i64>,
}

#[derive(sqlx::FromRow)]
struct StateRow {
    id: i64,
    project_id: i64,
    number: i64,
    version: i64,
    title: String,
    description: String,
    status_id: i64,
    position: i64,
    priority: i64,
    starts_on: Option<String>,
    due_on: Option<String>,
    estimate_min: Option<i64>,
    started_at: Option<i64>,
}

impl State {
    pub fn value(&self, field: Field) -> Value {
        match field {
            Field::Title => Value::Title(self.title.clone()),
            Field::Description => Value::Description(self.description.clone()),
            Field::Status => Value::Status(self.status_id),
            Field::Priority => Value::Priority(self.priority),
            Field::Assignees => Value::Assignees(self.assignees.clone()),
            Field::Labels => Value::Labels(self.labels.clone()),
            Field::Start => Value::Start(self.starts_on),
            Field::Due => Value::Due(self.due_on),
            Field::Estimate => Value::Estimate(self.estimate_min),
        }
    }

    fn set(&mut self, value: Value) {
        match value {
            Value::Title(text) => self.title = text,
            Value::Description(text) => self.description = text,
            Value::Status(id) => self.status_id = id,
            Value::Priority(priority) => self.priority = priority,
            Value::Assignees(ids) => self.assignees = ids,
            Value::Labels(ids) => self.labels = ids,
            Value::Start(date) => self.starts_on = date,
            Value::Due(date) => self.due_on = date,
            Value::Estimate(minutes) => self.estimate_min = minutes,
        }
    }
}

pub async fn lock(tx: &mut Tx, id: i64) -> db::Result<State> {
    let query = tx.q(sql!(
        "SELECT id, project_id, number, version, title, description, status_id, position, priority, starts_on, due_on, estimate_min,
         started_at FROM tasks WHERE id = ? {for_update}"
    ));
    let row: StateRow = query.bind(id).one().await?;
    let query = tx.q(sql!("SELECT person_id FROM task_assignees WHERE task_id = ? ORDER BY person_id"));
    let assignees: Vec<(i64,)> = query.bind(id).all().await?;
    let query = tx.q(sql!("SELECT label_id FROM task_labels WHERE task_id = ? ORDER BY label_id"));
    let labels: Vec<(i64,)> = query.bind(id).all().await?;
    let day = |text: Option<String>| text.and_then(|text| text.parse().ok());
    Ok(State {
        assignees: assignees.into_iter().map(|(id,)| id).collect(),
        labels: labels.into_iter().map(|(id,)| id).collect(),
        priority: Priority::of(row.priority),
        starts_on: day(row.starts_on),
        due_on: day(row.due_on),
        id: row.id,
        project_id: row.project_id,
        number: row.number,
        version: row.version,
        title: row.title,
        description: row.description,
        status_id: row.status_id,
        position: row.position,
        estimate_min: row.estimate_min,
        started_at: row.started_at,
    })
}

/// Somebody changed a field after the version that a change is based on.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Later {
    pub field: String,
    /// Who; nobody for a job.
    pub name: Option<String>,
}

/// What was changed since, the latest last.
pub async fn changed_since(tx: &mut Tx, id: i64, version: i64) -> db::Result<Vec<Later>> {
    let query = tx.q(sql!(
        "SELECT e.field, p.name FROM task_events e LEFT JOIN people p ON p.id = e.actor_id
         WHERE e.task_id = ? AND e.version > ? ORDER BY e.version, e.id"
    ));
    query.bind(id).bind(version).all().await
}

/// Who changes something, when, and together with what.
pub struct Change<'a> {
    pub actor: &'a Actor,
    pub now_ms: i64,
    pub batch_id: Option<i64>,
    /// The statuses of the project, locked where one is changed.
    pub statuses: &'a [Status],
    /// Where in its column the task goes; at the end where nobody says.
    pub position: Option<i64>,
}

/// What became of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    pub fields: Vec<Field>,
    /// Who was given the task by it.
    pub given_to: Vec<i64>,
}

struct Event {
    field: &'static str,
    old_value: String,
    new_value: String,
}

/// Writes what is different, and returns what that was. The dates are looked at together, because each may be fine alone.
pub async fn apply(tx: &mut Tx, change: &Change<'_>, state: &mut State, values: Vec<Value>) -> Result<Applied> {
    let before = state.clone();
    let mut events = Vec::new();
    for value in values {
        let old = before.value(value.field());
        if old != value {
            events.push(Event { field: value.field().name(), old_value: old.text(), new_value: value.text() });
            state.set(value);
        }
    }
    let is_moved_within = change.position.is_some_and(|position| position != before.position);
    if events.is_empty() && !is_moved_within {
        return Ok(Applied::default());
    }
    if state.starts_on.zip(state.due_on).is_some_and(|(start, due)| start > due) {
        let field = if before.starts_on == state.starts_on { "due" } else { "start" };
        return Err(Error::invalid(field, "A task cannot be due before it starts."));
    }
    store(tx, change, &before, state).await?;
    record(tx, change, state, &events).await?;
    let given_to = state.assignees.iter().copied().filter(|id| !before.assignees.contains(id)).collect();
    let fields = events.iter().filter_map(|event| Field::from_name(event.field)).collect();
    Ok(Applied { fields, given_to })
}

async fn store(tx: &mut Tx, change: &Change<'_>, before: &State, state: &mut State) -> Result<()> {
    let is_moved = before.status_id != state.status_id;
    if is_moved || change.position.is_some() {
        state.position = match change.position {
            Some(position) => position,
            None => place_in(tx, change.statuses, state.status_id).await?,
        };
    }
    let kind = change.statuses.iter().find(|status| status.id == state.status_id).map(|status| status.kind);
    if is_moved && kind != Some(Kind::Todo) && state.started_at.is_none() {
        state.started_at = Some(change.now_ms);
    }
    // A place in a column is no version of the task: who drags the neighbour must not be in anybody's way.
    let step = i64::from(!is_same(before, state));
    let query = tx.q(sql!(
        "UPDATE tasks SET title = ?, title_key = ?, description = ?, status_id = ?, position = ?, priority = ?, starts_on = ?, due_on = ?,
         estimate_min = ?, started_at = ?, version = version + ?, updated_at = ?, touched_at = ? WHERE id = ? AND version = ?"
    ));
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let query = query.bind(state.title.as_str()).bind(state.title.to_lowercase()).bind(state.description.as_str());
    let query = query.bind(state.status_id).bind(state.position).bind(state.priority.number());
    let query =
        query.bind(day(state.starts_on)).bind(day(state.due_on)).bind(state.estimate_min).bind(state.started_at);
    let query = query.bind(step).bind(change.now_ms).bind(change.now_ms).bind(state.id).bind(before.version);
    if query.execute().await? == 0 {
        return Err(Error::busy("The task is being changed by somebody else."));
    }
    state.version += step;
    if is_moved {
        move_status(tx, change, before, state, kind).await?;
    }
    relate(tx, before, state).await?;
    Ok(())
}

fn is_same(before: &State, state: &State) -> bool {
    Field::ALL.into_iter().all(|field| before.value(field) == state.value(field))
}

async fn move_status(
    tx: &mut Tx,
    change: &Change<'_>,
    before: &State,
    state: &State,
    kind: Option<Kind>,
) -> db::Result<()> {
    statuses::move_count(tx, Some(before.status_id), Some(state.status_id)).await?;
    let is_done = kind == Some(Kind::Done);
    let was_done = change.statuses.iter().any(|status| status.id == before.status_id && status.kind == Kind::Done);
    let query = tx.q(sql!("UPDATE tasks SET moved_at = ?, is_open = ? WHERE id = ?"));
    query.bind(change.now_ms).bind(!is_done).bind(state.id).execute().await?;
    if is_done != was_done {
        let query = tx.q(sql!("UPDATE tasks SET closed_at = ? WHERE id = ?"));
        query.bind(is_done.then_some(change.now_ms)).bind(state.id).execute().await?;
    }
    Ok(())
}

/// What is done comes first among what was done before, anything else last.
pub async fn place_in(tx: &mut Tx, statuses: &[Status], status_id: i64) -> db::Result<i64> {
    let is_done = statuses.iter().any(|status| status.id == status_id && status.kind == Kind::Done);
    if is_done {
        let query = tx.q(sql!("SELECT MIN(position) FROM tasks WHERE status_id = ?"));
        let (first,) = query.bind(status_id).one::<(Option<i64>,)>().await?;
        return Ok(first.map_or(0, |first| first - GAP));
    }
    let query = tx.q(sql!("SELECT MAX(position) FROM tasks WHERE status_id = ?"));
    let (last,) = query.bind(status_id).one::<(Option<i64>,)>().await?;
    Ok(last.map_or(0, |last| last + GAP))
}

async fn relate(tx: &mut Tx, before: &State, state: &State) -> db::Result<()> {
    if before.assignees != state.assignees {
        set_assignees(tx, state.id, &state.assignees).await?;
    }
    if before.labels != state.labels {
        set_labels(tx, state.id, &state.labels).await?;
    }
    Ok(())
}

pub async fn set_assignees(tx: &mut Tx, id: i64, people: &[i64]) -> db::Result<()> {
    tx.q(sql!("DELETE FROM task_assignees WHERE task_id = ?")).bind(id).execute().await?;
    for person in people {
        let query = tx.q(sql!("INSERT INTO task_assignees (task_id, person_id) VALUES (?, ?)"));
        query.bind(id).bind(*person).execute().await?;
    }
    Ok(())
}

pub async fn set_labels(tx: &mut Tx, id: i64, labels: &[i64]) -> db::Result<()> {
    tx.q(sql!("DELETE FROM task_labels WHERE task_id = ?")).bind(id).execute().await?;
    for label in labels {
        let query = tx.q(sql!("INSERT INTO task_labels (task_id, label_id) VALUES (?, ?)"));
        query.bind(id).bind(*label).execute().await?;
    }
    Ok(())
}

async fn record(tx: &mut Tx, change: &Change<'_>, state: &State, events: &[Event]) -> db::Result<()> {
    for event in events {
        let query = tx.q(sql!(
            "INSERT INTO task_events (task_id, version, at, actor_id, field, old_value, new_value, batch_id)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        ));
        let query = query.bind(state.id).bind(state.version).bind(change.now_ms).bind(change.actor.person_id);
        let query = query.bind(event.field).bind(event.old_value.as_str()).bind(event.new_value.as_str());
        query.bind(change.batch_id).execute().await?;
    }
    Ok(())
}

/// Logs what was changed beside the fields of a task, under the version that it has, and that somebody cares about it.
pub async fn note(
    tx: &mut Tx,
    actor: &Actor,
    id: i64,
    what: &'static str,
    (old, new): (&str, &str),
    now: i64,
) -> db::Result<()> {
    let query = tx.q(sql!(
        "INSERT INTO task_events (task_id, version, at, actor_id, field, old_value, new_value)
         SELECT t.id, t.version, ?, ?, ?, ?, ? FROM tasks t WHERE t.id = ?"
    ));
    let query = query.bind(now).bind(actor.person_id).bind(what).bind(old).bind(new);
    query.bind(id).execute().await?;
    tx.q(sql!("UPDATE tasks SET touched_at = ? WHERE id = ?")).bind(now).bind(id).execute().await?;
    Ok(())
}

/// The log of a task begins with this.
pub async fn record_creation(tx: &mut Tx, actor: &Actor, id: i64, now: i64) -> db::Result<()> {
    let query = tx.q(sql!(
        "INSERT INTO task_events (task_id, version, at, actor_id, field, old_value, new_value) VALUES (?, 1, ?, ?, 'created', '', '')"
    ));
    query.bind(id).bind(now).bind(actor.person_id).execute().await?;
    Ok(())
}
