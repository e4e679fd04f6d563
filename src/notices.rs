//! Notices: what a person should know of, in the app and by mail. The bell in the navigation counts those that are
//! unread.
//!
//! Tables: notices, notice_preferences. Whoever changes something raises notices in the same transaction, and publishes
//! them after the commit. A notice names what it is about by a key of its own, so that it is raised once however often a
//! job looks. How each person hears of a kind stands in `preferences`, and what becomes a mail in `mailing`.

mod mailing;
mod preferences;

use crate::accounts::Actor;
use crate::db::{self, Db, Tx};
use crate::error::{Error, Result};
use crate::events::Bus;
use crate::sql;
use serde::Serialize;
use std::collections::{BTreeSet, HashSet};

pub use mailing::{Terms, bundle};
pub use preferences::{Channel, NoticeKind, channels, choose};

/// What changes when a notice is raised or read; the id is the person's, or `*` for many. Pages are told of their own
/// person's alone.
pub const TOPIC: &str = "notices";

const MAX_TITLE_CHARS: usize = 500;
/// How many are written by one statement.
const AT_ONCE: usize = 500;
/// What was read is kept for so long.
const KEPT_MS: i64 = 90 * 24 * 3_600_000;
/// More people than these are told together.
const MOST_TOLD: usize = 50;

/// A notice to be raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    pub person_id: i64,
    /// What it is about, for machines: `skills.expiry`.
    pub kind: &'static str,
    /// One sentence that says all.
    pub title: String,
    /// Where to see more, an address of this portal.
    pub href: String,
    /// The same key is never raised twice for one person. At most 190 characters.
    pub dedup_key: String,
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Notice {
    pub id: i64,
    pub kind: String,
    pub title: String,
    pub href: String,
    /// In UTC milliseconds.
    pub at: i64,
    pub read_at: Option<i64>,
}

#[derive(Serialize)]
struct Row<'a> {
    person_id: i64,
    kind: &'a str,
    title: String,
    href: &'a str,
    dedup_key: &'a str,
    at: i64,
}

/// Raises notices, inside of the change that they tell of. What was raised before under the same key stays as it is, read
/// or unread; what a person does not want to hear of is left out. Returns the people who have something new; the caller
/// publishes them after the commit.
pub async fn raise(tx: &mut Tx, notices: &[NewNotice], now_ms: i64) -> db::Result<Vec<i64>> {
    let mut told = BTreeSet::new();
    for notices in notices.chunks(AT_ONCE) {
        let mut rows: Vec<Row> = notices.iter().map(|notice| row(notice, now_ms)).collect();
        let known = known(tx, &rows).await?;
        rows.retain(|row| !known.contains(&(row.person_id, row.dedup_key.to_owned())));
        let asked: Vec<(i64, &str)> = rows.iter().map(|row| (row.person_id, row.kind)).collect();
        let off = preferences::switched_off(tx, &asked).await?;
        rows.retain(|row| !off.contains(&(row.person_id, row.kind.to_owned())));
        insert(tx, &rows).await?;
        told.extend(rows.iter().map(|row| row.person_id));
    }
    Ok(told.into_iter().collect())
}

/// Tells the pages of these people that they have something new. To be called after the commit.
pub async fn publish(bus: &Bus, now_ms: i64, people: &[i64]) {
    if people.len() > MOST_TOLD {
        return bus.publish(now_ms, TOPIC, "*").await;
    }
    for person in people {
        bus.publish(now_ms, TOPIC, person.to_string()).await;
    }
}

