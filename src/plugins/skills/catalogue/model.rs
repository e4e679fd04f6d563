//! Skills: found, made and changed.

use super::super::categories::category_title;
use super::super::categories::model::{self as categories, MAX_PATH_CHARS, category_id};
use super::super::{CATALOGUE_TOPIC, EDIT, READ, requirements, scales, summaries};
use super::labels::model::{self as labels, Labels};
use super::owners::model as owners;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Db, Sql, Tx, contains};
use crate::error::{Checks, Error, Result};
use crate::{events, sql};

pub const MAX_NAME_CHARS: usize = 190;
pub const MAX_URI_CHARS: usize = 500;
pub const MAX_DESCRIPTION_CHARS: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Skill {
    pub id: i64,
    pub category_id: i64,
    /// The whole path of its category.
    pub category: String,
    pub name: String,
    pub description: String,
    pub uri: String,
    pub scale_id: i64,
    pub owner_id: Option<i64>,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Archived skills are left out of the matrix and of every choice.
    pub active: bool,
    pub version: i64,
    #[sqlx(skip)]
    pub labels: Labels,
}

impl Skill {
    /// `Workshop › Welding`, which tells it from a skill of the same name elsewhere.
    pub fn path(&self) -> String {
        if self.category.is_empty() { self.name.clone() } else { format!("{} › {}", self.category, self.name) }
    }
}

/// Who is to look after a skill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Owner {
    #[default]
    Nobody,
    Person(i64),
    /// A name or an address, as somebody typed it.
    Typed(String),
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
    pub labels: Labels,
    pub owner: Owner,
}

impl NewSkill {
    fn check(&self, checks: &mut Checks) {
        check_name(&self.name, checks);
        for (field, text, most) in [
            ("category", &self.category, MAX_PATH_CHARS),
            ("uri", &self.uri, MAX_URI_CHARS),
            ("description", &self.description, MAX_DESCRIPTION_CHARS),
        ] {
            check_text(field, text, most, checks);
        }
        self.labels.check(&self.name, checks);
    }
}

pub fn check_name(name: &str, checks: &mut Checks) {
    checks.that(!name.trim().is_empty(), "name", "Give the skill a name.");
    check_text("name", name, MAX_NAME_CHARS, checks);
}

pub fn check_text(field: &str, text: &str, most: usize, checks: &mut Checks) {
    // Its lower case, by which it is searched, can be longer than the text itself.
    let chars = text.chars().count().max(text.to_lowercase().chars().count());
    checks.that(chars <= most, field, format!("At most {most} characters fit here."));
    let is_control = |letter: char| letter.is_control() && !(field == "description" && "\r\n\t".contains(letter));
    checks.that(!text.chars().any(is_control), field, "Control characters are not allowed here.");
}

/// Which skills a list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkillFilter {
    /// A category with all that is below it.
    pub category_id: Option<i64>,
    /// A part of the name or of an alias.
    pub text: String,
    /// A tag, in any case; empty for all.
    pub tag: String,
    /// The archived ones in place of the others.
    pub archived: bool,
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
    let (first, last) = categories::range(app, filter.category_id).await?;
    let (text, tag) = (contains(&filter.text), filter.tag.trim().to_lowercase());
    let query = app.db.q(sql!(
        "SELECT s.id, s.category_id, c.name AS category, s.name, s.description, s.uri, s.scale_id, s.owner_id,
         p.name AS owner, s.active, s.version
         FROM skills s JOIN skill_categories c ON c.id = s.category_id LEFT JOIN people p ON p.id = s.owner_id
         WHERE s.active = ? AND s.category_position BETWEEN ? AND ? AND (s.name_key LIKE ? ESCAPE '!'
           OR EXISTS (SELECT 1 FROM skill_aliases a WHERE a.skill_id = s.id AND a.alias_key LIKE ? ESCAPE '!'))
         AND (? = '' OR EXISTS (SELECT 1 FROM skill_tags t WHERE t.skill_id = s.id AND t.tag_key = ?))
         ORDER BY s.category_position, s.name_key, s.id LIMIT ? OFFSET ?"
    ));
    let query = query.bind(!filter.archived).bind(first).bind(last).bind(text.clone()).bind(text.clone());
    let skills: Vec<Skill> = query.bind(tag.clone()).bind(tag.clone()).bind(limit).bind(offset).all().await?;
    let query = app.db.q(sql!(
        "SELECT COUNT(*) FROM skills s
         WHERE s.active = ? AND s.category_position BETWEEN ? AND ? AND (s.name_key LIKE ? ESCAPE '!'
           OR EXISTS (SELECT 1 FROM skill_aliases a WHERE a.skill_id = s.id AND a.alias_key LIKE ? ESCAPE '!'))
         AND (? = '' OR EXISTS (SELECT 1 FROM skill_tags t WHERE t.skill_id = s.id AND t.tag_key = ?))"
    ));
    let query = query.bind(!filter.archived).bind(first).bind(last).bind(text.clone()).bind(text);
    let (total,) = query.bind(tag.clone()).bind(tag).one::<(i64,)>().await?;
    Ok((with_labels(&app.db, skills).await?, total))
}

