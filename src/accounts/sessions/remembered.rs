//! “Stay logged in”: a cookie that opens a session again after it has ended by itself, for 31 days after the last time.
//!
//! It holds a selector, which finds the session's row, and a verifier, which changes with each use; both are stored as
//! SHA-256. Whoever comes with a verifier that was used before has a copy: then the session ends, with everything that
//! was opened by it, and its person is told. Two things look like that and are none. Several tabs come with the same
//! cookie at once: for half a minute they are served without a new one. And an answer may be lost on its way: as long as
//! nobody has come with what was given last, the one before it counts.

use super::{Origin, Session, Sessions};
use crate::accounts::secrets::{random_token, same, token_hash};
use crate::accounts::{Actor, device};
use crate::db::Tx;
use crate::error::Result;
use crate::notices::{self, NewNotice};
use crate::{events, sql};
use std::sync::Arc;

/// How long tabs that come with the same cookie are served.
const SIDE_BY_SIDE_MS: i64 = 30_000;
/// Of 128 random bits in base64.
const PART_CHARS: usize = 22;

/// What became of a cookie.
pub enum Redeemed {
    /// The session goes on, under new tokens that the browser is to be given.
    Renewed {
        token: String,
        remember: String,
        session: Arc<Session>,
    },
    /// Another tab was quicker and has the new tokens; this request is served, and nothing is given.
    BesideAnother {
        session: Arc<Session>,
    },
    /// It had been used before. The session has ended.
    Reused {
        person_id: i64,
    },
    Unknown,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    token_hash: String,
    person_id: i64,
    csrf: String,
    strong: bool,
    verifier_hash: Option<String>,
    previous_verifier_hash: Option<String>,
    rotated_at: Option<i64>,
    unconfirmed: bool,
    seen_at: i64,
    expires_at: i64,
}

enum Verdict {
    Right,
    BesideAnother,
    Reused,
}

impl Sessions {
    /// Opens a session that its browser can come back to, and returns both tokens.
    pub async fn open_remembered(
        &self,
        person_id: i64,
        strong: bool,
        origin: &Origin,
    ) -> Result<(String, String, Session)> {
        let (token, session) = self.insert(person_id, strong, true, origin).await?;
        let (selector, verifier) = (random_token(), random_token());
        let now = self.clock.now_ms();
        self.db
            .q(sql!(
                "UPDATE sessions SET selector = ?, verifier_hash = ?, rotated_at = ?, remembered_until = ? WHERE id = ?"
            ))
            .bind(token_hash(&selector))
            .bind(token_hash(&verifier))
            .bind(now)
            .bind(self.remembered_until())
            .bind(session.id)
            .execute()
            .await?;
        Ok((token, format!("{selector}.{verifier}"), session))
    }

    /// Opens a session again by the cookie that was given last.
    pub async fn redeem(&self, cookie: &str, origin: &Origin) -> Result<Redeemed> {
        let Some((selector, verifier)) = parts(cookie) else { return Ok(Redeemed::Unknown) };
        let now = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        let Some(row) = find(&mut tx, &token_hash(selector), now).await? else { return Ok(Redeemed::Unknown) };
        match row.judge(&token_hash(verifier), now) {
            Verdict::Right => self.rotate(tx, row, selector, &token_hash(verifier), origin).await,
            Verdict::BesideAnother => Ok(Redeemed::BesideAnother { session: Arc::new(row.session()) }),
            Verdict::Reused => self.end_reused(tx, row, origin).await,
        }
    }

