//! Asking: who may be asked, on which skills, and the assessment that comes of it.

use super::super::super::categories::model::range;
use super::super::super::sight::Sight;
use super::super::super::{RATE_ALL, RATE_TEAM, READ};
use super::super::model::{tell, today};
use super::super::rules::{self, leads};
use crate::accounts::people::{self, Person};
use crate::accounts::{Actor, teams};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Checks, Error, Result};
use crate::{notices, sql};
use serde::Serialize;

/// More are asked of nobody at once.
pub const MOST_SKILLS: usize = 200;

/// Of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    Person(i64),
    /// Everybody in it but the one who asks.
    Team(i64),
}

impl Whom {
    /// Reads `person-7` or `team-3`.
    pub fn parse(text: &str) -> Option<Whom> {
        let (kind, id) = text.split_once('-')?;
        let id = id.parse().ok().filter(|id| *id > 0)?;
        match kind {
            "person" => Some(Whom::Person(id)),
            "team" => Some(Whom::Team(id)),
            _ => None,
        }
    }
}

/// What is asked for, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub whom: Option<Whom>,
    pub skills: Vec<i64>,
    pub due: String,
    pub note: String,
}

/// Whom the form offers, and the skills to choose from.
pub struct Choices {
    pub teams: Vec<teams::Team>,
    pub team: Option<teams::Team>,
    pub people: Vec<Person>,
    /// The one whom the form was opened for.
    pub person: Option<Person>,
    pub skills: Vec<SkillChoice>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SkillChoice {
    pub id: i64,
    pub name: String,
    pub category: String,
}

/// Which skills the form offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    Category(i64),
    /// Where the person is below what is required.
    Gaps,
    None,
}

/// What the form offers to somebody who may ask; a person whom they do not lead looks missing.
pub async fn choices(
    app: &App,
    actor: &Actor,
    person_id: Option<i64>,
    team_id: Option<i64>,
    offer: Offer,
) -> Result<Choices> {
    actor.require(READ)?;
    if !actor.may(RATE_ALL) && !actor.may(RATE_TEAM) {
        return Err(Error::Forbidden);
    }
    let mut teams = teams::all(&app.db, &Actor::system()).await?;
    teams.retain(|team| actor.may(RATE_ALL) || actor.team_id == Some(team.id));
    let person = match person_id {
        Some(id) => Some(led_person(app, actor, id).await?),
        None => None,
    };
    let team =
        teams.iter().find(|team| Some(team.id) == team_id).or_else(|| teams.first().filter(|_| teams.len() == 1));
    let team = team.cloned().filter(|_| person.is_none());
    let people = match &team {
        Some(team) => members(app, actor, team.id).await?,
        None => Vec::new(),
    };
    let skills = offered(app, person.as_ref().map(|person| person.id), offer).await?;
    Ok(Choices { teams, team, people, person, skills })
}

async fn led_person(app: &App, actor: &Actor, id: i64) -> Result<Person> {
    let sight = Sight::of(app, actor).await?;
    let person = people::get(&app.db, &Actor::system(), id).await?;
    if !sight.shows(id, person.team_id) {
        return Err(Error::NotFound);
    }
    if leads(actor, id, person.team_id) { Ok(person) } else { Err(Error::Forbidden) }
}

async fn members(app: &App, actor: &Actor, team_id: i64) -> Result<Vec<Person>> {
    let filter = people::PeopleFilter { team_id: Some(team_id), ..people::PeopleFilter::default() };
    let (mut members, _) = people::list(&app.db, &Actor::system(), &filter, 500, 0).await?;
    members.retain(|person| leads(actor, person.id, person.team_id));
    Ok(members)
}

async fn offered(app: &App, person_id: Option<i64>, offer: Offer) -> Result<Vec<SkillChoice>> {
    let ((first, last), gaps_of) = match offer {
        Offer::Category(id) => (range(app, Some(id)).await?, 0),
        Offer::Gaps => ((1, 0), person_id.unwrap_or(0)),
        Offer::None => return Ok(Vec::new()),
    };
    let query = app.db.q(sql!(
        "SELECT s.id, s.name, c.name AS category FROM skills s JOIN skill_categories c ON c.id = s.category_id
         LEFT JOIN requirements q ON q.skill_id = s.id AND q.person_id = ?
         LEFT JOIN ratings r ON r.skill_id = s.id AND r.person_id = ?
         WHERE s.active = TRUE AND (s.category_position BETWEEN ? AND ? OR (? <> 0 AND q.level IS NOT NULL AND COALESCE(r.not_applicable, FALSE) = FALSE
          AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE)))
         ORDER BY s.category_position, s.name_key, s.id LIMIT ?"
    ));
    let query = query.bind(gaps_of).bind(gaps_of).bind(first).bind(last).bind(gaps_of).bind(MOST_SKILLS as i64);
    Ok(query.all().await?)
}

