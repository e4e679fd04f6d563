//! Takes a batch back: as a whole, or not at all if somebody in it was changed since.

use super::state::{Locked, State, Write, locked};
use super::{Done, begin, counted};
use crate::accounts::sessions::Sessions;
use crate::accounts::{ADMINISTER, Actor, Followers};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::sql;

/// Changes that were made together.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Batch {
    pub id: i64,
    /// In UTC milliseconds.
    pub at: i64,
    pub actor: Option<String>,
    /// In words: `12 people deactivated`.
    pub detail: String,
    pub undone_at: Option<i64>,
}

/// The last ones, the newest first.
pub async fn recent(db: &Db, actor: &Actor, limit: i64) -> Result<Vec<Batch>> {
    actor.require(ADMINISTER)?;
    let query = db.q(sql!(
        "SELECT b.id, b.at, p.name AS actor, b.detail, b.undone_at
         FROM people_batches b LEFT JOIN people p ON p.id = b.actor_id ORDER BY b.id DESC LIMIT ?"
    ));
    Ok(query.bind(limit).all().await?)
}

pub async fn batch(db: &Db, actor: &Actor, id: i64) -> Result<Batch> {
    actor.require(ADMINISTER)?;
    let query = db.q(sql!(
        "SELECT b.id, b.at, p.name AS actor, b.detail, b.undone_at
         FROM people_batches b LEFT JOIN people p ON p.id = b.actor_id WHERE b.id = ?"
    ));
    Ok(query.bind(id).one().await?)
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    person_id: i64,
    before_state: String,
    version: i64,
}

/// Makes the people of a batch what they were before. The caller publishes what changed.
pub async fn undo(
    (db, followers, sessions): (&Db, &Followers, &Sessions),
    actor: &Actor,
    id: i64,
    now_ms: i64,
) -> Result<Done> {
    let batch = batch(db, actor, id).await?;
    let mut tx = begin(db, followers).await?;
    let query = tx.q(sql!("UPDATE people_batches SET undone_at = ? WHERE id = ? AND undone_at IS NULL"));
    if query.bind(now_ms).bind(id).execute().await? == 0 {
        return Err(Error::Conflict("That has been taken back already.".to_owned()));
    }
    let query = tx.q(sql!(
        "SELECT person_id, before_state, version FROM people_batch_items WHERE batch_id = ? ORDER BY person_id"
    ));
    let items: Vec<ItemRow> = query.bind(id).all().await?;
    let ids: Vec<i64> = items.iter().map(|item| item.person_id).collect();
    let people = locked(&mut tx, &ids).await?;
    let changes = people.iter().map(|person| before(person, &items)).collect::<Result<Vec<_>>>()?;
    let mut write = Write::new(actor, now_ms);
    write.all(&mut tx, followers, changes).await?;
    uncover(&mut tx, &write).await?;
    tx.commit().await?;
    let changed: Vec<i64> = write.changed.iter().map(|(person, _)| *person).collect();
    write.forget_ended(sessions).await;
    let text = format!("Taken back: {} ({} changed)", batch.detail, counted(changed.len()));
    Ok(Done { batch_id: None, changed, text })
}

/// What was changed before the batch can be taken back in its turn: it left people as they are again.
async fn uncover(tx: &mut Tx, write: &Write<'_>) -> Result<()> {
    for (person_id, (_, version)) in &write.changed {
        // The batch was one version, and taking it back another one.
        let query = tx.q(sql!("UPDATE people_batch_items SET version = ? WHERE person_id = ? AND version = ?"));
        query.bind(*version).bind(*person_id).bind(*version - 2).execute().await?;
    }
    Ok(())
}

/// What a person was, if nobody has changed them since.
fn before<'a>(person: &'a Locked, items: &[ItemRow]) -> Result<(&'a Locked, State)> {
    let item = items.iter().find(|item| item.person_id == person.id).ok_or(Error::NotFound)?;
    if item.version != person.version {
        let text = format!("{} was changed since, so nothing was taken back.", person.name);
        return Err(Error::Conflict(text));
    }
    Ok((person, serde_json::from_str(&item.before_state).map_err(Error::internal)?))
}
