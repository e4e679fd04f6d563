//! The skills of a category as one person is rated on them.

use super::super::ratings::columns::Columns;
use super::super::ratings::model::{Values, Voice, voice_of};
use super::super::scales;
use super::super::sight::Sight;
use crate::accounts::Actor;
use crate::accounts::people::{self, Person};
use crate::app::App;
use crate::error::{Error, Result};
use crate::{sql, value_columns};
use std::sync::Arc;

/// A skill and what is said of the person there.
#[derive(Clone, Debug)]
pub struct RatedSkill {
    pub id: i64,
    pub name: String,
    pub description: String,
    pub scale_id: i64,
    pub values: Values,
    pub version: i64,
    pub updated_at: i64,
    pub updated_by: Option<String>,
}

/// A category and how much of it is rated.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CategoryShare {
    pub id: i64,
    pub name: String,
    pub skills: i64,
    pub rated: i64,
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
pub async fn assessment(
    app: &App,
    actor: &Actor,
    person_id: i64,
    category_id: Option<i64>,
    skill_id: Option<i64>,
) -> Result<Assessment> {
    let (person, sight) = person(app, actor, person_id).await?;
    let query = app.db.q(sql!(
        "SELECT c.id, c.name, COUNT(s.id) AS skills, COUNT(CASE WHEN r.level IS NOT NULL OR r.not_applicable = TRUE THEN 1 END) AS rated
         FROM people p JOIN skill_categories c ON 1 = 1 JOIN skills s ON s.category_id = c.id AND s.active = TRUE
         LEFT JOIN ratings r ON r.skill_id = s.id AND r.person_id = p.id
         WHERE p.id = ? AND (? = 1 OR p.id = ? OR p.team_id = ? OR s.id IN ({ids}))
         GROUP BY c.id, c.name, c.position ORDER BY c.position, c.id"
    ));
    let categories: Vec<CategoryShare> = sight.bind(query.bind(person_id)).all().await?;
    let of_skill = match skill_id {
        Some(id) => app.db.q(sql!("SELECT category_id FROM skills WHERE id = ?")).bind(id).optional::<(i64,)>().await?,
        None => None,
    };
    let wanted = category_id.or(of_skill.map(|(id,)| id));
    let chosen = categories.iter().find(|category| Some(category.id) == wanted).or(categories.first()).cloned();
    let skills = match &chosen {
        Some(category) => skills(app, person_id, category.id).await?,
        None => Vec::new(),
    };
    let skills = skills.into_iter().filter(|skill| sight.sees(person_id, person.team_id, skill.id)).collect();
    Ok(Assessment {
        person,
        categories,
        category: chosen,
        skills,
        scales: scales::all(app).await?,
        voice: voice_of(actor, person_id),
    })
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    description: String,
    scale_id: i64,
    #[sqlx(flatten)]
    columns: Columns,
    version: Option<i64>,
    updated_at: Option<i64>,
    updated_by: Option<String>,
}

async fn skills(app: &App, person_id: i64, category_id: i64) -> Result<Vec<RatedSkill>> {
    let query = app.db.q(sql!(concat!(
        "SELECT s.id, s.name, s.description, s.scale_id, ",
        value_columns!("r."),
        ", r.version, r.updated_at, u.name AS updated_by
         FROM skills s LEFT JOIN ratings r ON r.skill_id = s.id AND r.person_id = ? LEFT JOIN people u ON u.id = r.updated_by
         WHERE s.category_id = ? AND s.active = TRUE ORDER BY s.name_key, s.id"
    )));
    let rows: Vec<Row> = query.bind(person_id).bind(category_id).all().await?;
    Ok(rows.into_iter().map(RatedSkill::from).collect())
}

impl From<Row> for RatedSkill {
    fn from(row: Row) -> Self {
        RatedSkill {
            id: row.id,
            name: row.name,
            description: row.description,
            scale_id: row.scale_id,
            values: row.columns.into(),
            version: row.version.unwrap_or(0),
            updated_at: row.updated_at.unwrap_or(0),
            updated_by: row.updated_by,
        }
    }
}
