//! Reads cards of all projects that the actor sees, by the kind of their status.

use super::super::READ;
use super::super::model::bind_scope;
use super::super::statuses::model::Kind;
use super::super::tasks::filter::{Filter, task_filter};
use super::super::tasks::model::{Task, TaskRow, complete, task_columns, task_tables};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::sql;
use jiff::civil::Date;

/// How many cards a column shows. The filter finds the others.
pub const SHOWN: i64 = 60;
/// What was done longer ago is history.
const DONE_SHOWN_MS: i64 = 14 * 24 * 3_600_000;

pub struct Column {
    pub kind: Kind,
    pub tasks: Vec<Task>,
    pub has_more: bool,
}

pub async fn board(app: &App, actor: &Actor, filter: &Filter, today: Date) -> Result<Vec<Column>> {
    actor.require(READ)?;
    let columns = Kind::ALL.into_iter().map(|kind| column(app, actor, kind, filter, today));
    futures_util::future::try_join_all(columns).await
}

/// The urgent ones first, then those that are due first.
async fn column(app: &App, actor: &Actor, kind: Kind, filter: &Filter, today: Date) -> Result<Column> {
    let query = app.db.q(sql!(concat!(
        "SELECT ",
        task_columns!(),
        " FROM ",
        task_tables!(),
        " WHERE s.kind = ? AND t.is_open = ? AND (t.closed_at IS NULL OR t.closed_at > ?) AND p.archived_at IS NULL
         AND (? = 1 OR EXISTS (SELECT 1 FROM project_members m WHERE m.project_id = t.project_id AND m.person_id = ?)) AND ",
        task_filter!(),
        " ORDER BY t.priority DESC, CASE WHEN t.due_on IS NULL THEN 1 ELSE 0 END, t.due_on, t.id LIMIT ?"
    )));
    let query = query.bind(kind.name()).bind(kind != Kind::Done).bind(app.now_ms() - DONE_SHOWN_MS);
    let query = filter.bind(bind_scope(query, actor), actor.person_id.unwrap_or(0), today);
    let mut rows: Vec<TaskRow> = query.bind(SHOWN + 1).all().await?;
    let has_more = rows.len() as i64 > SHOWN;
    rows.truncate(SHOWN as usize);
    Ok(Column { kind, tasks: complete(app, rows).await?, has_more })
}
