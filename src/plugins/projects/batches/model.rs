//! Changes many tasks in one transaction, each with its own events; what was changed so is taken back as far as nobody changed
//! it since.

use super::super::members::model as members;
use super::super::model::{self as projects, Project};
use super::super::outline::Outline;
use super::super::statuses::model as statuses;
use super::super::tasks::values::{Choices, Field, Value};
use super::super::tasks::writing::model::{Change, State, apply, lock};
use super::super::{TOPIC, notices};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Checks, Error, Result};
use crate::sql;
use std::collections::{BTreeMap, BTreeSet};

/// More than a page shows nobody chooses.
const MOST: usize = 200;
/// How long the way back is offered.
const OFFERED_MS: i64 = 15 * 60_000;

/// What is to become of the chosen tasks. What is not said stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bulk {
    /// Fields that get one value.
    pub set: Vec<(Field, String)>,
    /// Somebody who works on all of them from now on, and a label that all of them get.
    pub assignee: Option<i64>,
    pub label: Option<i64>,
}

impl Bulk {
    /// In words: `Status, priority`.
    fn title(&self) -> String {
        let mut names: Vec<&str> = self.set.iter().map(|(field, _)| field.title()).collect();
        names.extend(self.assignee.map(|_| Field::Assignees.title()));
        names.extend(self.label.map(|_| Field::Labels.title()));
        names.join(", ")
    }

    fn values(&self, state: &State, choices: &Choices<'_>) -> Result<Vec<Value>> {
        let mut values = Vec::new();
        for (field, text) in &self.set {
            values.push(Value::parse(*field, text, choices)?);
        }
        let with = |ids: &[i64], id: i64| {
            ids.iter().copied().chain([id]).collect::<BTreeSet<i64>>().into_iter().collect::<Vec<i64>>()
        };
        if let Some(id) = self.assignee {
            let ids = Value::Assignees(with(&state.assignees, id));
            values.push(Value::parse(Field::Assignees, &ids.text(), choices)?);
        }
        if let Some(id) = self.label {
            let ids = Value::Labels(with(&state.labels, id));
            values.push(Value::parse(Field::Labels, &ids.text(), choices)?);
        }
        Ok(values)
    }
}

/// A batch that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Batch {
    pub id: i64,
    pub title: String,
    /// How many tasks it changed.
    pub tasks: i64,
}

/// Changes all of them or, where one cannot be changed so, none.
pub async fn change(app: &App, actor: &Actor, project: &Project, ids: &[i64], bulk: &Bulk) -> Result<usize> {
    project.require_member()?;
    let ids: BTreeSet<i64> = ids.iter().copied().collect();
    let title = bulk.title();
    let mut checks = Checks::default();
    checks.that(!ids.is_empty(), "task", "Choose tasks first.");
    checks.that(ids.len() <= MOST, "task", format!("At most {MOST} tasks can be changed at once."));
    checks.that(!title.is_empty(), "task", "Choose what is to be changed.");
    checks.done()?;
    let outline = Outline::around(app, project.clone()).await?;
    let mut tx = app.db.begin().await?;
    let statuses = statuses::lock(&mut tx, project.id).await?;
    let batch_id = open(&mut tx, actor, &title, app.now_ms()).await?;
    let change = Change { actor, now_ms: app.now_ms(), batch_id: Some(batch_id), statuses: &statuses, position: None };
    let choices = Choices { statuses: &statuses, members: &outline.members, labels: &outline.labels };
    let (mut changed, mut told) = (Vec::new(), BTreeSet::new());
    for id in ids {
        let mut state = lock_in(&mut tx, project, id).await?;
        let values = bulk.values(&state, &choices)?;
        let applied = apply(&mut tx, &change, &mut state, values).await?;
        if applied.fields.is_empty() {
            continue;
        }
        let name = format!("{}-{}", project.code, state.number);
        let subject = (state.id, name.as_str(), state.title.as_str());
        told.extend(notices::assigned(&mut tx, actor, subject, state.version, &applied.given_to, app.now_ms()).await?);
        changed.push(id);
    }
    tx.commit().await?;
    announce(app, project.id, &changed).await;
    crate::notices::publish(&app.bus, app.now_ms(), &told.into_iter().collect::<Vec<i64>>()).await;
    Ok(changed.len())
}

async fn open(tx: &mut Tx, actor: &Actor, title: &str, now: i64) -> Result<i64> {
    let query = tx.q(sql!("INSERT INTO task_batches (person_id, title, at) VALUES (?, ?, ?) {returning id}"));
    Ok(query.bind(actor.person_id).bind(title).bind(now).insert().await?)
}

