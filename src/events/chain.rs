//! The chain beneath the log, so that a row that is changed or removed by hand is found.
//!
//! Tables: event_seals, event_chain. Writers of events know nothing of it: chaining inside of their transactions would make
//! each wait for the one before to commit. Instead, `seal` appends what has been committed since, under the lock of the one
//! row that holds the head. The chain has its own order, so an event whose transaction took longer than that of a later
//! one is sealed after it. `verdict` walks the chain. What is not sealed yet is protected by nothing.

mod verdict;

pub use verdict::{Anchor, Broken, LONGEST_WAIT_MS, Verdict, verify, waiting};

use crate::db::{self, Db, Tx};
use crate::sql;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// How many events are sealed, or verified, by one statement.
const AT_ONCE: i64 = 1000;
/// No transaction is under way for longer. An id that is not there this long after a later one was given will never be.
const LONGEST_TRANSACTION_MS: i64 = 3_600_000;

#[derive(Clone, Debug, Default, sqlx::FromRow)]
struct Head {
    position: i64,
    hash: String,
    settled_id: i64,
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct Unsealed {
    id: i64,
    at: i64,
    actor_id: Option<i64>,
    kind: String,
    subject: String,
    detail: String,
}

#[derive(Serialize)]
struct Seal {
    position: i64,
    event_id: i64,
    hash: String,
}

/// Seals all events that have been committed, and returns how many. Two that do so at once wait for each other.
pub async fn seal(db: &Db, now_ms: i64) -> db::Result<u64> {
    let mut sealed = 0;
    loop {
        let mut tx = db.begin().await?;
        let count = seal_some(&mut tx, now_ms).await?;
        tx.commit().await?;
        sealed += count as u64;
        if count < AT_ONCE {
            return Ok(sealed);
        }
    }
}

async fn seal_some(tx: &mut Tx, now_ms: i64) -> db::Result<i64> {
    let mut head = locked_head(tx).await?;
    let rows = unsealed_after(tx, head.settled_id).await?;
    let seals: Vec<Seal> = rows.iter().map(|row| head.append(row)).collect();
    if !seals.is_empty() {
        tx.q(sql!(
            "INSERT INTO event_seals (position, event_id, hash)
             SELECT item.position, item.event_id, item.hash FROM {rows position i64, event_id i64, hash text}"
        ))
        .bind_rows(&seals)
        .execute()
        .await?;
    }
    // Rows came in the order of their ids, so all that can be seen up to the last one is sealed now.
    let is_all = (rows.len() as i64) < AT_ONCE;
    let last_sealed = if is_all { i64::MAX } else { rows.last().map_or(0, |row| row.id) };
    let settled = settled_id(tx, head.settled_id, last_sealed, now_ms - LONGEST_TRANSACTION_MS).await?;
    if settled != head.settled_id || !seals.is_empty() {
        let query = tx.q(sql!("UPDATE event_chain SET position = ?, hash = ?, settled_id = ? WHERE id = 1"));
        query.bind(head.position).bind(head.hash).bind(settled).execute().await?;
    }
    Ok(seals.len() as i64)
}

impl Head {
    fn append(&mut self, row: &Unsealed) -> Seal {
        self.position += 1;
        self.hash = link(&self.hash, row);
        Seal { position: self.position, event_id: row.id, hash: self.hash.clone() }
    }
}

/// The hash of the seal before and of an event's content, whose columns stand in a JSON array.
fn link(previous: &str, row: &Unsealed) -> String {
    let Unsealed { id, at, actor_id, kind, subject, detail } = row;
    let content = serde_json::json!([id, at, actor_id, kind, subject, detail]);
    let digest = Sha256::digest(format!("{previous}\n{content}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The head, which nobody else changes before this transaction ends.
async fn locked_head(tx: &mut Tx) -> db::Result<Head> {
    let select = sql!("SELECT position, hash, settled_id FROM event_chain WHERE id = 1 {for_update}");
    if let Some(head) = tx.q(select).optional().await? {
        return Ok(head);
    }
    let insert =
        sql!("INSERT INTO event_chain (id, position, hash, settled_id) VALUES (1, 0, '', 0) {upsert id} id = {new id}");
    tx.q(insert).execute().await?;
    tx.q(select).one().await
}

async fn unsealed_after(tx: &mut Tx, settled_id: i64) -> db::Result<Vec<Unsealed>> {
    let query = tx.q(sql!(
        "SELECT e.id, e.at, e.actor_id, e.kind, e.subject, e.detail
         FROM events e LEFT JOIN event_seals s ON s.event_id = e.id
         WHERE e.id > ? AND s.event_id IS NULL ORDER BY e.id LIMIT ?"
    ));
    query.bind(settled_id).bind(AT_ONCE).all().await
}

/// Up to which id nothing new can come. That of an event so old that the transactions of its time have all ended.
async fn settled_id(tx: &mut Tx, settled_id: i64, last_sealed: i64, before_ms: i64) -> db::Result<i64> {
    let query = tx.q(sql!("SELECT MAX(id) FROM events WHERE id > ? AND id <= ? AND at <= ?"));
    let (found,) = query.bind(settled_id).bind(last_sealed).bind(before_ms).one::<(Option<i64>,)>().await?;
    Ok(found.unwrap_or(settled_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Unsealed {
        let text = |text: &str| text.to_owned();
        Unsealed { id: 7, at: 5, actor_id: None, kind: text("a.b"), subject: text("c:1"), detail: text("{}") }
    }

    /// Worked out by hand with sha256sum, so that a chain stays readable for other programs and later releases.
    #[test]
    fn a_link_is_the_hash_of_the_one_before_a_line_feed_and_the_columns_as_a_json_array() {
        let hash = link("", &event());
        assert_eq!(hash, "27e8f54a10846eb195ede56df760afef0be5c89cdcff522bcabf83eea5c25186");
        assert_ne!(link(&hash, &event()), hash);
    }

    #[test]
    fn every_column_counts() {
        let sealed = link("", &event());
        let changed = [
            Unsealed { id: 8, ..event() },
            Unsealed { at: 6, ..event() },
            Unsealed { actor_id: Some(1), ..event() },
            Unsealed { kind: "a.c".to_owned(), ..event() },
            Unsealed { subject: "c:2".to_owned(), ..event() },
            Unsealed { detail: "{ }".to_owned(), ..event() },
        ];
        assert!(changed.iter().all(|event| link("", event) != sealed));
    }
}
