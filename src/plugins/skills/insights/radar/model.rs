//! What up to five people can do in a category, and what the others of their team can on average.

use super::super::super::as_of::AsOf;
use super::super::super::categories::model as categories;
use super::super::super::levels::{Level, Scale, Standing};
use super::super::super::scales;
use super::super::super::sight::Sight;
use super::super::model::TOPICS;
use super::super::scope::Scope;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Sql;
use crate::error::{Checks, Error, Result};
use crate::sql;
use std::collections::HashMap;
use std::sync::Arc;

/// More shapes than this hide each other.
pub const MAX_PEOPLE: usize = 5;
/// More spokes than this leave no room for their names.
pub const MAX_SPOKES: usize = 12;
/// Fewer make no shape.
pub const MIN_SPOKES: usize = 3;

#[derive(Clone, Debug)]
pub struct Spoke {
    pub skill_id: i64,
    pub skill: String,
    pub scale: Scale,
}

/// What counts of a person in a skill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Value {
    pub standing: Standing,
    pub lapsed: bool,
}

impl Value {
    /// The level that counts.
    pub fn counting(self) -> Option<Level> {
        self.standing.level().filter(|_| !self.lapsed)
    }
}

#[derive(Clone, Debug)]
pub struct Shape {
    pub person_id: i64,
    pub name: String,
    /// One for each spoke.
    pub values: Vec<Value>,
}

/// The mean of those of a team whose level counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mean {
    /// In hundredths; `None` when nobody has a level.
    pub level: Option<f64>,
    pub people: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Candidate {
    pub id: i64,
    pub name: String,
}

#[derive(Debug, Default)]
pub struct Radar {
    pub spokes: Vec<Spoke>,
    /// How many skills the category has; of more than there are spokes those that most people are rated on are shown.
    pub skills: usize,
    pub shapes: Vec<Shape>,
    /// The team that the mean is of.
    pub team: Option<Candidate>,
    pub means: Vec<Mean>,
    /// Who can be chosen: the people of the team.
    pub candidates: Vec<Candidate>,
}

/// Who is to be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    pub scope: Scope,
    pub people: Vec<i64>,
}

/// # Errors
/// Invalid, field `person`, for more than five, and for those who are no longer active; `NotFound` for nobody.
pub async fn radar(app: &App, actor: &Actor, request: &Request) -> Result<Arc<Radar>> {
    let sight = Sight::of(app, actor).await?;
    let mut checks = Checks::default();
    let people = request.people.len();
    checks.that(people <= MAX_PEOPLE, "person", format!("A radar shows at most {MAX_PEOPLE} people. Choose fewer."));
    checks.done()?;
    let key = format!("skills/insights/radar/{}/{request:?}", sight.key());
    app.cache.get_or(&TOPICS, key, async || read(app, &sight, request).await).await
}

async fn read(app: &App, sight: &Sight, request: &Request) -> Result<Radar> {
    let people = people(app, sight, &request.people).await?;
    let team_id = request.scope.team_id.or(people.first().and_then(|person| person.team_id));
    let mut radar = Radar::default();
    if let Some(team_id) = team_id {
        let query = app.db.q(sql!("SELECT t.id, t.name FROM teams t WHERE t.id = ?"));
        radar.team = Some(query.bind(team_id).one().await?);
        radar.candidates = candidates(app, sight, team_id).await?;
    }
    let Some(category_id) = request.scope.category_id else { return Ok(radar) };
    (radar.spokes, radar.skills) = spokes(app, category_id, request.scope.as_of).await?;
    let team: Vec<i64> = radar.candidates.iter().map(|one| one.id).collect();
    let everybody = [team.as_slice(), &request.people].concat();
    let mut values = values(app, &radar.spokes, request.scope.as_of, &everybody).await?;
    let team_of: HashMap<i64, Option<i64>> = people.iter().map(|person| (person.id, person.team_id)).collect();
    values.retain(|(person, skill), _| {
        let team_id = team_of.get(person).copied().unwrap_or(team_id);
        sight.sees(*person, team_id, *skill)
    });
    radar.means = radar.spokes.iter().map(|spoke| mean(&team, &values, spoke.skill_id)).collect();
    radar.shapes = people.into_iter().map(|person| shape(person, &radar.spokes, &values)).collect();
    Ok(radar)
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    id: i64,
    name: String,
    active: bool,
    team_id: Option<i64>,
}

/// In the order in which they are asked for.
async fn people(app: &App, sight: &Sight, ids: &[i64]) -> Result<Vec<PersonRow>> {
    let query = app.db.q(sql!("SELECT id, name, active, team_id FROM people WHERE id IN ({ids})"));
    let rows: Vec<PersonRow> = query.bind_ids(ids).all().await?;
    let mut by_id: HashMap<i64, PersonRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let people = ids.iter().map(|id| by_id.remove(id).ok_or(Error::NotFound)).collect::<Result<Vec<_>>>()?;
    if people.iter().any(|person| !sight.shows(person.id, person.team_id)) {
        return Err(Error::NotFound);
    }
    let mut checks = Checks::default();
    for gone in people.iter().filter(|person| !person.active) {
        let text = format!("{} is no longer active, so there is no radar of them. Their history stays.", gone.name);
        checks.that(false, "person", text);
    }
    checks.done()?;
    Ok(people)
}

