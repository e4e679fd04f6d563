//! Finds a skill by what was typed, and suggests skills while somebody types.
//!
//! Tables: skills, skill_categories, skill_aliases. A skill is meant by its name, by its name with the category in brackets
//! behind it, or by an alias that no other skill has. What is archived is not meant where anything else is.

use super::super::super::READ;
use super::super::super::categories::category_title;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::contains;
use crate::error::Result;
use crate::sql;

/// How many names a field suggests, and how many of them an answer names.
const SUGGESTED: i64 = 20;
const NAMED: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Named {
    pub id: i64,
    pub name: String,
    pub category: String,
    pub scale_id: i64,
    /// Whether it is not archived.
    pub active: bool,
}

impl Named {
    /// What to type where several skills are called so: `Welding (Workshop)`.
    pub fn with_category(&self) -> String {
        format!("{} ({})", self.name, category_title(&self.category))
    }
}

pub async fn by_id(app: &App, id: i64) -> Result<Option<Named>> {
    let query = app.db.q(sql!(
        "SELECT s.id, s.name, c.name AS category, s.scale_id, s.active
         FROM skills s JOIN skill_categories c ON c.id = s.category_id WHERE s.id = ?"
    ));
    Ok(query.bind(id).optional().await?)
}

/// The skill that is meant, which is not archived; else why there is none, in a full sentence.
pub async fn find(app: &App, actor: &Actor, text: &str) -> Result<Result<Named, String>> {
    actor.require(READ)?;
    let text = text.trim();
    if text.is_empty() {
        return Ok(Err("Choose a skill.".to_owned()));
    }
    let (bare, category) = split_category(text);
    let query = app.db.q(sql!(
        "SELECT s.id, s.name, c.name AS category, s.scale_id, s.active
         FROM skills s JOIN skill_categories c ON c.id = s.category_id
         WHERE s.name_key = ? OR s.name_key = ? OR s.id IN (SELECT a.skill_id FROM skill_aliases a WHERE a.alias_key = ?)
         ORDER BY s.category_position, s.name_key, s.id"
    ));
    let rows: Vec<Named> = query.bind(key(text)).bind(key(bare)).bind(key(text)).all().await?;
    Ok(match chosen(&rows, text, category) {
        Choice::One(skill) => Ok(skill.clone()),
        Choice::Several(skills) => Err(ambiguous(text, &skills)),
        Choice::Archived(skill) => Err(format!("“{}” is archived. Use it again first.", skill.name)),
        Choice::None => Err(unknown(app, text).await?),
    })
}

#[derive(Debug, PartialEq, Eq)]
enum Choice<'a> {
    One(&'a Named),
    Several(Vec<&'a Named>),
    Archived(&'a Named),
    None,
}

/// By the name to the letter, by the name in any case, by name and category, by an alias.
fn chosen<'a>(rows: &'a [Named], text: &str, category: Option<&str>) -> Choice<'a> {
    let is_called = |row: &&Named| key(&row.name) == key(text);
    let is_of = |row: &&Named| category.is_some_and(|category| key(category) == key(category_title(&row.category)));
    let (active, archived): (Vec<&Named>, Vec<&Named>) = rows.iter().partition(|row| row.active);
    let pick = |fits: &dyn Fn(&&Named) -> bool| active.iter().copied().filter(fits).collect::<Vec<_>>();
    let by_alias = |row: &&Named| !is_called(row) && key(&row.name) != key(split_category(text).0);
    for found in [pick(&|row| row.name == text), pick(&is_called), pick(&is_of), pick(&by_alias)] {
        match found.as_slice() {
            [] => {}
            [one] => return Choice::One(one),
            _ => return Choice::Several(found),
        }
    }
    let named = archived.into_iter().find(|row| is_called(row) || is_of(row));
    named.map_or(Choice::None, Choice::Archived)
}

fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// `Welding (Workshop)`, as suggestions write it where two categories have a skill of that name.
fn split_category(text: &str) -> (&str, Option<&str>) {
    let inside = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    inside.map_or((text, None), |(name, category)| (name, Some(category)))
}

async fn unknown(app: &App, text: &str) -> Result<String> {
    let near: Vec<String> = suggest_by(app, text).await?.iter().take(NAMED).map(Suggestion::label).collect();
    Ok(if near.is_empty() {
        format!("There is no skill “{text}”. Choose one of the suggestions, or add it to the catalogue first.")
    } else {
        format!("There is no skill “{text}”. Did you mean {}?", near.join(", "))
    })
}

