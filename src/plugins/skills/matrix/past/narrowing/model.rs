//! The parts of a filter that ask for levels and gaps, of a day that is past.
//!
//! Tables: rating_events, requirement_events. Each answers with the ids of people, or of skills.

use super::super::super::super::requirements::past::model::required_then;
use super::super::super::filter::LevelRule;
use super::super::model::Moment;
use crate::app::App;
use crate::db::Sql;
use crate::error::Result;
use crate::sql;

/// People, or skills, with a level. Bound are the ids that narrow it, the moment, the lowest and the highest level.
macro_rules! level_then {
    ($column:literal, $narrowed:literal) => {
        sql!(concat!(
            "SELECT DISTINCT e.",
            $column,
            " FROM (SELECT MAX(x.id) AS id FROM rating_events x WHERE x.",
            $narrowed,
            " IN ({ids}) AND x.at < ? GROUP BY x.person_id, x.skill_id) AS latest JOIN rating_events e ON e.id = latest.id
             WHERE e.level >= ? AND e.level <= ?"
        ))
    };
}

/// People, or skills, with a gap. Bound are the ids and the moment, of what was asked for and of what was said, and the day,
/// twice.
macro_rules! gap_then {
    ($column:literal, $asked:literal, $said:literal) => {
        sql!(concat!(
            "SELECT DISTINCT q.",
            $column,
            " FROM ",
            required_then!($asked),
            " AS q LEFT JOIN (SELECT x.person_id, x.skill_id, MAX(x.id) AS id FROM rating_events x WHERE ",
            $said,
            " AND x.at < ? GROUP BY x.person_id, x.skill_id) AS latest ON latest.person_id = q.person_id AND latest.skill_id = q.skill_id
             LEFT JOIN rating_events e ON e.id = latest.id
             WHERE (e.level IS NULL OR e.level < q.level OR e.valid_until < ? OR e.suspended_until >= ?)
             AND COALESCE(e.not_applicable, FALSE) = FALSE"
        ))
    };
}

type Ids = Vec<(i64,)>;

pub async fn people_at(app: &App, rule: LevelRule, skills: &[i64], moment: &Moment) -> Result<Ids> {
    at(app, level_then!("person_id", "skill_id"), rule, skills, moment).await
}

pub async fn skills_at(app: &App, rule: LevelRule, people: &[i64], moment: &Moment) -> Result<Ids> {
    at(app, level_then!("skill_id", "person_id"), rule, people, moment).await
}

async fn at(app: &App, sql: &'static Sql, rule: LevelRule, ids: &[i64], moment: &Moment) -> Result<Ids> {
    let (lowest, highest) = rule.bounds();
    Ok(app.db.q(sql).bind_ids(ids).bind(moment.before_ms).bind(lowest).bind(highest).all().await?)
}

pub async fn people_with_gaps(app: &App, skills: &[i64], moment: &Moment) -> Result<Ids> {
    let sql = gap_then!("person_id", "AND x.skill_id IN ({ids})", "x.skill_id IN ({ids})");
    with_gaps(app, sql, skills, moment).await
}

pub async fn skills_with_gaps(app: &App, people: &[i64], moment: &Moment) -> Result<Ids> {
    let sql = gap_then!("skill_id", "AND x.person_id IN ({ids})", "x.person_id IN ({ids})");
    with_gaps(app, sql, people, moment).await
}

async fn with_gaps(app: &App, sql: &'static Sql, ids: &[i64], moment: &Moment) -> Result<Ids> {
    let query = app.db.q(sql).bind_ids(ids).bind(moment.before_ms).bind_ids(ids).bind(moment.before_ms);
    Ok(query.bind(moment.day.clone()).bind(moment.day.clone()).all().await?)
}
