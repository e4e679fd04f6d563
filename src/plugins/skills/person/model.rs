//! The skills of a category as one person is rated on them, today or on a day before.

use super::super::as_of::AsOf;
use super::super::levels::Level;
use super::super::ratings::columns::Columns;
use super::super::ratings::model::{Values, Voice, may_rate, voice_of};
use super::super::requirements::past::model::required_then;
use super::super::sight::Sight;
use super::super::{RATE_OWN, scales};
use crate::accounts::Actor;
use crate::accounts::people::{self, Person};
use crate::app::App;
use crate::error::{Error, Result};
use crate::{clock, sql, value_columns};
use jiff::civil::Date;
use std::sync::Arc;

/// A skill and what is said of the person there.
#[derive(Clone, Debug)]
pub struct RatedSkill {
    pub id: i64,
    pub name: String,
    pub description: String,
    pub scale_id: i64,
    pub owner_id: Option<i64>,
    /// What the targets of the day that is shown ask of the person.
    pub required: Option<Level>,
    pub values: Values,
    /// Whether it had expired or was suspended on the day that is shown.
    pub lapsed: bool,
    pub confirmed_by: Option<String>,
    pub version: i64,
    pub updated_at: i64,
    pub updated_by: Option<String>,
    /// Whether the one who looks may change it.
    pub may_rate: bool,
}

/// A category and how much of it is rated.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CategoryShare {
    pub id: i64,
    pub name: String,
    pub skills: i64,
    pub rated: i64,
    /// Skills below what is required.
    pub gaps: i64,
}

/// What the page shows.
pub struct Assessment {
    pub person: Person,
    pub categories: Vec<CategoryShare>,
    /// The chosen one of `categories`; `None` when there is no skill at all.
    pub category: Option<CategoryShare>,
    pub skills: Vec<RatedSkill>,
    pub scales: Arc<scales::Scales>,
    /// Whose word it is when the one who looks at the page changes something.
    pub voice: Voice,
    pub as_of: AsOf,
}

impl Assessment {
    /// On a day before, nothing can be changed.
    pub fn may_rate_some(&self) -> bool {
        self.skills.iter().any(|skill| skill.may_rate)
    }
}

/// Which part of the page is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    pub category_id: Option<i64>,
    pub skill_id: Option<i64>,
    pub as_of: AsOf,
}

/// The person that a page of the skills is about. Who may see the matrix sees the people in it, as far as it shows them;
/// the others look missing.
pub async fn person(app: &App, actor: &Actor, id: i64) -> Result<(Person, Sight)> {
    let sight = Sight::of(app, actor).await?;
    let person = people::get(&app.db, &Actor::system(), id).await?;
    if !sight.shows(id, person.team_id) {
        return Err(Error::NotFound);
    }
    Ok((person, sight))
}

/// The page of a person, with one category open: the given one, or that of the given skill, or the first.
pub async fn assessment(app: &App, actor: &Actor, person_id: i64, place: Place) -> Result<Assessment> {
    let (person, sight) = person(app, actor, person_id).await?;
    let categories = categories(app, person_id, &sight, place.as_of).await?;
    let of_skill = match place.skill_id {
        Some(id) => app.db.q(sql!("SELECT category_id FROM skills WHERE id = ?")).bind(id).optional::<(i64,)>().await?,
        None => None,
    };
    let wanted = place.category_id.or(of_skill.map(|(id,)| id));
    let category = categories.iter().find(|category| Some(category.id) == wanted).or(categories.first()).cloned();
    let mut skills = match &category {
        Some(category) => skills(app, person_id, category.id, place.as_of).await?,
        None => Vec::new(),
    };
    skills.retain(|skill| sight.sees(person_id, person.team_id, skill.id));
    for skill in &mut skills {
        skill.may_rate = place.as_of == AsOf::Now && may_change(actor, &person, skill);
    }
    let (scales, voice) = (scales::all(app).await?, voice_of(actor, person_id));
    Ok(Assessment { person, categories, category, skills, scales, voice, as_of: place.as_of })
}

fn may_change(actor: &Actor, person: &Person, skill: &RatedSkill) -> bool {
    let owns = skill.owner_id.is_some_and(|owner| actor.is(owner)) && actor.may(RATE_OWN);
    owns || may_rate(actor, person.id, person.team_id)
}

