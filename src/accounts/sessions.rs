//! Sessions: a row in the database that can be listed and revoked, and Redis, when there is one, where each request reads
//! it. A session that is used is slid in both, at most once a minute.
//!
//! The browser holds a random 128-bit id; both stores know its SHA-256 only. A session ends two hours after its last use;
//! `remembered` opens it again. When Redis lost a session, or cannot be reached, the row counts: nobody is logged out.
//! Who may see and end sessions stands in `lists`.

mod lists;
mod remembered;

use super::Actor;
use super::access::AccessControl;
use super::second_factor;
use super::secrets::{random_token, token_hash};
use crate::clock::Clock;
use crate::db::{self, Db, Tx};
use crate::error::Result;
use crate::redis_server::RedisServer;
use crate::sql;
use cached::ShardedLruTtlCache;
pub use lists::{ListedSession, Whose};
use redis::Cmd;
pub use remembered::Redeemed;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// How long a process may trust what it read of a session: a revoked one is dead everywhere after this.
const TRUSTED: Duration = Duration::from_secs(2);
/// The row is slid at most this often, in milliseconds, so that a busy person does not write with every request.
const ROW_SLIDE_MS: i64 = 60_000;

/// How long sessions live after their last use, and how long a browser can come back to one after that.
#[derive(Clone, Copy)]
pub struct Lifetimes {
    pub idle: Duration,
    pub remembered: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Session {
    pub id: i64,
    pub person_id: i64,
    /// What a form of this session carries, so that another site cannot send it.
    pub csrf: String,
    pub remembered: bool,
    /// Whether a second factor, or an issuer that sees to one, has opened it.
    #[serde(default)]
    pub strong: bool,
    /// Whether the browser has yet to come with the token that it was given last.
    #[serde(default)]
    pub unconfirmed: bool,
    /// When the row was slid last, in UTC milliseconds.
    pub seen_at: i64,
    pub expires_at: i64,
}

/// From where a session was opened.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The User-Agent header.
    pub device: String,
    pub address: String,
}

/// A clone shares everything.
#[derive(Clone)]
pub struct Sessions {
    db: Db,
    redis: Option<RedisServer>,
    clock: Clock,
    lifetimes: Lifetimes,
    recent: ShardedLruTtlCache<String, Arc<Session>>,
    access: AccessControl,
    /// Who lacks the second factor that a role of theirs requires.
    lacking: ShardedLruTtlCache<i64, bool>,
}

impl Sessions {
    pub fn new(db: Db, redis: Option<RedisServer>, clock: Clock, lifetimes: Lifetimes, access: AccessControl) -> Self {
        let recent = ShardedLruTtlCache::new(10_000, TRUSTED);
        let lacking = ShardedLruTtlCache::new(10_000, TRUSTED);
        Sessions { db, redis, clock, lifetimes, recent, access, lacking }
    }

    /// Opens a session, always under a new id, and returns the token for the cookie. `strong` says that a second factor
    /// was shown.
    pub async fn open(&self, person_id: i64, strong: bool, origin: &Origin) -> Result<(String, Session)> {
        self.insert(person_id, strong, false, origin).await
    }

    async fn insert(
        &self,
        person_id: i64,
        strong: bool,
        remembered: bool,
        origin: &Origin,
    ) -> Result<(String, Session)> {
        let token = random_token();
        let now = self.clock.now_ms();
        let (csrf, expires_at) = (random_token(), now + self.idle_ms());
        let id = self
            .db
            .q(sql!(
                "INSERT INTO sessions (token_hash, person_id, csrf, remembered, strong, created_at, seen_at, expires_at, device, address)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) {returning id}"
            ))
            .bind(token_hash(&token))
            .bind(person_id)
            .bind(csrf.clone())
            .bind(remembered)
            .bind(strong)
            .bind(now)
            .bind(now)
            .bind(expires_at)
            .bind(first_chars(&origin.device, 190))
            .bind(first_chars(&origin.address, 64))
            .insert()
            .await?;
        let session = Session { id, person_id, csrf, remembered, strong, unconfirmed: false, seen_at: now, expires_at };
        self.share(&token_hash(&token), &session).await;
        Ok((token, session))
    }

