//! The list of everybody, a person with their roles, and the changes that `accounts` makes, told to everybody.

use crate::accounts::administration::{self, Change, Chosen, Done};
use crate::accounts::{ACCESS_TOPIC, ADMINISTER, Actor, TOPIC};
use crate::app::App;
use crate::db;
use crate::error::Result;
use crate::sql;
use std::collections::HashMap;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A part of the name or of the address.
    pub text: String,
    pub team_id: Option<i64>,
    pub role_id: Option<i64>,
    pub state: StateFilter,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StateFilter {
    #[default]
    Active,
    Inactive,
    /// Active, without a password.
    NoPassword,
    All,
}

impl StateFilter {
    pub const NAMED: [(&'static str, &'static str); 4] =
        [("", "Active"), ("inactive", "Deactivated"), ("no-password", "Without a password"), ("all", "Everybody")];

    pub fn of(name: &str) -> Self {
        match name {
            "inactive" => StateFilter::Inactive,
            "no-password" => StateFilter::NoPassword,
            "all" => StateFilter::All,
            _ => StateFilter::Active,
        }
    }

    /// Bounds of `active`, and whether there must be no password.
    fn bounds(self) -> (bool, bool, i64) {
        match self {
            StateFilter::Active => (true, true, 0),
            StateFilter::Inactive => (false, false, 0),
            StateFilter::NoPassword => (true, true, 1),
            StateFilter::All => (false, true, 0),
        }
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PersonRow {
    pub id: i64,
    pub name: String,
    pub email: Option<String>,
    pub title: String,
    pub team: Option<String>,
    pub active: bool,
    pub has_password: bool,
    /// When they used the portal last; `None` of those whose sessions are all gone.
    pub seen_at: Option<i64>,
    pub version: i64,
}

pub struct Listed {
    pub row: PersonRow,
    /// Titles, the highest role first.
    pub roles: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Role {
    pub id: i64,
    pub title: String,
}

/// A page of people by name, and how many there are in all.
pub async fn list(app: &App, actor: &Actor, filter: &Filter, limit: i64, offset: i64) -> Result<(Vec<Listed>, i64)> {
    actor.require(ADMINISTER)?;
    let (team, role, text) = (filter.team_id.unwrap_or(0), filter.role_id.unwrap_or(0), db::contains(&filter.text));
    let (from, to, no_password) = filter.state.bounds();
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.email, p.title, t.name AS team, p.active, p.password_hash IS NOT NULL AS has_password,
          (SELECT MAX(s.seen_at) FROM sessions s WHERE s.person_id = p.id) AS seen_at, p.version
         FROM people p LEFT JOIN teams t ON t.id = p.team_id
         WHERE (p.name_key LIKE ? ESCAPE '!' OR p.email_key LIKE ? ESCAPE '!') AND (? = 0 OR p.team_id = ?)
           AND (? = 0 OR EXISTS (SELECT 1 FROM person_roles r WHERE r.person_id = p.id AND r.role_id = ?))
           AND (p.active = ? OR p.active = ?) AND (? = 0 OR p.password_hash IS NULL)
         ORDER BY p.name_key, p.id LIMIT ? OFFSET ?"
    ));
    let query = query.bind(text.clone()).bind(text.clone()).bind(team).bind(team).bind(role).bind(role);
    let rows: Vec<PersonRow> = query.bind(from).bind(to).bind(no_password).bind(limit).bind(offset).all().await?;
    let query = app.db.q(sql!(
        "SELECT COUNT(*) FROM people p
         WHERE (p.name_key LIKE ? ESCAPE '!' OR p.email_key LIKE ? ESCAPE '!') AND (? = 0 OR p.team_id = ?)
           AND (? = 0 OR EXISTS (SELECT 1 FROM person_roles r WHERE r.person_id = p.id AND r.role_id = ?))
           AND (p.active = ? OR p.active = ?) AND (? = 0 OR p.password_hash IS NULL)"
    ));
    let query = query.bind(text.clone()).bind(text).bind(team).bind(team).bind(role).bind(role);
    let (total,) = query.bind(from).bind(to).bind(no_password).one::<(i64,)>().await?;
    Ok((with_roles(app, rows).await?, total))
}

async fn with_roles(app: &App, rows: Vec<PersonRow>) -> Result<Vec<Listed>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let query = app.db.q(sql!(
        "SELECT pr.person_id, r.title FROM person_roles pr JOIN roles r ON r.id = pr.role_id
         WHERE pr.person_id IN ({ids}) ORDER BY r.position, r.id"
    ));
    let mut roles: HashMap<i64, Vec<String>> = HashMap::new();
    for (person, title) in query.bind_ids(&ids).all::<(i64, String)>().await? {
        roles.entry(person).or_default().push(title);
    }
    Ok(rows.into_iter().map(|row| Listed { roles: roles.remove(&row.id).unwrap_or_default(), row }).collect())
}

pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<PersonRow> {
    actor.require(ADMINISTER)?;
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.email, p.title, t.name AS team, p.active, p.password_hash IS NOT NULL AS has_password,
          (SELECT MAX(s.seen_at) FROM sessions s WHERE s.person_id = p.id) AS seen_at, p.version
         FROM people p LEFT JOIN teams t ON t.id = p.team_id WHERE p.id = ?"
    ));
    Ok(query.bind(id).one().await?)
}

/// Every role, the highest first.
pub async fn roles(app: &App, actor: &Actor) -> Result<Vec<Role>> {
    actor.require(ADMINISTER)?;
    Ok(app.db.q(sql!("SELECT id, title FROM roles ORDER BY position, id")).all().await?)
}

/// The ids of a person's roles.
pub async fn roles_of(app: &App, actor: &Actor, person_id: i64) -> Result<Vec<i64>> {
    actor.require(ADMINISTER)?;
    let query = app.db.q(sql!("SELECT role_id FROM person_roles WHERE person_id = ? ORDER BY role_id"));
    Ok(query.bind(person_id).all::<(i64,)>().await?.into_iter().map(|(role,)| role).collect())
}

pub async fn apply(app: &App, actor: &Actor, chosen: &[Chosen], change: Change) -> Result<Done> {
    let parts = (&app.db, &app.followers, &app.sessions);
    let done = administration::apply(parts, actor, chosen, change, app.now_ms()).await?;
    publish(app, &done).await;
    Ok(done)
}

pub async fn undo(app: &App, actor: &Actor, batch_id: i64) -> Result<Done> {
    let parts = (&app.db, &app.followers, &app.sessions);
    let done = administration::undo(parts, actor, batch_id, app.now_ms()).await?;
    publish(app, &done).await;
    Ok(done)
}

async fn publish(app: &App, done: &Done) {
    match done.changed.as_slice() {
        [] => return,
        [one] => app.publish(TOPIC, one.to_string()).await,
        _ => app.publish(TOPIC, "*").await,
    }
    app.publish(ACCESS_TOPIC, "*").await;
}
