//! Who has which job role.

use super::super::super::sight::Sight;
use super::super::super::{READ, TARGETS, TARGETS_ALL, requirements};
use super::super::model::get;
use crate::accounts::Actor;
use crate::accounts::people::{self, Person};
use crate::app::App;
use crate::db::{self, Tx, contains};
use crate::error::{Error, Result};
use crate::{events, sql};
use serde::Serialize;
use std::collections::BTreeSet;

/// How many suggestions are made at once.
const SUGGESTED: i64 = 20;

/// Somebody who has a job role, or could get it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Holder {
    pub id: i64,
    pub name: String,
    pub title: String,
    pub team_id: Option<i64>,
    pub team: Option<String>,
    /// In how many skills the person is below what is required; none where the actor may not see it.
    pub gaps: Option<i64>,
}

/// A job role of a person, or one that the person could get.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Held {
    pub id: i64,
    pub name: String,
    pub is_held: bool,
}

/// Whether the actor may say which job roles these people have: a lead for the own team.
pub fn may_assign(actor: &Actor, team_id: Option<i64>) -> bool {
    let own_team = team_id.is_some() && team_id == actor.team_id;
    actor.may(TARGETS_ALL) || (own_team && actor.may(TARGETS))
}

/// Those who have a job role, by team and name.
pub async fn holders(app: &App, actor: &Actor, job_role_id: i64) -> Result<Vec<Holder>> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.title, p.team_id, t.name AS team, COALESCE(u.gaps, 0) AS gaps
         FROM job_role_people j JOIN people p ON p.id = j.person_id LEFT JOIN teams t ON t.id = p.team_id
         LEFT JOIN person_summaries u ON u.person_id = p.id
         WHERE j.job_role_id = ? AND p.active = TRUE ORDER BY p.team_position, p.name_key, p.id"
    ));
    let sight = Sight::of(app, actor).await?;
    let mut holders: Vec<Holder> = query.bind(job_role_id).all().await?;
    for holder in holders.iter_mut().filter(|holder| !sight.sees_all_of(holder.id, holder.team_id)) {
        holder.gaps = None;
    }
    Ok(holders)
}

/// People who do not have the job role yet and whose names contain the text.
pub async fn suggest(app: &App, actor: &Actor, job_role_id: i64, text: &str) -> Result<Vec<Holder>> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.title, p.team_id, t.name AS team, COALESCE(u.gaps, 0) AS gaps
         FROM people p LEFT JOIN teams t ON t.id = p.team_id LEFT JOIN person_summaries u ON u.person_id = p.id
         WHERE p.active = TRUE AND p.name_key LIKE ? ESCAPE '!' AND NOT EXISTS (
           SELECT 1 FROM job_role_people j WHERE j.job_role_id = ? AND j.person_id = p.id)
         ORDER BY p.name_key, p.id LIMIT ?"
    ));
    Ok(query.bind(contains(text)).bind(job_role_id).bind(SUGGESTED).all().await?)
}

/// The one active person of that name.
///
/// # Errors
/// Invalid at the field `person` when there is nobody, or there are namesakes.
pub async fn find(app: &App, actor: &Actor, text: &str) -> Result<Holder> {
    actor.require(READ)?;
    let (name, team) = split_team(text.trim());
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.title, p.team_id, t.name AS team, COALESCE(u.gaps, 0) AS gaps
         FROM people p LEFT JOIN teams t ON t.id = p.team_id LEFT JOIN person_summaries u ON u.person_id = p.id
         WHERE p.active = TRUE AND p.name_key = ? ORDER BY p.id"
    ));
    let mut found: Vec<Holder> = query.bind(name.to_lowercase()).all().await?;
    found.retain(|person| team.is_none_or(|team| person.team.as_deref() == Some(team)));
    match (found.len(), found.pop()) {
        (1, Some(person)) => Ok(person),
        (0, _) if name.is_empty() => Err(Error::invalid("person", "Choose a person.")),
        (0, _) => Err(Error::invalid("person", format!("There is nobody called “{}”.", text.trim()))),
        _ => {
            let text =
                format!("Several people are called “{name}”. Open the page of the one you mean, and set it there.");
            Err(Error::invalid("person", text))
        }
    }
}

/// `Ben Brook (Yard)`, as namesakes are suggested.
fn split_team(text: &str) -> (&str, Option<&str>) {
    match text.strip_suffix(')').and_then(|text| text.rsplit_once(" (")) {
        Some((name, team)) => (name.trim(), Some(team)),
        None => (text, None),
    }
}

/// Every job role, and whether the person has it.
pub async fn of_person(app: &App, actor: &Actor, person_id: i64) -> Result<Vec<Held>> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT o.id, o.name, EXISTS (SELECT 1 FROM job_role_people j WHERE j.job_role_id = o.id AND j.person_id = ?) AS is_held
         FROM job_roles o ORDER BY o.name_key, o.id"
    ));
    Ok(query.bind(person_id).all().await?)
}

