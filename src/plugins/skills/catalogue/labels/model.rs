//! Tables: skill_aliases, skill_tags.

use super::super::super::READ;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Db, Tx};
use crate::error::{Checks, Result};
use crate::sql;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// So many aliases, and so many tags, a skill has at most.
pub const MAX_LABELS: usize = 40;
pub const MAX_ALIAS_CHARS: usize = 190;
pub const MAX_TAG_CHARS: usize = 60;

/// The aliases and tags of a skill, each once whatever its case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    pub aliases: Vec<String>,
    pub tags: Vec<String>,
}

impl Labels {
    /// Reads them as a form sends them: an alias on each line, tags between commas.
    pub fn typed(aliases: &str, tags: &str) -> Labels {
        Labels { aliases: once(aliases.lines()), tags: once(tags.split([',', '\n'])) }
    }

    pub fn of(aliases: Vec<String>, tags: Vec<String>) -> Labels {
        let texts = |list: &[String]| once(list.iter().map(String::as_str));
        Labels { aliases: texts(&aliases), tags: texts(&tags) }
    }

    pub fn check(&self, name: &str, checks: &mut Checks) {
        let own = name.trim().to_lowercase();
        let own = self.aliases.iter().any(|alias| alias.to_lowercase() == own);
        checks.that(!own, "aliases", "The name of the skill itself is no alias.");
        for (field, list, most) in [("aliases", &self.aliases, MAX_ALIAS_CHARS), ("tags", &self.tags, MAX_TAG_CHARS)] {
            checks.that(list.len() <= MAX_LABELS, field, format!("At most {MAX_LABELS} fit here."));
            let longest = list.iter().map(|text| text.chars().count().max(text.to_lowercase().chars().count())).max();
            checks.that(longest.unwrap_or(0) <= most, field, format!("Each has at most {most} characters."));
            let is_bad = |text: &String| text.chars().any(char::is_control);
            checks.that(!list.iter().any(is_bad), field, "Control characters are not allowed here.");
        }
        checks.that(
            !self.tags.iter().any(|tag| tag.contains(',')),
            "tags",
            "A comma parts two tags, so that none has one.",
        );
    }
}

/// What was typed, without what is empty or there already.
fn once<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    let texts = texts.map(str::trim).filter(|text| !text.is_empty());
    texts.filter(|text| seen.insert(text.to_lowercase())).map(str::to_owned).collect()
}

/// The labels of these skills, each list in its order by letter.
pub async fn of_skills(db: &Db, ids: &[i64]) -> Result<HashMap<i64, Labels>> {
    let mut labels: HashMap<i64, Labels> = HashMap::new();
    let query =
        db.q(sql!("SELECT skill_id, alias FROM skill_aliases WHERE skill_id IN ({ids}) ORDER BY skill_id, alias_key"));
    for (id, alias) in query.bind_ids(ids).all::<(i64, String)>().await? {
        labels.entry(id).or_default().aliases.push(alias);
    }
    let query = db.q(sql!("SELECT skill_id, tag FROM skill_tags WHERE skill_id IN ({ids}) ORDER BY skill_id, tag_key"));
    for (id, tag) in query.bind_ids(ids).all::<(i64, String)>().await? {
        labels.entry(id).or_default().tags.push(tag);
    }
    Ok(labels)
}

/// The labels of every skill that has any, inside of a larger change.
pub async fn all(tx: &mut Tx) -> db::Result<HashMap<i64, Labels>> {
    let mut labels: HashMap<i64, Labels> = HashMap::new();
    let query = tx.q(sql!("SELECT skill_id, alias FROM skill_aliases ORDER BY skill_id, alias_key"));
    for (id, alias) in query.all::<(i64, String)>().await? {
        labels.entry(id).or_default().aliases.push(alias);
    }
    let query = tx.q(sql!("SELECT skill_id, tag FROM skill_tags ORDER BY skill_id, tag_key"));
    for (id, tag) in query.all::<(i64, String)>().await? {
        labels.entry(id).or_default().tags.push(tag);
    }
    Ok(labels)
}

#[derive(Serialize)]
struct Row<'a> {
    label: &'a str,
    label_key: String,
}

fn rows(list: &[String]) -> Vec<Row<'_>> {
    list.iter().map(|label| Row { label, label_key: label.to_lowercase() }).collect()
}

/// Writes the labels of a skill in place of those that it had.
pub async fn replace(tx: &mut Tx, skill_id: i64, labels: &Labels) -> db::Result<()> {
    tx.q(sql!("DELETE FROM skill_aliases WHERE skill_id = ?")).bind(skill_id).execute().await?;
    tx.q(sql!("DELETE FROM skill_tags WHERE skill_id = ?")).bind(skill_id).execute().await?;
    add(tx, skill_id, labels).await
}

/// Adds labels that the skill does not have.
pub async fn add(tx: &mut Tx, skill_id: i64, labels: &Labels) -> db::Result<()> {
    if !labels.aliases.is_empty() {
        let query = tx.q(sql!(
            "INSERT INTO skill_aliases (skill_id, alias, alias_key)
             SELECT ?, item.label, item.label_key FROM {rows label text, label_key text}"
        ));
        query.bind(skill_id).bind_rows(&rows(&labels.aliases)).execute().await?;
    }
    if !labels.tags.is_empty() {
        let query = tx.q(sql!(
            "INSERT INTO skill_tags (skill_id, tag, tag_key)
             SELECT ?, item.label, item.label_key FROM {rows label text, label_key text}"
        ));
        query.bind(skill_id).bind_rows(&rows(&labels.tags)).execute().await?;
    }
    Ok(())
}

/// A tag that skills have, and how many of them do.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Tag {
    /// In lower case, as a filter names it.
    pub tag_key: String,
    pub name: String,
    pub skills: i64,
}

/// Every tag, by letter; one that is written in several ways as the first of them.
pub async fn tags(app: &App, actor: &Actor) -> Result<Vec<Tag>> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT t.tag_key, MIN(t.tag) AS name, COUNT(*) AS skills FROM skill_tags t
         JOIN skills s ON s.id = t.skill_id WHERE s.active = TRUE GROUP BY t.tag_key ORDER BY t.tag_key"
    ));
    Ok(query.all().await?)
}

/// Other skills that are called like one of these aliases, by name or alias: `Workshop › Welding`.
pub async fn namesakes(app: &App, actor: &Actor, skill_id: i64, aliases: &[String]) -> Result<Vec<String>> {
    actor.require(READ)?;
    let mut found = Vec::new();
    for alias in aliases {
        let query = app.db.q(sql!(
            "SELECT c.name, s.name FROM skills s JOIN skill_categories c ON c.id = s.category_id
             WHERE s.active = TRUE AND s.id <> ? AND (s.name_key = ?
               OR EXISTS (SELECT 1 FROM skill_aliases a WHERE a.skill_id = s.id AND a.alias_key = ?))
             ORDER BY s.category_position, s.name_key, s.id"
        ));
        let key = alias.to_lowercase();
        let rows: Vec<(String, String)> = query.bind(skill_id).bind(key.clone()).bind(key).all().await?;
        found.extend(
            rows.into_iter()
                .map(|(category, name)| if category.is_empty() { name } else { format!("{category} › {name}") }),
        );
    }
    found.sort();
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_kept_once() {
        let labels = Labels::typed(" MIG \r\n\r\nmig\nMAG, too", "Safety, ,safety,Night shift\n");
        assert_eq!(labels.aliases, ["MIG", "MAG, too"]);
        assert_eq!(labels.tags, ["Safety", "Night shift"]);
    }
}
