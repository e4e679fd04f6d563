//! Outbox: mails are rows, written in the transaction of what they tell of, and sent after its commit.
//!
//! Table: outbox. `enqueue_for` and `enqueue_sealed` write; `sending` claims what is due, hands it to the `transport` (SMTP, or files in a folder
//! while developing) and writes down how that went. A mail has a key of its own and is written once under it. It is sent
//! at least once: a process that is killed after the server took a mail and before that is written down leaves one that
//! is sent again when its lease is over, under the same Message-ID.

mod letter;
mod queue;
mod sending;
mod transport;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::{self, Db, Tx};
use crate::error::{Error, Result};
use crate::seals::Seals;
use crate::sql;
use lettre::message::Mailbox;
use std::sync::Arc;
use transport::Transport;

pub use letter::is_deliverable;
pub use queue::{Queued, Status, list, purge, retry_failed, status};
pub use sending::Round;

/// What changes when a mail is written; publishing it after the commit wakes whoever sends.
pub const TOPIC: &str = "outbox";

/// As wide as the columns, in characters.
const MAX_KEY_CHARS: usize = 190;
const MAX_SUBJECT_CHARS: usize = 500;

/// A mail to be written into the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    /// One address, without a name.
    pub to: String,
    pub subject: String,
    /// Plain text; lines end in `\n`.
    pub text: String,
    /// Under the same key a mail is written once. At most 190 characters.
    pub dedup_key: String,
}

/// What the text of a mail is sealed for: no text can be put into another mail.
fn sealed_for(dedup_key: &str) -> String {
    format!("mail:{dedup_key}")
}

/// Sends what the outbox holds. A clone shares the connections.
#[derive(Clone)]
pub struct Outbox(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    transport: Transport,
    from: Mailbox,
    seals: Seals,
}

impl Outbox {
    /// # Errors
    /// When the configuration names a sender or a server that cannot be used.
    pub fn new(db: Db, clock: Clock, config: &Config, seals: Seals) -> Result<Self> {
        let from = config.mail.from.parse().map_err(|error| cannot_be_used("mail.from", &error))?;
        let transport = Transport::of(&config.mail).map_err(|error| cannot_be_used("mail.url", &error))?;
        Ok(Outbox(Arc::new(Inner { db, clock, transport, from, seals })))
    }

    /// Whether mails leave at all. Where they do not, what is written is dropped.
    pub fn is_on(&self) -> bool {
        !matches!(self.0.transport, Transport::Off)
    }

    /// Writes a mail that leads in without a password: its text is encrypted until it is sent, and it is not sent after
    /// `expires_at`.
    pub async fn enqueue_sealed(&self, tx: &mut Tx, mail: &NewMail, expires_at: i64, now_ms: i64) -> db::Result<()> {
        let text = self.0.seals.seal(&sealed_for(&mail.dedup_key), mail.text.as_bytes());
        let terms = Terms { person_id: None, expires_at: Some(expires_at), sealed: true };
        insert(tx, &NewMail { text, ..mail.clone() }, &terms, now_ms).await
    }
}

/// Writes a mail for somebody as long as they are active, inside of the change that it tells of. The caller publishes
/// `TOPIC` after the commit, so that it leaves at once; otherwise it leaves a few seconds later.
pub async fn enqueue_for(tx: &mut Tx, person_id: i64, mail: &NewMail, now_ms: i64) -> db::Result<()> {
    insert(tx, mail, &Terms { person_id: Some(person_id), ..Terms::default() }, now_ms).await
}

/// Takes a mail back that has not left.
pub async fn withdraw(tx: &mut Tx, dedup_key: &str, now_ms: i64) -> db::Result<()> {
    let query = tx.q(sql!(
        "UPDATE outbox SET state = 'dropped', text = '', ended_at = ?
         WHERE dedup_key = ? AND state IN ('waiting', 'failed')"
    ));
    query.bind(now_ms).bind(dedup_key).execute().await?;
    Ok(())
}

/// Under which conditions a mail leaves.
#[derive(Default)]
struct Terms {
    person_id: Option<i64>,
    expires_at: Option<i64>,
    sealed: bool,
}

async fn insert(tx: &mut Tx, mail: &NewMail, terms: &Terms, now_ms: i64) -> db::Result<()> {
    tx.q(sql!(
        "INSERT INTO outbox (dedup_key, person_id, recipient, subject, text, sealed, state, attempts, due_at, created_at,
          expires_at, problem)
         VALUES (?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?, ?, '') {upsert dedup_key} dedup_key = {new dedup_key}"
    ))
    .bind(first_chars(&mail.dedup_key, MAX_KEY_CHARS))
    .bind(terms.person_id)
    .bind(first_chars(&mail.to, MAX_KEY_CHARS))
    .bind(first_chars(&mail.subject, MAX_SUBJECT_CHARS))
    .bind(mail.text.clone())
    .bind(terms.sealed)
    .bind(now_ms)
    .bind(now_ms)
    .bind(terms.expires_at)
    .execute()
    .await?;
    Ok(())
}

fn first_chars(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

fn cannot_be_used(option: &str, error: &dyn std::fmt::Display) -> Error {
    Error::Unavailable { retry_after_s: 5, why: format!("{option} cannot be used: {error}") }
}