/// Those that were raised before.
async fn known(tx: &mut Tx, rows: &[Row<'_>]) -> db::Result<HashSet<(i64, String)>> {
    let query = tx.q(sql!(
        "SELECT n.person_id, n.dedup_key FROM {rows person_id i64, dedup_key text}
         JOIN notices n ON n.person_id = item.person_id AND n.dedup_key = item.dedup_key"
    ));
    Ok(query.bind_rows(rows).all().await?.into_iter().collect())
}

/// Another process may have raised the same since it was looked for.
async fn insert(tx: &mut Tx, rows: &[Row<'_>]) -> db::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    tx.q(sql!(
        "INSERT INTO notices (person_id, kind, title, href, dedup_key, at, mailing)
         SELECT item.person_id, item.kind, item.title, item.href, item.dedup_key, item.at, 'open'
         FROM {rows person_id i64, kind text, title text, href text, dedup_key text, at i64} WHERE 1 = 1
         {upsert person_id, dedup_key} dedup_key = {new dedup_key}"
    ))
    .bind_rows(rows)
    .execute()
    .await?;
    Ok(())
}

fn row(notice: &NewNotice, now_ms: i64) -> Row<'_> {
    let NewNotice { person_id, kind, title, href, dedup_key } = notice;
    let title = title.chars().take(MAX_TITLE_CHARS).collect();
    Row { person_id: *person_id, kind, title, href, dedup_key, at: now_ms }
}

/// A page of one's own notices, the newest first, and how many there are in all.
pub async fn list(db: &Db, actor: &Actor, only_unread: bool, limit: i64, offset: i64) -> Result<(Vec<Notice>, i64)> {
    let person_id = own(actor)?;
    let query = db.q(sql!(
        "SELECT id, kind, title, href, at, read_at FROM notices WHERE person_id = ? AND (? = 0 OR read_at IS NULL)
         ORDER BY id DESC LIMIT ? OFFSET ?"
    ));
    let query = query.bind(person_id).bind(i64::from(only_unread)).bind(limit).bind(offset);
    let notices = query.all().await?;
    let query = db.q(sql!("SELECT COUNT(*) FROM notices WHERE person_id = ? AND (? = 0 OR read_at IS NULL)"));
    let (total,) = query.bind(person_id).bind(i64::from(only_unread)).one::<(i64,)>().await?;
    Ok((notices, total))
}

/// How many of one's own notices are unread. Who is no person has none.
pub async fn unread(db: &Db, actor: &Actor) -> Result<i64> {
    let Some(person_id) = actor.person_id else { return Ok(0) };
    let query = db.q(sql!("SELECT COUNT(*) FROM notices WHERE person_id = ? AND read_at IS NULL"));
    let (count,) = query.bind(person_id).one::<(i64,)>().await?;
    Ok(count)
}

/// Marks one of one's own notices as read, and returns it. Those of others look missing.
pub async fn read(db: &Db, actor: &Actor, id: i64, now_ms: i64) -> Result<Notice> {
    let person_id = own(actor)?;
    let query = db.q(sql!("SELECT id, kind, title, href, at, read_at FROM notices WHERE id = ? AND person_id = ?"));
    let notice: Notice = query.bind(id).bind(person_id).one().await?;
    let query = db.q(sql!("UPDATE notices SET read_at = ? WHERE id = ? AND read_at IS NULL"));
    query.bind(now_ms).bind(id).execute().await?;
    Ok(notice)
}

/// Marks all of one's own notices as read, and returns how many were not.
pub async fn read_all(db: &Db, actor: &Actor, now_ms: i64) -> Result<u64> {
    let person_id = own(actor)?;
    let query = db.q(sql!("UPDATE notices SET read_at = ? WHERE person_id = ? AND read_at IS NULL"));
    Ok(query.bind(now_ms).bind(person_id).execute().await?)
}

/// Removes what was read long ago, and returns how many.
pub async fn purge(db: &Db, now_ms: i64) -> db::Result<u64> {
    let query = db.q(sql!("DELETE FROM notices WHERE read_at < ?"));
    query.bind(now_ms - KEPT_MS).execute().await
}

fn own(actor: &Actor) -> Result<i64> {
    actor.person_id.ok_or(Error::Forbidden)
}
