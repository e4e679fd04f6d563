//! Browsers from which a person has logged in before, told by a cookie of their own that outlives sessions.
//!
//! Table: known_devices. Such a browser proves nothing, but the throttle counts it by itself: who guesses a password from
//! elsewhere cannot make the owner wait at their own desk.

use super::secrets::token_hash;
use crate::db::Db;
use crate::error::Result;
use crate::sql;

/// A browser that was not seen for so long is forgotten.
const KEPT_MS: i64 = 400 * 24 * 3600 * 1000;

/// The hash by which the browser is known for that person; `None` when it is not.
pub async fn find(db: &Db, person_id: i64, token: &str) -> Result<Option<String>> {
    let hash = token_hash(token);
    let query = db.q(sql!("SELECT COUNT(*) FROM known_devices WHERE device_hash = ? AND person_id = ?"));
    let (count,) = query.bind(hash.as_str()).bind(person_id).one::<(i64,)>().await?;
    Ok((count > 0).then_some(hash))
}

/// Remembers that the person has logged in there.
pub async fn remember(db: &Db, person_id: i64, token: &str, now_ms: i64) -> Result<()> {
    db.q(sql!(
        "INSERT INTO known_devices (device_hash, person_id, seen_at) VALUES (?, ?, ?)
         {upsert device_hash, person_id} seen_at = {new seen_at}"
    ))
    .bind(token_hash(token))
    .bind(person_id)
    .bind(now_ms)
    .execute()
    .await?;
    Ok(())
}

pub async fn purge(db: &Db, now_ms: i64) -> Result<u64> {
    Ok(db.q(sql!("DELETE FROM known_devices WHERE seen_at < ?")).bind(now_ms - KEPT_MS).execute().await?)
}
