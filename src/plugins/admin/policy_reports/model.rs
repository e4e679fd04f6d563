//! The kinds of violations, and forgetting them.

use super::super::SYSTEM;
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::policy_reports::Counted;
use crate::sql;

/// Those that came last stand first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Counted>> {
    actor.require(SYSTEM)?;
    let query = app.db.q(sql!(
        "SELECT id, directive, blocked, page, source, line, times, first_at, last_at FROM policy_reports
         ORDER BY last_at DESC, id DESC LIMIT 500"
    ));
    Ok(query.all().await?)
}

pub async fn dismiss(app: &App, actor: &Actor, id: i64) -> Result<()> {
    actor.require(SYSTEM)?;
    match app.db.q(sql!("DELETE FROM policy_reports WHERE id = ?")).bind(id).execute().await? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

pub async fn dismiss_all(app: &App, actor: &Actor) -> Result<u64> {
    actor.require(SYSTEM)?;
    Ok(app.db.q(sql!("DELETE FROM policy_reports")).execute().await?)
}
