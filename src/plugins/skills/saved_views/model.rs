//! Saved views: one's own, and those that are shared with everybody.

use super::super::matrix::filter::{View, ViewFields};
use super::super::{EDIT, READ};
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
    /// Whose it is.
    pub owner: String,
    pub name: String,
    /// The address without its path, as `View::query` writes it.
    pub query: String,
    pub shared: bool,
    pub version: i64,
    /// Whether the actor's matrix opens with it.
    pub is_default: bool,
}

impl SavedView {
    pub fn view(&self) -> View {
        serde_urlencoded::from_str::<ViewFields>(&self.query).unwrap_or_default().today()
    }

    /// One's own, and for those who look after the catalogue also what is shared.
    pub fn may_be_changed_by(&self, actor: &Actor) -> bool {
        actor.is(self.person_id) || (self.shared && actor.may(EDIT))
    }
}

/// What somebody typed to save a view.
#[derive(Clone, Debug, Default)]
pub struct NewView {
    pub name: String,
    pub shared: bool,
}

impl NewView {
    fn check(&self, actor: &Actor) -> Result<()> {
        let mut checks = Checks::default();
        let name = self.name.trim();
        checks.that(!name.is_empty(), "name", "Give the view a name.");
        checks.that(
            name.chars().count() <= MAX_NAME_CHARS,
            "name",
            format!("At most {MAX_NAME_CHARS} characters fit here."),
        );
        checks.that(!name.chars().any(char::is_control), "name", "Control characters are not allowed here.");
        checks.that(
            !self.shared || actor.may(EDIT),
            "shared",
            "Only who may edit the catalogue shares a view with everybody.",
        );
        checks.done()
    }
}

/// Views belong to a person: a token has its person's, the system has none.
fn owner(actor: &Actor) -> Result<i64> {
    actor.require(READ)?;
    actor.person_id.ok_or(Error::Forbidden)
}

/// One's own views and the shared ones, by name.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<SavedView>> {
    actor.require(READ)?;
    let Some(person_id) = actor.person_id else { return Ok(Vec::new()) };
    let query = app.db.q(sql!(
        "SELECT v.id, v.person_id, p.name AS owner, v.name, v.query, v.shared, v.version,
         CASE WHEN d.view_id IS NULL THEN FALSE ELSE TRUE END AS is_default
         FROM matrix_views v JOIN people p ON p.id = v.person_id
         LEFT JOIN matrix_view_defaults d ON d.view_id = v.id AND d.person_id = ?
         WHERE v.person_id = ? OR v.shared = TRUE ORDER BY v.name_key, v.id"
    ));
    Ok(query.bind(person_id).bind(person_id).all().await?)
}

pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<SavedView> {
    list(app, actor).await?.into_iter().find(|view| view.id == id).ok_or(Error::NotFound)
}

/// A view that the actor may change; one that is only shared with them is there, but not theirs.
pub async fn changeable(app: &App, actor: &Actor, id: i64) -> Result<SavedView> {
    let view = get(app, actor, id).await?;
    if view.may_be_changed_by(actor) { Ok(view) } else { Err(Error::Forbidden) }
}

pub async fn create(app: &App, actor: &Actor, new: &NewView, view: &View) -> Result<i64> {
    let person_id = owner(actor)?;
    new.check(actor)?;
    let query = app.db.q(sql!(
        "INSERT INTO matrix_views (person_id, name, name_key, query, shared, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) {returning id}"
    ));
    let query = query.bind(person_id).bind(new.name.trim()).bind(new.name.trim().to_lowercase());
    let query = query.bind(view.query()).bind(new.shared).bind(app.now_ms()).bind(app.now_ms());
    query.insert().await.map_err(|error| taken(error, new))
}

/// Renames a view that is still at `version`, and shares it or not.
pub async fn update(app: &App, actor: &Actor, id: i64, version: i64, new: &NewView) -> Result<()> {
    let current = changeable(app, actor, id).await?;
    new.check(actor)?;
    let query = app.db.q(sql!(
        "UPDATE matrix_views SET name = ?, name_key = ?, shared = ?, version = version + 1, updated_at = ?
         WHERE id = ? AND version = ?"
    ));
    let query = query.bind(new.name.trim()).bind(new.name.trim().to_lowercase()).bind(new.shared);
    let changed = query.bind(app.now_ms()).bind(id).bind(version).execute().await.map_err(|error| taken(error, new))?;
    match changed {
        0 => Err(Error::Conflict(format!("Somebody else named this view “{}” in the meantime.", current.name))),
        _ => Ok(()),
    }
}

pub async fn delete(app: &App, actor: &Actor, id: i64) -> Result<SavedView> {
    let view = changeable(app, actor, id).await?;
    app.db.q(sql!("DELETE FROM matrix_views WHERE id = ?")).bind(id).execute().await?;
    Ok(view)
}

/// Opens the actor's matrix with this view from now on, or with everything.
pub async fn set_default(app: &App, actor: &Actor, id: Option<i64>) -> Result<()> {
    let person_id = owner(actor)?;
    let Some(id) = id else {
        app.db.q(sql!("DELETE FROM matrix_view_defaults WHERE person_id = ?")).bind(person_id).execute().await?;
        return Ok(());
    };
    get(app, actor, id).await?;
    let query = app.db.q(sql!(
        "INSERT INTO matrix_view_defaults (person_id, view_id) VALUES (?, ?) {upsert person_id} view_id = {new view_id}"
    ));
    query.bind(person_id).bind(id).execute().await?;
    Ok(())
}

fn taken(error: db::Error, new: &NewView) -> Error {
    match error {
        db::Error::Unique => Error::invalid("name", format!("There is a view “{}” already.", new.name.trim())),
        other => other.into(),
    }
}
