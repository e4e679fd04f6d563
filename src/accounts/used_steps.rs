//! Steps of a log-in that can be taken once: what comes a second time is a replay.
//!
//! Table: used_steps. Nothing is written when a step is offered, only when it is taken, so that strangers who ask for
//! steps write nothing.

use super::secrets::token_hash;
use crate::db::{self, Db};
use crate::error::Result;
use crate::sql;

/// `true` for the first who takes it. `step` is random; it may be forgotten after `expires_at`, when it is refused anyway.
pub async fn take(db: &Db, step: &str, expires_at: i64) -> Result<bool> {
    let query = db.q(sql!("INSERT INTO used_steps (step_hash, expires_at) VALUES (?, ?)"));
    match query.bind(token_hash(step)).bind(expires_at).execute().await {
        Ok(_) => Ok(true),
        Err(db::Error::Unique) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

pub async fn purge(db: &Db, now_ms: i64) -> Result<u64> {
    Ok(db.q(sql!("DELETE FROM used_steps WHERE expires_at < ?")).bind(now_ms).execute().await?)
}
