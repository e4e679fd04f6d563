//! Counts a project's tasks over twelve weeks. What was worked out is kept for a minute, and dropped after any write.

use super::super::TOPIC;
use super::super::model::Project;
use crate::app::App;
use crate::clock::{day_of, start_of};
use crate::error::{Error, Result};
use crate::sql;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use std::sync::Arc;

pub const WEEKS: usize = 12;
const DAY_MS: i64 = 24 * 3_600_000;
const MINUTE_MS: i64 = 60_000;
const OLDEST_SHOWN: i64 = 12;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    pub monday: Date,
    pub added: i64,
    pub done: i64,
    /// In all, at its end.
    pub total_added: i64,
    pub total_done: i64,
}

/// A task that has been under way for a while.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Ageing {
    pub id: i64,
    pub number: i64,
    pub title: String,
    pub status: String,
    pub started_at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Workload {
    pub name: String,
    pub open: i64,
    pub minutes: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    pub weeks: Vec<Week>,
    /// Days from the beginning of the work to its end, of what was done in these weeks, the shortest first.
    pub cycle_days: Vec<f64>,
    pub ageing: Vec<Ageing>,
    pub workload: Vec<Workload>,
}

impl Statistics {
    /// The time within which so many of a hundred tasks were done.
    pub fn cycle_percentile(&self, percent: usize) -> Option<f64> {
        percentile(&self.cycle_days, percent)
    }
}

/// The nearest rank: a value that really occurred.
pub fn percentile(sorted: &[f64], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// Who has the project in hand was let in; the numbers are the same for all who were.
pub async fn statistics(app: &App, project: &Project) -> Result<Arc<Statistics>> {
    let key = format!("projects/statistics/{}/{}", project.id, app.now_ms() / MINUTE_MS);
    app.cache.get_or(&[TOPIC], key, async || count(app, project.id).await).await
}

async fn count(app: &App, project_id: i64) -> Result<Statistics> {
    let first = first_monday(day_of(app.now_ms()));
    let since = start_of(first);
    let query = app.db.q(sql!("SELECT created_at FROM tasks WHERE project_id = ? AND created_at >= ?"));
    let added = async { query.bind(project_id).bind(since).all::<(i64,)>().await };
    let query = app.db.q(sql!("SELECT closed_at, started_at FROM tasks WHERE project_id = ? AND closed_at >= ?"));
    let done = async { query.bind(project_id).bind(since).all::<(i64, Option<i64>)>().await };
    let query = app.db.q(sql!(
        "SELECT COUNT(CASE WHEN created_at < ? THEN 1 END), COUNT(CASE WHEN closed_at < ? THEN 1 END) FROM tasks WHERE project_id = ?"
    ));
    let before = async { query.bind(since).bind(since).bind(project_id).one::<(i64, i64)>().await };
    let (added, done, before) = tokio::try_join!(added, done, before)?;
    let added: Vec<i64> = added.into_iter().map(|(at,)| at).collect();
    let mut cycle_days: Vec<f64> =
        done.iter().filter_map(|(end, start)| Some((end - (*start)?) as f64 / DAY_MS as f64)).collect();
    cycle_days.sort_by(f64::total_cmp);
    let done: Vec<i64> = done.into_iter().map(|(at, _)| at).collect();
    Ok(Statistics {
        weeks: weeks(first, &added, &done, before),
        cycle_days,
        ageing: ageing(app, project_id).await?,
        workload: workload(app, project_id).await?,
    })
}

fn first_monday(today: Date) -> Date {
    let back = i64::from(today.weekday().since(Weekday::Monday)) + 7 * (WEEKS as i64 - 1);
    today.checked_sub(back.days()).unwrap_or(today)
}

fn weeks(first: Date, added: &[i64], done: &[i64], before: (i64, i64)) -> Vec<Week> {
    let since = start_of(first);
    let mut weeks: Vec<Week> = (0..WEEKS as i64)
        .map(|week| {
            let monday = first.checked_add((7 * week).days()).unwrap_or(first);
            Week { monday, added: 0, done: 0, total_added: 0, total_done: 0 }
        })
        .collect();
    let place = |at: i64| usize::try_from((at - since) / (7 * DAY_MS)).unwrap_or(0).min(WEEKS - 1);
    added.iter().for_each(|at| weeks[place(*at)].added += 1);
    done.iter().for_each(|at| weeks[place(*at)].done += 1);
    let (mut total_added, mut total_done) = before;
    for week in &mut weeks {
        total_added += week.added;
        total_done += week.done;
        (week.total_added, week.total_done) = (total_added, total_done);
    }
    weeks
}

async fn ageing(app: &App, project_id: i64) -> Result<Vec<Ageing>> {
    let query = app.db.q(sql!(
        "SELECT t.id, t.number, t.title, s.name AS status, t.started_at FROM tasks t JOIN project_statuses s ON s.id = t.status_id
         WHERE t.project_id = ? AND t.is_open = TRUE AND s.kind = 'doing' AND t.started_at IS NOT NULL
         ORDER BY t.started_at, t.id LIMIT ?"
    ));
    Ok(query.bind(project_id).bind(OLDEST_SHOWN).all().await?)
}

async fn workload(app: &App, project_id: i64) -> Result<Vec<Workload>, Error> {
    let query = app.db.q(sql!(
        "SELECT p.name, COUNT(*) AS open, CAST(COALESCE(SUM(t.estimate_min), 0) AS {i64}) AS minutes FROM tasks t
         JOIN task_assignees a ON a.task_id = t.id JOIN people p ON p.id = a.person_id
         WHERE t.project_id = ? AND t.is_open = TRUE GROUP BY p.id, p.name, p.name_key ORDER BY COUNT(*) DESC, p.name_key, p.id"
    ));
    Ok(query.bind(project_id).all().await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        assert_eq!(percentile(&[], 50), None);
        assert_eq!(percentile(&[4.0], 85), Some(4.0));
        assert_eq!(percentile(&[1.0, 2.0, 3.0, 4.0], 50), Some(2.0));
        assert_eq!(percentile(&[1.0, 2.0, 3.0, 4.0], 85), Some(4.0));
    }

    proptest! {
        #[test]
        fn the_last_week_ends_with_all_there_are(added in proptest::collection::vec(0i64..84, 0..40), done in proptest::collection::vec(0i64..84, 0..40)) {
            let first: Date = "2026-09-07".parse().unwrap();
            let at = |days: &[i64]| days.iter().map(|day| start_of(first) + day * DAY_MS).collect::<Vec<i64>>();
            let weeks = weeks(first, &at(&added), &at(&done), (5, 2));
            prop_assert_eq!(weeks.len(), WEEKS);
            prop_assert_eq!((weeks[11].total_added, weeks[11].total_done), (5 + added.len() as i64, 2 + done.len() as i64));
            prop_assert!(weeks.windows(2).all(|pair| pair[0].total_added <= pair[1].total_added));
        }
    }
}
