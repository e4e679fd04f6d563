//! The people and skills of a filtered matrix, sought as a whole and in their order.
//!
//! Tables: people, skills, skill_tags, job_role_people, ratings, requirements; of a day that is past rating_events and
//! requirement_events in place of the last two. A filter by names, teams and categories is
//! answered by an index, page by page. One by tag, job role, level or gap is not: its people and skills are sought once,
//! kept by their ids until something changes, and a window is then a part of the two lists.

use super::super::super::as_of::AsOf;
use super::super::super::categories::model::range;
use super::super::super::{CATALOGUE_TOPIC, TARGETS_TOPIC, TOPIC};
use super::super::filter::{Filter, LevelRule};
use super::super::lines::Group;
use super::super::model::team_title;
use super::super::past::model::Moment;
use super::super::past::narrowing::model as past;
use crate::accounts;
use crate::app::App;
use crate::db::{Sql, contains};
use crate::error::Result;
use crate::sql;
use std::collections::HashSet;
use std::sync::Arc;

/// Ids, in the order of the matrix.
#[derive(Debug, Default)]
pub struct Lists {
    pub people: Vec<i64>,
    pub skills: Vec<i64>,
    /// The teams of these people.
    pub groups: Vec<Group>,
}

/// Everybody and everything that the filter leaves, by what was said and asked for by the end of a day.
pub async fn lists(app: &App, filter: &Filter, as_of: AsOf) -> Result<Arc<Lists>> {
    // What is past does not change any more.
    let topics: &[&str] = match filter.depends_on_ratings() && as_of == AsOf::Now {
        true => &[CATALOGUE_TOPIC, TARGETS_TOPIC, accounts::TOPIC, TOPIC],
        false => &[CATALOGUE_TOPIC, TARGETS_TOPIC, accounts::TOPIC],
    };
    app.cache
        .get_or(topics, format!("skills/lists/{as_of:?}/{filter:?}"), async || seek(app, filter, as_of).await)
        .await
}

#[derive(sqlx::FromRow)]
struct PersonPlace {
    id: i64,
    team_id: Option<i64>,
    team: Option<String>,
    position: i64,
}

async fn seek(app: &App, filter: &Filter, as_of: AsOf) -> Result<Lists> {
    let moment = Moment::of(as_of);
    let (mut people, mut skills) = tokio::try_join!(people(app, filter), skills(app, filter))?;
    if let Some(rule) = filter.level {
        let found = people_at(app, rule, &skills, moment.as_ref()).await?;
        people.retain(|person| found.contains(&person.id));
        let found = skills_at(app, rule, &ids_of(&people), moment.as_ref()).await?;
        skills.retain(|skill| found.contains(skill));
    }
    if filter.gaps_only {
        let found = people_with_gaps(app, &skills, moment.as_ref()).await?;
        people.retain(|person| found.contains(&person.id));
        let found = skills_with_gaps(app, &ids_of(&people), moment.as_ref()).await?;
        skills.retain(|skill| found.contains(skill));
    }
    Ok(Lists { groups: groups(&people), people: ids_of(&people), skills })
}

fn ids_of(people: &[PersonPlace]) -> Vec<i64> {
    people.iter().map(|person| person.id).collect()
}

fn groups(people: &[PersonPlace]) -> Vec<Group> {
    let same_team = |a: &PersonPlace, b: &PersonPlace| a.team_id == b.team_id;
    let group = |people: &[PersonPlace]| Group {
        id: people[0].team_id.unwrap_or(0),
        name: team_title(people[0].team.as_deref()).to_owned(),
        position: people[0].position,
        people: people.len() as i64,
    };
    people.chunk_by(same_team).map(group).collect()
}

