//! Reads the tasks that lie within a stretch of days.

use super::super::model::Project;
use super::super::tasks::filter::{Filter, task_filter};
use super::super::tasks::model::{Task, TaskRow, complete, task_columns, task_tables};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::sql;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

pub const DAYS: i64 = 8 * 7;
const MOST: i64 = 200;

/// Eight weeks from a Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub first: Date,
}

impl Stretch {
    /// Reads a day; anything else begins one week before today.
    pub fn read(text: &str, today: Date) -> Stretch {
        let day = text.parse::<Date>().ok().filter(|day| text.len() == 10 && (1970..=2200).contains(&day.year()));
        let day = day.unwrap_or_else(|| today.checked_sub(7.days()).unwrap_or(today));
        let back = i64::from(day.weekday().since(Weekday::Monday));
        Stretch { first: day.checked_sub(back.days()).unwrap_or(day) }
    }

    pub fn last(self) -> Date {
        self.first.checked_add((DAYS - 1).days()).unwrap_or(self.first)
    }

    pub fn step(self, weeks: i64) -> Stretch {
        Stretch { first: self.first.checked_add((weeks * 7).days()).unwrap_or(self.first) }
    }
}

/// Those of whose days at least one lies within the stretch. A task with one day lasts that day.
pub async fn list(
    app: &App,
    actor: &Actor,
    project: &Project,
    filter: &Filter,
    stretch: Stretch,
    today: Date,
) -> Result<Vec<Task>> {
    let query = app.db.q(sql!(concat!(
        "SELECT ",
        task_columns!(),
        " FROM ",
        task_tables!(),
        " WHERE t.project_id = ? AND COALESCE(t.due_on, t.starts_on) >= ? AND COALESCE(t.starts_on, t.due_on) <= ? AND ",
        task_filter!(),
        " ORDER BY COALESCE(t.starts_on, t.due_on), t.number LIMIT ?"
    )));
    let query = query.bind(project.id).bind(stretch.first.to_string()).bind(stretch.last().to_string());
    let query = filter.bind(query, actor.person_id.unwrap_or(0), today);
    let rows: Vec<TaskRow> = query.bind(MOST).all().await?;
    Ok(complete(app, rows).await?)
}
