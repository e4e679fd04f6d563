//! Reads a page of tasks. Each order is a statement of its own, so that an index serves it.

use super::super::super::model::Project;
use super::super::filter::{Filter, Sort, Stage, task_filter};
use super::super::model::{Task, TaskRow, complete, task_columns, task_tables};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Sql;
use crate::error::Result;
use crate::sql;
use jiff::civil::Date;

pub const PER_PAGE: i64 = 100;
/// Beyond this many nobody counts, neither people nor the database.
pub const MOST_COUNTED: i64 = 1000;

/// A page of tasks.
#[derive(Clone, Debug)]
pub struct Listed {
    pub tasks: Vec<Task>,
    pub has_more: bool,
    /// How many there are in all, up to one more than `MOST_COUNTED`.
    pub total: i64,
}

macro_rules! listed {
    ($stage:literal, $order:literal) => {
        sql!(concat!(
            "SELECT ",
            task_columns!(),
            " FROM ",
            task_tables!(),
            " WHERE t.project_id = ? AND ",
            $stage,
            " AND ",
            task_filter!(),
            " ORDER BY ",
            $order,
            " LIMIT ? OFFSET ?"
        ))
    };
}

macro_rules! in_each_order {
    ($sort:expr, $stage:literal) => {
        match $sort {
            Sort::Newest => listed!($stage, "t.number DESC"),
            Sort::Updated => listed!($stage, "t.updated_at DESC, t.id DESC"),
            Sort::Priority => listed!($stage, "t.priority DESC, t.number DESC"),
            Sort::Due => listed!($stage, "CASE WHEN t.due_on IS NULL THEN 1 ELSE 0 END, t.due_on, t.number"),
        }
    };
}

/// The tasks of a project that the filter lets through. Who has the project in hand was let in.
pub async fn list(app: &App, actor: &Actor, project: &Project, filter: &Filter, today: Date) -> Result<Listed> {
    let me = actor.person_id.unwrap_or(0);
    let query = app.db.q(statement(filter)).bind(project.id);
    let rows = async { filter.bind(query, me, today).bind(PER_PAGE + 1).bind(filter.offset).all::<TaskRow>().await };
    let query = app.db.q(counting(filter)).bind(project.id);
    let total = async { filter.bind(query, me, today).bind(MOST_COUNTED + 1).one::<(i64,)>().await };
    let (mut rows, (total,)) = tokio::try_join!(rows, total)?;
    let has_more = rows.len() as i64 > PER_PAGE;
    rows.truncate(PER_PAGE as usize);
    Ok(Listed { tasks: complete(app, rows).await?, has_more, total })
}

fn statement(filter: &Filter) -> &'static Sql {
    match filter.stage {
        Stage::Open | Stage::Stalled => in_each_order!(filter.sort, "t.is_open = TRUE"),
        Stage::Done => in_each_order!(filter.sort, "t.is_open = FALSE"),
        Stage::All | Stage::In(_) => in_each_order!(filter.sort, "1 = 1"),
    }
}

macro_rules! counted {
    ($stage:literal) => {
        sql!(concat!(
            "SELECT COUNT(*) FROM (SELECT t.id FROM tasks t WHERE t.project_id = ? AND ",
            $stage,
            " AND ",
            task_filter!(),
            " LIMIT ?) AS counted"
        ))
    };
}

fn counting(filter: &Filter) -> &'static Sql {
    match filter.stage {
        Stage::Open | Stage::Stalled => counted!("t.is_open = TRUE"),
        Stage::Done => counted!("t.is_open = FALSE"),
        Stage::All | Stage::In(_) => counted!("1 = 1"),
    }
}