async fn people(app: &App, filter: &Filter) -> Result<Vec<PersonPlace>> {
    let (team, only, role) = (filter.team_id.unwrap_or(0), filter.only.unwrap_or(0), filter.job_role_id.unwrap_or(0));
    let query = app.db.q(sql!(
        "SELECT p.id, p.team_id, t.name AS team, p.team_position AS position
         FROM people p LEFT JOIN teams t ON t.id = p.team_id
         WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?) AND (? = 0 OR p.id = ?) AND p.name_key LIKE ? ESCAPE '!'
         AND (? = 0 OR p.id IN (SELECT j.person_id FROM job_role_people j WHERE j.job_role_id = ?))
         ORDER BY p.team_position, p.name_key, p.id"
    ));
    let query = query.bind(team).bind(team).bind(only).bind(only).bind(contains(&filter.person)).bind(role).bind(role);
    Ok(query.all().await?)
}

async fn skills(app: &App, filter: &Filter) -> Result<Vec<i64>> {
    let (first, last) = range(app, filter.category_id).await?;
    let query = app.db.q(sql!(
        "SELECT s.id FROM skills s
         WHERE s.active = TRUE AND s.category_position BETWEEN ? AND ? AND (s.name_key LIKE ? ESCAPE '!'
           OR s.id IN (SELECT a.skill_id FROM skill_aliases a WHERE a.alias_key LIKE ? ESCAPE '!'))
         AND (? = '' OR EXISTS (SELECT 1 FROM skill_tags t WHERE t.skill_id = s.id AND t.tag_key = ?))
         ORDER BY s.category_position, s.name_key, s.id"
    ));
    let query = query.bind(first).bind(last).bind(contains(&filter.skill)).bind(contains(&filter.skill));
    let query = query.bind(filter.tag.clone()).bind(filter.tag.clone());
    let rows: Vec<(i64,)> = query.all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

fn set(rows: Vec<(i64,)>) -> HashSet<i64> {
    rows.into_iter().map(|(id,)| id).collect()
}

/// People, or skills, with a level. Bound are the ids that narrow it, the lowest and the highest level.
macro_rules! at_level {
    ($column:literal, $narrowed:literal) => {
        sql!(concat!(
            "SELECT DISTINCT r.",
            $column,
            " FROM ratings r WHERE r.",
            $narrowed,
            " IN ({ids}) AND r.level >= ? AND r.level <= ?"
        ))
    };
}

async fn people_at(app: &App, rule: LevelRule, skills: &[i64], moment: Option<&Moment>) -> Result<HashSet<i64>> {
    Ok(set(match moment {
        None => at(app, at_level!("person_id", "skill_id"), rule, skills).await?,
        Some(moment) => past::people_at(app, rule, skills, moment).await?,
    }))
}

async fn skills_at(app: &App, rule: LevelRule, people: &[i64], moment: Option<&Moment>) -> Result<HashSet<i64>> {
    Ok(set(match moment {
        None => at(app, at_level!("skill_id", "person_id"), rule, people).await?,
        Some(moment) => past::skills_at(app, rule, people, moment).await?,
    }))
}

async fn at(app: &App, sql: &'static Sql, rule: LevelRule, ids: &[i64]) -> Result<Vec<(i64,)>> {
    let (lowest, highest) = rule.bounds();
    Ok(app.db.q(sql).bind_ids(ids).bind(lowest).bind(highest).all().await?)
}

/// People, or skills, with a gap. Bound are the ids that narrow it.
macro_rules! with_gap {
    ($column:literal, $narrowed:literal) => {
        sql!(concat!(
            "SELECT DISTINCT q.",
            $column,
            " FROM requirements q LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id WHERE q.",
            $narrowed,
            " IN ({ids}) AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE)
             AND COALESCE(r.not_applicable, FALSE) = FALSE"
        ))
    };
}

async fn people_with_gaps(app: &App, skills: &[i64], moment: Option<&Moment>) -> Result<HashSet<i64>> {
    Ok(set(match moment {
        None => app.db.q(with_gap!("person_id", "skill_id")).bind_ids(skills).all().await?,
        Some(moment) => past::people_with_gaps(app, skills, moment).await?,
    }))
}

async fn skills_with_gaps(app: &App, people: &[i64], moment: Option<&Moment>) -> Result<HashSet<i64>> {
    Ok(set(match moment {
        None => app.db.q(with_gap!("skill_id", "person_id")).bind_ids(people).all().await?,
        Some(moment) => past::skills_with_gaps(app, people, moment).await?,
    }))
}
