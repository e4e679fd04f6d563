//! Categories are made, renamed, moved and deleted. Each such change locks all of them, so that two that meet cannot make
//! a loop, and ends with every category and skill in its place.

use super::super::{CATALOGUE_TOPIC, EDIT, READ};
use super::tree::{Category, MARK, Place, SEPARATOR, Tree};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Checks, Error, Result};
use crate::{events, sql};
use std::sync::Arc;

/// The longest path, in characters.
pub const MAX_PATH_CHARS: usize = 190;

/// What a category is made or changed to.
#[derive(Clone, Debug, Default)]
pub struct NewCategory {
    /// Its own part of the path.
    pub name: String,
    /// `None` for a root.
    pub parent_id: Option<i64>,
}

/// A category in the list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    pub category: Category,
    /// Its own part of the path.
    pub part: String,
    pub depth: usize,
    /// Skills in it and below it, without those that are archived.
    pub skills: i64,
    /// Nothing is in it or below it, not even what is archived.
    pub is_empty: bool,
}

pub async fn tree(app: &App, actor: &Actor) -> Result<Arc<Tree>> {
    actor.require(READ)?;
    let read = async || {
        let query = app.db.q(sql!("SELECT id, name, parent_id, position, version FROM skill_categories"));
        Ok(Tree::of(query.all().await?))
    };
    app.cache.get_or(&[CATALOGUE_TOPIC], "skills/categories".to_owned(), read).await
}

/// The range of `skills.category_position` that a filter by category leaves: the category and all that is below it, or
/// everything.
pub async fn range(app: &App, category_id: Option<i64>) -> Result<(i64, i64)> {
    match category_id {
        None => Ok((0, i64::MAX)),
        Some(id) => Ok(tree(app, &Actor::system()).await?.range(id)),
    }
}

/// Every category with the number of its skills, depth-first.
pub async fn branches(app: &App, actor: &Actor) -> Result<Vec<Branch>> {
    let tree = tree(app, actor).await?;
    let query = app.db.q(sql!(
        "SELECT category_id, COUNT(*), COUNT(CASE WHEN active = TRUE THEN 1 END) FROM skills GROUP BY category_id"
    ));
    let counts: Vec<(i64, i64, i64)> = query.all().await?;
    let count = |id: i64| counts.iter().find(|row| row.0 == id).map_or((0, 0), |row| (row.1, row.2));
    let branch = |category: &Category| {
        let within: Vec<(i64, i64)> = tree.branch(category.id).map(|category| count(category.id)).collect();
        Branch {
            part: tree.part(category).to_owned(),
            depth: tree.depth(category),
            skills: within.iter().map(|(_, active)| active).sum(),
            is_empty: within.len() == 1 && within[0].0 == 0,
            category: category.clone(),
        }
    };
    Ok(tree.all().iter().map(branch).collect())
}

pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Branch> {
    let branches = branches(app, actor).await?;
    branches.into_iter().find(|branch| branch.category.id == id).ok_or(Error::NotFound)
}

/// Makes a category, and several at once when the name is a path: “Welding › TIG”.
pub async fn create(app: &App, actor: &Actor, new: &NewCategory) -> Result<Category> {
    actor.require(EDIT)?;
    let mut tx = app.db.begin().await?;
    let tree = locked(&mut tx).await?;
    let parts: Vec<&str> = new.name.split(MARK).map(str::trim).collect();
    let above = parent(&tree, new)?.map(|parent| parent.name.as_str());
    let path = above.into_iter().chain(parts.iter().copied()).collect::<Vec<_>>().join(SEPARATOR);
    let shortest = parts.iter().min_by_key(|part| part.len()).copied().unwrap_or_default();
    check(shortest, &path)?;
    Checks::only(tree.named(&path).is_none(), "name", format!("There is a category “{path}” already."))?;
    let id = make(&mut tx, &tree, tree.exact(&path), app.now_ms()).await?;
    record(&mut tx, app, actor, "skills.category_created", id, &path).await?;
    finish(app, tx, id).await
}

