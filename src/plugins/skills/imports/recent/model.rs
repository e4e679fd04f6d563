//! Reads the batches of imports: who, when, which file, what it did, and whether it was taken back.

use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::plugins::skills::IMPORT;
use crate::plugins::skills::batches::traces::model::Traces;
use crate::sql;

/// How many are shown.
const SHOWN: i64 = 20;

#[derive(Debug)]
pub struct Recent {
    pub batch_id: i64,
    /// None for the command line.
    pub person: Option<String>,
    pub file_name: String,
    /// `3 people new; 2 unchanged`; empty for what was imported before this was written down.
    pub done: String,
    /// In UTC milliseconds.
    pub at: i64,
    pub undone_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    person: Option<String>,
    title: String,
    detail: String,
    at: i64,
    undone_at: Option<i64>,
}

/// The newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Recent>> {
    actor.require(IMPORT)?;
    let query = app.db.q(sql!(
        "SELECT b.id, p.name AS person, b.title, b.detail, b.at, b.undone_at
         FROM rating_batches b LEFT JOIN people p ON p.id = b.person_id
         WHERE b.kind = 'import' ORDER BY b.id DESC LIMIT ?"
    ));
    let rows: Vec<Row> = query.bind(SHOWN).all().await?;
    let recent = |row: Row| Recent {
        batch_id: row.id,
        person: row.person,
        file_name: row.title,
        done: Traces::read(&row.detail).done,
        at: row.at,
        undone_at: row.undone_at,
    };
    Ok(rows.into_iter().map(recent).collect())
}

/// Whether an import still stands.
pub async fn stands(app: &App, actor: &Actor, batch_id: i64) -> Result<bool> {
    actor.require(IMPORT)?;
    let query = app.db.q(sql!("SELECT COUNT(*) FROM rating_batches WHERE id = ? AND undone_at IS NULL"));
    Ok(query.bind(batch_id).one::<(i64,)>().await?.0 == 1)
}