    /// The session of a token and the person behind it, slid; `None` when it has ended.
    pub async fn resume(&self, token: &str) -> Result<Option<(Arc<Session>, Arc<Actor>)>> {
        let hash = token_hash(token);
        let Some(session) = self.find(&hash).await? else { return Ok(None) };
        let Some(session) = self.slide(&hash, session).await else { return Ok(None) };
        Ok(self.actor(session.person_id).await?.map(|actor| (session, actor)))
    }

    /// Whether the session has neither ended nor been revoked, without sliding it: an open live stream is no use of it.
    pub async fn is_open(&self, session_id: i64) -> Result<bool> {
        let query = self.db.q(sql!("SELECT COUNT(*) FROM sessions WHERE id = ? AND expires_at > ?"));
        let (count,) = query.bind(session_id).bind(self.clock.now_ms()).one::<(i64,)>().await?;
        Ok(count > 0)
    }

    /// The person and what they may do now.
    pub async fn actor(&self, person_id: i64) -> Result<Option<Arc<Actor>>> {
        self.access.actor(person_id).await
    }

    /// Whether the person must set a second factor up before anything else. What they have set up is as of at most two
    /// seconds ago.
    pub async fn lacks_factor(&self, person_id: i64, session: Option<&Session>) -> Result<bool> {
        if session.is_some_and(|session| session.strong) {
            return Ok(false);
        }
        let is_required = self.actor(person_id).await?.is_some_and(|actor| actor.requires_second_factor());
        if !is_required {
            return Ok(false);
        }
        if let Some(lacks) = self.lacking.get(&person_id) {
            return Ok(lacks);
        }
        let lacks = !second_factor::of(&self.db, person_id).await?.any();
        self.lacking.set(person_id, lacks);
        Ok(lacks)
    }

    /// Has this process look anew at what the person may do.
    pub fn forget_person(&self, person_id: i64) {
        self.access.forget(person_id);
        self.lacking.delete(&person_id);
    }

    /// Ends a session, in all processes; `false` when there is none with that id. Whether somebody may is the caller's
    /// business: a log-out ends the session that asks, `revoke` one of a list.
    pub async fn end(&self, session_id: i64) -> Result<bool> {
        let query = self.db.q(sql!("SELECT token_hash FROM sessions WHERE id = ?"));
        let Some((hash,)) = query.bind(session_id).optional::<(String,)>().await? else { return Ok(false) };
        self.db.q(sql!("DELETE FROM sessions WHERE id = ?")).bind(session_id).execute().await?;
        self.forget(&hash).await;
        Ok(true)
    }

    /// Takes what was ended out of Redis and out of this process, after the commit.
    pub async fn forget_ended(&self, ended: Ended) {
        if let Some(person_id) = ended.person_id {
            self.forget_person(person_id);
        }
        for hash in ended.hashes {
            self.forget(&hash).await;
        }
    }

    /// Removes the rows of sessions that have ended by themselves, and returns how many.
    pub async fn purge(&self) -> Result<u64> {
        let now = self.clock.now_ms();
        let query = self.db.q(sql!(
            "DELETE FROM sessions WHERE expires_at <= ? AND (remembered_until IS NULL OR remembered_until <= ?)"
        ));
        Ok(query.bind(now).bind(now).execute().await?)
    }

    async fn find(&self, hash: &str) -> Result<Option<Arc<Session>>> {
        if let Some(redis) = &self.redis {
            match self.find_in_redis(redis, hash).await {
                Ok(Some(session)) => return Ok(self.unexpired(session).map(Arc::new)),
                Ok(None) => {}
                Err(error) => tracing::debug!(%error, "a session is read from the database"),
            }
        } else if let Some(session) = self.recent.get(hash) {
            return Ok(Some(session).filter(|session| session.expires_at > self.clock.now_ms()));
        }
        self.find_row(hash).await
    }

    async fn find_row(&self, hash: &str) -> Result<Option<Arc<Session>>> {
        let query = self
            .db
            .q(sql!("SELECT id, person_id, csrf, remembered, strong, unconfirmed, seen_at, expires_at FROM sessions WHERE token_hash = ?"));
        let row: Option<Session> = query.bind(hash).optional().await?;
        let Some(session) = row.and_then(|session| self.unexpired(session)) else { return Ok(None) };
        self.share(hash, &session).await;
        let session = Arc::new(session);
        self.recent.set(hash.to_owned(), session.clone());
        Ok(Some(session))
    }