/// Gives a category that is still at `version` its name and its place: below another one, or among the roots. What is
/// below it follows.
pub async fn update(app: &App, actor: &Actor, id: i64, version: i64, new: &NewCategory) -> Result<Category> {
    actor.require(EDIT)?;
    let mut tx = app.db.begin().await?;
    let tree = locked(&mut tx).await?;
    let category = changeable(&tree, id)?;
    let text = format!("A name has no {MARK} in it. Choose what it stands below instead.");
    Checks::only(!new.name.contains(MARK), "name", text)?;
    let parent = parent(&tree, new)?;
    let is_below = parent.is_some_and(|parent| tree.is_within(parent.id, id));
    Checks::only(!is_below, "parent", format!("“{}” cannot stand below itself.", category.name))?;
    relocate(&mut tx, &tree, category, version, parent, new.name.trim()).await?;
    record(&mut tx, app, actor, "skills.category_changed", id, &new.name).await?;
    finish(app, tx, id).await
}

/// Deletes a category that holds nothing.
pub async fn delete(app: &App, actor: &Actor, id: i64) -> Result<String> {
    actor.require(EDIT)?;
    let mut tx = app.db.begin().await?;
    let tree = locked(&mut tx).await?;
    let category = changeable(&tree, id)?;
    let query = tx.q(sql!("SELECT EXISTS (SELECT 1 FROM skills WHERE category_id = ?)"));
    let (has_skills,) = query.bind(id).one::<(bool,)>().await?;
    if has_skills || tree.branch(id).count() > 1 {
        let text = format!("“{}” is not empty. Move what is in it first; archived skills count too.", category.name);
        return Err(Error::invalid("", text));
    }
    tx.q(sql!("DELETE FROM skill_categories WHERE id = ?")).bind(id).execute().await?;
    record(&mut tx, app, actor, "skills.category_deleted", id, &category.name).await?;
    rank(&mut tx).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    Ok(category.name.clone())
}

/// The category that is meant by what was typed, made when it is not there. Ends with every category in its place.
pub async fn category_id(tx: &mut Tx, typed: &str, now_ms: i64) -> Result<i64> {
    let tree = read(tx).await?;
    let place = tree.parse(typed).map_err(|problem| Error::invalid("category", problem))?;
    check_length("category", &tree.path(&place))?;
    match place {
        Place::Known(id) => Ok(id),
        new => {
            let id = make(tx, &tree, new, now_ms).await?;
            rank(tx).await?;
            Ok(id)
        }
    }
}

/// Makes the categories of these whole paths that are not there, inside of a larger change.
pub async fn make_paths(tx: &mut Tx, paths: impl Iterator<Item = &str>, now_ms: i64) -> Result<()> {
    for path in paths {
        let tree = read(tx).await?;
        make(tx, &tree, tree.exact(path), now_ms).await?;
    }
    Ok(rank(tx).await?)
}

/// The tree as it stands in this transaction.
pub async fn read(tx: &mut Tx) -> db::Result<Tree> {
    let query = tx.q(sql!("SELECT id, name, parent_id, position, version FROM skill_categories"));
    Ok(Tree::of(query.all().await?))
}

/// Gives every category its place in the tree, and every skill the place of its category.
pub async fn rank(tx: &mut Tx) -> db::Result<()> {
    let tree = read(tx).await?;
    for (category, place) in tree.places().filter(|(category, place)| category.position != *place) {
        let query = tx.q(sql!("UPDATE skill_categories SET position = ? WHERE id = ?"));
        query.bind(place).bind(category.id).execute().await?;
        let query = tx.q(sql!("UPDATE skills SET category_position = ? WHERE category_id = ?"));
        query.bind(place).bind(category.id).execute().await?;
    }
    Ok(())
}

/// The tree, which nobody else changes until this transaction ends.
async fn locked(tx: &mut Tx) -> db::Result<Tree> {
    let query =
        tx.q(sql!("SELECT id, name, parent_id, position, version FROM skill_categories ORDER BY id {for_update}"));
    Ok(Tree::of(query.all().await?))
}

fn parent<'a>(tree: &'a Tree, new: &NewCategory) -> Result<Option<&'a Category>> {
    let Some(id) = new.parent_id else { return Ok(None) };
    let parent = tree.get(id).filter(|parent| !parent.name.is_empty());
    parent.map(Some).ok_or_else(|| Error::invalid("parent", "This category is no longer there. Choose another one."))
}

