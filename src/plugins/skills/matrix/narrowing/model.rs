//! The people and skills of a filtered matrix, sought as a whole and in their order.
//!
//! Tables: people, skills, skill_tags, job_role_people, ratings, requirements. A filter by names, teams and categories is
//! answered by an index, page by page. One by tag, job role, level or gap is not: its people and skills are sought once,
//! kept by their ids until something changes, and a window is then a part of the two lists.

use super::super::super::categories::model::range;
use super::super::super::{CATALOGUE_TOPIC, TARGETS_TOPIC, TOPIC};
use super::super::filter::{Filter, LevelRule};
use super::super::lines::Group;
use super::super::model::team_title;
use crate::accounts;
use crate::app::App;
use crate::db::contains;
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

/// Everybody and everything that the filter leaves.
pub async fn lists(app: &App, filter: &Filter) -> Result<Arc<Lists>> {
    let topics: &[&str] = match filter.depends_on_ratings() {
        true => &[CATALOGUE_TOPIC, TARGETS_TOPIC, accounts::TOPIC, TOPIC],
        false => &[CATALOGUE_TOPIC, TARGETS_TOPIC, accounts::TOPIC],
    };
    app.cache.get_or(topics, format!("skills/lists/{filter:?}"), async || seek(app, filter).await).await
}

#[derive(sqlx::FromRow)]
struct PersonPlace {
    id: i64,
    team_id: Option<i64>,
    team: Option<String>,
    position: i64,
}

async fn seek(app: &App, filter: &Filter) -> Result<Lists> {
    let (mut people, mut skills) = tokio::try_join!(people(app, filter), skills(app, filter))?;
    if let Some(rule) = filter.level {
        let found = people_at(app, rule, &skills).await?;
        people.retain(|person| found.contains(&person.id));
        let found = skills_at(app, rule, &ids_of(&people)).await?;
        skills.retain(|skill| found.contains(skill));
    }
    if filter.gaps_only {
        let found = people_with_gaps(app, &skills).await?;
        people.retain(|person| found.contains(&person.id));
        let found = skills_with_gaps(app, &ids_of(&people)).await?;
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
         WHERE s.active = TRUE AND s.category_position BETWEEN ? AND ? AND s.name_key LIKE ? ESCAPE '!'
         AND (? = '' OR EXISTS (SELECT 1 FROM skill_tags t WHERE t.skill_id = s.id AND t.tag_key = ?))
         ORDER BY s.category_position, s.name_key, s.id"
    ));
    let query = query.bind(first).bind(last).bind(contains(&filter.skill));
    let query = query.bind(filter.tag.clone()).bind(filter.tag.clone());
    let rows: Vec<(i64,)> = query.all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

fn set(rows: Vec<(i64,)>) -> HashSet<i64> {
    rows.into_iter().map(|(id,)| id).collect()
}

async fn people_at(app: &App, rule: LevelRule, skills: &[i64]) -> Result<HashSet<i64>> {
    let (lowest, highest) = rule.bounds();
    let query = app.db.q(sql!(
        "SELECT DISTINCT r.person_id FROM ratings r WHERE r.skill_id IN ({ids}) AND r.level >= ? AND r.level <= ?"
    ));
    Ok(set(query.bind_ids(skills).bind(lowest).bind(highest).all().await?))
}

async fn skills_at(app: &App, rule: LevelRule, people: &[i64]) -> Result<HashSet<i64>> {
    let (lowest, highest) = rule.bounds();
    let query = app.db.q(sql!(
        "SELECT DISTINCT r.skill_id FROM ratings r WHERE r.person_id IN ({ids}) AND r.level >= ? AND r.level <= ?"
    ));
    Ok(set(query.bind_ids(people).bind(lowest).bind(highest).all().await?))
}

async fn people_with_gaps(app: &App, skills: &[i64]) -> Result<HashSet<i64>> {
    let query = app.db.q(sql!(
        "SELECT DISTINCT q.person_id FROM requirements q
         LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
         WHERE q.skill_id IN ({ids}) AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE)
         AND COALESCE(r.not_applicable, FALSE) = FALSE"
    ));
    Ok(set(query.bind_ids(skills).all().await?))
}

async fn skills_with_gaps(app: &App, people: &[i64]) -> Result<HashSet<i64>> {
    let query = app.db.q(sql!(
        "SELECT DISTINCT q.skill_id FROM requirements q
         LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
         WHERE q.person_id IN ({ids}) AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE)
         AND COALESCE(r.not_applicable, FALSE) = FALSE"
    ));
    Ok(set(query.bind_ids(people).all().await?))
}
