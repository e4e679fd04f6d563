//! What was said by the end of a day, out of the events.
//!
//! Table: rating_events, whose latest event of a cell before that moment is what stood there; the index
//! `rating_events_past` holds all that finding it takes. People, teams, skills and what is asked for are today's: only
//! what was said has a history. What is past does not change, so it is read and counted once.

use super::super::super::as_of::AsOf;
use super::super::super::{CATALOGUE_TOPIC, TARGETS_TOPIC};
use super::super::blocks::{Skills, blocks};
use super::super::filter::View;
use super::super::marks::model::{DetailRow, Mark, Places, put_required, required};
use super::super::mode::{Mode, OLD_DAYS};
use super::super::model::{PersonRow, SkillColumn};
use super::super::sums::model::{Sums, Tally, asked};
use crate::accounts;
use crate::app::App;
use crate::db::Sql;
use crate::error::Result;
use crate::sql;
use futures_util::future::try_join_all;
use std::collections::HashMap;
use std::sync::Arc;

/// The moment that a view of the past ends at.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The first millisecond that is too late.
    pub before_ms: i64,
    /// The day, as certificates have it.
    day: String,
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
        put_required(places, &mut marks, &required(app, places).await?);
    }
    Ok(marks)
}

/// What is counted of the levels of a person or of a skill.
#[derive(Clone, Copy, Debug, Default, sqlx::FromRow)]
struct Counts {
    id: i64,
    able: i64,
    rated: i64,
    level_sum: i64,
    keen: i64,
    asked: i64,
    confirmed: i64,
    old: i64,
    /// At what is asked for today, or beyond.
    met: i64,
}

/// The counts of a window's lines and columns.
struct Counted {
    people: HashMap<i64, Counts>,
    skills: HashMap<i64, Counts>,
}

/// Puts what was able and rated then in place of today's, and gives the sums of the other modes.
pub async fn sums(
    app: &App,
    moment: &Moment,
    view: &View,
    (people, skills): (&mut [PersonRow], &mut [SkillColumn]),
    places: &Places<'_>,
) -> Result<Option<Sums>> {
    let (mode, team_id) = (view.mode, view.filter.team_id);
    let counted = counted(app, moment, team_id, places).await?;
    for person in people.iter_mut() {
        let counts = counted.people.get(&person.id).copied().unwrap_or_default();
        (person.able, person.rated) = (counts.able, counts.rated);
    }
    for skill in skills.iter_mut() {
        let counts = counted.skills.get(&skill.id).copied().unwrap_or_default();
        (skill.able, skill.rated, skill.level_sum) = (counts.able, counts.rated, counts.level_sum);
    }
    if mode == Mode::Level {
        return Ok(None);
    }
    let asked = asked(app, team_id, places.sight).await?;
    let tally = |counts: &HashMap<i64, Counts>, wholes: &HashMap<i64, i64>, id: &i64| {
        let counts = counts.get(id).copied().unwrap_or_default();
        match mode {
            Mode::Level => Tally::default(),
            Mode::Interest => Tally { part: counts.keen, whole: counts.asked },
            Mode::Gap => Tally { part: counts.met, whole: wholes.get(id).copied().unwrap_or(0) },
            Mode::Validation => Tally { part: counts.confirmed, whole: counts.rated },
            Mode::Age => Tally { part: counts.old, whole: counts.rated },
        }
    };
    let rows = places.people.iter().map(|id| tally(&counted.people, &asked.by_person, id)).collect();
    let columns = places.skills.iter().map(|id| tally(&counted.skills, &asked.by_skill, id)).collect();
    Ok(Some(Sums { rows, columns }))
}

/// Counted once for a window: what was said then does not change, only who is there may.
async fn counted(app: &App, moment: &Moment, team_id: Option<i64>, places: &Places<'_>) -> Result<Arc<Counted>> {
    let Places { people, skills, sight, .. } = places;
    let key = format!("skills/past/{}/{}/{team_id:?}/{people:?}/{skills:?}", moment.before_ms, sight.key());
    let topics = [CATALOGUE_TOPIC, TARGETS_TOPIC, accounts::TOPIC];
    app.cache
        .get_or(&topics, key, async || {
            let (people, skills) =
                tokio::try_join!(of_people(app, moment, places), of_skills(app, moment, team_id, places))?;
            let by_id = |rows: Vec<Counts>| rows.into_iter().map(|counts| (counts.id, counts)).collect();
            Ok(Counted { people: by_id(people), skills: by_id(skills) })
        })
        .await
}

