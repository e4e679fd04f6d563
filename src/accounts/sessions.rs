//! Sessions: a row in the database that can be listed and revoked, and Redis, when there is one, where each request reads
//! it. A session that is used is slid in both, at most once a minute.
//!
//! The browser holds a random 128-bit id; both stores know its SHA-256 only. A session ends two hours after its last use,
//! or 31 days with "remember me". When Redis lost a session, or cannot be reached, the row counts: nobody is logged out.
//! Who may see and end sessions stands in `lists`.

mod lists;

use super::Actor;
use super::access::AccessControl;
use super::secrets::{random_token, token_hash};
use crate::clock::Clock;
use crate::db::{self, Db, Tx};
use crate::error::Result;
use crate::redis_server::RedisServer;
use crate::sql;
use cached::ShardedLruTtlCache;
pub use lists::{ListedSession, Whose};
use redis::Cmd;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// How long a process may trust what it read of a session: a revoked one is dead everywhere after this.
const TRUSTED: Duration = Duration::from_secs(2);
/// The row is slid at most this often, in milliseconds, so that a busy person does not write with every request.
const ROW_SLIDE_MS: i64 = 60_000;

/// How long sessions live after their last use.
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
}

impl Sessions {
    pub fn new(db: Db, redis: Option<RedisServer>, clock: Clock, lifetimes: Lifetimes, access: AccessControl) -> Self {
        let recent = ShardedLruTtlCache::new(10_000, TRUSTED);
        Sessions { db, redis, clock, lifetimes, recent, access }
    }

    /// Opens a session, always under a new id, and returns the token for the cookie.
    pub async fn open(&self, person_id: i64, remembered: bool, origin: &Origin) -> Result<(String, Session)> {
        let token = random_token();
        let now = self.clock.now_ms();
        let mut session = Session {
            id: 0,
            person_id,
            csrf: random_token(),
            remembered,
            seen_at: now,
            expires_at: now + self.life_ms(remembered),
        };
        session.id = self
            .db
            .q(sql!(
                "INSERT INTO sessions (token_hash, person_id, csrf, remembered, created_at, seen_at, expires_at, device, address)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) {returning id}"
            ))
            .bind(token_hash(&token))
            .bind(person_id)
            .bind(session.csrf.clone())
            .bind(remembered)
            .bind(now)
            .bind(now)
            .bind(session.expires_at)
            .bind(first_chars(&origin.device, 190))
            .bind(first_chars(&origin.address, 64))
            .insert()
            .await?;
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
            self.access.forget(person_id);
        }
        for hash in ended.hashes {
            self.forget(&hash).await;
        }
    }

    /// Removes the rows of sessions that have ended by themselves, and returns how many.
    pub async fn purge(&self) -> Result<u64> {
        let query = self.db.q(sql!("DELETE FROM sessions WHERE expires_at <= ?"));
        Ok(query.bind(self.clock.now_ms()).execute().await?)
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
            .q(sql!("SELECT id, person_id, csrf, remembered, seen_at, expires_at FROM sessions WHERE token_hash = ?"));
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
        if now - session.seen_at < ROW_SLIDE_MS {
            return Some(session);
        }
        let mut slid = (*session).clone();
        slid.seen_at = now;
        slid.expires_at = now + self.life_ms(slid.remembered);
        let query = self.db.q(sql!("UPDATE sessions SET seen_at = ?, expires_at = ? WHERE id = ?"));
        match query.bind(slid.seen_at).bind(slid.expires_at).bind(slid.id).execute().await {
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

    fn life_ms(&self, remembered: bool) -> i64 {
        let life = if remembered { self.lifetimes.remembered } else { self.lifetimes.idle };
        life.as_millis() as i64
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