fn ambiguous(text: &str, skills: &[&Named]) -> String {
    let labels: Vec<String> = skills.iter().map(|skill| skill.with_category()).collect();
    format!("Several skills are called “{text}”. Write {}.", labels.join(" or "))
}

/// A skill that a field suggests.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Suggestion {
    #[sqlx(flatten)]
    pub skill: Named,
    /// Whether another category has a skill of that name, too.
    pub shared: bool,
    /// One of its other names, if that is what holds the text.
    pub alias: Option<String>,
}

impl Suggestion {
    /// What finds this skill when it is typed.
    pub fn label(&self) -> String {
        if self.shared { self.skill.with_category() } else { self.skill.name.clone() }
    }
}

/// Skills whose name or alias holds the text: those whose name begins with it first, those by an alias last.
pub async fn suggest(app: &App, actor: &Actor, text: &str) -> Result<Vec<Suggestion>> {
    actor.require(READ)?;
    suggest_by(app, text).await
}

async fn suggest_by(app: &App, text: &str) -> Result<Vec<Suggestion>> {
    let within = contains(text);
    let beginning = within[1..].to_owned();
    let query = app.db.q(sql!(
        "SELECT s.id, s.name, c.name AS category, s.scale_id, s.active,
         EXISTS (SELECT 1 FROM skills o WHERE o.name_key = s.name_key AND o.id <> s.id AND o.active = TRUE) AS shared,
         CASE WHEN s.name_key LIKE ? ESCAPE '!' THEN NULL
              ELSE (SELECT MIN(a.alias) FROM skill_aliases a WHERE a.skill_id = s.id AND a.alias_key LIKE ? ESCAPE '!') END AS alias
         FROM skills s JOIN skill_categories c ON c.id = s.category_id
         WHERE s.active = TRUE AND (s.name_key LIKE ? ESCAPE '!'
           OR s.id IN (SELECT a.skill_id FROM skill_aliases a WHERE a.alias_key LIKE ? ESCAPE '!'))
         ORDER BY CASE WHEN s.name_key LIKE ? ESCAPE '!' THEN 0 WHEN s.name_key LIKE ? ESCAPE '!' THEN 1 ELSE 2 END,
         s.name_key, s.id LIMIT ?"
    ));
    let query = query.bind(within.clone()).bind(within.clone()).bind(within.clone()).bind(within.clone());
    Ok(query.bind(beginning).bind(within).bind(SUGGESTED).all().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(id: i64, name: &str, category: &str, active: bool) -> Named {
        Named { id, name: name.to_owned(), category: category.to_owned(), scale_id: 1, active }
    }

    #[test]
    fn the_category_stands_in_the_last_brackets() {
        assert_eq!(split_category("Welding (Workshop)"), ("Welding", Some("Workshop")));
        assert_eq!(split_category("Welding (TIG) (Workshop)"), ("Welding (TIG)", Some("Workshop")));
        assert_eq!(split_category("Welding"), ("Welding", None));
        assert_eq!(split_category("(Workshop)"), ("(Workshop)", None));
    }

    #[test]
    fn a_name_goes_before_an_alias_and_what_is_used_before_what_is_archived() {
        let rows = [
            named(1, "MIG", "Old", false),
            named(2, "Welding", "Workshop", true),
            named(3, "mig", "Office", true),
            named(4, "MIG", "Yard", true),
        ];
        let id = |choice: Choice| match choice {
            Choice::One(skill) => vec![skill.id],
            Choice::Several(skills) => skills.iter().map(|skill| skill.id).collect(),
            Choice::Archived(skill) => vec![-skill.id],
            Choice::None => vec![],
        };
        assert_eq!(id(chosen(&rows, "MIG", None)), [4], "to the letter");
        assert_eq!(id(chosen(&rows, "Mig", None)), [3, 4], "in any case");
        assert_eq!(id(chosen(&rows[..2], "MIG", None)), [2], "by the alias, as the skill of that name is archived");
        assert_eq!(id(chosen(&rows[..1], "mig", None)), [-1]);
        assert_eq!(id(chosen(&rows, "mig (Office)", Some("Office"))), [3]);
        assert_eq!(id(chosen(&[], "mig", None)), [] as [i64; 0]);
    }
}
