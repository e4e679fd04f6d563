//! What was said by the end of a day, out of the events.
//!
//! Table: rating_events, whose latest event of a cell before that moment is what stood there; the index
//! `rating_events_past` holds all that finding it takes. What was asked for is found the same way in requirement_events.
//! People, teams and skills are today's. What is past does not change, so it is read and counted once.

use super::super::super::as_of::AsOf;
use super::super::super::requirements::past::model::required_then;
use super::super::blocks::{Skills, blocks};
use super::super::marks::model::{DetailRow, Mark, Places, put_required};
use super::super::mode::Mode;
use crate::app::App;
use crate::db::Sql;
use crate::error::Result;
use crate::sql;
use futures_util::future::try_join_all;

/// The moment that a view of the past ends at.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The first millisecond that is too late.
    pub before_ms: i64,
    /// The day, as certificates have it.
    pub day: String,
}

impl Moment {
    pub fn of(as_of: AsOf) -> Option<Moment> {
        Some(Moment { before_ms: as_of.before_ms()?, day: as_of.day()?.to_string() })
    }
}

/// When anything was said first, in UTC milliseconds.
pub async fn first_at(app: &App) -> Result<Option<i64>> {
    let query = app.db.q(sql!("SELECT at FROM rating_events ORDER BY id LIMIT 1"));
    Ok(query.optional::<(i64,)>().await?.map(|(at,)| at))
}

/// As of a block's cells: the latest event of each before the moment. Bound are the day twice, the people, the skills, the
/// moment.
macro_rules! latest {
    ($skills:literal) => {
        sql!(concat!(
            "SELECT e.person_id, e.skill_id, e.level, e.not_applicable, e.interest,
             CASE WHEN e.valid_until < ? OR e.suspended_until >= ? THEN TRUE ELSE FALSE END AS lapsed,
             e.self_level, e.self_na, e.self_at, e.validated_level, e.validated_na, e.validated_at, e.at
             FROM (SELECT MAX(x.id) AS id FROM rating_events x
                   WHERE x.person_id IN ({list}) AND x.skill_id ",
            $skills,
            " AND x.at < ? GROUP BY x.person_id, x.skill_id) AS latest JOIN rating_events e ON e.id = latest.id"
        ))
    };
}
const PAST_BETWEEN: &Sql = latest!("BETWEEN ? AND ?");
const PAST_EACH: &Sql = latest!("IN ({list})");

pub async fn marks(app: &App, places: &Places<'_>, moment: &Moment, mode: Mode) -> Result<Vec<Mark>> {
    let rows = try_join_all(blocks(&places.people, &places.skills).into_iter().map(async |block| {
        let dated = |sql| app.db.q(sql).bind(moment.day.clone()).bind(moment.day.clone()).bind_list(block.people);
        let query = match &block.skills {
            Skills::Between(first, last) => dated(PAST_BETWEEN).bind(*first).bind(*last),
            Skills::Each(ids) => dated(PAST_EACH).bind_list(ids),
        };
        query.bind(moment.before_ms).all::<DetailRow>().await
    }));
    let mut marks = places.blank();
    for row in rows.await?.into_iter().flatten() {
        row.put(places, &mut marks, mode);
    }
    if mode == Mode::Gap {
        put_required(places, &mut marks, &required(app, places, moment).await?);
    }
    Ok(marks)
}

/// Bound are the people, the skills, the moment.
const REQUIRED_BETWEEN: &Sql = sql!(concat!(
    "SELECT q.person_id, q.skill_id, q.level FROM ",
    required_then!("AND x.person_id IN ({list}) AND x.skill_id BETWEEN ? AND ?"),
    " AS q"
));
const REQUIRED_EACH: &Sql = sql!(concat!(
    "SELECT q.person_id, q.skill_id, q.level FROM ",
    required_then!("AND x.person_id IN ({list}) AND x.skill_id IN ({list})"),
    " AS q"
));

/// Person, skill, and the level that was asked for, in hundredths.
async fn required(app: &App, places: &Places<'_>, moment: &Moment) -> Result<Vec<(i64, i64, i64)>> {
    let rows = try_join_all(blocks(&places.people, &places.skills).into_iter().map(async |block| {
        let query = match &block.skills {
            Skills::Between(first, last) => app.db.q(REQUIRED_BETWEEN).bind_list(block.people).bind(*first).bind(*last),
            Skills::Each(ids) => app.db.q(REQUIRED_EACH).bind_list(block.people).bind_list(ids),
        };
        query.bind(moment.before_ms).all().await
    }));
    Ok(rows.await?.into_iter().flatten().collect())
}
