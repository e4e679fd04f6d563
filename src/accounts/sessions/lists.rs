//! Open sessions as their owners and administrators see them, and how these end them.
//!
//! Everybody sees and ends their own; `sessions.manage` is needed for those of others, which otherwise look missing.

use super::{Ended, Sessions};
use crate::accounts::{Actor, SESSIONS};
use crate::error::{Error, Result};
use crate::{events, sql};

/// A list of sessions shows at most so many, the ones that were used last.
const MOST_LISTED: i64 = 500;

/// Whose sessions are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Person(i64),
    Everybody,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListedSession {
    pub id: i64,
    pub person_id: i64,
    pub person: String,
    /// The User-Agent header; `device::in_words` makes words of it.
    pub device: String,
    pub address: String,
    /// In UTC milliseconds, as the next two.
    pub created_at: i64,
    pub seen_at: i64,
    pub expires_at: i64,
    /// Until when its browser stays logged in, if it does.
    pub remembered_until: Option<i64>,
}

impl Sessions {
    /// The open sessions, newest use first.
    pub async fn list(&self, actor: &Actor, whose: Whose) -> Result<Vec<ListedSession>> {
        may_see(actor, whose)?;
        let person = whose.person();
        let query = self.db.q(sql!(
            "SELECT s.id, s.person_id, p.name AS person, s.device, s.address, s.created_at, s.seen_at, s.expires_at, s.remembered_until
             FROM sessions s JOIN people p ON p.id = s.person_id
             WHERE (s.expires_at > ? OR s.remembered_until > ?) AND (? = 0 OR s.person_id = ?) ORDER BY s.seen_at DESC, s.id DESC LIMIT ?"
        ));
        let now = self.clock.now_ms();
        Ok(query.bind(now).bind(now).bind(person).bind(person).bind(MOST_LISTED).all().await?)
    }

    /// Ends one session, in all processes. One that the actor may not see looks missing.
    pub async fn revoke(&self, actor: &Actor, session_id: i64) -> Result<()> {
        let query = self.db.q(sql!("SELECT person_id FROM sessions WHERE id = ?"));
        let (person_id,) = query.bind(session_id).optional::<(i64,)>().await?.ok_or(Error::NotFound)?;
        may_see(actor, Whose::Person(person_id)).map_err(|_| Error::NotFound)?;
        let mut tx = self.db.begin().await?;
        let query = tx.q(sql!("SELECT token_hash FROM sessions WHERE id = ?"));
        let (hash,) = query.bind(session_id).optional::<(String,)>().await?.ok_or(Error::NotFound)?;
        tx.q(sql!("DELETE FROM sessions WHERE id = ?")).bind(session_id).execute().await?;
        self.record(&mut tx, actor, Whose::Person(person_id), 1).await?;
        tx.commit().await?;
        self.forget(&hash).await;
        Ok(())
    }

    /// Ends a person's sessions, or everybody's, but for the one that is to go on, and returns how many.
    pub async fn revoke_all(&self, actor: &Actor, whose: Whose, but: Option<i64>) -> Result<usize> {
        may_see(actor, whose)?;
        let mut tx = self.db.begin().await?;
        let ended = match whose {
            Whose::Person(person_id) => super::end_all_of(&mut tx, person_id, but).await?,
            Whose::Everybody => end_everybodys(&mut tx, but).await?,
        };
        let count = ended.count();
        self.record(&mut tx, actor, whose, count).await?;
        tx.commit().await?;
        self.forget_ended(ended).await;
        Ok(count)
    }

    /// Who ends sessions of others leaves a trace; one's own are nobody's business.
    async fn record(&self, tx: &mut crate::db::Tx, actor: &Actor, whose: Whose, count: usize) -> Result<()> {
        let subject = match whose {
            Whose::Person(person_id) if actor.is(person_id) => return Ok(()),
            Whose::Person(person_id) => format!("person:{person_id}"),
            Whose::Everybody => "people".to_owned(),
        };
        let detail = serde_json::json!({ "sessions": count });
        Ok(events::record(tx, actor, self.clock.now_ms(), "sessions.revoked", &subject, &detail).await?)
    }
}

impl Whose {
    fn person(self) -> i64 {
        match self {
            Whose::Person(person_id) => person_id,
            Whose::Everybody => 0,
        }
    }
}

fn may_see(actor: &Actor, whose: Whose) -> Result<()> {
    match whose {
        Whose::Person(person_id) if actor.is(person_id) => Ok(()),
        _ => actor.require(SESSIONS),
    }
}

async fn end_everybodys(tx: &mut crate::db::Tx, but: Option<i64>) -> Result<Ended> {
    let but = but.unwrap_or(0);
    let hashes: Vec<(String,)> = tx.q(sql!("SELECT token_hash FROM sessions WHERE id <> ?")).bind(but).all().await?;
    tx.q(sql!("DELETE FROM sessions WHERE id <> ?")).bind(but).execute().await?;
    Ok(Ended { person_id: None, hashes: hashes.into_iter().map(|(hash,)| hash).collect() })
}