async fn of_skills(app: &App, moment: &Moment, team_id: Option<i64>, places: &Places<'_>) -> Result<Vec<Counts>> {
    let old_ms = moment.before_ms - OLD_DAYS * 24 * 60 * 60 * 1000;
    let (day, team) = (&moment.day, team_id.unwrap_or(0));
    let query = app.db.q(sql!(
        "SELECT e.skill_id AS id, COUNT(CASE WHEN e.level > 0 AND e.lapsed = 0 THEN 1 END) AS able,
         COUNT(CASE WHEN e.lapsed = 0 THEN e.level END) AS rated,
         CAST(COALESCE(SUM(CASE WHEN e.lapsed = 0 THEN e.level END), 0) AS {i64}) AS level_sum,
         COUNT(CASE WHEN e.interest >= 2 THEN 1 END) AS keen, COUNT(e.interest) AS asked,
         COUNT(CASE WHEN e.level IS NOT NULL AND e.validated_at IS NOT NULL THEN 1 END) AS confirmed,
         COUNT(CASE WHEN e.level IS NOT NULL AND e.said_at < ? THEN 1 END) AS old,
         COUNT(CASE WHEN q.level <= e.level AND e.lapsed = 0 OR q.level IS NOT NULL AND e.not_applicable = TRUE THEN 1 END) AS met
         FROM (SELECT a.person_id, a.skill_id, a.level, a.not_applicable, a.interest, a.validated_at,
               CASE WHEN a.valid_until < ? OR a.suspended_until >= ? THEN 1 ELSE 0 END AS lapsed,
               CASE WHEN a.validated_at IS NOT NULL AND (a.self_at IS NULL OR a.validated_at > a.self_at) THEN a.validated_at
                    ELSE COALESCE(a.self_at, a.at) END AS said_at
               FROM (SELECT MAX(x.id) AS id FROM rating_events x
                     WHERE x.skill_id IN ({ids}) AND x.at < ? GROUP BY x.person_id, x.skill_id) AS latest
               JOIN rating_events a ON a.id = latest.id) AS e
         JOIN people p ON p.id = e.person_id LEFT JOIN requirements q ON q.person_id = e.person_id AND q.skill_id = e.skill_id
         WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?)
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR e.skill_id IN ({ids})) GROUP BY e.skill_id"
    ));
    let query = query.bind(old_ms).bind(day.clone()).bind(day.clone()).bind_ids(&places.skills).bind(moment.before_ms);
    Ok(places.sight.bind(query.bind(team).bind(team)).all().await?)
}

async fn of_people(app: &App, moment: &Moment, places: &Places<'_>) -> Result<Vec<Counts>> {
    let old_ms = moment.before_ms - OLD_DAYS * 24 * 60 * 60 * 1000;
    let day = &moment.day;
    let query = app.db.q(sql!(
        "SELECT e.person_id AS id, COUNT(CASE WHEN e.level > 0 AND e.lapsed = 0 THEN 1 END) AS able,
         COUNT(CASE WHEN e.lapsed = 0 THEN e.level END) AS rated,
         CAST(COALESCE(SUM(CASE WHEN e.lapsed = 0 THEN e.level END), 0) AS {i64}) AS level_sum,
         COUNT(CASE WHEN e.interest >= 2 THEN 1 END) AS keen, COUNT(e.interest) AS asked,
         COUNT(CASE WHEN e.level IS NOT NULL AND e.validated_at IS NOT NULL THEN 1 END) AS confirmed,
         COUNT(CASE WHEN e.level IS NOT NULL AND e.said_at < ? THEN 1 END) AS old,
         COUNT(CASE WHEN q.level <= e.level AND e.lapsed = 0 OR q.level IS NOT NULL AND e.not_applicable = TRUE THEN 1 END) AS met
         FROM (SELECT a.person_id, a.skill_id, a.level, a.not_applicable, a.interest, a.validated_at,
               CASE WHEN a.valid_until < ? OR a.suspended_until >= ? THEN 1 ELSE 0 END AS lapsed,
               CASE WHEN a.validated_at IS NOT NULL AND (a.self_at IS NULL OR a.validated_at > a.self_at) THEN a.validated_at
                    ELSE COALESCE(a.self_at, a.at) END AS said_at
               FROM (SELECT MAX(x.id) AS id FROM rating_events x
                     WHERE x.person_id IN ({ids}) AND x.at < ? GROUP BY x.person_id, x.skill_id) AS latest
               JOIN rating_events a ON a.id = latest.id) AS e
         JOIN people p ON p.id = e.person_id JOIN skills s ON s.id = e.skill_id
         LEFT JOIN requirements q ON q.person_id = e.person_id AND q.skill_id = e.skill_id
         WHERE s.active = TRUE AND (? = 1 OR p.id = ? OR p.team_id = ? OR e.skill_id IN ({ids})) GROUP BY e.person_id"
    ));
    let query = query.bind(old_ms).bind(day.clone()).bind(day.clone());
    Ok(places.sight.bind(query.bind_ids(&places.people).bind(moment.before_ms)).all().await?)
}