fn changeable(tree: &Tree, id: i64) -> Result<&Category> {
    let category = tree.get(id).ok_or(Error::NotFound)?;
    let text = "The place of the skills that have no category cannot be changed.";
    Checks::only(!category.name.is_empty(), "name", text)?;
    Ok(category)
}

async fn make(tx: &mut Tx, tree: &Tree, place: Place, now_ms: i64) -> Result<i64> {
    let (mut above, parts) = match place {
        Place::Known(id) => return Ok(id),
        Place::New { parent, parts } => (parent, parts),
    };
    let mut path = above.and_then(|id| tree.get(id)).map(|parent| parent.name.clone()).unwrap_or_default();
    for part in parts {
        if above.is_some() {
            path.push_str(SEPARATOR);
        }
        path.push_str(&part);
        let query = tx.q(sql!(
            "INSERT INTO skill_categories (name, name_key, parent_id, created_at) VALUES (?, ?, ?, ?) {returning id}"
        ));
        let query = query.bind(path.clone()).bind(path.to_lowercase()).bind(above).bind(now_ms);
        above = Some(query.insert().await?);
    }
    above.ok_or_else(|| Error::internal("a new category has no name"))
}

/// Gives a category the path `parent › part`, and what is below it the path that follows from that.
async fn relocate(
    tx: &mut Tx,
    tree: &Tree,
    category: &Category,
    version: i64,
    parent: Option<&Category>,
    part: &str,
) -> Result<()> {
    let path = parent.map_or_else(|| part.to_owned(), |parent| format!("{}{SEPARATOR}{part}", parent.name));
    check(part, &path)?;
    if category.version != version {
        let text =
            format!("Somebody else changed this category in the meantime; it is called “{}” now.", category.name);
        return Err(Error::Conflict(text));
    }
    let taken = tree.named(&path).is_some_and(|other| other.id != category.id);
    Checks::only(!taken, "name", format!("There is a category “{path}” already."))?;
    for below in tree.branch(category.id) {
        let rest = below.name.strip_prefix(&category.name).unwrap_or_default();
        let name = format!("{path}{rest}");
        check_length("name", &name)?;
        let parent_id = if below.id == category.id { parent.map(|parent| parent.id) } else { below.parent_id };
        let query = tx.q(sql!(
            "UPDATE skill_categories SET name = ?, name_key = ?, parent_id = ?, version = version + 1 WHERE id = ?"
        ));
        query.bind(name.clone()).bind(name.to_lowercase()).bind(parent_id).bind(below.id).execute().await?;
    }
    Ok(())
}

fn check(part: &str, path: &str) -> Result<()> {
    let mut checks = Checks::default();
    checks.that(!part.trim().is_empty(), "name", "Give the category a name.");
    checks.that(!path.chars().any(char::is_control), "name", "Control characters are not allowed here.");
    checks.done()?;
    check_length("name", path)
}

fn check_length(field: &str, path: &str) -> Result<()> {
    // Its lower case, by which it is searched, can be longer than the path itself.
    let chars = path.chars().count().max(path.to_lowercase().chars().count());
    let text =
        format!("The whole path “{}…” has {chars} characters; at most {MAX_PATH_CHARS} are taken.", beginning(path));
    Checks::only(chars <= MAX_PATH_CHARS, field, text)
}

fn beginning(path: &str) -> String {
    path.chars().take(30).collect()
}

async fn record(tx: &mut Tx, app: &App, actor: &Actor, kind: &str, id: i64, name: &str) -> Result<()> {
    let detail = serde_json::json!({ "name": name.trim() });
    Ok(events::record(tx, actor, app.now_ms(), kind, &format!("category:{id}"), &detail).await?)
}

/// Ranks, commits and tells everybody.
async fn finish(app: &App, mut tx: Tx, id: i64) -> Result<Category> {
    rank(&mut tx).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    let tree = tree(app, &Actor::system()).await?;
    tree.get(id).cloned().ok_or(Error::NotFound)
}
