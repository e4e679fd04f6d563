//! Reads tasks over all projects that the actor sees. Archived projects stay away.

use super::super::super::READ;
use super::super::super::model::bind_scope;
use super::super::filter::{Assigned, Filter, Sort, task_filter};
use super::super::model::{Task, TaskRow, complete, task_columns, task_tables};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::sql;
use jiff::civil::Date;

/// More than these nobody has in mind at once; the filter finds the others.
pub const SHOWN: i64 = 300;

pub struct Work {
    pub tasks: Vec<Task>,
    pub has_more: bool,
}

macro_rules! over_all_projects {
    ($order:literal) => {
        sql!(concat!(
            "SELECT ",
            task_columns!(),
            " FROM ",
            task_tables!(),
            " WHERE t.is_open = TRUE AND p.archived_at IS NULL
             AND (? = 1 OR EXISTS (SELECT 1 FROM project_members m WHERE m.project_id = t.project_id AND m.person_id = ?)) AND ",
            task_filter!(),
            " ORDER BY ",
            $order,
            " LIMIT ?"
        ))
    };
}

/// The open tasks that the filter lets through; those with a due day first, unless it says otherwise.
pub async fn list(app: &App, actor: &Actor, filter: &Filter, today: Date) -> Result<Work> {
    actor.require(READ)?;
    let me = actor.person_id.unwrap_or(0);
    let statement = match filter.sort {
        Sort::Updated => over_all_projects!("t.updated_at DESC, t.id DESC"),
        Sort::Priority => over_all_projects!("t.priority DESC, t.id DESC"),
        Sort::Newest => over_all_projects!("t.id DESC"),
        Sort::Due => {
            over_all_projects!("CASE WHEN t.due_on IS NULL THEN 1 ELSE 0 END, t.due_on, t.priority DESC, t.id")
        }
    };
    let query = filter.bind(bind_scope(app.db.q(statement), actor), me, today);
    let mut rows: Vec<TaskRow> = query.bind(SHOWN + 1).all().await?;
    let has_more = rows.len() as i64 > SHOWN;
    rows.truncate(SHOWN as usize);
    Ok(Work { tasks: complete(app, rows).await?, has_more })
}

/// How many open tasks somebody has, how many of them are overdue, and those that are due next.
pub struct Ahead {
    pub open: i64,
    pub overdue: i64,
    pub next: Vec<Task>,
}

pub async fn ahead(app: &App, actor: &Actor, today: Date) -> Result<Ahead> {
    actor.require(READ)?;
    let me = actor.person_id.unwrap_or(0);
    let query = app.db.q(sql!(
        "SELECT COUNT(*), COUNT(CASE WHEN t.due_on < ? THEN 1 END) FROM task_assignees a JOIN tasks t ON t.id = a.task_id
         JOIN projects p ON p.id = t.project_id JOIN project_members m ON m.project_id = p.id AND m.person_id = a.person_id
         WHERE a.person_id = ? AND t.is_open = TRUE AND p.archived_at IS NULL"
    ));
    let (open, overdue) = query.bind(today.to_string()).bind(me).one::<(i64, i64)>().await?;
    let filter = Filter { assigned: Assigned::Me, sort: Sort::Due, ..Filter::default() };
    let mut next = list(app, actor, &filter, today).await?.tasks;
    next.truncate(5);
    Ok(Ahead { open, overdue, next })
}
