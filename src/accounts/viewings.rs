//! “View as”: an administrator sees the portal as somebody else does, and can change nothing meanwhile.
//!
//! Table: viewings. A viewing belongs to the session that began it, ends with it or after an hour, and stays in the table,
//! where the person who was looked at finds it. Who refuses it can be overridden, with a reason.

use super::access::AccessControl;
use super::{Actor, Via, overrides};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::events;
use crate::sql;
use std::sync::Arc;

/// A viewing ends by itself after this.
pub const LONGEST_MS: i64 = 3_600_000;
/// How many a person is shown of those who looked.
const SHOWN: i64 = 20;

/// Somebody whom an administrator may look at the portal as.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Seen {
    pub id: i64,
    pub name: String,
    /// Asks not to be looked at.
    pub refuses: bool,
}

/// The person whom an administrator is about to look at the portal as.
pub async fn person(db: &Db, actor: &Actor, person_id: i64) -> Result<Seen> {
    actor.require_administrator()?;
    let query = db.q(sql!("SELECT id, name, refuses_viewing AS refuses FROM people WHERE id = ? AND active = TRUE"));
    Ok(query.bind(person_id).one().await?)
}

/// Begins a viewing and returns its id. `reason` is asked for when the person refuses.
pub async fn begin(db: &Db, actor: &Actor, session_id: i64, person_id: i64, reason: &str, now_ms: i64) -> Result<i64> {
    let seen = person(db, actor, person_id).await?;
    let viewer = actor.person_id.ok_or(Error::Forbidden)?;
    if actor.via.is_some() || viewer == person_id {
        return Err(Error::invalid("", "You look at the portal as somebody already: as yourself, or as another."));
    }
    if seen.refuses {
        overrides::check_reason(reason)?;
    }
    let subject = format!("person:{person_id}");
    let mut tx = db.begin().await?;
    let id = tx
        .q(sql!(
            "INSERT INTO viewings (session_id, viewer_id, person_id, reason, started_at, expires_at)
             VALUES (?, ?, ?, ?, ?, ?) {returning id}"
        ))
        .bind(session_id)
        .bind(viewer)
        .bind(person_id)
        .bind(if seen.refuses { reason.trim() } else { "" })
        .bind(now_ms)
        .bind(now_ms + LONGEST_MS)
        .insert()
        .await?;
    if seen.refuses {
        overrides::record(&mut tx, actor, now_ms, "viewing refused by the person", &subject, reason).await?;
    }
    let detail = serde_json::json!({ "viewing": id, "refused": seen.refuses });
    events::record(&mut tx, actor, now_ms, "accounts.viewing_begun", &subject, &detail).await?;
    tx.commit().await?;
    Ok(id)
}

#[derive(sqlx::FromRow)]
struct Open {
    person_id: i64,
    reason: String,
    refuses: bool,
}

/// The person who is looked at, as an actor who can change nothing; `None` when the viewing is over, the viewer is no
/// administrator any more, or the person began to refuse.
pub async fn resume(
    access: &AccessControl,
    viewer: &Actor,
    (session_id, viewing_id): (i64, i64),
    now_ms: i64,
) -> Result<Option<Arc<Actor>>> {
    let Some(viewer_id) = viewer.person_id.filter(|_| viewer.is_administrator()) else { return Ok(None) };
    let query = access.db().q(sql!(
        "SELECT v.person_id, v.reason, p.refuses_viewing AS refuses FROM viewings v JOIN people p ON p.id = v.person_id
         WHERE v.id = ? AND v.session_id = ? AND v.viewer_id = ? AND v.ended_at IS NULL AND v.expires_at > ?"
    ));
    let query = query.bind(viewing_id).bind(session_id).bind(viewer_id).bind(now_ms);
    let Some(Open { person_id, reason, refuses }) = query.optional::<Open>().await? else { return Ok(None) };
    if refuses && reason.is_empty() {
        return Ok(None);
    }
    let Some(seen) = access.actor(person_id).await? else { return Ok(None) };
    let via = Via { viewing_id, person_id: viewer_id, name: viewer.name.clone() };
    Ok(Some(Arc::new(Actor { via: Some(Arc::new(via)), ..(*seen).clone() })))
}

/// Ends the viewing that `actor` is in. Ending one that is over changes nothing.
pub async fn end(db: &Db, actor: &Actor, now_ms: i64) -> Result<()> {
    let (Some(via), Some(person_id)) = (&actor.via, actor.person_id) else { return Ok(()) };
    let mut tx = db.begin().await?;
    let query = tx.q(sql!("UPDATE viewings SET ended_at = ? WHERE id = ? AND ended_at IS NULL"));
    if query.bind(now_ms).bind(via.viewing_id).execute().await? == 1 {
        let detail = serde_json::json!({ "viewing": via.viewing_id });
        let subject = format!("person:{person_id}");
        events::record(&mut tx, actor, now_ms, "accounts.viewing_ended", &subject, &detail).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Who looked at the portal as the actor, and when.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Look {
    pub viewer: String,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    pub expires_at: i64,
    /// Why it was done although the person refuses; empty otherwise.
    pub reason: String,
}

/// Whether the actor refuses to be looked at, and the last who looked.
pub async fn own(db: &Db, actor: &Actor) -> Result<(bool, Vec<Look>)> {
    let person_id = actor.person_id.ok_or(Error::Forbidden)?;
    let query = db.q(sql!("SELECT refuses_viewing FROM people WHERE id = ?"));
    let (refuses,) = query.bind(person_id).one::<(bool,)>().await?;
    let query = db.q(sql!(
        "SELECT p.name AS viewer, v.started_at, v.ended_at, v.expires_at, v.reason
         FROM viewings v JOIN people p ON p.id = v.viewer_id WHERE v.person_id = ? ORDER BY v.id DESC LIMIT ?"
    ));
    Ok((refuses, query.bind(person_id).bind(SHOWN).all().await?))
}

/// Remembers whether the actor refuses to be looked at. It ends what goes on against it, with the next request.
pub async fn refuse(db: &Db, actor: &Actor, refuses: bool, now_ms: i64) -> Result<()> {
    let person_id = actor.person_id.ok_or(Error::Forbidden)?;
    let mut tx = db.begin().await?;
    let query = tx.q(sql!("UPDATE people SET refuses_viewing = ? WHERE id = ?"));
    query.bind(refuses).bind(person_id).execute().await?;
    let detail = serde_json::json!({ "refuses": refuses });
    let subject = format!("person:{person_id}");
    events::record(&mut tx, actor, now_ms, "accounts.viewing_preference", &subject, &detail).await?;
    tx.commit().await?;
    Ok(())
}
