//! An administrator acts against a rule, or against what somebody asked for: with a reason, which the log keeps, and for
//! that one action.

use super::Actor;
use crate::db::Tx;
use crate::error::{Checks, Result};
use crate::events;

pub const MAX_REASON_CHARS: usize = 500;
/// Shorter ones say nothing to whoever reads the log.
const MIN_REASON_CHARS: usize = 10;

/// Refuses what is no reason; the field of the form is `reason`.
pub fn check_reason(reason: &str) -> Result<()> {
    let chars = reason.trim().chars().count();
    let mut checks = Checks::default();
    checks.that(chars >= MIN_REASON_CHARS, "reason", "Say why, in a few words: the reason is kept in the log.");
    checks.that(chars <= MAX_REASON_CHARS, "reason", "At most 500 characters fit here.");
    checks.done()
}

/// Writes down, inside of the transaction of the action, which rule was set aside and why.
pub async fn record(tx: &mut Tx, actor: &Actor, now_ms: i64, rule: &str, subject: &str, reason: &str) -> Result<()> {
    actor.require_administrator()?;
    check_reason(reason)?;
    let detail = serde_json::json!({ "rule": rule, "reason": reason.trim() });
    Ok(events::record(tx, actor, now_ms, "accounts.overridden", subject, &detail).await?)
}
