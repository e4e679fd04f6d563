//! Sends what is due: claims a mail, hands it over, writes down how that went.
//!
//! A claim is a conditional write that one process wins, and a lease. What the server does not take now is tried again
//! later, with growing pauses; what it refuses for good, or what was tried too often, is given up and shown as failed.

use super::transport::{Outcome, Transport, WHOLE_MAIL};
use super::{NewMail, Outbox, first_chars, letter::letter, sealed_for};
use crate::db;
use crate::sql;
use std::path::PathBuf;
use std::time::Duration;
use tokio::task::JoinSet;

/// Outlasts the longest attempt, so that clocks that differ a little let no second one begin beside it.
const LEASE_MS: i64 = WHOLE_MAIL.as_millis() as i64 + 180_000;
/// With the pauses below, the last attempt is sixteen hours after the first.
const ATTEMPTS: i64 = 12;
const FIRST_PAUSE_MS: i64 = 60_000;
const LONGEST_PAUSE_MS: i64 = 4 * 3_600_000;
/// How many mails are looked up together, and sent side by side.
const AT_ONCE: i64 = 4;
const MAX_PROBLEM_CHARS: usize = 500;
/// Between two attempts to write down that a mail was sent.
const PAUSE_TO_NOTE: Duration = Duration::from_millis(500);

/// How a round went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    pub sent: u64,
    /// The server could not be used at all: it is of no use to try the next mail now.
    pub is_unreachable: bool,
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct Due {
    id: i64,
    dedup_key: String,
    recipient: String,
    subject: String,
    text: String,
    sealed: bool,
    attempts: i64,
    due_at: i64,
    created_at: i64,
    expires_at: Option<i64>,
    /// `None` when it is for an address, whoever that is.
    is_active: Option<bool>,
}

/// What became of a mail here.
enum Turn {
    /// Another process was quicker.
    Elsewhere,
    Sent,
    /// Dropped, given up, or put off.
    Ended,
    Unreachable,
}

impl Outbox {
    /// Sends all that is due. Any number of processes may do so at once.
    ///
    /// # Errors
    /// When the table cannot be read or written.
    pub async fn send_due(&self) -> db::Result<Round> {
        let mut round = Round::default();
        if !self.is_on() {
            self.drop_due().await?;
            return Ok(round);
        }
        loop {
            let turns = self.send_some().await?;
            round.sent += turns.iter().filter(|turn| matches!(turn, Turn::Sent)).count() as u64;
            round.is_unreachable = turns.iter().any(|turn| matches!(turn, Turn::Unreachable));
            let all_elsewhere = turns.iter().all(|turn| matches!(turn, Turn::Elsewhere));
            if round.is_unreachable || all_elsewhere {
                return Ok(round);
            }
        }
    }

    /// Sends a mail at once, past the table.
    ///
    /// # Errors
    /// What the server or the system said.
    pub async fn send_now(&self, mail: &NewMail) -> Result<Option<PathBuf>, String> {
        let now = self.0.clock.now_ms();
        let message = letter(&self.0.from, mail, now)?;
        match self.0.transport.send(message, mail, &format!("{now}-test")).await {
            Outcome::Sent(path) => Ok(path),
            Outcome::Later(why) | Outcome::Unreachable(why) | Outcome::Refused(why) => Err(why),
        }
    }

    async fn send_some(&self) -> db::Result<Vec<Turn>> {
        let mut sending = JoinSet::new();
        for mail in self.due().await? {
            let outbox = self.clone();
            sending.spawn(async move { outbox.send(mail).await });
        }
        let mut turns = Ok(Vec::new());
        // All of them to their ends, also when one fails: a mail that is cut may have been sent, and is sent again.
        while let Some(turn) = sending.join_next().await {
            match (turn.unwrap_or(Ok(Turn::Ended)), &mut turns) {
                (Ok(turn), Ok(turns)) => turns.push(turn),
                (Err(error), _) => turns = Err(error),
                (Ok(_), Err(_)) => {}
            }
        }
        turns
    }

    async fn due(&self) -> db::Result<Vec<Due>> {
        let query = self.0.db.q(sql!(
            "SELECT o.id, o.dedup_key, o.recipient, o.subject, o.text, o.sealed, o.attempts, o.due_at, o.created_at,
              o.expires_at, p.active AS is_active
             FROM outbox o LEFT JOIN people p ON p.id = o.person_id
             WHERE o.state = 'waiting' AND o.due_at <= ? ORDER BY o.due_at, o.id LIMIT ?"
        ));
        query.bind(self.0.clock.now_ms()).bind(AT_ONCE).all().await
    }

    async fn send(&self, mut mail: Due) -> db::Result<Turn> {
        let now = self.0.clock.now_ms();
        if !self.claim(&mail, now).await? {
            return Ok(Turn::Elsewhere);
        }
        mail.attempts += 1;
        if let Some(why) = mail.is_pointless(now) {
            self.end(&mail, "dropped", why).await?;
            return Ok(Turn::Ended);
        }
        let outcome = match self.written(&mail) {
            Err(why) => Outcome::Refused(why),
            Ok(new) => match letter(&self.0.from, &new, now) {
                Err(why) => Outcome::Refused(why),
                Ok(message) => self.0.transport.send(message, &new, &format!("{}-{}", mail.created_at, mail.id)).await,
            },
        };
        self.note(&mail, outcome).await
    }

