//! Counts what was said by the end of a day, and how much of what was asked for then was met.
//!
//! Tables: rating_events, requirement_events. What is past does not change, so a window is counted once.

use super::super::super::super::requirements::past::model::required_then;
use super::super::super::super::{CATALOGUE_TOPIC, TARGETS_TOPIC};
use super::super::super::filter::View;
use super::super::super::marks::model::Places;
use super::super::super::mode::{Mode, OLD_DAYS};
use super::super::super::model::{PersonRow, SkillColumn};
use super::super::super::sums::model::{Sums, Tally};
use super::super::model::Moment;
use crate::accounts;
use crate::app::App;
use crate::error::Result;
use crate::sql;
use std::collections::HashMap;
use std::sync::Arc;

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
}

impl Counts {
    fn tally(&self, mode: Mode) -> Tally {
        match mode {
            Mode::Level | Mode::Gap => Tally::default(),
            Mode::Interest => Tally { part: self.keen, whole: self.asked },
            Mode::Validation => Tally { part: self.confirmed, whole: self.rated },
            Mode::Age => Tally { part: self.old, whole: self.rated },
        }
    }
}

/// How much was asked for, and how much of it was met.
#[derive(Clone, Copy, Debug, Default, sqlx::FromRow)]
struct Met {
    id: i64,
    part: i64,
    whole: i64,
}

impl Met {
    fn tally(&self) -> Tally {
        Tally { part: self.part, whole: self.whole }
    }
}

/// By the id of the person or of the skill.
type ById<T> = HashMap<i64, T>;

/// The counts of a window's lines and columns.
struct Counted {
    people: ById<Counts>,
    skills: ById<Counts>,
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
    let (counted, met) = match mode {
        Mode::Gap => tokio::try_join!(counted(app, moment, team_id, places), met(app, moment, team_id, places))?,
        _ => (counted(app, moment, team_id, places).await?, Arc::default()),
    };
    put_able(&counted, people, skills);
    let said = |counts: &ById<Counts>, id: &i64| counts.get(id).copied().unwrap_or_default().tally(mode);
    let met_of = |met: &ById<Met>, id: &i64| met.get(id).map_or(Tally::default(), Met::tally);
    Ok(match mode {
        Mode::Level => None,
        Mode::Gap => Some(in_order(places, |id| met_of(&met.0, id), |id| met_of(&met.1, id))),
        _ => Some(in_order(places, |id| said(&counted.people, id), |id| said(&counted.skills, id))),
    })
}

fn put_able(counted: &Counted, people: &mut [PersonRow], skills: &mut [SkillColumn]) {
    for person in people {
        let counts = counted.people.get(&person.id).copied().unwrap_or_default();
        (person.able, person.rated) = (counts.able, counts.rated);
    }
    for skill in skills {
        let counts = counted.skills.get(&skill.id).copied().unwrap_or_default();
        (skill.able, skill.rated, skill.level_sum) = (counts.able, counts.rated, counts.level_sum);
    }
}

fn in_order(places: &Places<'_>, of_person: impl Fn(&i64) -> Tally, of_skill: impl Fn(&i64) -> Tally) -> Sums {
    Sums { rows: places.people.iter().map(of_person).collect(), columns: places.skills.iter().map(of_skill).collect() }
}

fn key(what: &str, moment: &Moment, team_id: Option<i64>, places: &Places<'_>) -> String {
    let Places { people, skills, sight, .. } = places;
    format!("skills/past/{what}/{}/{}/{team_id:?}/{people:?}/{skills:?}", moment.before_ms, sight.key())
}

/// Counted once for a window: what was said then does not change, only who is there may.
async fn counted(app: &App, moment: &Moment, team_id: Option<i64>, places: &Places<'_>) -> Result<Arc<Counted>> {
    let load = async || {
        let (people, skills) =
            tokio::try_join!(of_people(app, moment, places), of_skills(app, moment, team_id, places))?;
        let by_id = |rows: Vec<Counts>| rows.into_iter().map(|counts| (counts.id, counts)).collect();
        Ok(Counted { people: by_id(people), skills: by_id(skills) })
    };
    app.cache.get_or(&[CATALOGUE_TOPIC, accounts::TOPIC], key("said", moment, team_id, places), load).await
}

/// What is counted of the latest events `e` before a moment. Bound are when a level was old, the day twice, what narrows
/// the events, and the moment.
macro_rules! counts_then {
    ($id:literal, $narrowed:literal) => {
        concat!(
            "SELECT e.",
            $id,
            " AS id, COUNT(CASE WHEN e.level > 0 AND e.lapsed = 0 THEN 1 END) AS able,
             COUNT(CASE WHEN e.lapsed = 0 THEN e.level END) AS rated,
             CAST(COALESCE(SUM(CASE WHEN e.lapsed = 0 THEN e.level END), 0) AS {i64}) AS level_sum,
             COUNT(CASE WHEN e.interest >= 2 THEN 1 END) AS keen, COUNT(e.interest) AS asked,
             COUNT(CASE WHEN e.level IS NOT NULL AND e.validated_at IS NOT NULL THEN 1 END) AS confirmed,
             COUNT(CASE WHEN e.level IS NOT NULL AND e.said_at < ? THEN 1 END) AS old
             FROM (SELECT a.person_id, a.skill_id, a.level, a.interest, a.validated_at,
                   CASE WHEN a.valid_until < ? OR a.suspended_until >= ? THEN 1 ELSE 0 END AS lapsed,
                   CASE WHEN a.validated_at IS NOT NULL AND (a.self_at IS NULL OR a.validated_at > a.self_at) THEN a.validated_at
                        ELSE COALESCE(a.self_at, a.at) END AS said_at
                   FROM (SELECT MAX(x.id) AS id FROM rating_events x
                         WHERE x.",
            $narrowed,
            " AND x.at < ? GROUP BY x.person_id, x.skill_id) AS latest
                   JOIN rating_events a ON a.id = latest.id) AS e JOIN people p ON p.id = e.person_id "
        )
    };
}

async fn of_skills(app: &App, moment: &Moment, team_id: Option<i64>, places: &Places<'_>) -> Result<Vec<Counts>> {
    let team = team_id.unwrap_or(0);
    let query = app.db.q(sql!(concat!(
        counts_then!("skill_id", "skill_id IN ({ids})"),
        "WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?)
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR e.skill_id IN ({ids})) GROUP BY e.skill_id"
    )));
    let query = query.bind(old_ms(moment)).bind(moment.day.clone()).bind(moment.day.clone());
    let query = query.bind_ids(&places.skills).bind(moment.before_ms).bind(team).bind(team);
    Ok(places.sight.bind(query).all().await?)
}