async fn with_labels(db: &Db, mut skills: Vec<Skill>) -> Result<Vec<Skill>> {
    let ids: Vec<i64> = skills.iter().map(|skill| skill.id).collect();
    let mut labels = labels::of_skills(db, &ids).await?;
    for skill in &mut skills {
        skill.labels = labels.remove(&skill.id).unwrap_or_default();
    }
    Ok(skills)
}

/// A skill, also an archived one.
pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Skill> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT s.id, s.category_id, c.name AS category, s.name, s.description, s.uri, s.scale_id, s.owner_id,
         p.name AS owner, s.active, s.version
         FROM skills s JOIN skill_categories c ON c.id = s.category_id LEFT JOIN people p ON p.id = s.owner_id
         WHERE s.id = ?"
    ));
    let skill: Skill = query.bind(id).one().await?;
    with_labels(&app.db, vec![skill]).await?.pop().ok_or(Error::NotFound)
}

pub async fn create(app: &App, actor: &Actor, new: &NewSkill) -> Result<Skill> {
    actor.require(EDIT)?;
    let Resolved { scale_id, owner_id, uri } = resolve(app, new).await?;
    let mut tx = app.db.begin().await?;
    let category_id = category_id(&mut tx, &new.category, app.now_ms()).await?;
    let new = &NewSkill { uri, ..new.clone() };
    let inserted = insert(&mut tx, category_id, scale_id, new, app.now_ms()).await;
    let id = inserted.map_err(|error| taken(error, &new.category, &new.name))?;
    let query = tx.q(sql!("UPDATE skills SET owner_id = ? WHERE id = ?"));
    query.bind(owner_id).bind(id).execute().await?;
    record(&mut tx, actor, app.now_ms(), "skills.created", id, new).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    get(app, actor, id).await
}

/// Changes a skill that is still at `version`. The scale of a skill that has ratings is changed by a rescaling, which asks
/// what each of its levels becomes.
pub async fn update(app: &App, actor: &Actor, id: i64, version: i64, new: &NewSkill) -> Result<Skill> {
    actor.require(EDIT)?;
    let Resolved { scale_id, owner_id, uri } = resolve(app, new).await?;
    let current = get(app, actor, id).await?;
    let mut tx = app.db.begin().await?;
    if scale_id != current.scale_id {
        refuse_levels(&mut tx, id).await?;
    }
    let category_id = category_id(&mut tx, &new.category, app.now_ms()).await?;
    let new = &NewSkill { uri, ..new.clone() };
    let query = tx.q(sql!(
        "UPDATE skills SET category_id = ?, category_position = (SELECT position FROM skill_categories WHERE id = ?),
         name = ?, name_key = ?, description = ?, uri = ?, scale_id = ?, owner_id = ?, version = version + 1, updated_at = ?
         WHERE id = ? AND version = ?"
    ));
    let query = query.bind(category_id).bind(category_id).bind(new.name.trim()).bind(new.name.trim().to_lowercase());
    let query = query.bind(new.description.trim()).bind(new.uri.trim()).bind(scale_id).bind(owner_id);
    let changed = query.bind(app.now_ms()).bind(id).bind(version).execute().await;
    if changed.map_err(|error| taken(error, &new.category, &new.name))? == 0 {
        return Err(changed_meanwhile(&current));
    }
    labels::replace(&mut tx, id, &new.labels).await?;
    record(&mut tx, actor, app.now_ms(), "skills.changed", id, new).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    get(app, actor, id).await
}

