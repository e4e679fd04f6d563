//! Reads columns of the board, a piece at a time: further cards come as one scrolls.

use super::super::model::Project;
use super::super::statuses::model::Status;
use super::super::tasks::filter::{Filter, task_filter};
use super::super::tasks::model::{Task, TaskRow, complete, task_columns, task_tables};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::sql;
use jiff::civil::Date;

/// How many cards a column shows at first, and how many come with each step.
pub const AT_ONCE: i64 = 25;

/// A card, after which further ones are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    pub position: i64,
    pub id: i64,
}

impl After {
    pub const NOTHING: After = After { position: i64::MIN, id: 0 };
}

#[derive(Clone, Debug)]
pub struct Column {
    pub status: Status,
    pub tasks: Vec<Task>,
    pub has_more: bool,
}

/// Every column with its first cards.
pub async fn board(
    app: &App,
    actor: &Actor,
    statuses: Vec<Status>,
    filter: &Filter,
    today: Date,
) -> Result<Vec<Column>> {
    let columns = statuses.into_iter().map(|status| column(app, actor, status, filter, After::NOTHING, today));
    futures_util::future::try_join_all(columns).await
}

/// Cards of a column after the given one. Who has the status in hand was let in.
pub async fn column(
    app: &App,
    actor: &Actor,
    status: Status,
    filter: &Filter,
    after: After,
    today: Date,
) -> Result<Column> {
    let query = app.db.q(sql!(concat!(
        "SELECT ",
        task_columns!(),
        " FROM ",
        task_tables!(),
        " WHERE t.status_id = ? AND t.position >= ? AND (t.position > ? OR t.id > ?) AND ",
        task_filter!(),
        " ORDER BY t.position, t.id LIMIT ?"
    )));
    let query = query.bind(status.id).bind(after.position).bind(after.position).bind(after.id);
    let query = filter.bind(query, actor.person_id.unwrap_or(0), today);
    let mut rows: Vec<TaskRow> = query.bind(AT_ONCE + 1).all().await?;
    let has_more = rows.len() as i64 > AT_ONCE;
    rows.truncate(AT_ONCE as usize);
    Ok(Column { status, tasks: complete(app, rows).await?, has_more })
}

/// Whether the filter of a board shows this task.
pub async fn shows(
    app: &App,
    actor: &Actor,
    project: &Project,
    filter: &Filter,
    task_id: i64,
    today: Date,
) -> Result<bool> {
    let query = app
        .db
        .q(sql!(concat!("SELECT COUNT(*) FROM tasks t WHERE t.id = ? AND t.project_id = ? AND ", task_filter!())));
    let query = filter.bind(query.bind(task_id).bind(project.id), actor.person_id.unwrap_or(0), today);
    let (found,) = query.one::<(i64,)>().await?;
    Ok(found > 0)
}
