//! Saved views: one's own, and those that are shared with all who take part in their project.

use super::super::READ;
use super::super::model::{self as projects, Project, bind_scope};
use super::super::tasks::filter::{Filter, FilterFields};
use crate::accounts::Actor;
use crate::app::App;
use crate::db;
use crate::error::{Checks, Error, Result};
use crate::sql;

pub const MAX_NAME_CHARS: usize = 80;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SavedView {
    pub id: i64,
    pub person_id: i64,
    pub owner: String,
    pub project_id: Option<i64>,
    /// The key of its project.
    pub code: Option<String>,
    pub name: String,
    /// Path and query.
    pub address: String,
    pub shared: bool,
    pub version: i64,
}

impl SavedView {
    pub fn is_of(&self, actor: &Actor) -> bool {
        actor.is(self.person_id)
    }
}

#[derive(Clone, Debug, Default)]
pub struct NewView {
    pub name: String,
    pub shared: bool,
}

impl NewView {
    fn check(&self, project: Option<&Project>) -> Result<()> {
        let mut checks = Checks::default();
        let name = self.name.trim();
        checks.that(!name.is_empty(), "name", "Give the view a name.");
        checks.that(
            name.chars().count() <= MAX_NAME_CHARS,
            "name",
            format!("At most {MAX_NAME_CHARS} characters fit here."),
        );
        checks.that(!name.chars().any(char::is_control), "name", "Control characters are not allowed here.");
        checks.that(!self.shared || project.is_some(), "shared", "Only a view of one project can be shared.");
        checks.done()
    }
}

/// One's own views and those that are shared with oneself: of a project, or, without one, all of them.
pub async fn list(app: &App, actor: &Actor, project_id: Option<i64>) -> Result<Vec<SavedView>> {
    actor.require(READ)?;
    let Some(me) = actor.person_id else { return Ok(Vec::new()) };
    let query = app.db.q(sql!(
        "SELECT v.id, v.person_id, o.name AS owner, v.project_id, p.code, v.name, v.address, v.shared, v.version
         FROM task_views v JOIN people o ON o.id = v.person_id LEFT JOIN projects p ON p.id = v.project_id
         WHERE (? = 0 OR v.project_id = ?) AND (v.person_id = ? OR v.shared = TRUE)
         AND (v.project_id IS NULL OR ? = 1 OR EXISTS (SELECT 1 FROM project_members m WHERE m.project_id = v.project_id AND m.person_id = ?))
         ORDER BY v.name_key, v.id"
    ));
    let of = project_id.unwrap_or(0);
    Ok(bind_scope(query.bind(of).bind(of).bind(me), actor).all().await?)
}

/// One that the actor may change: their own. Others that they see are not theirs.
pub async fn own(app: &App, actor: &Actor, id: i64) -> Result<SavedView> {
    let view = list(app, actor, None).await?.into_iter().find(|view| view.id == id).ok_or(Error::NotFound)?;
    if view.is_of(actor) { Ok(view) } else { Err(Error::Forbidden) }
}

/// An address in its proper form, with the project that it shows. Anything that is no view of tasks is refused, so that nobody
/// saves a way to somewhere else.
async fn proper(app: &App, actor: &Actor, address: &str) -> Result<(String, Option<Project>)> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let filter = Filter::from(&serde_urlencoded::from_str::<FilterFields>(query).unwrap_or_default());
    let filter = Filter { offset: 0, ..filter };
    let none = || Error::invalid("name", "Only views of tasks can be saved.");
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["projects", "work"] => Ok((filter.address("/projects/work"), None)),
        ["projects", code] | ["projects", code, "board" | "calendar" | "timeline"] => {
            let project = projects::find(app, actor, code).await?;
            let path = parts.get(2).map_or(project.path(), |view| format!("{}/{view}", project.path()));
            Ok((filter.address(&path), Some(project)))
        }
        _ => Err(none()),
    }
}

/// Saves what an address shows, and returns that address.
pub async fn create(app: &App, actor: &Actor, new: &NewView, address: &str) -> Result<String> {
    actor.require(READ)?;
    let me = actor.person_id.ok_or(Error::Forbidden)?;
    let (address, project) = proper(app, actor, address).await?;
    new.check(project.as_ref())?;
    let query = app.db.q(sql!(
        "INSERT INTO task_views (person_id, project_id, name, name_key, address, shared, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
    ));
    let query = query
        .bind(me)
        .bind(project.map(|project| project.id))
        .bind(new.name.trim())
        .bind(new.name.trim().to_lowercase());
    let query = query.bind(address.as_str()).bind(new.shared).bind(app.now_ms());
    query.execute().await.map_err(|error| taken(error, new))?;
    Ok(address)
}

/// Renames a view that is still at `version`, and shares it or not.
pub async fn update(app: &App, actor: &Actor, id: i64, version: i64, new: &NewView) -> Result<()> {
    let view = own(app, actor, id).await?;
    let project = match view.project_id {
        Some(id) => Some(projects::get(app, actor, id).await?),
        None => None,
    };
    new.check(project.as_ref())?;
    let query = app.db.q(sql!(
        "UPDATE task_views SET name = ?, name_key = ?, shared = ?, version = version + 1 WHERE id = ? AND version = ?"
    ));
    let query =
        query.bind(new.name.trim()).bind(new.name.trim().to_lowercase()).bind(new.shared).bind(id).bind(version);
    match query.execute().await.map_err(|error| taken(error, new))? {
        0 => {
            Err(Error::Conflict(format!("This view was named “{}” meanwhile. Yours is still in the form.", view.name)))
        }
        _ => Ok(()),
    }
}

pub async fn delete(app: &App, actor: &Actor, id: i64) -> Result<SavedView> {
    let view = own(app, actor, id).await?;
    app.db.q(sql!("DELETE FROM task_views WHERE id = ?")).bind(id).execute().await?;
    Ok(view)
}

fn taken(error: db::Error, new: &NewView) -> Error {
    match error {
        db::Error::Unique => Error::invalid("name", format!("You have a view “{}” already.", new.name.trim())),
        other => other.into(),
    }
}
