//! Gives people roles and takes them away: inside of a larger change, which publishes `access::TOPIC` after its commit.

use crate::accounts::Actor;
use crate::accounts::access::{self, Change};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events;
use crate::sql;

/// Gives somebody a role; `false` when they have it already.
pub async fn give(tx: &mut Tx, actor: &Actor, person_id: i64, role_id: i64, now_ms: i64) -> Result<bool> {
    actor.require_administrator()?;
    let (title, has_it) = looked_up(tx, person_id, role_id).await?;
    if has_it {
        return Ok(false);
    }
    let query = tx.q(sql!("INSERT INTO person_roles (person_id, role_id) VALUES (?, ?)"));
    query.bind(person_id).bind(role_id).execute().await?;
    write_down(tx, actor, (person_id, role_id, &title), true, now_ms).await?;
    Ok(true)
}

/// Takes a role from somebody; `false` when they do not have it. The last administrator keeps theirs.
pub async fn take(tx: &mut Tx, actor: &Actor, person_id: i64, role_id: i64, now_ms: i64) -> Result<bool> {
    actor.require_administrator()?;
    let (title, has_it) = looked_up(tx, person_id, role_id).await?;
    if !has_it {
        return Ok(false);
    }
    let query = tx.q(sql!("DELETE FROM person_roles WHERE person_id = ? AND role_id = ?"));
    query.bind(person_id).bind(role_id).execute().await?;
    access::keep_an_administrator(tx).await?;
    write_down(tx, actor, (person_id, role_id, &title), false, now_ms).await?;
    Ok(true)
}

async fn looked_up(tx: &mut Tx, person_id: i64, role_id: i64) -> Result<(String, bool)> {
    access::changing(tx).await?;
    let query = tx.q(sql!("SELECT title FROM roles WHERE id = ?"));
    let Some((title,)) = query.bind(role_id).optional::<(String,)>().await? else {
        return Err(Error::invalid("role", "There is no such role any more."));
    };
    let has_it = access::roles_of(tx, person_id).await?.contains(&role_id);
    Ok((title, has_it))
}

async fn write_down(
    tx: &mut Tx,
    actor: &Actor,
    (person, role, title): (i64, i64, &str),
    added: bool,
    now_ms: i64,
) -> Result<()> {
    access::note(tx, actor, now_ms, &[(Change::Given { person, role }, added)]).await?;
    let kind = if added { "people.role_given" } else { "people.role_taken" };
    let detail = serde_json::json!({ "role": title, "role_id": role });
    Ok(events::record(tx, actor, now_ms, kind, &format!("person:{person}"), &detail).await?)
}
