//! The summaries of a window's rows and columns, as its mode wants them.
//!
//! Tables: ratings, requirements. The levels' own summaries are kept with every rating (`skills/summaries.rs`) and come
//! with the people and the skills; the other modes count for the lines and columns of the window alone. How much is asked
//! for changes seldom, and is counted once until then.

use super::super::super::sight::Sight;
use super::super::super::{CATALOGUE_TOPIC, TARGETS_TOPIC};
use super::super::filter::View;
use super::super::marks::model::Places;
use super::super::mode::{Mode, OLD_DAYS};
use super::super::model::{PersonRow, SkillColumn};
use crate::accounts;
use crate::app::App;
use crate::error::Result;
use crate::sql;
use std::collections::HashMap;
use std::sync::Arc;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub part: i64,
    pub whole: i64,
}

/// One for each line and each column of a window.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub rows: Vec<Tally>,
    pub columns: Vec<Tally>,
}

/// What the modes count. Bound is thrice the moment before which a level is old.
macro_rules! counted {
    () => {
        "COUNT(CASE WHEN r.interest >= 2 THEN 1 END) AS keen, COUNT(r.interest) AS asked,
         COUNT(CASE WHEN r.level IS NOT NULL AND r.validated_at IS NOT NULL THEN 1 END) AS confirmed,
         COUNT(CASE WHEN r.level IS NOT NULL AND COALESCE(r.self_at, 0) < ? AND COALESCE(r.validated_at, 0) < ?
                     AND (r.self_at IS NOT NULL OR r.validated_at IS NOT NULL OR r.updated_at < ?) THEN 1 END) AS old,
         COUNT(r.level) AS rated"
    };
}

/// What is counted of the ratings of a person or of a skill.
#[derive(sqlx::FromRow)]
struct Counts {
    id: i64,
    keen: i64,
    asked: i64,
    confirmed: i64,
    old: i64,
    rated: i64,
}

impl Counts {
    fn tally(&self, mode: Mode) -> Tally {
        match mode {
            Mode::Interest => Tally { part: self.keen, whole: self.asked },
            Mode::Validation => Tally { part: self.confirmed, whole: self.rated },
            Mode::Age => Tally { part: self.old, whole: self.rated },
            Mode::Level | Mode::Gap => Tally::default(),
        }
    }
}

/// The sums of a window; none where people and skills bring theirs along, of which those of the filtered team, and of what
/// may be seen, are counted anew.
pub async fn read(
    app: &App,
    view: &View,
    (people, skills): (&mut [PersonRow], &mut [SkillColumn]),
    places: &Places<'_>,
) -> Result<Option<Sums>> {
    let team_id = view.filter.team_id;
    match view.mode {
        Mode::Level => {
            hide_sums(app, people, places).await?;
            if team_id.is_some() || !places.sight.is_all() {
                narrow(app, skills, team_id, places.sight).await?;
            }
            Ok(None)
        }
        Mode::Gap => Ok(Some(gaps(app, team_id, people, skills, places).await?)),
        mode => {
            let before_ms = app.now_ms() - OLD_DAYS * 24 * 60 * 60 * 1000;
            let (rows, columns) =
                tokio::try_join!(of_people(app, places, before_ms), of_skills(app, places, team_id, before_ms))?;
            let tally = |counts: Vec<Counts>, ids: &[i64]| {
                let found: HashMap<i64, Tally> = counts.iter().map(|count| (count.id, count.tally(mode))).collect();
                ids.iter().map(|id| found.get(id).copied().unwrap_or_default()).collect()
            };
            Ok(Some(Sums { rows: tally(rows, &places.people), columns: tally(columns, &places.skills) }))
        }
    }
}

