//! Reads the tasks that are due within a few weeks.

use super::super::model::Project;
use super::super::tasks::filter::{Filter, task_filter};
use super::super::tasks::model::{Task, TaskRow, complete, task_columns, task_tables};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::sql;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

const MOST: i64 = 500;

/// A month in whole weeks, from Monday to Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    pub first: Date,
}

impl Month {
    /// Reads `2026-12`; anything else is the month of `today`.
    pub fn read(text: &str, today: Date) -> Month {
        let day = format!("{text}-01")
            .parse::<Date>()
            .ok()
            .filter(|day| text.len() == 7 && (1970..=2200).contains(&day.year()));
        Month { first: day.unwrap_or_else(|| today.first_of_month()) }
    }

    pub fn name(self) -> String {
        self.first.strftime("%Y-%m").to_string()
    }

    pub fn title(self) -> String {
        self.first.strftime("%B %Y").to_string()
    }

    pub fn step(self, months: i64) -> Month {
        Month { first: self.first.checked_add(months.months()).unwrap_or(self.first) }
    }

    /// The days that are shown, in weeks.
    pub fn weeks(self) -> Vec<Vec<Date>> {
        let back = i64::from(self.first.weekday().since(Weekday::Monday));
        let mut day = self.first.checked_sub(back.days()).unwrap_or(self.first);
        let last = self.first.last_of_month();
        let mut weeks = Vec::new();
        while day <= last {
            let week: Vec<Date> = (0..7).filter_map(|ahead: i64| day.checked_add(ahead.days()).ok()).collect();
            day = day.checked_add(7.days()).unwrap_or(Date::MAX);
            weeks.push(week);
        }
        weeks
    }
}

/// The tasks that are due on the days of a month's weeks, also those that are done.
pub async fn list(
    app: &App,
    actor: &Actor,
    project: &Project,
    filter: &Filter,
    month: Month,
    today: Date,
) -> Result<Vec<Task>> {
    let weeks = month.weeks();
    let (first, last) = (weeks[0][0], weeks[weeks.len() - 1][6]);
    let query = app.db.q(sql!(concat!(
        "SELECT ",
        task_columns!(),
        " FROM ",
        task_tables!(),
        " WHERE t.project_id = ? AND t.due_on >= ? AND t.due_on <= ? AND ",
        task_filter!(),
        " ORDER BY t.due_on, t.priority DESC, t.number LIMIT ?"
    )));
    let query = query.bind(project.id).bind(first.to_string()).bind(last.to_string());
    let query = filter.bind(query, actor.person_id.unwrap_or(0), today);
    let rows: Vec<TaskRow> = query.bind(MOST).all().await?;
    Ok(complete(app, rows).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_month_is_shown_in_whole_weeks() {
        let month = Month::read("2026-11", "2026-01-15".parse().unwrap());
        let weeks = month.weeks();
        assert_eq!(
            (weeks.len(), weeks[0][0].to_string(), weeks[5][6].to_string()),
            (6, "2026-10-26".into(), "2026-12-06".into())
        );
        assert_eq!((month.step(2).name(), month.step(-1).title()), ("2027-01".into(), "October 2026".into()));
        for odd in ["", "2026", "2026-13", "2026-1", "x"] {
            assert_eq!(Month::read(odd, "2026-01-15".parse().unwrap()).name(), "2026-01", "{odd}");
        }
    }

    proptest! {
        #[test]
        fn each_day_of_a_month_is_shown_once(months in 0i64..2400) {
            let month = Month { first: "1990-01-01".parse().unwrap() }.step(months);
            let days: Vec<Date> = month.weeks().concat();
            prop_assert!(days.windows(2).all(|pair| pair[0].tomorrow().unwrap() == pair[1]));
            prop_assert!(days[0] <= month.first && *days.last().unwrap() >= month.first.last_of_month());
            prop_assert!(days.len().is_multiple_of(7) && days.len() <= 42);
        }
    }
}
