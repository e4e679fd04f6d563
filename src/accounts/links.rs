//! What links that lead in without a password have in common: how they are sent, and about whom one may send them.

use super::{Actor, access};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::outbox::Outbox;

/// What it takes to send somebody a link.
#[derive(Clone, Copy)]
pub struct Links<'a> {
    pub db: &'a Db,
    pub outbox: &'a Outbox,
    /// Where people reach the portal, without a slash at the end.
    pub site: &'a str,
}

/// Whoever may do less than a person must not get at that person's log-in: by a link of theirs, or by having it sent to
/// another address.
pub async fn require_rank(db: &Db, actor: &Actor, person_id: i64) -> Result<()> {
    if actor.is_administrator() || !access::holds_everything(db, person_id).await? {
        return Ok(());
    }
    Err(Error::Forbidden)
}
