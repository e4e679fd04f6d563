//! Labels: made in the settings, or by being used for the first time.

use super::super::model::{self as projects, Project};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Checks, Error, Result};
use crate::events;
use crate::sql;
use serde_json::json;

pub const MAX_NAME_CHARS: usize = 80;
/// How many colours there are: the classes hue-0 to hue-7.
pub const HUES: i64 = 8;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Label {
    pub id: i64,
    pub name: String,
    pub hue: i64,
}

/// By name. Who has the project in hand was let in.
pub async fn list(app: &App, project: &Project) -> Result<Vec<Label>> {
    let query = app.db.q(sql!("SELECT id, name, hue FROM project_labels WHERE project_id = ? ORDER BY name_key, id"));
    Ok(query.bind(project.id).all().await?)
}

pub fn check_name(name: &str, field: &str) -> Result<()> {
    let mut checks = Checks::default();
    checks.that(!name.trim().is_empty(), field, "Give the label a name.");
    checks.that(
        name.chars().count() <= MAX_NAME_CHARS,
        field,
        format!("At most {MAX_NAME_CHARS} characters fit here."),
    );
    checks.that(!name.chars().any(char::is_control), field, "Control characters are not allowed here.");
    checks.done()
}

/// The label of that name; it is made where there is none. Inside of the change that uses it.
pub async fn named(tx: &mut Tx, project_id: i64, name: &str) -> db::Result<i64> {
    let key = name.trim().to_lowercase();
    let query = tx.q(sql!("SELECT id FROM project_labels WHERE project_id = ? AND name_key = ?"));
    if let Some((id,)) = query.bind(project_id).bind(key.as_str()).optional::<(i64,)>().await? {
        return Ok(id);
    }
    let query = tx.q(sql!("SELECT COUNT(*) FROM project_labels WHERE project_id = ?"));
    let (known,) = query.bind(project_id).one::<(i64,)>().await?;
    insert(tx, project_id, name, known % HUES).await
}

async fn insert(tx: &mut Tx, project_id: i64, name: &str, hue: i64) -> db::Result<i64> {
    let query =
        tx.q(sql!("INSERT INTO project_labels (project_id, name, name_key, hue) VALUES (?, ?, ?, ?) {returning id}"));
    query.bind(project_id).bind(name.trim()).bind(name.trim().to_lowercase()).bind(hue).insert().await
}

pub async fn create(app: &App, actor: &Actor, project: &Project, name: &str, hue: i64) -> Result<i64> {
    project.require_lead()?;
    check_name(name, "name")?;
    let mut tx = app.db.begin().await?;
    let id = insert(&mut tx, project.id, name, hue.rem_euclid(HUES)).await.map_err(|error| taken(error, name))?;
    finish(app, tx, actor, project, "projects.label_created", name).await?;
    Ok(id)
}

pub async fn update(app: &App, actor: &Actor, project: &Project, id: i64, name: &str, hue: i64) -> Result<()> {
    project.require_lead()?;
    check_name(name, "name")?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!("UPDATE project_labels SET name = ?, name_key = ?, hue = ? WHERE id = ? AND project_id = ?"));
    let query = query.bind(name.trim()).bind(name.trim().to_lowercase()).bind(hue.rem_euclid(HUES));
    if query.bind(id).bind(project.id).execute().await.map_err(|error| taken(error, name))? == 0 {
        return Err(Error::NotFound);
    }
    finish(app, tx, actor, project, "projects.label_changed", name).await
}

/// Takes a label off all tasks, and away.
pub async fn remove(app: &App, actor: &Actor, project: &Project, id: i64) -> Result<()> {
    project.require_lead()?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!("SELECT name FROM project_labels WHERE id = ? AND project_id = ?"));
    let (name,): (String,) = query.bind(id).bind(project.id).one().await?;
    tx.q(sql!("DELETE FROM project_labels WHERE id = ?")).bind(id).execute().await?;
    finish(app, tx, actor, project, "projects.label_removed", &name).await
}

async fn finish(app: &App, mut tx: Tx, actor: &Actor, project: &Project, kind: &str, name: &str) -> Result<()> {
    let detail = json!({ "project": project.code, "name": name.trim() });
    events::record(&mut tx, actor, app.now_ms(), kind, &format!("project:{}", project.id), &detail).await?;
    tx.commit().await?;
    projects::publish(app, project.id).await;
    Ok(())
}

fn taken(error: db::Error, name: &str) -> Error {
    match error {
        db::Error::Unique => Error::invalid("name", format!("There is a label “{}” already.", name.trim())),
        other => other.into(),
    }
}