/// A task of another project looks missing.
async fn lock_in(tx: &mut Tx, project: &Project, id: i64) -> Result<State> {
    let state = lock(tx, id).await?;
    if state.project_id == project.id { Ok(state) } else { Err(Error::NotFound) }
}

async fn announce(app: &App, project_id: i64, changed: &[i64]) {
    if changed.len() > 20 {
        return app.publish(TOPIC, format!("{project_id}:0")).await;
    }
    for id in changed {
        app.publish(TOPIC, format!("{project_id}:{id}")).await;
    }
}

/// What the actor changed last in this project, as long as it is worth a way back.
pub async fn last(app: &App, actor: &Actor, project: &Project) -> Result<Option<Batch>> {
    let Some(me) = actor.person_id else { return Ok(None) };
    let query = app.db.q(sql!(
        "SELECT b.id, b.title, COUNT(DISTINCT e.task_id) AS tasks FROM task_batches b JOIN task_events e ON e.batch_id = b.id
         JOIN tasks t ON t.id = e.task_id WHERE b.id = (SELECT MAX(l.id) FROM task_batches l WHERE l.person_id = ?)
         AND b.at > ? AND b.undone_at IS NULL AND t.project_id = ? GROUP BY b.id, b.title"
    ));
    Ok(query.bind(me).bind(app.now_ms() - OFFERED_MS).bind(project.id).optional().await?)
}

#[derive(sqlx::FromRow)]
struct Done {
    id: i64,
    task_id: i64,
    field: String,
    old_value: String,
}

/// What was taken back of a batch.
pub struct Reversal {
    pub project: Project,
    pub tasks: usize,
    /// Values that somebody changed since, or that are not there any more: they stay as they are.
    pub kept: usize,
}

/// Takes one's own batch back.
pub async fn revert(app: &App, actor: &Actor, id: i64) -> Result<Reversal> {
    let me = actor.person_id.ok_or(Error::Forbidden)?;
    let query = app.db.q(sql!(
        "SELECT DISTINCT t.project_id FROM task_batches b JOIN task_events e ON e.batch_id = b.id JOIN tasks t ON t.id = e.task_id
         WHERE b.id = ? AND b.person_id = ?"
    ));
    let (project_id,) = query.bind(id).bind(me).one::<(i64,)>().await?;
    let project = projects::get(app, actor, project_id).await?;
    project.require_member()?;
    let outline = Outline::around(app, project.clone()).await?;
    let members = members::list(app, &project).await?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!("UPDATE task_batches SET undone_at = ? WHERE id = ? AND undone_at IS NULL"));
    Checks::only(query.bind(app.now_ms()).bind(id).execute().await? == 1, "", "This was taken back already.")?;
    let statuses = statuses::lock(&mut tx, project_id).await?;
    let choices = Choices { statuses: &statuses, members: &members, labels: &outline.labels };
    let change = Change { actor, now_ms: app.now_ms(), batch_id: None, statuses: &statuses, position: None };
    let query =
        tx.q(sql!("SELECT id, task_id, field, old_value FROM task_events WHERE batch_id = ? ORDER BY task_id, id"));
    let mut done: BTreeMap<i64, Vec<Done>> = BTreeMap::new();
    for event in query.bind(id).all::<Done>().await? {
        done.entry(event.task_id).or_default().push(event);
    }
    let (mut changed, mut kept) = (Vec::new(), 0);
    for (task_id, events) in done {
        let mut state = lock(&mut tx, task_id).await?;
        let values = old_values(&mut tx, &events, &choices, &mut kept).await?;
        apply(&mut tx, &change, &mut state, values).await?;
        changed.push(task_id);
    }
    tx.commit().await?;
    announce(app, project_id, &changed).await;
    Ok(Reversal { project, tasks: changed.len(), kept })
}

/// What stood there before, where nothing came after it.
async fn old_values(tx: &mut Tx, events: &[Done], choices: &Choices<'_>, kept: &mut usize) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    for event in events {
        let query = tx.q(sql!("SELECT COUNT(*) FROM task_events WHERE task_id = ? AND field = ? AND id > ?"));
        let (later,) = query.bind(event.task_id).bind(event.field.as_str()).bind(event.id).one::<(i64,)>().await?;
        let field = Field::from_name(&event.field).filter(|_| later == 0);
        match field.map(|field| Value::parse(field, &event.old_value, choices)) {
            Some(Ok(value)) => values.push(value),
            _ => *kept += 1,
        }
    }
    Ok(values)
}
