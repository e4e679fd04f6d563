//! The outbox as those see it who run the portal: how much waits, what was given up and why.

use crate::db::{self, Db};
use crate::sql;

/// What was sent, dropped or given up is kept for so long.
const KEPT_MS: i64 = 30 * 24 * 3_600_000;

/// The state of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Status {
    pub waiting: i64,
    /// Given up within the last 30 days.
    pub failed: i64,
    /// When the oldest one that waits was written, in UTC milliseconds.
    pub oldest: Option<i64>,
}

pub async fn status(db: &Db) -> db::Result<Status> {
    let query = db.q(sql!(
        "SELECT COUNT(CASE WHEN state = 'waiting' THEN 1 END) AS waiting,
          COUNT(CASE WHEN state = 'failed' THEN 1 END) AS failed,
          MIN(CASE WHEN state = 'waiting' THEN created_at END) AS oldest
         FROM outbox WHERE state IN ('waiting', 'failed')"
    ));
    query.one().await
}

/// A mail that waits or was given up, without its text.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Queued {
    pub id: i64,
    pub recipient: String,
    pub subject: String,
    /// `waiting` or `failed`.
    pub state: String,
    pub attempts: i64,
    pub created_at: i64,
    /// When the next attempt is due, if it waits.
    pub due_at: i64,
    /// Why the last attempt failed; empty when there was none.
    pub problem: String,
}

/// The newest first.
pub async fn list(db: &Db, limit: i64) -> db::Result<Vec<Queued>> {
    let query = db.q(sql!(
        "SELECT id, recipient, subject, state, attempts, created_at, due_at, problem FROM outbox
         WHERE state IN ('waiting', 'failed') ORDER BY id DESC LIMIT ?"
    ));
    query.bind(limit).all().await
}

/// Has all that was given up tried again from the beginning, and returns how many.
pub async fn retry_failed(db: &Db, now_ms: i64) -> db::Result<u64> {
    let query = db.q(sql!(
        "UPDATE outbox SET state = 'waiting', attempts = 0, due_at = ?, ended_at = NULL WHERE state = 'failed'"
    ));
    query.bind(now_ms).execute().await
}

/// Removes what ended long ago, and returns how many.
pub async fn purge(db: &Db, now_ms: i64) -> db::Result<u64> {
    let query = db.q(sql!("DELETE FROM outbox WHERE state IN ('sent', 'dropped', 'failed') AND ended_at < ?"));
    query.bind(now_ms - KEPT_MS).execute().await
}
