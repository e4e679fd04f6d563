//! People as a file names them: found, added and moved inside of a larger change.

use super::people::{self, NewPerson};
use super::roles;
use crate::db::{self, Tx};
use crate::error::Result;
use crate::sql;
use serde::Serialize;

/// What people hold who come out of a file. They sign in once somebody gives them a password.
const ROLE: &str = "member";
/// How many people are looked up by one statement.
const AT_ONCE: usize = 1000;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KnownPerson {
    pub id: i64,
    pub name: String,
    pub email_key: Option<String>,
    pub title: String,
    pub team: Option<String>,
    pub active: bool,
    pub version: i64,
}

#[derive(Serialize)]
struct Key<'a> {
    wanted: &'a str,
}

/// Those who have one of these addresses in lower case, also the inactive ones.
pub async fn with_addresses(tx: &mut Tx, keys: &[&str]) -> db::Result<Vec<KnownPerson>> {
    let mut found = Vec::new();
    for keys in keys.chunks(AT_ONCE) {
        let query = tx.q(sql!(
            "SELECT p.id, p.name, p.email_key, p.title, t.name AS team, p.active, p.version
             FROM {rows wanted text} JOIN people p ON p.email_key = item.wanted LEFT JOIN teams t ON t.id = p.team_id"
        ));
        found.extend(query.bind_rows(&wanted(keys)).all::<KnownPerson>().await?);
    }
    Ok(found)
}

/// The active people who have one of these names in lower case; namesakes are all told.
pub async fn with_names(tx: &mut Tx, keys: &[&str]) -> db::Result<Vec<KnownPerson>> {
    let mut found = Vec::new();
    for keys in keys.chunks(AT_ONCE) {
        let query = tx.q(sql!(
            "SELECT p.id, p.name, p.email_key, p.title, t.name AS team, p.active, p.version
             FROM {rows wanted text} JOIN people p ON p.name_key = item.wanted LEFT JOIN teams t ON t.id = p.team_id
             WHERE p.active = TRUE ORDER BY p.id"
        ));
        found.extend(query.bind_rows(&wanted(keys)).all::<KnownPerson>().await?);
    }
    Ok(found)
}

/// Adds people whose details were checked, as members, and returns their ids in the same order. The caller tells the
/// followers.
pub async fn add(tx: &mut Tx, new: &[NewPerson], now_ms: i64) -> Result<Vec<i64>> {
    let mut ids = Vec::with_capacity(new.len());
    for person in new {
        ids.push(people::insert(tx, person, now_ms).await?);
    }
    for ids in ids.chunks(AT_ONCE) {
        roles::assign_all(tx, ids, ROLE).await?;
    }
    Ok(ids)
}

/// Gives a person who is still at `version` another team and title; `false` when somebody else was quicker. The caller
/// tells the followers.
pub async fn move_to(
    tx: &mut Tx,
    (id, version): (i64, i64),
    team_id: Option<i64>,
    title: &str,
    now_ms: i64,
) -> db::Result<bool> {
    let position = people::team_position(tx, team_id).await?;
    let query = tx.q(sql!(
        "UPDATE people SET team_id = ?, team_position = ?, title = ?, version = version + 1, updated_at = ?
         WHERE id = ? AND version = ? AND active = TRUE"
    ));
    let query = query.bind(team_id).bind(position).bind(title).bind(now_ms).bind(id).bind(version);
    Ok(query.execute().await? == 1)
}

fn wanted<'a>(keys: &[&'a str]) -> Vec<Key<'a>> {
    keys.iter().map(|wanted| Key { wanted }).collect()
}