    /// Of several processes that saw the same mail due, one gets `true`.
    async fn claim(&self, mail: &Due, now: i64) -> db::Result<bool> {
        let query = self.0.db.q(sql!(
            "UPDATE outbox SET attempts = attempts + 1, due_at = ?
             WHERE id = ? AND state = 'waiting' AND due_at = ? AND attempts = ?"
        ));
        let query = query.bind(now + LEASE_MS).bind(mail.id).bind(mail.due_at).bind(mail.attempts);
        Ok(query.execute().await? == 1)
    }

    fn written(&self, mail: &Due) -> Result<NewMail, String> {
        let text = match mail.sealed {
            false => Some(mail.text.clone()),
            true => self.opened(mail),
        };
        let text = text.ok_or("was written under another `secret` and cannot be read")?;
        let (to, subject) = (mail.recipient.clone(), mail.subject.clone());
        Ok(NewMail { to, subject, text, dedup_key: mail.dedup_key.clone() })
    }

    /// `None` when the secret is another one than that it was sealed with, or the text was changed.
    fn opened(&self, mail: &Due) -> Option<String> {
        String::from_utf8(self.0.seals.open(&sealed_for(&mail.dedup_key), &mail.text)?).ok()
    }

    async fn note(&self, mail: &Due, outcome: Outcome) -> db::Result<Turn> {
        match outcome {
            Outcome::Sent(_) => self.note_sent(mail).await,
            Outcome::Refused(why) => self.give_up(mail, &why).await,
            Outcome::Later(why) => self.put_off(mail, &why).await,
            Outcome::Unreachable(why) => {
                tracing::warn!(why, "mails cannot be sent at the moment");
                self.put_off(mail, &why).await?;
                Ok(Turn::Unreachable)
            }
        }
    }

    /// Tries more than once: what is not written down is sent again.
    async fn note_sent(&self, mail: &Due) -> db::Result<Turn> {
        for _ in 0..3 {
            match self.end(mail, "sent", "").await {
                Ok(()) => return Ok(Turn::Sent),
                Err(error) => tracing::warn!(mail = mail.id, %error, "that a mail was sent could not be written down"),
            }
            tokio::time::sleep(PAUSE_TO_NOTE).await;
        }
        self.end(mail, "sent", "").await.map(|()| Turn::Sent)
    }

    async fn put_off(&self, mail: &Due, why: &str) -> db::Result<Turn> {
        if mail.attempts >= ATTEMPTS {
            return self.give_up(mail, why).await;
        }
        let query = self
            .0
            .db
            .q(sql!("UPDATE outbox SET due_at = ?, problem = ? WHERE id = ? AND state = 'waiting' AND attempts = ?"));
        let query = query.bind(self.0.clock.now_ms() + pause_ms(mail.attempts));
        query.bind(first_chars(why, MAX_PROBLEM_CHARS)).bind(mail.id).bind(mail.attempts).execute().await?;
        Ok(Turn::Ended)
    }

    /// The text stays, so that somebody can have it tried again.
    async fn give_up(&self, mail: &Due, why: &str) -> db::Result<Turn> {
        tracing::error!(mail = mail.id, attempts = mail.attempts, why, "a mail was given up");
        let query = self.0.db.q(sql!(
            "UPDATE outbox SET state = 'failed', ended_at = ?, problem = ? WHERE id = ? AND state = 'waiting'"
        ));
        let query = query.bind(self.0.clock.now_ms()).bind(first_chars(why, MAX_PROBLEM_CHARS));
        query.bind(mail.id).execute().await?;
        Ok(Turn::Ended)
    }

    /// Whatever another process made of it meanwhile: what was sent is sent.
    async fn end(&self, mail: &Due, state: &'static str, problem: &str) -> db::Result<()> {
        let query = self.0.db.q(sql!(
            "UPDATE outbox SET state = ?, text = '', ended_at = ?, problem = ?
             WHERE id = ? AND state IN ('waiting', 'failed')"
        ));
        query.bind(state).bind(self.0.clock.now_ms()).bind(problem).bind(mail.id).execute().await?;
        Ok(())
    }

    /// Where mail is switched off nothing piles up, to be sent months later when it is switched on.
    async fn drop_due(&self) -> db::Result<()> {
        debug_assert!(matches!(self.0.transport, Transport::Off));
        let now = self.0.clock.now_ms();
        let query = self.0.db.q(sql!(
            "UPDATE outbox SET state = 'dropped', text = '', ended_at = ?, problem = 'mail was switched off'
             WHERE state = 'waiting' AND due_at <= ?"
        ));
        query.bind(now).bind(now).execute().await?;
        Ok(())
    }
}

impl Due {
    fn is_pointless(&self, now_ms: i64) -> Option<&'static str> {
        if self.is_active == Some(false) {
            return Some("the person is not active any more");
        }
        self.expires_at.is_some_and(|expires_at| expires_at <= now_ms).then_some("it was of no use any more")
    }
}

/// One minute after the first attempt, then twice as long each time, up to four hours.
fn pause_ms(attempts: i64) -> i64 {
    let doubled = FIRST_PAUSE_MS.saturating_mul(1 << attempts.clamp(1, 20).saturating_sub(1));
    doubled.min(LONGEST_PAUSE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_after_sixteen_hours() {
        let minutes: Vec<i64> = (1..ATTEMPTS).map(|attempts| pause_ms(attempts) / 60_000).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]);
        assert_eq!(minutes.iter().sum::<i64>() / 60, 16);
        assert_eq!(pause_ms(i64::MAX), LONGEST_PAUSE_MS);
    }
}
