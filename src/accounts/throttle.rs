//! Slows guessing down before any password is hashed: each failure makes the next try wait longer.
//!
//! Table: sign_in_attempts. A try is counted in up to three buckets, and given back when it succeeds:
//!
//! | bucket | stops |
//! |---|---|
//! | account and address | somebody who guesses one account's password; nobody elsewhere notices |
//! | account | many addresses that guess one account's password; waits of a minute at most, so that the owner gets in |
//! | address | one address that guesses many accounts; generous, because an office shares one |
//!
//! A browser from which that person has logged in before has one bucket of its own instead (`known_devices`), so that
//! nobody can lock an owner out, nor an office. The counts stand in the database rather than in Redis: replicas agree
//! with and without Redis, a restart forgets nothing, and the writes are bounded, because who has to wait is turned away
//! by one read. An address that nobody has is counted alike.

use super::secrets::token_hash;
use crate::db::{self, Db, Tx};
use crate::error::{Error, Result};
use crate::sql;

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Who tries, and whose account.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// What is tried: `password`, `second factor`. Each is counted by itself.
    pub what: &'a str,
    /// The account as it was typed, or its number.
    pub account: &'a str,
    pub address: &'a str,
    /// The hash of the browser's cookie, if that browser is known for this account.
    pub known_device: Option<&'a str>,
}

/// How a bucket fills and empties.
#[derive(Clone, Copy, Debug)]
struct Kind {
    name: &'static str,
    /// Failures without a wait.
    free: i64,
    /// One failure is forgotten each time this passes.
    leak_ms: i64,
    longest_wait_ms: i64,
}

const HERE: Kind = Kind { name: "here", free: 5, leak_ms: 10 * MINUTE_MS, longest_wait_ms: 15 * MINUTE_MS };
const ACCOUNT: Kind = Kind { name: "account", free: 20, leak_ms: MINUTE_MS, longest_wait_ms: MINUTE_MS };
const ADDRESS: Kind = Kind { name: "address", free: 100, leak_ms: 5 * SECOND_MS, longest_wait_ms: 30 * SECOND_MS };
const DEVICE: Kind = Kind { name: "device", free: 10, leak_ms: 10 * MINUTE_MS, longest_wait_ms: 15 * MINUTE_MS };

/// A try that was counted as a failure beforehand, so that a hundred at the same time are not all let through.
#[must_use = "a try that succeeds is to be taken back"]
pub struct Admitted(Vec<(Kind, String)>);

pub enum Admission {
    Admitted(Admitted),
    /// Try again after so many seconds.
    Wait {
        seconds: u32,
    },
}

/// As `admit`, for who is logged in already and confirms something: who has to wait is told so by an error.
pub async fn admit_own(db: &Db, what: &str, person_id: i64, now_ms: i64) -> Result<Admitted> {
    let account = person_id.to_string();
    let attempt = Attempt { what, account: &account, address: "", known_device: Some("session") };
    match admit(db, &attempt, now_ms).await? {
        Admission::Admitted(admitted) => Ok(admitted),
        Admission::Wait { seconds } => {
            let why = format!("That was wrong too often. Please try again in {seconds} seconds.");
            Err(Error::Unavailable { retry_after_s: seconds, why })
        }
    }
}

/// Lets a try pass, or tells how long to wait.
pub async fn admit(db: &Db, attempt: &Attempt<'_>, now_ms: i64) -> Result<Admission> {
    let buckets = buckets(attempt);
    // Most of what is refused is refused here, without a write.
    let names: Vec<String> = buckets.iter().map(|(_, bucket)| bucket.clone()).collect();
    let mut blocked_until = 0;
    for name in &names {
        let query = db.q(sql!("SELECT blocked_until FROM sign_in_attempts WHERE bucket = ?"));
        let until = query.bind(name.as_str()).optional::<(i64,)>().await?.map_or(0, |(until,)| until);
        blocked_until = blocked_until.max(until);
    }
    if blocked_until > now_ms {
        return Ok(wait(blocked_until, now_ms));
    }
    let mut tx = db.begin().await?;
    for (kind, bucket) in &buckets {
        let state = locked(&mut tx, bucket, now_ms).await?;
        if state.blocked_until > now_ms {
            tx.rollback().await?;
            return Ok(wait(state.blocked_until, now_ms));
        }
        let failures = state.left(kind, now_ms) + 1;
        write(&mut tx, bucket, failures, now_ms, now_ms + kind.wait_ms(failures)).await?;
    }
    tx.commit().await?;
    Ok(Admission::Admitted(Admitted(buckets)))
}

/// Takes back that the try was counted. What stood between this account and this address is forgotten; the other
/// buckets are only as they were before, so that nobody empties them by logging in to an account of their own.
pub async fn succeeded(db: &Db, admitted: Admitted, now_ms: i64) -> Result<()> {
    take_back(db, admitted, now_ms, |kind| [HERE.name, DEVICE.name].contains(&kind.name)).await
}

/// Takes back that the try was counted, because nothing could be said about it.
pub async fn undecided(db: &Db, admitted: Admitted, now_ms: i64) -> Result<()> {
    take_back(db, admitted, now_ms, |_| false).await
}