async fn categories(app: &App, person_id: i64, sight: &Sight, as_of: AsOf) -> Result<Vec<CategoryShare>> {
    let Some(before_ms) = as_of.before_ms() else {
        let query = app.db.q(sql!(
            "SELECT c.id, c.name, COUNT(s.id) AS skills, COUNT(CASE WHEN r.level IS NOT NULL OR r.not_applicable = TRUE THEN 1 END) AS rated,
             COUNT(CASE WHEN q.level IS NOT NULL AND COALESCE(r.not_applicable, FALSE) = FALSE
              AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE) THEN 1 END) AS gaps
             FROM people p JOIN skill_categories c ON 1 = 1 JOIN skills s ON s.category_id = c.id AND s.active = TRUE
             LEFT JOIN ratings r ON r.skill_id = s.id AND r.person_id = p.id
             LEFT JOIN requirements q ON q.skill_id = s.id AND q.person_id = p.id
             WHERE p.id = ? AND (? = 1 OR p.id = ? OR p.team_id = ? OR s.id IN ({ids}))
             GROUP BY c.id, c.name, c.position ORDER BY c.position, c.id"
        ));
        return Ok(sight.bind(query.bind(person_id)).all().await?);
    };
    let query = app.db.q(sql!(concat!(
        "SELECT c.id, c.name, COUNT(s.id) AS skills, COUNT(CASE WHEN e.level IS NOT NULL OR e.not_applicable = TRUE THEN 1 END) AS rated,
         COUNT(CASE WHEN q.level IS NOT NULL AND COALESCE(e.not_applicable, FALSE) = FALSE
          AND (e.level IS NULL OR e.level < q.level OR e.valid_until < ? OR e.suspended_until >= ?) THEN 1 END) AS gaps
         FROM people p JOIN skill_categories c ON 1 = 1 JOIN skills s ON s.category_id = c.id AND s.active = TRUE
         LEFT JOIN (SELECT skill_id, MAX(id) AS id FROM rating_events WHERE person_id = ? AND at < ? GROUP BY skill_id) AS newest
          ON newest.skill_id = s.id LEFT JOIN rating_events e ON e.id = newest.id
         LEFT JOIN ",
        required_then!("AND x.person_id = ?"),
        " AS q ON q.skill_id = s.id
         WHERE p.id = ? AND (? = 1 OR p.id = ? OR p.team_id = ? OR s.id IN ({ids}))
         GROUP BY c.id, c.name, c.position ORDER BY c.position, c.id"
    )));
    let day = as_of.day().map(|day| day.to_string()).unwrap_or_default();
    let query = query.bind(day.clone()).bind(day).bind(person_id).bind(before_ms).bind(person_id).bind(before_ms);
    Ok(sight.bind(query.bind(person_id)).all().await?)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    description: String,
    scale_id: i64,
    owner_id: Option<i64>,
    required: Option<i64>,
    #[sqlx(flatten)]
    columns: Columns,
    version: Option<i64>,
    updated_at: Option<i64>,
    updated_by: Option<String>,
    confirmed_by: Option<String>,
}

async fn skills(app: &App, person_id: i64, category_id: i64, as_of: AsOf) -> Result<Vec<RatedSkill>> {
    let rows: Vec<Row> = match as_of.before_ms() {
        None => {
            let query = app.db.q(sql!(concat!(
                "SELECT s.id, s.name, s.description, s.scale_id, s.owner_id, q.level AS required, ",
                value_columns!("r."),
                ", r.version, r.updated_at, u.name AS updated_by, v.name AS confirmed_by
                 FROM skills s LEFT JOIN ratings r ON r.skill_id = s.id AND r.person_id = ?
                 LEFT JOIN requirements q ON q.skill_id = s.id AND q.person_id = ?
                 LEFT JOIN people u ON u.id = r.updated_by LEFT JOIN people v ON v.id = r.validated_by
                 WHERE s.category_id = ? AND s.active = TRUE ORDER BY s.name_key, s.id"
            )));
            query.bind(person_id).bind(person_id).bind(category_id).all().await?
        }
        Some(before_ms) => {
            let query = app.db.q(sql!(concat!(
                "SELECT s.id, s.name, s.description, s.scale_id, s.owner_id, q.level AS required, ",
                value_columns!("e."),
                ", e.id AS version, e.at AS updated_at, u.name AS updated_by, v.name AS confirmed_by
                 FROM skills s
                 LEFT JOIN (SELECT skill_id, MAX(id) AS id FROM rating_events WHERE person_id = ? AND at < ? GROUP BY skill_id) AS newest
                  ON newest.skill_id = s.id LEFT JOIN rating_events e ON e.id = newest.id
                 LEFT JOIN people u ON u.id = e.actor_id LEFT JOIN people v ON v.id = e.validated_by
                 LEFT JOIN ",
                required_then!("AND x.person_id = ?"),
                " AS q ON q.skill_id = s.id
                 WHERE s.category_id = ? AND s.active = TRUE ORDER BY s.name_key, s.id"
            )));
            query.bind(person_id).bind(before_ms).bind(person_id).bind(before_ms).bind(category_id).all().await?
        }
    };
    let day = as_of.day().unwrap_or_else(|| clock::day_of(app.now_ms()));
    Ok(rows.into_iter().map(|row| rated(row, day)).collect())
}

fn rated(row: Row, day: Date) -> RatedSkill {
    let values: Values = row.columns.into();
    RatedSkill {
        id: row.id,
        name: row.name,
        description: row.description,
        scale_id: row.scale_id,
        owner_id: row.owner_id,
        required: row.required.map(Level::from_hundredths),
        lapsed: values.lapse(day).is_some(),
        values,
        confirmed_by: row.confirmed_by,
        version: row.version.unwrap_or(0),
        updated_at: row.updated_at.unwrap_or(0),
        updated_by: row.updated_by,
        may_rate: false,
    }
}
