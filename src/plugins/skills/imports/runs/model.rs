//! The state of an upload, and who runs it.

use serde::{Deserialize, Serialize};

use super::super::Preview;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::plugins::skills::IMPORT;
use crate::sql;

/// An import that has been running for longer was cut short with its process. The largest file that is taken needs a
/// fifth of that on a slow disk.
const CUT_SHORT_MS: i64 = 15 * 60_000;

/// An upload and how far it is.
#[derive(Debug)]
pub struct Import {
    pub id: i64,
    pub file_name: String,
    pub state: State,
}

#[derive(Debug, PartialEq)]
pub enum State {
    /// To be accepted; outdated when it was accepted in vain, because something changed after the preview.
    Waiting {
        is_outdated: bool,
    },
    Running,
    Done(Report),
    /// Nothing was written; this is why.
    Failed(String),
}

/// What was done.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    pub done: String,
    pub notices: Vec<String>,
    /// None where everything was as the file says.
    pub batch_id: Option<i64>,
}

impl Report {
    pub fn of(preview: &Preview) -> Report {
        Report { done: preview.summary(), notices: preview.notices.clone(), batch_id: preview.batch_id }
    }
}

/// The right to run an import: nobody else has it.
#[derive(Debug)]
pub struct Claim {
    pub id: i64,
    started_at: i64,
    /// How many ratings the preview would write.
    pub ratings: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    file_name: String,
    state: String,
    started_at: Option<i64>,
    result: Option<String>,
}

impl Row {
    fn import(self, now_ms: i64) -> Result<Import> {
        let result = self.result.unwrap_or_default();
        let state = match self.state.as_str() {
            "running" if self.started_at.is_some_and(|at| at >= now_ms - CUT_SHORT_MS) => State::Running,
            "running" => State::Failed("The import was cut short: the server stopped meanwhile.".to_owned()),
            "failed" => State::Failed(result),
            "done" => State::Done(serde_json::from_str(&result).map_err(Error::internal)?),
            _ => State::Waiting { is_outdated: result == OUTDATED },
        };
        Ok(Import { id: self.id, file_name: self.file_name, state })
    }
}

/// The result of an upload that was accepted in vain.
const OUTDATED: &str = "outdated";

/// An import of one's own; those of others are not there.
pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Import> {
    actor.require(IMPORT)?;
    let query = app
        .db
        .q(sql!("SELECT id, file_name, state, started_at, result FROM skill_imports WHERE id = ? AND person_id = ?"));
    let row: Row = query.bind(id).bind(actor.person_id).one().await?;
    row.import(app.now_ms())
}

/// Those of one's own that wait or run, the newest first.
pub async fn open(app: &App, actor: &Actor) -> Result<Vec<Import>> {
    actor.require(IMPORT)?;
    let query = app.db.q(sql!(
        "SELECT id, file_name, state, started_at, result FROM skill_imports
         WHERE person_id = ? AND state <> 'done' ORDER BY id DESC"
    ));
    let rows: Vec<Row> = query.bind(actor.person_id).all().await?;
    rows.into_iter().map(|row| row.import(app.now_ms())).collect()
}

/// Of several who accept the same upload one wins; the others are given none.
pub async fn claim(app: &App, actor: &Actor, id: i64) -> Result<Option<Claim>> {
    actor.require(IMPORT)?;
    let query = app.db.q(sql!("SELECT ratings FROM skill_imports WHERE id = ? AND person_id = ?"));
    let (ratings,): (i64,) = query.bind(id).bind(actor.person_id).one().await?;
    let now_ms = app.now_ms();
    let query = app.db.q(sql!(
        "UPDATE skill_imports SET state = 'running', started_at = ?, result = NULL
         WHERE id = ? AND (state IN ('waiting', 'failed') OR (state = 'running' AND started_at < ?))"
    ));
    let claimed = query.bind(now_ms).bind(id).bind(now_ms - CUT_SHORT_MS).execute().await? == 1;
    Ok(claimed.then_some(Claim { id, started_at: now_ms, ratings }))
}

/// Ends an import together with what it wrote. The file itself is of no more use.
///
/// # Errors
/// Conflict when it took so long that somebody else has started it again.
pub async fn finish(tx: &mut Tx, claim: &Claim, report: &Report) -> Result<()> {
    let result = serde_json::to_string(report).map_err(Error::internal)?;
    let query = tx.q(sql!(
        "UPDATE skill_imports SET state = 'done', result = ?, content = ? WHERE id = ? AND state = 'running' AND started_at = ?"
    ));
    let query = query.bind(result).bind(Vec::<u8>::new()).bind(claim.id).bind(claim.started_at);
    if query.execute().await? == 1 { Ok(()) } else { Err(Error::Conflict("This import was started again.".to_owned())) }
}

/// Lets the upload wait again: nothing was written.
pub async fn give_back(app: &App, claim: &Claim, is_outdated: bool) -> Result<()> {
    end(app, claim, "waiting", if is_outdated { OUTDATED } else { "" }).await
}

pub async fn fail(app: &App, claim: &Claim, why: &str) -> Result<()> {
    end(app, claim, "failed", why).await
}

async fn end(app: &App, claim: &Claim, state: &str, result: &str) -> Result<()> {
    let query = app.db.q(sql!(
        "UPDATE skill_imports SET state = ?, result = ? WHERE id = ? AND state = 'running' AND started_at = ?"
    ));
    query.bind(state).bind(result).bind(claim.id).bind(claim.started_at).execute().await?;
    Ok(())
}