async fn take_back(db: &Db, admitted: Admitted, now_ms: i64, forgets: impl Fn(&Kind) -> bool) -> Result<()> {
    let mut tx = db.begin().await?;
    for (kind, bucket) in &admitted.0 {
        let state = locked(&mut tx, bucket, now_ms).await?;
        let failures = if forgets(kind) { 0 } else { (state.failures - 1).max(0) };
        let blocked_until = if failures <= kind.free { 0 } else { state.blocked_until };
        write(&mut tx, bucket, failures, state.at, blocked_until).await?;
    }
    Ok(tx.commit().await?)
}

/// Forgets what says nothing any more, and returns how many buckets that were.
pub async fn purge(db: &Db, now_ms: i64) -> Result<u64> {
    let query = db.q(sql!("DELETE FROM sign_in_attempts WHERE at < ? AND blocked_until < ?"));
    Ok(query.bind(now_ms - DAY_MS).bind(now_ms).execute().await?)
}

impl Kind {
    /// Nothing while it is free, then a second, two, four, …
    fn wait_ms(&self, failures: i64) -> i64 {
        match failures - self.free {
            ..=0 => 0,
            over => (SECOND_MS << (over - 1).min(30)).min(self.longest_wait_ms),
        }
    }
}

#[derive(Clone, Copy, Default, sqlx::FromRow)]
struct Bucket {
    failures: i64,
    at: i64,
    blocked_until: i64,
}

impl Bucket {
    /// The failures that have not leaked away since the last one.
    fn left(&self, kind: &Kind, now_ms: i64) -> i64 {
        (self.failures - (now_ms - self.at).max(0) / kind.leak_ms).max(0)
    }
}

/// In one order for everybody, so that two tries wait for each other and do not deadlock.
fn buckets(attempt: &Attempt) -> Vec<(Kind, String)> {
    let account = attempt.account.trim().to_lowercase();
    let account = account.as_str();
    let bucket = |kind: Kind, whose: &[&str]| {
        let text = [&[kind.name, attempt.what][..], whose].concat().join("\n");
        (kind, token_hash(&text))
    };
    match attempt.known_device {
        Some(device) => vec![bucket(DEVICE, &[account, device])],
        None => vec![
            bucket(HERE, &[account, attempt.address]),
            bucket(ACCOUNT, &[account]),
            bucket(ADDRESS, &[attempt.address]),
        ],
    }
}

/// The bucket's row, locked, made if it was not there.
async fn locked(tx: &mut Tx, bucket: &str, now_ms: i64) -> db::Result<Bucket> {
    tx.q(sql!(
        "INSERT INTO sign_in_attempts (bucket, failures, at, blocked_until) VALUES (?, 0, ?, 0)
         {upsert bucket} bucket = {new bucket}"
    ))
    .bind(bucket)
    .bind(now_ms)
    .execute()
    .await?;
    let query = tx.q(sql!("SELECT failures, at, blocked_until FROM sign_in_attempts WHERE bucket = ? {for_update}"));
    query.bind(bucket).one().await
}

async fn write(tx: &mut Tx, bucket: &str, failures: i64, at: i64, blocked_until: i64) -> db::Result<()> {
    let query = tx.q(sql!("UPDATE sign_in_attempts SET failures = ?, at = ?, blocked_until = ? WHERE bucket = ?"));
    query.bind(failures).bind(at).bind(blocked_until).bind(bucket).execute().await?;
    Ok(())
}

fn wait(until_ms: i64, now_ms: i64) -> Admission {
    let seconds = (until_ms - now_ms + SECOND_MS - 1) / SECOND_MS;
    Admission::Wait { seconds: u32::try_from(seconds).unwrap_or(u32::MAX).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits: Vec<i64> = [1, 5, 6, 7, 8, 9].iter().map(|failures| HERE.wait_ms(*failures) / SECOND_MS).collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8]);
        assert_eq!(HERE.wait_ms(1_000), HERE.longest_wait_ms);
        assert_eq!(ACCOUNT.wait_ms(i64::MAX / 2), ACCOUNT.longest_wait_ms);
    }

    #[test]
    fn failures_leak_away() {
        let bucket = Bucket { failures: 7, at: 0, blocked_until: 0 };
        assert_eq!(bucket.left(&HERE, 9 * MINUTE_MS), 7);
        assert_eq!(bucket.left(&HERE, 20 * MINUTE_MS), 5);
        assert_eq!(bucket.left(&HERE, DAY_MS), 0);
        assert_eq!(bucket.left(&HERE, -5), 7, "a clock that goes back forgives nothing");
    }

    #[test]
    fn buckets_are_told_apart_and_hold_nothing_in_clear() {
        let attempt =
            Attempt { what: "password", account: " Mia@Example.org", address: "192.0.2.1", known_device: None };
        let first = buckets(&attempt);
        let same = buckets(&Attempt { account: "mia@example.org", ..attempt });
        assert!(first.iter().zip(&same).all(|(a, b)| a.1 == b.1));
        let other = buckets(&Attempt { address: "192.0.2.2", ..attempt });
        assert_ne!(first[0].1, other[0].1);
        assert_eq!(first[1].1, other[1].1);
        assert_ne!(first[2].1, other[2].1);
        assert_eq!(buckets(&Attempt { known_device: Some("x"), ..attempt }).len(), 1);
        assert!(first.iter().all(|(_, bucket)| !bucket.contains("mia")));
    }
}