/// Of people of whom only some ratings may be seen, those alone are counted.
async fn hide_sums(app: &App, people: &mut [PersonRow], places: &Places<'_>) -> Result<()> {
    let hidden = places.hidden();
    let Sight::Limited(limits) = places.sight else { return Ok(()) };
    if hidden.is_empty() {
        return Ok(());
    }
    let query = app.db.q(sql!(
        "SELECT person_id, COUNT(CASE WHEN level > 0 THEN 1 END), COUNT(level) FROM ratings
         WHERE person_id IN ({ids}) AND skill_id IN ({ids}) AND lapsed = FALSE GROUP BY person_id"
    ));
    let rows: Vec<(i64, i64, i64)> = query.bind_ids(&hidden).bind_ids(&limits.owned).all().await?;
    let seen: HashMap<i64, (i64, i64)> = rows.into_iter().map(|(id, able, rated)| (id, (able, rated))).collect();
    for person in people.iter_mut().filter(|person| hidden.contains(&person.id)) {
        (person.able, person.rated) = seen.get(&person.id).copied().unwrap_or_default();
    }
    Ok(())
}

/// Counts the columns anew: of a team, and of what may be seen.
async fn narrow(app: &App, skills: &mut [SkillColumn], team_id: Option<i64>, sight: &Sight) -> Result<()> {
    let ids: Vec<i64> = skills.iter().map(|skill| skill.id).collect();
    let query = app.db.q(sql!(
        "SELECT r.skill_id, COUNT(CASE WHEN r.level > 0 THEN 1 END), COUNT(r.level), CAST(COALESCE(SUM(r.level), 0) AS {i64})
         FROM ratings r JOIN people p ON p.id = r.person_id
         WHERE (? = 0 OR p.team_id = ?) AND p.active = TRUE AND r.lapsed = FALSE AND r.skill_id IN ({ids})
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids})) GROUP BY r.skill_id"
    ));
    let team = team_id.unwrap_or(0);
    let query = sight.bind(query.bind(team).bind(team).bind_ids(&ids));
    let rows: Vec<(i64, i64, i64, i64)> = query.all().await?;
    let by_skill: HashMap<i64, (i64, i64, i64)> = rows.into_iter().map(|(id, a, r, s)| (id, (a, r, s))).collect();
    for skill in skills {
        (skill.able, skill.rated, skill.level_sum) = by_skill.get(&skill.id).copied().unwrap_or_default();
    }
    Ok(())
}

async fn of_skills(app: &App, places: &Places<'_>, team_id: Option<i64>, before_ms: i64) -> Result<Vec<Counts>> {
    let team = team_id.unwrap_or(0);
    let query = app.db.q(sql!(concat!(
        "SELECT r.skill_id AS id, ",
        counted!(),
        " FROM ratings r JOIN people p ON p.id = r.person_id
         WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?) AND r.skill_id IN ({ids})
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids})) GROUP BY r.skill_id"
    )));
    let query = query.bind(before_ms).bind(before_ms).bind(before_ms).bind(team).bind(team);
    Ok(places.sight.bind(query.bind_ids(&places.skills)).all().await?)
}

async fn of_people(app: &App, places: &Places<'_>, before_ms: i64) -> Result<Vec<Counts>> {
    let query = app.db.q(sql!(concat!(
        "SELECT r.person_id AS id, ",
        counted!(),
        " FROM ratings r JOIN people p ON p.id = r.person_id JOIN skills s ON s.id = r.skill_id
         WHERE s.active = TRUE AND r.person_id IN ({ids})
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids})) GROUP BY r.person_id"
    )));
    let query = query.bind(before_ms).bind(before_ms).bind(before_ms);
    Ok(places.sight.bind(query.bind_ids(&places.people)).all().await?)
}

/// How often each person and each skill is asked for something.
struct Asked {
    by_person: HashMap<i64, i64>,
    by_skill: HashMap<i64, i64>,
}

/// Gaps by person or by skill.
type Gaps = HashMap<i64, i64>;

