//! Finds the skill that somebody means by what they typed.

use super::super::super::READ;
use super::super::super::categories::category_title;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::contains;
use crate::error::{Error, Result};
use crate::sql;

/// How many suggestions are made at once.
pub const SUGGESTED: i64 = 20;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ChosenSkill {
    pub id: i64,
    pub name: String,
    pub category: String,
    pub scale_id: i64,
    /// Whether it is not archived.
    pub active: bool,
}

impl ChosenSkill {
    /// What to type where several categories have a skill of this name: `Welding (Workshop)`.
    pub fn with_category(&self) -> String {
        format!("{} ({})", self.name, category_title(&self.category))
    }
}

pub async fn skill(app: &App, id: i64) -> Result<ChosenSkill> {
    let query = app.db.q(sql!(
        "SELECT s.id, s.name, c.name AS category, s.scale_id, s.active
         FROM skills s JOIN skill_categories c ON c.id = s.category_id WHERE s.id = ?"
    ));
    Ok(query.bind(id).one().await?)
}

/// Skills whose names contain the text; those that begin with it first.
pub async fn suggest(app: &App, actor: &Actor, text: &str) -> Result<Vec<ChosenSkill>> {
    actor.require(READ)?;
    let within = contains(text);
    let query = app.db.q(sql!(
        "SELECT s.id, s.name, c.name AS category, s.scale_id, s.active
         FROM skills s JOIN skill_categories c ON c.id = s.category_id
         WHERE s.active = TRUE AND s.name_key LIKE ? ESCAPE '!'
         ORDER BY CASE WHEN s.name_key LIKE ? ESCAPE '!' THEN 0 ELSE 1 END, s.name_key, s.id LIMIT ?"
    ));
    let beginning = within.trim_start_matches('%').to_owned();
    Ok(query.bind(within).bind(beginning).bind(SUGGESTED).all().await?)
}

/// The one skill of that name, or of that name and category.
///
/// # Errors
/// Invalid at the field `skill` when there is none, only an archived one, or more than one.
pub async fn find(app: &App, actor: &Actor, text: &str) -> Result<ChosenSkill> {
    actor.require(READ)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("skill", "Choose a skill."));
    }
    let mut found = named(app, text).await?;
    if found.is_empty() {
        found = in_category(app, text).await?;
    }
    let (active, archived): (Vec<_>, Vec<_>) = found.into_iter().partition(|skill| skill.active);
    match (active.as_slice(), archived.first()) {
        ([one], _) => Ok(one.clone()),
        ([], Some(skill)) => {
            let text = format!("“{}” is archived, so nobody can be asked for it.", skill.name);
            Err(Error::invalid("skill", text))
        }
        ([], None) => {
            let text =
                format!("There is no skill “{text}”. Choose one of the suggestions, or add it to the catalogue first.");
            Err(Error::invalid("skill", text))
        }
        (several, _) => Err(Error::invalid("skill", ambiguous(text, several))),
    }
}

fn ambiguous(text: &str, several: &[ChosenSkill]) -> String {
    let names: Vec<String> = several.iter().map(ChosenSkill::with_category).collect();
    format!("There are several skills “{text}”. Type one of: {}.", names.join(", "))
}

/// Those of exactly that name; else those that differ in case alone.
async fn named(app: &App, name: &str) -> Result<Vec<ChosenSkill>> {
    let query = app.db.q(sql!(
        "SELECT s.id, s.name, c.name AS category, s.scale_id, s.active
         FROM skills s JOIN skill_categories c ON c.id = s.category_id WHERE s.name_key = ? ORDER BY c.position, s.id"
    ));
    let alike: Vec<ChosenSkill> = query.bind(name.to_lowercase()).all().await?;
    let exact: Vec<ChosenSkill> = alike.iter().filter(|skill| skill.name == name && skill.active).cloned().collect();
    Ok(if exact.is_empty() { alike } else { exact })
}

/// `Welding (Workshop)`: the name, and the category in brackets at the end.
async fn in_category(app: &App, text: &str) -> Result<Vec<ChosenSkill>> {
    let Some((name, category)) = text.strip_suffix(')').and_then(|text| text.rsplit_once(" (")) else {
        return Ok(Vec::new());
    };
    let same = |skill: &ChosenSkill| category_title(&skill.category).to_lowercase() == category.to_lowercase();
    Ok(named(app, name.trim()).await?.into_iter().filter(same).collect())
}