async fn of_people(app: &App, moment: &Moment, places: &Places<'_>) -> Result<Vec<Counts>> {
    let query = app.db.q(sql!(concat!(
        counts_then!("person_id", "person_id IN ({ids})"),
        "JOIN skills s ON s.id = e.skill_id
         WHERE s.active = TRUE AND (? = 1 OR p.id = ? OR p.team_id = ? OR e.skill_id IN ({ids})) GROUP BY e.person_id"
    )));
    let query = query.bind(old_ms(moment)).bind(moment.day.clone()).bind(moment.day.clone());
    Ok(places.sight.bind(query.bind_ids(&places.people).bind(moment.before_ms)).all().await?)
}

fn old_ms(moment: &Moment) -> i64 {
    moment.before_ms - OLD_DAYS * 24 * 60 * 60 * 1000
}

/// What was met of what was asked for, of the people and of the skills of a window. A change of targets may write a first
/// event of before.
async fn met(
    app: &App,
    moment: &Moment,
    team_id: Option<i64>,
    places: &Places<'_>,
) -> Result<Arc<(ById<Met>, ById<Met>)>> {
    let load = async || {
        let (people, skills) =
            tokio::try_join!(met_by_people(app, moment, places), met_in_skills(app, moment, team_id, places))?;
        let by_id = |rows: Vec<Met>| rows.into_iter().map(|met| (met.id, met)).collect();
        Ok((by_id(people), by_id(skills)))
    };
    let topics = [CATALOGUE_TOPIC, TARGETS_TOPIC, accounts::TOPIC];
    app.cache.get_or(&topics, key("met", moment, team_id, places), load).await
}

/// What was met of what was asked for. Bound are the day twice, what narrows what was asked for, the moment, what narrows
/// what was said, and the moment.
macro_rules! met_then {
    ($id:literal, $asked:literal, $said:literal) => {
        concat!(
            "SELECT q.",
            $id,
            " AS id, COUNT(*) AS whole,
             COUNT(CASE WHEN e.not_applicable = TRUE OR (e.level >= q.level AND COALESCE(e.valid_until < ?, FALSE) = FALSE
                        AND COALESCE(e.suspended_until >= ?, FALSE) = FALSE) THEN 1 END) AS part
             FROM ",
            required_then!($asked),
            " AS q JOIN people p ON p.id = q.person_id
             LEFT JOIN (SELECT x.person_id, x.skill_id, MAX(x.id) AS id FROM rating_events x WHERE ",
            $said,
            " AND x.at < ? GROUP BY x.person_id, x.skill_id) AS latest ON latest.person_id = q.person_id AND latest.skill_id = q.skill_id
             LEFT JOIN rating_events e ON e.id = latest.id "
        )
    };
}

async fn met_in_skills(app: &App, moment: &Moment, team_id: Option<i64>, places: &Places<'_>) -> Result<Vec<Met>> {
    let (team, skills) = (team_id.unwrap_or(0), &places.skills);
    let query = app.db.q(sql!(concat!(
        met_then!("skill_id", "AND x.skill_id IN ({ids})", "x.skill_id IN ({ids})"),
        "WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?)
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR q.skill_id IN ({ids})) GROUP BY q.skill_id"
    )));
    let query = query.bind(moment.day.clone()).bind(moment.day.clone());
    let query = query.bind_ids(skills).bind(moment.before_ms).bind_ids(skills).bind(moment.before_ms);
    Ok(places.sight.bind(query.bind(team).bind(team)).all().await?)
}

async fn met_by_people(app: &App, moment: &Moment, places: &Places<'_>) -> Result<Vec<Met>> {
    let people = &places.people;
    let query = app.db.q(sql!(concat!(
        met_then!("person_id", "AND x.person_id IN ({ids})", "x.person_id IN ({ids})"),
        "JOIN skills s ON s.id = q.skill_id
         WHERE s.active = TRUE AND (? = 1 OR p.id = ? OR p.team_id = ? OR q.skill_id IN ({ids})) GROUP BY q.person_id"
    )));
    let query = query.bind(moment.day.clone()).bind(moment.day.clone());
    let query = query.bind_ids(people).bind(moment.before_ms).bind_ids(people).bind(moment.before_ms);
    Ok(places.sight.bind(query).all().await?)
}
