//! Job roles: listed, made, renamed, taken away.

use super::super::{READ, TARGETS_ALL, requirements};
use super::people::model::ids_of_holders;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Checks, Error, Result};
use crate::{events, sql};

pub const MAX_NAME_CHARS: usize = 190;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct JobRole {
    pub id: i64,
    pub name: String,
    /// The profile that it began with.
    pub profile_code: Option<String>,
    pub version: i64,
    /// How many active people have it.
    pub people: i64,
    /// How many targets are set for it.
    pub targets: i64,
}

pub async fn list(app: &App, actor: &Actor) -> Result<Vec<JobRole>> {
    actor.require(READ)?;
    select(app, 0).await
}

pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<JobRole> {
    actor.require(READ)?;
    // No id is 0, which stands for all of them.
    let found = if id > 0 { select(app, id).await?.pop() } else { None };
    found.ok_or(Error::NotFound)
}

/// One job role, or all with 0.
async fn select(app: &App, id: i64) -> Result<Vec<JobRole>> {
    let query = app.db.q(sql!(
        "SELECT o.id, o.name, o.profile_code, o.version,
         (SELECT COUNT(*) FROM job_role_people j JOIN people p ON p.id = j.person_id
          WHERE j.job_role_id = o.id AND p.active = TRUE) AS people,
         (SELECT COUNT(*) FROM targets t WHERE t.job_role_id = o.id) AS targets
         FROM job_roles o WHERE (? = 0 OR o.id = ?) ORDER BY o.name_key, o.id"
    ));
    Ok(query.bind(id).bind(id).all().await?)
}

pub async fn create(app: &App, actor: &Actor, name: &str) -> Result<JobRole> {
    actor.require(TARGETS_ALL)?;
    let name = checked(name)?;
    let mut tx = app.db.begin().await?;
    let id = insert(&mut tx, name, None, app.now_ms()).await.map_err(|error| taken(error, name))?;
    record(&mut tx, actor, app.now_ms(), "skills.job_role_created", id, name).await?;
    tx.commit().await?;
    requirements::publish(app).await;
    get(app, actor, id).await
}

/// Renames a job role that is still at `version`.
pub async fn rename(app: &App, actor: &Actor, id: i64, version: i64, name: &str) -> Result<JobRole> {
    actor.require(TARGETS_ALL)?;
    let name = checked(name)?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE job_roles SET name = ?, name_key = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?"
    ));
    let query = query.bind(name).bind(name.to_lowercase()).bind(app.now_ms()).bind(id).bind(version);
    if query.execute().await.map_err(|error| taken(error, name))? == 0 {
        drop(tx);
        let current = get(app, actor, id).await?;
        return Err(Error::Conflict(format!("Somebody else named it “{}” in the meantime.", current.name)));
    }
    record(&mut tx, actor, app.now_ms(), "skills.job_role_renamed", id, name).await?;
    tx.commit().await?;
    requirements::publish(app).await;
    get(app, actor, id).await
}

/// Takes away a job role that is still at `version`, with its targets; the people stay.
pub async fn delete(app: &App, actor: &Actor, id: i64, version: i64) -> Result<JobRole> {
    actor.require(TARGETS_ALL)?;
    let current = get(app, actor, id).await?;
    let mut tx = app.db.begin().await?;
    requirements::take_turn(&mut tx).await?;
    let holders = ids_of_holders(&mut tx, id).await?;
    let query = tx.q(sql!("DELETE FROM job_roles WHERE id = ? AND version = ?"));
    if query.bind(id).bind(version).execute().await? == 0 {
        return Err(Error::Conflict(format!("“{}” was changed by somebody else in the meantime.", current.name)));
    }
    record(&mut tx, actor, app.now_ms(), "skills.job_role_deleted", id, &current.name).await?;
    requirements::of_people(&mut tx, &holders, app.now_ms()).await?;
    tx.commit().await?;
    requirements::publish(app).await;
    Ok(current)
}

/// Adds a job role inside a larger change.
pub async fn insert(tx: &mut Tx, name: &str, profile_code: Option<&str>, now_ms: i64) -> db::Result<i64> {
    tx.q(sql!(
        "INSERT INTO job_roles (name, name_key, profile_code, created_at, updated_at) VALUES (?, ?, ?, ?, ?) {returning id}"
    ))
    .bind(name)
    .bind(name.to_lowercase())
    .bind(profile_code.map(str::to_owned))
    .bind(now_ms)
    .bind(now_ms)
    .insert()
    .await
}

pub fn checked(name: &str) -> Result<&str> {
    let name = name.trim();
    let mut checks = Checks::default();
    checks.that(!name.is_empty(), "name", "Give the job role a name.");
    checks.that(
        name.chars().count() <= MAX_NAME_CHARS,
        "name",
        format!("A name has at most {MAX_NAME_CHARS} characters."),
    );
    checks.that(!name.chars().any(char::is_control), "name", "A name has no control characters.");
    checks.done()?;
    Ok(name)
}

pub fn taken(error: db::Error, name: &str) -> Error {
    match error {
        db::Error::Unique => Error::invalid("name", format!("There is a job role named “{name}” already.")),
        other => other.into(),
    }
}

pub async fn record(tx: &mut Tx, actor: &Actor, now_ms: i64, kind: &str, id: i64, name: &str) -> db::Result<()> {
    let detail = serde_json::json!({ "name": name });
    events::record(tx, actor, now_ms, kind, &format!("job_role:{id}"), &detail).await
}
