//! Skills and their categories.

use super::super::scales;
use super::super::{CATALOGUE_TOPIC, EDIT, READ};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Db, Tx, contains};
use crate::error::{Checks, Error, Result};
use crate::{events, sql};

/// The place of the category without a name: after all others.
const UNCATEGORISED_POSITION: i64 = 1_000_000_000;
pub const MAX_NAME_CHARS: usize = 190;
pub const MAX_URI_CHARS: usize = 500;
pub const MAX_DESCRIPTION_CHARS: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Category {
    pub id: i64,
    /// Empty for the skills that have none.
    pub name: String,
}

impl Category {
    pub fn title(&self) -> &str {
        category_title(&self.name)
    }
}

/// What stands where a category's name would stand.
pub fn category_title(name: &str) -> &str {
    if name.is_empty() { "Uncategorised" } else { name }
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Skill {
    pub id: i64,
    pub category_id: i64,
    pub category: String,
    pub name: String,
    pub description: String,
    pub uri: String,
    pub scale_id: i64,
    pub version: i64,
}

/// What a skill is made from. The category is named, and made when there is none of that name.
#[derive(Clone, Debug, Default)]
pub struct NewSkill {
    pub name: String,
    pub category: String,
    pub description: String,
    /// Where the skill is defined, an ESCO concept for example.
    pub uri: String,
    /// The name of its scale.
    pub scale: String,
}

impl NewSkill {
    fn check(&self) -> Result<()> {
        let mut checks = Checks::default();
        checks.that(!self.name.trim().is_empty(), "name", "Give the skill a name.");
        for (field, text, most) in [
            ("name", &self.name, MAX_NAME_CHARS),
            ("category", &self.category, MAX_NAME_CHARS),
            ("uri", &self.uri, MAX_URI_CHARS),
            ("description", &self.description, MAX_DESCRIPTION_CHARS),
        ] {
            checks.that(text.chars().count() <= most, field, format!("At most {most} characters fit here."));
            let is_control =
                |letter: char| letter.is_control() && !(field == "description" && "\r\n\t".contains(letter));
            checks.that(!text.chars().any(is_control), field, "Control characters are not allowed here.");
        }
        checks.done()
    }
}

pub async fn categories(app: &App, actor: &Actor) -> Result<Vec<Category>> {
    actor.require(READ)?;
    Ok(app.db.q(sql!("SELECT id, name FROM skill_categories ORDER BY position, id")).all().await?)
}

/// Which skills a list is about: a category, or a part of the name.
#[derive(Clone, Debug, Default)]
pub struct SkillFilter {
    pub category_id: Option<i64>,
    pub text: String,
}

/// A page of the skills, by category and name, and how many there are in all.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &SkillFilter,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Skill>, i64)> {
    actor.require(READ)?;
    let category = filter.category_id.unwrap_or(0);
    let text = contains(&filter.text);
    let query = app.db.q(sql!(
        "SELECT s.id, s.category_id, c.name AS category, s.name, s.description, s.uri, s.scale_id, s.version
         FROM skills s JOIN skill_categories c ON c.id = s.category_id
         WHERE (? = 0 OR s.category_id = ?) AND s.name_key LIKE ? ESCAPE '!'
         ORDER BY s.category_position, s.name_key, s.id LIMIT ? OFFSET ?"
    ));
    let skills = query.bind(category).bind(category).bind(text.clone()).bind(limit).bind(offset).all().await?;
    let query = app
        .db
        .q(sql!("SELECT COUNT(*) FROM skills s WHERE (? = 0 OR s.category_id = ?) AND s.name_key LIKE ? ESCAPE '!'"));
    let (total,) = query.bind(category).bind(category).bind(text).one::<(i64,)>().await?;
    Ok((skills, total))
}

pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Skill> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT s.id, s.category_id, c.name AS category, s.name, s.description, s.uri, s.scale_id, s.version
         FROM skills s JOIN skill_categories c ON c.id = s.category_id WHERE s.id = ?"
    ));
    Ok(query.bind(id).one().await?)
}

pub async fn create(app: &App, actor: &Actor, new: &NewSkill) -> Result<Skill> {
    actor.require(EDIT)?;
    new.check()?;
    let scale_id = scale_id(app, &new.scale).await?;
    let mut tx = app.db.begin().await?;
    let category_id = category_id(&mut tx, new.category.trim(), app.now_ms()).await?;
    let id = insert(&mut tx, category_id, scale_id, new, app.now_ms()).await.map_err(|error| taken(error, new))?;
    record(&mut tx, actor, app.now_ms(), "skills.created", id, new).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    get(app, actor, id).await
}