async fn candidates(app: &App, sight: &Sight, team_id: i64) -> Result<Vec<Candidate>> {
    let query = app
        .db
        .q(sql!("SELECT p.id, p.name FROM people p WHERE p.team_id = ? AND p.active = TRUE ORDER BY p.name_key, p.id"));
    let mut people: Vec<Candidate> = query.bind(team_id).all().await?;
    people.retain(|person| sight.shows(person.id, Some(team_id)));
    Ok(people)
}

/// Id, name, scale, and how many people have a level.
type SkillRow = (i64, String, i64, i64);

async fn spokes(app: &App, category_id: i64, as_of: AsOf) -> Result<(Vec<Spoke>, usize)> {
    let (first, last) = categories::range(app, Some(category_id)).await?;
    let query = app.db.q(sql!(
        "SELECT s.id, s.name, s.scale_id, COALESCE(m.rated, 0) FROM skills s LEFT JOIN skill_summaries m ON m.skill_id = s.id
         WHERE s.category_position BETWEEN ? AND ? AND s.active = TRUE ORDER BY s.category_position, s.name_key, s.id"
    ));
    let mut rows: Vec<SkillRow> = query.bind(first).bind(last).all().await?;
    let count = rows.len();
    if count > MAX_SPOKES {
        let mut rated: Vec<(i64, i64)> = rows.iter().map(|(id, _, _, rated)| (-rated, *id)).collect();
        rated.sort_unstable();
        rated.truncate(MAX_SPOKES);
        rows.retain(|(id, ..)| rated.iter().any(|(_, kept)| kept == id));
    }
    let scales = scales::all(app).await?;
    let spoke = |(skill_id, skill, scale_id, _): SkillRow| {
        let scale_id = scales.id_on(skill_id, scale_id, as_of);
        let scale = scales.get(scale_id).expect("a foreign key keeps the scale of every skill").clone();
        Spoke { skill_id, skill, scale }
    };
    Ok((rows.into_iter().map(spoke).collect(), count))
}

/// By person and skill.
type Values = HashMap<(i64, i64), Value>;

#[derive(sqlx::FromRow)]
struct Row {
    person_id: i64,
    skill_id: i64,
    level: Option<i64>,
    not_applicable: bool,
    lapsed: bool,
}

impl Row {
    fn value(&self) -> Value {
        Value { standing: Standing::from_columns(self.level, self.not_applicable), lapsed: self.lapsed }
    }
}

/// People, skills.
const TODAY: &Sql = sql!(
    "SELECT r.person_id, r.skill_id, r.level, r.not_applicable, r.lapsed FROM ratings r
     WHERE r.person_id IN ({ids}) AND r.skill_id IN ({list})"
);

/// Day (twice), moment, people, skills.
const THEN: &Sql = sql!(
    "SELECT e.person_id, e.skill_id, e.level, e.not_applicable,
     COALESCE(e.valid_until < ?, FALSE) OR COALESCE(e.suspended_until >= ?, FALSE) AS lapsed
     FROM rating_events e WHERE e.at < ? AND e.person_id IN ({ids}) AND e.skill_id IN ({list}) ORDER BY e.id"
);

/// What is said of these people, by person and skill.
async fn values(app: &App, spokes: &[Spoke], as_of: AsOf, people: &[i64]) -> Result<Values> {
    let skills: Vec<i64> = spokes.iter().map(|spoke| spoke.skill_id).collect();
    let query = match (as_of.day(), as_of.before_ms()) {
        (Some(day), Some(before)) => app.db.q(THEN).bind(day.to_string()).bind(day.to_string()).bind(before),
        _ => app.db.q(TODAY),
    };
    let rows: Vec<Row> = query.bind_ids(people).bind_list(&skills).all().await?;
    // Of a day before today there is a row for each change, and the last one is what counts.
    Ok(rows.into_iter().map(|row| ((row.person_id, row.skill_id), row.value())).collect())
}

fn mean(team: &[i64], values: &Values, skill_id: i64) -> Mean {
    let of_team = team.iter().filter_map(|person| values.get(&(*person, skill_id)));
    let levels: Vec<i64> = of_team.filter_map(|value| value.counting()).map(Level::hundredths).collect();
    let people = levels.len() as i64;
    Mean { level: (people > 0).then(|| levels.iter().sum::<i64>() as f64 / people as f64), people }
}

fn shape(person: PersonRow, spokes: &[Spoke], values: &Values) -> Shape {
    let value = |spoke: &Spoke| values.get(&(person.id, spoke.skill_id)).copied().unwrap_or_default();
    Shape { person_id: person.id, values: spokes.iter().map(value).collect(), name: person.name }
}