    fn unexpired(&self, session: Session) -> Option<Session> {
        Some(session).filter(|session| session.expires_at > self.clock.now_ms())
    }

    /// `None` when the row is gone: Redis had not heard of it, because it was away or because both came at once.
    async fn slide(&self, hash: &str, session: Arc<Session>) -> Option<Arc<Session>> {
        let now = self.clock.now_ms();
        if now - session.seen_at < ROW_SLIDE_MS && !session.unconfirmed {
            return Some(session);
        }
        let mut slid = (*session).clone();
        slid.seen_at = now;
        slid.expires_at = now + self.idle_ms();
        slid.unconfirmed = false;
        let query = self.db.q(sql!(
            "UPDATE sessions SET seen_at = ?, expires_at = ?, unconfirmed = FALSE WHERE id = ? AND token_hash = ?"
        ));
        match query.bind(slid.seen_at).bind(slid.expires_at).bind(slid.id).bind(hash).execute().await {
            Ok(0) => {
                self.forget(hash).await;
                return None;
            }
            Ok(_) => {}
            // A database that is full or read-only can still be read from; the next request tries again.
            Err(error) => {
                tracing::warn!(%error, "a session could not be slid");
                return Some(session);
            }
        }
        self.share(hash, &slid).await;
        let slid = Arc::new(slid);
        self.recent.set(hash.to_owned(), slid.clone());
        Some(slid)
    }

    fn idle_ms(&self) -> i64 {
        self.lifetimes.idle.as_millis() as i64
    }

    async fn find_in_redis(&self, redis: &RedisServer, hash: &str) -> redis::RedisResult<Option<Session>> {
        let text: Option<String> = redis.ask(&Cmd::get(session_key(redis, hash))).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Puts the session into Redis, unless it was revoked meanwhile: whoever revoked it has already cleared Redis then.
    async fn share(&self, hash: &str, session: &Session) {
        let Some(redis) = &self.redis else { return };
        let text = serde_json::to_string(session).expect("a session is plain data");
        let left_ms = (session.expires_at - self.clock.now_ms()).max(1) as u64;
        let set: redis::RedisResult<()> = redis.ask(&Cmd::pset_ex(session_key(redis, hash), text, left_ms)).await;
        match set {
            Err(error) => tracing::debug!(%error, "a session is kept in the database alone"),
            Ok(()) => {
                if let Ok(false) = self.is_open(session.id).await {
                    self.forget(hash).await;
                }
            }
        }
    }

    async fn forget(&self, hash: &str) {
        self.recent.delete(hash);
        let Some(redis) = self.redis.clone() else { return };
        let key = session_key(&redis, hash);
        let Err(error) = delete(&redis, &key).await else { return };
        tracing::warn!(%error, "a revoked session is removed from Redis as soon as that is back");
        tokio::spawn(async move {
            while delete(&redis, &key).await.is_err() {
                tokio::time::sleep(TRUSTED / 4).await;
            }
        });
    }
}

/// Sessions whose rows are gone. Until they are handed to `Sessions::forget_ended`, other processes may still read them.
#[must_use = "hand it to Sessions::forget_ended after the commit"]
pub struct Ended {
    person_id: Option<i64>,
    hashes: Vec<String>,
}

impl Ended {
    pub fn count(&self) -> usize {
        self.hashes.len()
    }
}

/// Ends all sessions of a person inside of a larger change, but for the one that is to go on.
pub async fn end_all_of(tx: &mut Tx, person_id: i64, but: Option<i64>) -> db::Result<Ended> {
    let but = but.unwrap_or(0);
    let query = tx.q(sql!("SELECT token_hash FROM sessions WHERE person_id = ? AND id <> ?"));
    let hashes: Vec<(String,)> = query.bind(person_id).bind(but).all().await?;
    let query = tx.q(sql!("DELETE FROM sessions WHERE person_id = ? AND id <> ?"));
    query.bind(person_id).bind(but).execute().await?;
    Ok(Ended { person_id: Some(person_id), hashes: hashes.into_iter().map(|(hash,)| hash).collect() })
}

async fn delete(redis: &RedisServer, key: &str) -> redis::RedisResult<()> {
    redis.ask(&Cmd::del(key)).await
}

fn session_key(redis: &RedisServer, hash: &str) -> String {
    redis.key(&format!("session:{hash}"))
}

fn first_chars(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}