/// Changes a skill that is still at `version`. The scale of a skill that has ratings stays: its levels would mean
/// something else.
pub async fn update(app: &App, actor: &Actor, id: i64, version: i64, new: &NewSkill) -> Result<Skill> {
    actor.require(EDIT)?;
    new.check()?;
    let current = get(app, actor, id).await?;
    let scale_id = scale_id(app, &new.scale).await?;
    if scale_id != current.scale_id && has_ratings(&app.db, id).await? {
        return Err(Error::invalid("scale", "This skill has ratings, so its scale cannot be changed."));
    }
    let mut tx = app.db.begin().await?;
    let category_id = category_id(&mut tx, new.category.trim(), app.now_ms()).await?;
    let query = tx.q(sql!(
        "UPDATE skills SET category_id = ?, category_position = (SELECT position FROM skill_categories WHERE id = ?),
         name = ?, name_key = ?, description = ?, uri = ?, scale_id = ?, version = version + 1, updated_at = ?
         WHERE id = ? AND version = ?"
    ));
    let changed = query
        .bind(category_id)
        .bind(category_id)
        .bind(new.name.trim())
        .bind(new.name.trim().to_lowercase())
        .bind(new.description.trim())
        .bind(new.uri.trim())
        .bind(scale_id)
        .bind(app.now_ms())
        .bind(id)
        .bind(version)
        .execute()
        .await
        .map_err(|error| taken(error, new))?;
    if changed == 0 {
        let text =
            format!("“{}” was changed by somebody else in the meantime. Yours is still in the form.", current.name);
        return Err(Error::Conflict(text));
    }
    record(&mut tx, actor, app.now_ms(), "skills.changed", id, new).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    get(app, actor, id).await
}

/// The category of that name, made when it is not there. Ends with every category in its place.
pub async fn category_id(tx: &mut Tx, name: &str, now_ms: i64) -> Result<i64> {
    let query = tx.q(sql!("SELECT id FROM skill_categories WHERE name = ?"));
    if let Some((id,)) = query.bind(name).optional::<(i64,)>().await? {
        return Ok(id);
    }
    let query = tx.q(sql!("INSERT INTO skill_categories (name, name_key, created_at) VALUES (?, ?, ?) {returning id}"));
    let id = query.bind(name).bind(name.to_lowercase()).bind(now_ms).insert().await?;
    rank(tx).await?;
    Ok(id)
}

/// Adds a skill inside a larger change.
pub async fn insert(tx: &mut Tx, category_id: i64, scale_id: i64, new: &NewSkill, now_ms: i64) -> db::Result<i64> {
    tx.q(sql!(
        "INSERT INTO skills (category_id, category_position, name, name_key, description, uri, scale_id, created_at, updated_at)
         SELECT id, position, ?, ?, ?, ?, ?, ?, ? FROM skill_categories WHERE id = ? {returning id}"
    ))
    .bind(new.name.trim())
    .bind(new.name.trim().to_lowercase())
    .bind(new.description.trim())
    .bind(new.uri.trim())
    .bind(scale_id)
    .bind(now_ms)
    .bind(now_ms)
    .bind(category_id)
    .insert()
    .await
}

/// Gives every category its place in the order of names, and every skill the place of its category.
pub async fn rank(tx: &mut Tx) -> db::Result<()> {
    let query = tx.q(sql!("SELECT id, name, position FROM skill_categories ORDER BY name_key, id"));
    let categories: Vec<(i64, String, i64)> = query.all().await?;
    for (place, (id, name, position)) in categories.into_iter().enumerate() {
        let place = if name.is_empty() { UNCATEGORISED_POSITION } else { place as i64 };
        if place != position {
            let query = tx.q(sql!("UPDATE skill_categories SET position = ? WHERE id = ?"));
            query.bind(place).bind(id).execute().await?;
            let query = tx.q(sql!("UPDATE skills SET category_position = ? WHERE category_id = ?"));
            query.bind(place).bind(id).execute().await?;
        }
    }
    Ok(())
}

async fn scale_id(app: &App, name: &str) -> Result<i64> {
    let scales = scales::all(app).await?;
    match scales.named(name) {
        Some(scale) => Ok(scale.id),
        None => Err(Error::invalid("scale", format!("There is no scale “{name}”. There are: {}.", scales.names()))),
    }
}

async fn has_ratings(db: &Db, skill_id: i64) -> Result<bool> {
    let query = db.q(sql!("SELECT EXISTS (SELECT 1 FROM ratings WHERE skill_id = ?)"));
    Ok(query.bind(skill_id).one::<(bool,)>().await?.0)
}

fn taken(error: db::Error, new: &NewSkill) -> Error {
    match error {
        db::Error::Unique => {
            let category = category_title(new.category.trim());
            Error::invalid("name", format!("{category} has a skill “{}” already.", new.name.trim()))
        }
        other => other.into(),
    }
}

async fn record(tx: &mut Tx, actor: &Actor, now_ms: i64, kind: &str, id: i64, new: &NewSkill) -> Result<()> {
    let detail = serde_json::json!({ "name": new.name, "category": new.category, "scale": new.scale });
    Ok(events::record(tx, actor, now_ms, kind, &format!("skill:{id}"), &detail).await?)
}
