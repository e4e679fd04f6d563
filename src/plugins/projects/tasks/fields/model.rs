//! Saves fields of a task: what others changed meanwhile stays, and where both changed the same field, nobody loses.

use super::super::super::labels::model as labels;
use super::super::super::members::model as members;
use super::super::super::statuses::model as statuses;
use super::super::super::{TOPIC, notices};
use super::super::model::{Details, get};
use super::super::values::{Choices, Field, Value};
use super::super::writing::model::{Applied, Change, State, apply, changed_since, lock};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;

/// What somebody wants to stand in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub field: Field,
    /// As `Value::parse` reads it.
    pub text: String,
    /// A further label, by its name.
    pub new_label: String,
}

impl Edit {
    pub fn of(field: Field, text: impl Into<String>) -> Self {
        Edit { field, text: text.into(), new_label: String::new() }
    }
}

pub enum Outcome {
    Saved(Box<Details>),
    /// Somebody else changed the same field. Nothing was written.
    Conflict {
        now: Box<Details>,
        field: Field,
        by: String,
    },
}

/// Saves what was typed while the task had the version `base`.
pub async fn save(app: &App, actor: &Actor, id: i64, base: i64, edits: &[Edit]) -> Result<Outcome> {
    let before = get(app, actor, id).await?;
    before.project.require_member()?;
    let members = members::list(app, &before.project).await?;
    let mut known = labels::list(app, &before.project).await?;
    let mut tx = app.db.begin().await?;
    let statuses = statuses::lock(&mut tx, before.project.id).await?;
    let mut state = lock(&mut tx, id).await?;
    let mut values = Vec::new();
    for edit in edits {
        let text = with_new_label(&mut tx, before.project.id, edit, &mut known).await?;
        values.push(Value::parse(
            edit.field,
            &text,
            &Choices { statuses: &statuses, members: &members, labels: &known },
        )?);
    }
    if let Some((field, by)) = conflict(&mut tx, &state, base, &values).await? {
        drop(tx);
        return Ok(Outcome::Conflict { now: Box::new(get(app, actor, id).await?), field, by });
    }
    let change = Change { actor, now_ms: app.now_ms(), batch_id: None, statuses: &statuses, position: None };
    let applied = apply(&mut tx, &change, &mut state, values).await?;
    finish(app, actor, tx, &before, &state, &applied).await?;
    Ok(Outcome::Saved(Box::new(get(app, actor, id).await?)))
}

/// Makes a label that somebody typed, and adds it to those that they chose.
async fn with_new_label(tx: &mut Tx, project_id: i64, edit: &Edit, known: &mut Vec<labels::Label>) -> Result<String> {
    let name = edit.new_label.trim();
    if edit.field != Field::Labels || name.is_empty() {
        return Ok(edit.text.clone());
    }
    labels::check_name(name, Field::Labels.name())?;
    let id = labels::named(tx, project_id, name).await?;
    known.push(labels::Label { id, name: name.to_owned(), hue: 0 });
    Ok(format!("{},{id}", edit.text))
}

/// The first field that somebody changed since, to something else than what is wanted now.
pub async fn conflict(tx: &mut Tx, state: &State, base: i64, values: &[Value]) -> Result<Option<(Field, String)>> {
    if base >= state.version {
        return Ok(None);
    }
    let later = changed_since(tx, state.id, base).await?;
    for value in values.iter().filter(|value| state.value(value.field()) != **value) {
        if let Some(change) = later.iter().rev().find(|change| change.field == value.field().name()) {
            return Ok(Some((value.field(), change.name.clone().unwrap_or_else(|| "Quarterdeck".to_owned()))));
        }
    }
    Ok(None)
}

/// Raises the notices of a change, commits, and tells everybody.
pub async fn finish(
    app: &App,
    actor: &Actor,
    mut tx: Tx,
    before: &Details,
    state: &State,
    applied: &Applied,
) -> Result<()> {
    let name = before.task.name();
    let subject = (state.id, name.as_str(), state.title.as_str());
    let told = notices::assigned(&mut tx, actor, subject, state.version, &applied.given_to, app.now_ms()).await?;
    tx.commit().await?;
    app.publish(TOPIC, format!("{}:{}", state.project_id, state.id)).await;
    crate::notices::publish(&app.bus, app.now_ms(), &told).await;
    Ok(())
}
