//! Teams, in the order of their names.

use super::{Actor, READ, WRITE};
use crate::db::{Db, Tx};
use crate::error::{Checks, Error, Result};
use crate::events;
use crate::sql;

/// The place of people without a team: after every team.
pub const NO_TEAM_POSITION: i64 = 1_000_000_000;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Team {
    pub id: i64,
    pub name: String,
}

pub async fn all(db: &Db, actor: &Actor) -> Result<Vec<Team>> {
    actor.require(READ)?;
    Ok(db.q(sql!("SELECT id, name FROM teams ORDER BY position, id")).all().await?)
}

pub async fn create(db: &Db, actor: &Actor, name: &str, now_ms: i64) -> Result<Team> {
    actor.require(WRITE)?;
    let name = name.trim();
    let mut checks = Checks::default();
    checks.that(!name.is_empty(), "name", "Give the team a name.");
    checks.that(name.chars().count() <= 190, "name", "A name has at most 190 characters.");
    checks.that(!name.chars().any(char::is_control), "name", "A name has no control characters.");
    checks.done()?;
    let mut tx = db.begin().await?;
    let id = match insert(&mut tx, name, now_ms).await {
        Ok(id) => id,
        Err(crate::db::Error::Unique) => return Err(Error::Conflict(format!("There is a team named “{name}” already."))),
        Err(other) => return Err(other.into()),
    };
    rank(&mut tx).await?;
    events::record(&mut tx, actor, now_ms, "teams.created", &format!("team:{id}"), &serde_json::json!({ "name": name }))
        .await?;
    tx.commit().await?;
    Ok(Team { id, name: name.to_owned() })
}

/// Adds a team inside a larger change, which ends with `rank`.
pub async fn insert(tx: &mut Tx, name: &str, now_ms: i64) -> crate::db::Result<i64> {
    tx.q(sql!("INSERT INTO teams (name, name_key, created_at) VALUES (?, ?, ?) {returning id}"))
        .bind(name)
        .bind(name.to_lowercase())
        .bind(now_ms)
        .insert()
        .await
}

/// Gives every team its place in the order of names, and every person the place of their team.
pub async fn rank(tx: &mut Tx) -> crate::db::Result<()> {
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
