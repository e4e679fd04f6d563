//! Makes a search of what stands in the address: finds the skills that are named, and reads levels on their scales.

use super::super::super::as_of::AsOf;
use super::super::super::categories::category_title;
use super::super::super::levels::{Interest, Level, Scale};
use super::super::super::{READ, scales};
use super::super::model::{Condition, Search};
use super::super::ranking::Wanted;
use super::{Term, Terms};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::contains;
use crate::error::{Checks, Error, Invalid, Result};
use crate::sql;

/// How many names the field for a skill suggests.
const SUGGESTIONS: i64 = 12;

/// A skill that is asked for.
#[derive(Clone, Debug)]
pub struct Skill {
    pub id: i64,
    pub name: String,
    pub category: String,
    pub scale: Scale,
}

/// What a row of the form became.
#[derive(Clone, Debug)]
pub struct ReadTerm {
    pub term: Term,
    /// `None` when there is no such skill.
    pub skill: Option<Skill>,
}

/// A search as it was read, or what is wrong with which field: `skill-0`, `level-0`, `interest-0`, `as_of`.
pub struct Reading {
    pub rows: Vec<ReadTerm>,
    pub search: Result<Search, Invalid>,
}

impl Reading {
    /// The ids of the skills, in the order of the rows.
    pub fn skill_ids(&self) -> Vec<i64> {
        self.rows.iter().filter_map(|row| row.skill.as_ref()).map(|skill| skill.id).collect()
    }
}

/// Its own error is a database that failed, or a lack of rights; mistakes stand in the reading.
pub async fn read(app: &App, actor: &Actor, terms: &Terms) -> Result<Reading> {
    actor.require(READ)?;
    let mut checks = Checks::default();
    let mut rows = Vec::new();
    let mut conditions: Vec<Condition> = Vec::new();
    for (place, term) in terms.rows.iter().enumerate() {
        let found = skill_named(app, &term.skill).await?;
        if let Err(why) = &found {
            checks.that(false, &format!("skill-{place}"), why);
        }
        let skill = found.ok();
        if let Some(skill) = &skill {
            let known = rows.iter().filter_map(|row: &ReadTerm| row.skill.as_ref());
            let is_new = known.into_iter().all(|known| known.id != skill.id);
            checks.that(is_new, &format!("skill-{place}"), format!("“{}” is asked for twice.", skill.name));
            conditions.extend(condition(skill, term, place, &mut checks));
        }
        rows.push(ReadTerm { term: term.clone(), skill });
    }
    let as_of = as_of(app, &terms.as_of, &mut checks)?;
    let search = Search { conditions, team_id: terms.team_id, as_of };
    let search = match checks.done() {
        Ok(()) => Ok(search),
        Err(Error::Invalid(invalid)) => Err(invalid),
        Err(other) => return Err(other),
    };
    Ok(Reading { rows, search })
}

fn as_of(app: &App, text: &str, checks: &mut Checks) -> Result<AsOf> {
    match AsOf::parse(text, app.now_ms()) {
        Err(Error::Invalid(invalid)) => {
            checks.that(false, "as_of", invalid.of("as_of").unwrap_or("That is no day."));
            Ok(AsOf::Now)
        }
        read => read,
    }
}

fn condition(skill: &Skill, term: &Term, place: usize, checks: &mut Checks) -> Option<Condition> {
    let minimum = match term.level.as_str() {
        "" => Ok(least_able(&skill.scale)),
        text => skill.scale.parse(text),
    };
    let interest = match term.interest.as_str() {
        "" => Ok(None),
        text => text.parse().ok().and_then(Interest::new).map(Some).ok_or(()),
    };
    checks.that(interest.is_ok(), &format!("interest-{place}"), "An interest is a number from 0 to 3.");
    if let Err(problem) = &minimum {
        checks.that(false, &format!("level-{place}"), format!("{problem}."));
    }
    let wanted = Wanted::on(&skill.scale, minimum.ok()?, interest.ok()?);
    Some(Condition { skill: skill.clone(), wanted })
}

/// The lowest level of somebody who can do it at all.
pub fn least_able(scale: &Scale) -> Level {
    match scale.lowest {
        Level::ZERO => scale.step,
        lowest => lowest,
    }
}

#[derive(sqlx::FromRow)]
struct SkillRow {
    id: i64,
    name: String,
    category: String,
    scale_id: i64,
}