async fn gaps(
    app: &App,
    team_id: Option<i64>,
    people: &[PersonRow],
    skills: &[SkillColumn],
    places: &Places<'_>,
) -> Result<Sums> {
    let (asked, of_skills, of_people) = tokio::try_join!(
        asked(app, team_id, places.sight),
        gaps_of_skills(app, team_id, places),
        gaps_of_people(app, places)
    )?;
    let tally = |whole: Option<&i64>, gaps: i64| {
        let whole = whole.copied().unwrap_or(0);
        Tally { part: (whole - gaps).max(0), whole }
    };
    let counted = |gaps: &Option<Gaps>, id: i64, kept: i64| {
        gaps.as_ref().map_or(kept, |gaps| gaps.get(&id).copied().unwrap_or(0))
    };
    let row = |person: &PersonRow| tally(asked.by_person.get(&person.id), counted(&of_people, person.id, person.gaps));
    let column = |skill: &SkillColumn| tally(asked.by_skill.get(&skill.id), counted(&of_skills, skill.id, skill.gaps));
    Ok(Sums { rows: people.iter().map(row).collect(), columns: skills.iter().map(column).collect() })
}

/// Ratings do not change it, so that it stays in the cache while levels are edited.
async fn asked(app: &App, team_id: Option<i64>, sight: &Sight) -> Result<Arc<Asked>> {
    let team = team_id.unwrap_or(0);
    let key = format!("skills/asked/{team}/{}", sight.key());
    app.cache
        .get_or(&[CATALOGUE_TOPIC, TARGETS_TOPIC, accounts::TOPIC], key, async || {
            let by_skill = app.db.q(sql!(
                "SELECT q.skill_id, COUNT(*) FROM requirements q JOIN people p ON p.id = q.person_id
                 WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?)
                 AND (? = 1 OR p.id = ? OR p.team_id = ? OR q.skill_id IN ({ids})) GROUP BY q.skill_id"
            ));
            let by_person = app.db.q(sql!(
                "SELECT q.person_id, COUNT(*) FROM requirements q JOIN people p ON p.id = q.person_id
                 JOIN skills s ON s.id = q.skill_id
                 WHERE p.active = TRUE AND s.active = TRUE AND (? = 0 OR p.team_id = ?)
                 AND (? = 1 OR p.id = ? OR p.team_id = ? OR q.skill_id IN ({ids})) GROUP BY q.person_id"
            ));
            let (by_skill, by_person) = tokio::try_join!(
                sight.bind(by_skill.bind(team).bind(team)).all::<(i64, i64)>(),
                sight.bind(by_person.bind(team).bind(team)).all::<(i64, i64)>()
            )?;
            Ok(Asked { by_person: by_person.into_iter().collect(), by_skill: by_skill.into_iter().collect() })
        })
        .await
}

/// The gaps of a team, or of those who may be seen; nothing where the skill's own counter tells.
async fn gaps_of_skills(app: &App, team_id: Option<i64>, places: &Places<'_>) -> Result<Option<Gaps>> {
    if team_id.is_none() && places.sight.is_all() {
        return Ok(None);
    }
    let team = team_id.unwrap_or(0);
    let query = app.db.q(sql!(
        "SELECT q.skill_id, COUNT(*) FROM requirements q JOIN people p ON p.id = q.person_id
         LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
         WHERE (? = 0 OR p.team_id = ?) AND p.active = TRUE AND q.skill_id IN ({ids})
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR q.skill_id IN ({ids}))
         AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE) AND COALESCE(r.not_applicable, FALSE) = FALSE
         GROUP BY q.skill_id"
    ));
    let query = places.sight.bind(query.bind(team).bind(team).bind_ids(&places.skills));
    Ok(Some(query.all::<(i64, i64)>().await?.into_iter().collect()))
}

/// The gaps of the people as far as they may be seen; nothing where the person's own counter tells.
async fn gaps_of_people(app: &App, places: &Places<'_>) -> Result<Option<Gaps>> {
    if places.sight.is_all() {
        return Ok(None);
    }
    let query = app.db.q(sql!(
        "SELECT q.person_id, COUNT(*) FROM requirements q JOIN people p ON p.id = q.person_id
         JOIN skills s ON s.id = q.skill_id
         LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
         WHERE s.active = TRUE AND q.person_id IN ({ids})
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR q.skill_id IN ({ids}))
         AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE) AND COALESCE(r.not_applicable, FALSE) = FALSE
         GROUP BY q.person_id"
    ));
    let query = places.sight.bind(query.bind_ids(&places.people));
    Ok(Some(query.all::<(i64, i64)>().await?.into_iter().collect()))
}