#[derive(Serialize)]
struct ItemRow {
    skill_id: i64,
}

/// Asks, and tells each person. Returns the new assessments.
pub async fn ask(app: &App, actor: &Actor, request: &Request) -> Result<Vec<i64>> {
    actor.require(READ)?;
    let whom = asked_people(app, actor, request.whom).await?;
    let skills = checked_skills(app, request).await?;
    let due = check(app, request, &whom, &skills)?;
    let now = app.now_ms();
    let mut tx = app.db.begin().await?;
    let (mut ids, mut told) = (Vec::new(), Vec::new());
    for person_id in whom {
        let id = insert(&mut tx, actor, person_id, &due, &request.note, now).await?;
        insert_items(&mut tx, id, &skills).await?;
        let count = if skills.len() == 1 { "one skill".to_owned() } else { format!("{} skills", skills.len()) };
        let title = format!("{} asks you to assess yourself in {count} by {due}", actor.name);
        told.extend(tell(&mut tx, &[person_id], "asked", id, &title, now).await?);
        ids.push(id);
    }
    tx.commit().await?;
    notices::publish(&app.bus, now, &told).await;
    Ok(ids)
}

/// Empty where nobody was chosen, or nobody is there to be asked.
async fn asked_people(app: &App, actor: &Actor, whom: Option<Whom>) -> Result<Vec<i64>> {
    match whom {
        None => Ok(Vec::new()),
        Some(Whom::Person(id)) => Ok(vec![led_person(app, actor, id).await?.id]),
        Some(Whom::Team(id)) if actor.may(RATE_ALL) || (actor.may(RATE_TEAM) && actor.team_id == Some(id)) => {
            Ok(members(app, actor, id).await?.into_iter().map(|person| person.id).collect())
        }
        Some(Whom::Team(_)) => Err(Error::Forbidden),
    }
}

/// Those of the chosen skills that are there and not archived.
async fn checked_skills(app: &App, request: &Request) -> Result<Vec<i64>> {
    let query = app.db.q(sql!("SELECT id FROM skills WHERE active = TRUE AND id IN ({ids}) ORDER BY id"));
    let rows: Vec<(i64,)> = query.bind_ids(&request.skills).all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

fn check(app: &App, request: &Request, whom: &[i64], skills: &[i64]) -> Result<String> {
    let mut checks = Checks::default();
    checks.that(!whom.is_empty(), "whom", "Choose somebody, or a team with people in it.");
    checks.that(!skills.is_empty(), "skills", "Choose at least one skill.");
    checks.that(skills.len() <= MOST_SKILLS, "skills", format!("At most {MOST_SKILLS} skills are asked for at once."));
    let due = rules::due_day(&mut checks, &request.due, today(app));
    rules::check_note(&mut checks, &request.note);
    checks.done()?;
    Ok(due.map(|due| due.to_string()).unwrap_or_default())
}

async fn insert(tx: &mut Tx, actor: &Actor, person_id: i64, due: &str, note: &str, now_ms: i64) -> Result<i64> {
    let query = tx.q(sql!(
        "INSERT INTO assessments (person_id, asked_by, note, due, state, asked_at) VALUES (?, ?, ?, ?, 'asked', ?) {returning id}"
    ));
    let query = query.bind(person_id).bind(actor.person_id).bind(note.trim()).bind(due).bind(now_ms);
    Ok(query.insert().await?)
}

async fn insert_items(tx: &mut Tx, id: i64, skills: &[i64]) -> Result<()> {
    let rows: Vec<ItemRow> = skills.iter().map(|skill_id| ItemRow { skill_id: *skill_id }).collect();
    let query = tx.q(sql!(
        "INSERT INTO assessment_items (assessment_id, skill_id) SELECT ?, item.skill_id FROM {rows skill_id i64}"
    ));
    query.bind(id).bind_rows(&rows).execute().await?;
    Ok(())
}
