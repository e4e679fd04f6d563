//! Teams, in the order of their names.

use super::people::MAX_NAME_CHARS;
use super::{Actor, READ, WRITE};
use crate::db::{self, Db, Tx};
use crate::error::{Checks, Error, Result};
use crate::events;
use crate::sql;
use serde_json::json;

/// The place of people without a team: after every team.
pub const NO_TEAM_POSITION: i64 = 1_000_000_000;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Team {
    pub id: i64,
    pub name: String,
}

/// A team as lists and forms show it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TeamDetails {
    pub id: i64,
    pub name: String,
    /// How many active people it has.
    pub people: i64,
    pub version: i64,
}

pub async fn all(db: &Db, actor: &Actor) -> Result<Vec<Team>> {
    actor.require(READ)?;
    Ok(db.q(sql!("SELECT id, name FROM teams ORDER BY position, id")).all().await?)
}

/// Every team with its head count.
pub async fn list(db: &Db, actor: &Actor) -> Result<Vec<TeamDetails>> {
    actor.require(READ)?;
    let query = db.q(sql!(
        "SELECT t.id, t.name, COUNT(p.id) AS people, t.version
         FROM teams t LEFT JOIN people p ON p.team_id = t.id AND p.active = TRUE
         GROUP BY t.id, t.name, t.version, t.position ORDER BY t.position, t.id"
    ));
    Ok(query.all().await?)
}

pub async fn get(db: &Db, actor: &Actor, id: i64) -> Result<TeamDetails> {
    actor.require(READ)?;
    let query = db.q(sql!(
        "SELECT t.id, t.name, COUNT(p.id) AS people, t.version
         FROM teams t LEFT JOIN people p ON p.team_id = t.id AND p.active = TRUE
         WHERE t.id = ? GROUP BY t.id, t.name, t.version"
    ));
    Ok(query.bind(id).one().await?)
}

pub async fn create(db: &Db, actor: &Actor, name: &str, now_ms: i64) -> Result<TeamDetails> {
    actor.require(WRITE)?;
    let name = checked(name)?;
    let mut tx = db.begin().await?;
    let id = insert(&mut tx, name, now_ms).await.map_err(|error| taken(error, name))?;
    rank(&mut tx).await?;
    record(&mut tx, actor, now_ms, "teams.created", id, name).await?;
    tx.commit().await?;
    get(db, actor, id).await
}

/// Renames a team that is still at `version`.
pub async fn rename(db: &Db, actor: &Actor, id: i64, version: i64, name: &str, now_ms: i64) -> Result<TeamDetails> {
    actor.require(WRITE)?;
    let name = checked(name)?;
    let mut tx = db.begin().await?;
    let before = tx.q(sql!("SELECT name FROM teams WHERE id = ?")).bind(id).optional::<(String,)>().await?;
    let query =
        tx.q(sql!("UPDATE teams SET name = ?, name_key = ?, version = version + 1 WHERE id = ? AND version = ?"));
    let query = query.bind(name).bind(name.to_lowercase()).bind(id).bind(version);
    if query.execute().await.map_err(|error| taken(error, name))? == 0 {
        drop(tx);
        let current = get(db, actor, id).await?;
        return Err(Error::Conflict(format!("Somebody else named this team “{}” in the meantime.", current.name)));
    }
    rank(&mut tx).await?;
    let detail = events::changes(&json!({ "name": before.map(|(name,)| name) }), &json!({ "name": name }));
    events::record(&mut tx, actor, now_ms, "teams.renamed", &format!("team:{id}"), &detail).await?;
    tx.commit().await?;
    get(db, actor, id).await
}

/// Adds a team inside a larger change, which ends with `rank`.
pub async fn insert(tx: &mut Tx, name: &str, now_ms: i64) -> db::Result<i64> {
    tx.q(sql!("INSERT INTO teams (name, name_key, created_at) VALUES (?, ?, ?) {returning id}"))
        .bind(name)
        .bind(name.to_lowercase())
        .bind(now_ms)
        .insert()
        .await
}

/// Gives every team its place in the order of names, and every person the place of their team.
pub async fn rank(tx: &mut Tx) -> db::Result<()> {
    let teams: Vec<(i64, i64)> = tx.q(sql!("SELECT id, position FROM teams ORDER BY name_key, id")).all().await?;
    for (place, (id, position)) in teams.into_iter().enumerate() {
        let place = place as i64;
        if place != position {
            tx.q(sql!("UPDATE teams SET position = ? WHERE id = ?")).bind(place).bind(id).execute().await?;
            tx.q(sql!("UPDATE people SET team_position = ? WHERE team_id = ?")).bind(place).bind(id).execute().await?;
        }
    }
    Ok(())
}

fn checked(name: &str) -> Result<&str> {
    let name = name.trim();
    let mut checks = Checks::default();
    checks.that(!name.is_empty(), "name", "Give the team a name.");
    checks.that(
        name.chars().count() <= MAX_NAME_CHARS,
        "name",
        format!("A name has at most {MAX_NAME_CHARS} characters."),
    );
    checks.that(!name.chars().any(char::is_control), "name", "A name has no control characters.");
    checks.done()?;
    Ok(name)
}

fn taken(error: db::Error, name: &str) -> Error {
    match error {
        db::Error::Unique => Error::invalid("name", format!("There is a team named “{name}” already.")),
        other => other.into(),
    }
}

async fn record(tx: &mut Tx, actor: &Actor, now_ms: i64, kind: &str, id: i64, name: &str) -> Result<()> {
    Ok(events::record(tx, actor, now_ms, kind, &format!("team:{id}"), &json!({ "name": name })).await?)
}