    async fn rotate(&self, mut tx: Tx, row: Row, selector: &str, used: &str, origin: &Origin) -> Result<Redeemed> {
        let (token, verifier) = (random_token(), random_token());
        let now = self.clock.now_ms();
        let session = Session { seen_at: now, expires_at: now + self.idle_ms(), unconfirmed: true, ..row.session() };
        tx.q(sql!(
            "UPDATE sessions SET token_hash = ?, verifier_hash = ?, previous_verifier_hash = ?, rotated_at = ?, unconfirmed = TRUE,
             seen_at = ?, expires_at = ?, remembered_until = ?, device = ?, address = ? WHERE id = ?"
        ))
        .bind(token_hash(&token))
        .bind(token_hash(&verifier))
        .bind(used)
        .bind(now)
        .bind(now)
        .bind(session.expires_at)
        .bind(self.remembered_until())
        .bind(super::first_chars(&origin.device, 190))
        .bind(super::first_chars(&origin.address, 64))
        .bind(row.id)
        .execute()
        .await?;
        tx.commit().await?;
        self.forget(&row.token_hash).await;
        self.share(&token_hash(&token), &session).await;
        Ok(Redeemed::Renewed { token, remember: format!("{selector}.{verifier}"), session: Arc::new(session) })
    }

    async fn end_reused(&self, mut tx: Tx, row: Row, origin: &Origin) -> Result<Redeemed> {
        let now = self.clock.now_ms();
        tx.q(sql!("DELETE FROM sessions WHERE id = ?")).bind(row.id).execute().await?;
        let place = format!("{} ({})", device::in_words(&origin.device), origin.address);
        let notice = NewNotice {
            person_id: row.person_id,
            kind: "accounts.copied_log_in",
            title: format!(
                "A log-in of yours was used a second time, from {place}. It was ended everywhere. If that was not you, change your password."
            ),
            href: "/account/sessions".to_owned(),
            dedup_key: format!("accounts.copied_log_in:{}", row.id),
        };
        notices::raise(&mut tx, &[notice], now).await?;
        let detail = serde_json::json!({ "device": origin.device, "address": origin.address });
        let subject = format!("person:{}", row.person_id);
        events::record(&mut tx, &Actor::system(), now, "sessions.copied_log_in", &subject, &detail).await?;
        tx.commit().await?;
        self.forget(&row.token_hash).await;
        Ok(Redeemed::Reused { person_id: row.person_id })
    }

    fn remembered_until(&self) -> i64 {
        self.clock.now_ms() + self.lifetimes.remembered.as_millis() as i64
    }
}

impl Row {
    fn judge(&self, verifier: &str, now_ms: i64) -> Verdict {
        let is = |hash: &Option<String>| hash.as_deref().is_some_and(|hash| same(hash, verifier));
        if is(&self.verifier_hash) {
            return Verdict::Right;
        }
        if !is(&self.previous_verifier_hash) {
            return Verdict::Reused;
        }
        let is_beside = self.rotated_at.is_some_and(|at| now_ms - at < SIDE_BY_SIDE_MS);
        match (is_beside, self.unconfirmed) {
            (true, _) => Verdict::BesideAnother,
            (false, true) => Verdict::Right,
            (false, false) => Verdict::Reused,
        }
    }

    fn session(&self) -> Session {
        Session {
            id: self.id,
            person_id: self.person_id,
            csrf: self.csrf.clone(),
            remembered: true,
            strong: self.strong,
            unconfirmed: self.unconfirmed,
            seen_at: self.seen_at,
            expires_at: self.expires_at,
        }
    }
}

fn parts(cookie: &str) -> Option<(&str, &str)> {
    cookie.split_once('.').filter(|(selector, verifier)| selector.len() == PART_CHARS && verifier.len() == PART_CHARS)
}

async fn find(tx: &mut Tx, selector: &str, now_ms: i64) -> Result<Option<Row>> {
    let query = tx.q(sql!(
        "SELECT id, token_hash, person_id, csrf, strong, verifier_hash, previous_verifier_hash, rotated_at, unconfirmed, seen_at, expires_at
         FROM sessions WHERE selector = ? AND remembered_until > ? {for_update}"
    ));
    Ok(query.bind(selector).bind(now_ms).optional().await?)
}