/// Adds a skill inside a larger change. Its owner, if it is to have one, is a person already.
pub async fn insert(tx: &mut Tx, category_id: i64, scale_id: i64, new: &NewSkill, now_ms: i64) -> db::Result<i64> {
    let owner_id = match &new.owner {
        Owner::Person(id) => Some(*id),
        Owner::Nobody | Owner::Typed(_) => None,
    };
    let id = tx
        .q(sql!(
            "INSERT INTO skills (category_id, category_position, name, name_key, description, uri, scale_id, owner_id, created_at, updated_at)
             SELECT id, position, ?, ?, ?, ?, ?, ?, ?, ? FROM skill_categories WHERE id = ? {returning id}"
        ))
        .bind(new.name.trim())
        .bind(new.name.trim().to_lowercase())
        .bind(new.description.trim())
        .bind(new.uri.trim())
        .bind(scale_id)
        .bind(owner_id)
        .bind(now_ms)
        .bind(now_ms)
        .bind(category_id)
        .insert()
        .await?;
    labels::add(tx, id, &new.labels).await?;
    Ok(id)
}

/// What the names in a form stand for.
struct Resolved {
    scale_id: i64,
    owner_id: Option<i64>,
    uri: String,
}

/// Checks the input, all of it at once, and finds what it names.
async fn resolve(app: &App, new: &NewSkill) -> Result<Resolved> {
    let mut checks = Checks::default();
    new.check(&mut checks);
    let scales = scales::all(app).await?;
    let scale = scales.named(&new.scale);
    checks.that(scale.is_some(), "scale", format!("There is no scale “{}”. There are: {}.", new.scale, scales.names()));
    let owner_id = match &new.owner {
        Owner::Nobody => None,
        Owner::Person(id) => Some(*id),
        Owner::Typed(typed) => owners::resolve(app, typed).await?.unwrap_or_else(|problem| {
            checks.that(false, "owner", problem);
            None
        }),
    };
    if let Owner::Person(id) = &new.owner {
        checks.that(owners::is_there(app, *id).await?, "owner_id", "There is no such person.");
    }
    checks.done()?;
    let scale_id = scale.map(|scale| scale.id).ok_or(Error::NotFound)?;
    Ok(Resolved { scale_id, owner_id, uri: new.uri.trim().to_owned() })
}

/// How many people have a level in a skill, and how many of them are above zero.
pub async fn counts(app: &App, actor: &Actor, id: i64) -> Result<(i64, i64)> {
    actor.require(READ)?;
    let query = app.db.q(sql!("SELECT rated, able FROM skill_summaries WHERE skill_id = ?"));
    Ok(query.bind(id).optional().await?.unwrap_or_default())
}

/// Bound is the skill, twice.
const HAS_LEVELS: &Sql =
    sql!("SELECT EXISTS (SELECT 1 FROM ratings WHERE skill_id = ? UNION ALL SELECT 1 FROM targets WHERE skill_id = ?)");

/// Whether levels of the skill's scale stand somewhere: in ratings, or in targets.
pub async fn has_levels(db: &Db, skill_id: i64) -> Result<bool> {
    Ok(db.q(HAS_LEVELS).bind(skill_id).bind(skill_id).one::<(bool,)>().await?.0)
}

/// Nobody sets a target or rates for the first time until the commit.
async fn refuse_levels(tx: &mut Tx, skill_id: i64) -> Result<()> {
    requirements::take_turn(tx).await?;
    summaries::revise(tx, &[skill_id]).await?;
    let (has_levels,) = tx.q(HAS_LEVELS).bind(skill_id).bind(skill_id).one::<(bool,)>().await?;
    let text =
        "This skill has ratings or targets. Change its scale on its page, where you say what each level becomes.";
    Checks::only(!has_levels, "scale", text)
}

pub fn changed_meanwhile(current: &Skill) -> Error {
    let text = format!("“{}” was changed by somebody else in the meantime. Yours is still in the form.", current.name);
    Error::Conflict(text)
}

pub fn taken(error: db::Error, category: &str, name: &str) -> Error {
    match error {
        db::Error::Unique => {
            let category = category_title(category.trim());
            Error::invalid("name", format!("{category} has a skill “{}” already.", name.trim()))
        }
        other => other.into(),
    }
}

async fn record(tx: &mut Tx, actor: &Actor, now_ms: i64, kind: &str, id: i64, new: &NewSkill) -> Result<()> {
    let Labels { aliases, tags } = &new.labels;
    let detail = serde_json::json!({
        "name": new.name, "category": new.category, "scale": new.scale, "aliases": aliases, "tags": tags,
    });
    Ok(events::record(tx, actor, now_ms, kind, &format!("skill:{id}"), &detail).await?)
}
