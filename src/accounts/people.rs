//! People: who works here, in which team, with which title.

use super::links::require_rank;
use super::teams::NO_TEAM_POSITION;
use super::{Actor, Followers, READ, WRITE, roles};
use crate::db::{self, Db, Tx};
use crate::error::{Checks, Error, Result};
use crate::events;
use crate::sql;
use serde_json::{Value, json};

/// A name, an address or a title is at most this long, in characters.
pub const MAX_NAME_CHARS: usize = 190;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub email: Option<String>,
    pub title: String,
    pub team_id: Option<i64>,
    pub team: Option<String>,
    pub version: i64,
}

/// What a person is made from. An empty address means that there is none; such a person cannot sign in.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    pub name: String,
    pub email: String,
    pub title: String,
    pub team_id: Option<i64>,
}

impl NewPerson {
    pub fn check(&self) -> Result<()> {
        let mut checks = Checks::default();
        checks.that(!self.name.trim().is_empty(), "name", "Give the person a name.");
        let email = self.email.trim();
        checks.that(email.is_empty() || is_address(email), "email", "That is not an e-mail address.");
        for (field, text) in [("name", &self.name), ("email", &self.email), ("title", &self.title)] {
            checks.that(text.chars().count() <= MAX_NAME_CHARS, field, "At most 190 characters fit here.");
            checks.that(!text.chars().any(char::is_control), field, "Control characters are not allowed here.");
        }
        checks.done()
    }
}

/// One @ with something on both sides and no blanks: more than that only the mail server knows.
pub fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'))
        && !text.contains(char::is_whitespace)
}

pub async fn get(db: &Db, actor: &Actor, id: i64) -> Result<Person> {
    actor.require(READ)?;
    let query = db.q(sql!(
        "SELECT p.id, p.name, p.email, p.title, p.team_id, t.name AS team, p.version
         FROM people p LEFT JOIN teams t ON t.id = p.team_id WHERE p.id = ? AND p.active = TRUE"
    ));
    Ok(query.bind(id).one().await?)
}

/// Which people a list is about: a team, or a part of the name or the address.
#[derive(Clone, Debug, Default)]
pub struct PeopleFilter {
    pub team_id: Option<i64>,
    pub text: String,
}

/// A page of the active people, by team and name, and how many there are in all.
pub async fn list(
    db: &Db,
    actor: &Actor,
    filter: &PeopleFilter,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Person>, i64)> {
    actor.require(READ)?;
    let team = filter.team_id.unwrap_or(0);
    let text = db::contains(&filter.text);
    let rows = db
        .q(sql!(
            "SELECT p.id, p.name, p.email, p.title, p.team_id, t.name AS team, p.version
             FROM people p LEFT JOIN teams t ON t.id = p.team_id
             WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?) AND (p.name_key LIKE ? ESCAPE '!' OR p.email_key LIKE ? ESCAPE '!')
             ORDER BY p.team_position, p.name_key, p.id LIMIT ? OFFSET ?"
        ))
        .bind(team)
        .bind(team)
        .bind(text.clone())
        .bind(text.clone())
        .bind(limit)
        .bind(offset)
        .all()
        .await?;
    let (total,) = db
        .q(sql!(
            "SELECT COUNT(*) FROM people p
             WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?) AND (p.name_key LIKE ? ESCAPE '!' OR p.email_key LIKE ? ESCAPE '!')"
        ))
        .bind(team)
        .bind(team)
        .bind(text.clone())
        .bind(text)
        .one::<(i64,)>()
        .await?;
    Ok((rows, total))
}

/// Adds a person with one of the roles that `roles::for_new_people` offers the actor.
pub async fn create(
    db: &Db,
    followers: &Followers,
    actor: &Actor,
    new: &NewPerson,
    role: &str,
    now_ms: i64,
) -> Result<Person> {
    actor.require(WRITE)?;
    let mut tx = db.begin().await?;
    let id = add(&mut tx, followers, actor, new, role, now_ms).await?;
    tx.commit().await?;
    get(db, actor, id).await
}

/// As `create`, inside of a larger change.
pub(super) async fn add(
    tx: &mut Tx,
    followers: &Followers,
    actor: &Actor,
    new: &NewPerson,
    role: &str,
    now_ms: i64,
) -> Result<i64> {
    actor.require(WRITE)?;
    new.check()?;
    roles::check_for_new_person(actor, role)?;
    followers.prepare(tx).await?;
    let id = insert(tx, new, now_ms).await.map_err(|error| taken(error, &new.email))?;
    roles::assign(tx, id, role).await?;
    followers.tell(tx, &[id]).await?;
    record(tx, actor, now_ms, "people.created", id, new).await?;
    Ok(id)
}