pub async fn add(app: &App, actor: &Actor, job_role_id: i64, person_id: i64) -> Result<()> {
    let person = assignable(app, actor, person_id).await?;
    let job_role = get(app, actor, job_role_id).await?;
    let mut tx = app.db.begin().await?;
    requirements::take_turn(&mut tx).await?;
    give(&mut tx, &[(job_role.id, person.id)]).await?;
    finish(app, actor, tx, &person, serde_json::json!({ "given": [job_role.name] })).await
}

pub async fn remove(app: &App, actor: &Actor, job_role_id: i64, person_id: i64) -> Result<()> {
    let person = assignable(app, actor, person_id).await?;
    let job_role = get(app, actor, job_role_id).await?;
    let mut tx = app.db.begin().await?;
    requirements::take_turn(&mut tx).await?;
    take(&mut tx, person.id, &[job_role.id]).await?;
    finish(app, actor, tx, &person, serde_json::json!({ "taken": [job_role.name] })).await
}

/// Gives a person exactly these job roles.
pub async fn set(app: &App, actor: &Actor, person_id: i64, wanted: &BTreeSet<i64>) -> Result<()> {
    let person = assignable(app, actor, person_id).await?;
    let known = of_person(app, actor, person_id).await?;
    if let Some(unknown) = wanted.iter().find(|id| !known.iter().any(|held| held.id == **id)) {
        return Err(Error::invalid("job_role", format!("There is no job role {unknown} any more.")));
    }
    let (given, taken) = (
        |held: &&Held| !held.is_held && wanted.contains(&held.id),
        |held: &&Held| held.is_held && !wanted.contains(&held.id),
    );
    let ids = |of: &dyn Fn(&&Held) -> bool| known.iter().filter(of).map(|held| held.id).collect::<Vec<i64>>();
    let names = |of: &dyn Fn(&&Held) -> bool| known.iter().filter(of).map(|held| held.name.clone()).collect::<Vec<_>>();
    let mut tx = app.db.begin().await?;
    requirements::take_turn(&mut tx).await?;
    take(&mut tx, person.id, &ids(&taken)).await?;
    give(&mut tx, &ids(&given).into_iter().map(|id| (id, person.id)).collect::<Vec<_>>()).await?;
    let detail = serde_json::json!({ "given": names(&given), "taken": names(&taken) });
    finish(app, actor, tx, &person, detail).await
}

async fn assignable(app: &App, actor: &Actor, person_id: i64) -> Result<Person> {
    actor.require(READ)?;
    let person = people::get(&app.db, &Actor::system(), person_id).await?;
    if may_assign(actor, person.team_id) { Ok(person) } else { Err(Error::Forbidden) }
}

#[derive(Serialize)]
struct Membership {
    job_role_id: i64,
    person_id: i64,
}

/// Gives people job roles inside a larger change, which ends with `requirements`. Who has one already keeps it.
pub async fn give(tx: &mut Tx, memberships: &[(i64, i64)]) -> db::Result<()> {
    let rows = memberships
        .iter()
        .map(|(job_role_id, person_id)| Membership { job_role_id: *job_role_id, person_id: *person_id });
    tx.q(sql!(
        "INSERT INTO job_role_people (job_role_id, person_id)
         SELECT item.job_role_id, item.person_id FROM {rows job_role_id i64, person_id i64} WHERE 1 = 1
         {upsert job_role_id, person_id} person_id = {new person_id}"
    ))
    .bind_rows(&rows.collect::<Vec<_>>())
    .execute()
    .await?;
    Ok(())
}

async fn take(tx: &mut Tx, person_id: i64, job_roles: &[i64]) -> db::Result<()> {
    let query = tx.q(sql!("DELETE FROM job_role_people WHERE person_id = ? AND job_role_id IN ({ids})"));
    query.bind(person_id).bind_ids(job_roles).execute().await?;
    Ok(())
}

async fn finish(app: &App, actor: &Actor, mut tx: Tx, person: &Person, detail: serde_json::Value) -> Result<()> {
    let subject = format!("person:{}", person.id);
    events::record(&mut tx, actor, app.now_ms(), "skills.job_roles_assigned", &subject, &detail).await?;
    requirements::of_people(&mut tx, &[person.id], app.now_ms()).await?;
    tx.commit().await?;
    requirements::publish(app).await;
    Ok(())
}

pub async fn ids_of_holders(tx: &mut Tx, job_role_id: i64) -> db::Result<Vec<i64>> {
    let query = tx.q(sql!("SELECT person_id FROM job_role_people WHERE job_role_id = ? ORDER BY person_id"));
    Ok(query.bind(job_role_id).all::<(i64,)>().await?.into_iter().map(|(id,)| id).collect())
}