/// The skill of that id or name, else why there is none.
pub async fn find_skill(app: &App, actor: &Actor, text: &str) -> Result<Result<Skill, String>> {
    actor.require(READ)?;
    skill_named(app, text.trim()).await
}

/// The skill that a row names: by its id, its name, or its name with the category in brackets behind it; else why not.
async fn skill_named(app: &App, text: &str) -> Result<Result<Skill, String>> {
    let (bare, category) = split_category(text);
    let query = app.db.q(sql!(
        "SELECT s.id, s.name, c.name AS category, s.scale_id FROM skills s JOIN skill_categories c ON c.id = s.category_id
         WHERE s.active = TRUE AND (s.id = ? OR s.name_key = ? OR s.name_key = ?) ORDER BY s.category_position, s.id"
    ));
    let id: i64 = text.parse().unwrap_or(0);
    let rows: Vec<SkillRow> = query.bind(id).bind(key(text)).bind(key(bare)).all().await?;
    let by_id = rows.iter().find(|row| row.id == id);
    let called: Vec<&SkillRow> = rows.iter().filter(|row| key(&row.name) == key(text)).collect();
    let in_category =
        rows.iter().find(|row| category.is_some_and(|name| key(name) == key(category_title(&row.category))));
    let chosen = by_id.or(called.first().copied().filter(|_| called.len() == 1)).or(in_category);
    let Some(row) = chosen else {
        return Ok(Err(if called.is_empty() { unknown(app, text).await? } else { ambiguous(text, &called) }));
    };
    let scales = scales::all(app).await?;
    let scale = scales.get(row.scale_id).expect("a foreign key keeps the scale of every skill").clone();
    Ok(Ok(Skill { id: row.id, name: row.name.clone(), category: row.category.clone(), scale }))
}

fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A skill and its category in one line of text.
fn label(name: &str, category: &str) -> String {
    format!("{name} ({})", category_title(category))
}

/// `Welding (Workshop)`, as suggestions write it where two categories have a skill of that name.
fn split_category(text: &str) -> (&str, Option<&str>) {
    let inside = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    inside.map_or((text, None), |(name, category)| (name, Some(category)))
}

async fn unknown(app: &App, text: &str) -> Result<String> {
    let near: Vec<String> = suggest(app, text).await?.iter().take(3).map(Suggestion::label).collect();
    let hint = if near.is_empty() { String::new() } else { format!(" Did you mean {}?", near.join(", ")) };
    Ok(format!("There is no skill “{text}”.{hint}"))
}

fn ambiguous(text: &str, rows: &[&SkillRow]) -> String {
    let labels: Vec<String> = rows.iter().map(|row| label(&row.name, &row.category)).collect();
    format!("Several skills are called “{text}”. Write {}.", labels.join(" or "))
}

/// A skill that the field suggests.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Suggestion {
    pub name: String,
    pub category: String,
    /// Whether another category has a skill of that name, too.
    pub shared: bool,
}

impl Suggestion {
    /// What finds this skill when it is typed.
    pub fn label(&self) -> String {
        if self.shared { label(&self.name, &self.category) } else { self.name.clone() }
    }
}

/// Skills whose name holds the text, those that begin with it first.
pub async fn suggestions(app: &App, actor: &Actor, text: &str) -> Result<Vec<Suggestion>> {
    actor.require(READ)?;
    suggest(app, text).await
}

async fn suggest(app: &App, text: &str) -> Result<Vec<Suggestion>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let within = contains(text);
    let query = app.db.q(sql!(
        "SELECT s.name, c.name AS category,
         EXISTS (SELECT 1 FROM skills o WHERE o.name_key = s.name_key AND o.id <> s.id AND o.active = TRUE) AS shared
         FROM skills s JOIN skill_categories c ON c.id = s.category_id
         WHERE s.active = TRUE AND s.name_key LIKE ? ESCAPE '!'
         ORDER BY CASE WHEN s.name_key LIKE ? ESCAPE '!' THEN 0 ELSE 1 END, s.name_key, s.id LIMIT ?"
    ));
    let beginning = within[1..].to_owned();
    Ok(query.bind(within).bind(beginning).bind(SUGGESTIONS).all().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_category_stands_in_the_last_brackets() {
        assert_eq!(split_category("Welding (Workshop)"), ("Welding", Some("Workshop")));
        assert_eq!(split_category("Welding (TIG) (Workshop)"), ("Welding (TIG)", Some("Workshop")));
        assert_eq!(split_category("Welding"), ("Welding", None));
        assert_eq!(split_category("(Workshop)"), ("(Workshop)", None));
    }
}