/// Changes a person who is still at this version.
pub async fn update(
    db: &Db,
    followers: &Followers,
    actor: &Actor,
    (id, version): (i64, i64),
    new: &NewPerson,
    now_ms: i64,
) -> Result<Person> {
    actor.require(WRITE)?;
    new.check()?;
    let is_moved = moves_address(db, actor, id, new).await?;
    let mut tx = db.begin().await?;
    followers.prepare(&mut tx).await?;
    let before = told_at(&mut tx, id, version).await?;
    let position = team_position(&mut tx, new.team_id).await.map_err(|error| taken(error, &new.email))?;
    let changed = tx
        .q(sql!(
            "UPDATE people SET name = ?, name_key = ?, email = ?, email_key = ?, title = ?, team_id = ?, team_position = ?,
             version = version + 1, updated_at = ? WHERE id = ? AND version = ? AND active = TRUE"
        ))
        .bind(new.name.trim())
        .bind(new.name.trim().to_lowercase())
        .bind(address(new))
        .bind(address(new).map(|email| email.to_lowercase()))
        .bind(new.title.trim())
        .bind(new.team_id)
        .bind(position)
        .bind(now_ms)
        .bind(id)
        .bind(version)
        .execute()
        .await
        .map_err(|error| taken(error, &new.email))?;
    if changed == 0 {
        drop(tx);
        let current = get(db, actor, id).await?;
        return Err(Error::Conflict(format!("{} was changed by somebody else in the meantime.", current.name)));
    }
    if is_moved {
        end_links(&mut tx, id).await?;
    }
    followers.tell(&mut tx, &[id]).await?;
    let detail = events::changes(&before, &told(new));
    events::record(&mut tx, actor, now_ms, "people.changed", &format!("person:{id}"), &detail).await?;
    tx.commit().await?;
    get(db, actor, id).await
}

/// Whether the person gets another address, which who may do less than they must not give them: links for a new password
/// go there.
async fn moves_address(db: &Db, actor: &Actor, id: i64, new: &NewPerson) -> Result<bool> {
    let old = get(db, actor, id).await?.email.unwrap_or_default();
    if old.to_lowercase() == new.email.trim().to_lowercase() {
        return Ok(false);
    }
    match require_rank(db, actor, id).await {
        Err(Error::Forbidden) => {
            Err(Error::invalid("email", "Only an administrator changes the address of an administrator."))
        }
        ranked => ranked.map(|()| true),
    }
}

/// Links that went to another address open nothing any more.
async fn end_links(tx: &mut Tx, id: i64) -> db::Result<()> {
    tx.q(sql!("DELETE FROM password_resets WHERE person_id = ?")).bind(id).execute().await?;
    tx.q(sql!("DELETE FROM invitations WHERE person_id = ?")).bind(id).execute().await?;
    Ok(())
}

/// Adds a person inside a larger change. The name and address were checked by the caller, who tells the followers.
pub async fn insert(tx: &mut Tx, new: &NewPerson, now_ms: i64) -> db::Result<i64> {
    let position = team_position(tx, new.team_id).await?;
    tx.q(sql!(
        "INSERT INTO people (email, email_key, name, name_key, title, team_id, team_position, active, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, TRUE, ?, ?) {returning id}"
    ))
    .bind(address(new))
    .bind(address(new).map(|email| email.to_lowercase()))
    .bind(new.name.trim())
    .bind(new.name.trim().to_lowercase())
    .bind(new.title.trim())
    .bind(new.team_id)
    .bind(position)
    .bind(now_ms)
    .bind(now_ms)
    .insert()
    .await
}

pub async fn set_password(db: &Db, id: i64, hash: &str, now_ms: i64) -> Result<()> {
    let query = db.q(sql!("UPDATE people SET password_hash = ?, updated_at = ? WHERE id = ?"));
    query.bind(hash).bind(now_ms).bind(id).execute().await?;
    Ok(())
}

/// The active person with that address, and the stored hash of their password: for log-in alone.
pub async fn credentials(db: &Db, email: &str) -> Result<Option<(i64, Option<String>)>> {
    let query = db.q(sql!("SELECT id, password_hash FROM people WHERE email_key = ? AND active = TRUE"));
    Ok(query.bind(email.trim().to_lowercase()).optional().await?)
}

/// Whether nobody can sign in yet, so that the first administrator has to be made.
pub async fn nobody_can_sign_in(db: &Db) -> Result<bool> {
    let query = db.q(sql!("SELECT EXISTS (SELECT 1 FROM people WHERE password_hash IS NOT NULL)"));
    let (somebody,) = query.one::<(bool,)>().await?;
    Ok(!somebody)
}

fn address(new: &NewPerson) -> Option<String> {
    Some(new.email.trim().to_owned()).filter(|email| !email.is_empty())
}

fn taken(error: db::Error, email: &str) -> Error {
    match error {
        db::Error::Unique => Error::invalid("email", format!("Somebody has the address {} already.", email.trim())),
        db::Error::Reference | db::Error::NotFound => Error::invalid("team_id", "There is no such team."),
        other => other.into(),
    }
}

pub(super) async fn team_position(tx: &mut Tx, team_id: Option<i64>) -> db::Result<i64> {
    let Some(team_id) = team_id else { return Ok(NO_TEAM_POSITION) };
    let (position,) = tx.q(sql!("SELECT position FROM teams WHERE id = ?")).bind(team_id).one::<(i64,)>().await?;
    Ok(position)
}

async fn record(tx: &mut Tx, actor: &Actor, now_ms: i64, kind: &str, id: i64, new: &NewPerson) -> Result<()> {
    Ok(events::record(tx, actor, now_ms, kind, &format!("person:{id}"), &told(new)).await?)
}

/// A person as the log tells it.
fn told(new: &NewPerson) -> Value {
    json!({ "name": new.name.trim(), "email": address(new), "title": new.title.trim(), "team": new.team_id })
}

/// A person as the log would tell it, as long as they are at this version.
async fn told_at(tx: &mut Tx, id: i64, version: i64) -> Result<Value> {
    let query = tx.q(sql!("SELECT name, email, title, team_id FROM people WHERE id = ? AND version = ?"));
    let row: Option<(String, Option<String>, String, Option<i64>)> = query.bind(id).bind(version).optional().await?;
    Ok(row.map_or(
        Value::Null,
        |(name, email, title, team)| json!({ "name": name, "email": email, "title": title, "team": team }),
    ))
}
