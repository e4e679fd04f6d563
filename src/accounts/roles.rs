//! Roles as data: the four that an installation starts with, and what each may do.

use super::{Actor, Grants, PermissionSpec};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::sql;
use std::collections::HashSet;
use std::sync::Arc;

pub const ADMINISTRATOR: &str = "administrator";

/// Name, title, holds everything; the highest first.
const STARTING: &[(&str, &str, bool)] = &[
    (ADMINISTRATOR, "Administrator", true),
    ("lead", "Team lead", false),
    ("member", "Member", false),
    ("viewer", "Viewer", false),
];

/// Makes the starting roles, and gives each newly declared permission to the roles that it names. Running it again
/// changes nothing, and brings back nothing that an administrator took away.
pub async fn init(db: &Db, declared: &[&PermissionSpec], now_ms: i64) -> Result<()> {
    let mut tx = db.begin().await?;
    for (position, (name, title, everything)) in STARTING.iter().enumerate() {
        tx.q(sql!(
            "INSERT INTO roles (name, title, everything, position) VALUES (?, ?, ?, ?) {upsert name} position = {new position}"
        ))
        .bind(*name)
        .bind(*title)
        .bind(*everything)
        .bind(position as i64)
        .execute()
        .await?;
    }
    let known: Vec<(String,)> = tx.q(sql!("SELECT name FROM permissions")).all().await?;
    let known: HashSet<String> = known.into_iter().map(|(name,)| name).collect();
    for spec in declared.iter().filter(|spec| !known.contains(spec.permission.0)) {
        grant(&mut tx, spec, now_ms).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn grant(tx: &mut Tx, spec: &PermissionSpec, now_ms: i64) -> Result<()> {
    let query = tx.q(sql!("INSERT INTO permissions (name, granted_at) VALUES (?, ?)"));
    query.bind(spec.permission.0).bind(now_ms).execute().await?;
    for role in spec.roles {
        tx.q(sql!("INSERT INTO role_permissions (role_id, permission) SELECT id, ? FROM roles WHERE name = ?"))
            .bind(spec.permission.0)
            .bind(*role)
            .execute()
            .await?;
    }
    Ok(())
}

/// The roles that may be given to somebody new, with their titles; the usual one first. Administrators are made by others
/// than those who may add people.
pub const FOR_NEW_PEOPLE: [(&str, &str); 3] = [("member", "Member"), ("lead", "Team lead"), ("viewer", "Viewer")];

pub fn check_for_new_person(role: &str) -> Result<()> {
    if FOR_NEW_PEOPLE.iter().any(|(name, _)| *name == role) {
        return Ok(());
    }
    let names: Vec<&str> = FOR_NEW_PEOPLE.iter().map(|(name, _)| *name).collect();
    Err(Error::invalid("role", format!("Somebody new can be one of: {}.", names.join(", "))))
}

/// Gives a person a role, inside the change that makes the person.
pub async fn assign(tx: &mut Tx, person_id: i64, role: &str) -> Result<()> {
    let (role_id,) = match tx.q(sql!("SELECT id FROM roles WHERE name = ?")).bind(role).optional::<(i64,)>().await? {
        Some(found) => found,
        None => return Err(Error::invalid("role", "There is no such role; run `quarterdeck init-data` first.")),
    };
    tx.q(sql!(
        "INSERT INTO person_roles (person_id, role_id) VALUES (?, ?) {upsert person_id, role_id} role_id = {new role_id}"
    ))
    .bind(person_id)
    .bind(role_id)
    .execute()
    .await?;
    Ok(())
}

/// Gives many people a role, inside the change that makes them.
pub async fn assign_all(tx: &mut Tx, people: &[i64], role: &str) -> Result<()> {
    let query = tx.q(sql!(
        "INSERT INTO person_roles (person_id, role_id) SELECT p.id, r.id FROM people p JOIN roles r ON r.name = ?
         WHERE p.id IN ({ids})"
    ));
    let given = query.bind(role).bind_ids(people).execute().await?;
    if given == people.len() as u64 {
        return Ok(());
    }
    Err(Error::invalid("role", "There is no such role; run `quarterdeck init-data` first."))
}

#[derive(sqlx::FromRow)]
struct Identity {
    name: String,
    team_id: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct HeldRole {
    title: String,
    everything: bool,
}

/// Who a person is and what they may do now; `None` when there is no such active person.
pub async fn actor(db: &Db, person_id: i64) -> Result<Option<Actor>> {
    let query = db.q(sql!("SELECT name, team_id FROM people WHERE id = ? AND active = TRUE"));
    let Some(identity) = query.bind(person_id).optional::<Identity>().await? else { return Ok(None) };
    let roles: Vec<HeldRole> = db
        .q(sql!(
            "SELECT r.title, r.everything FROM person_roles pr JOIN roles r ON r.id = pr.role_id
             WHERE pr.person_id = ? ORDER BY r.position"
        ))
        .bind(person_id)
        .all()
        .await?;
    let grants = if roles.iter().any(|role| role.everything) {
        Grants::Everything
    } else {
        Grants::Only(Arc::new(permissions_of(db, person_id).await?))
    };
    let role = roles.into_iter().next().map(|role| role.title).unwrap_or_default();
    Ok(Some(Actor {
        person_id: Some(person_id),
        team_id: identity.team_id,
        name: identity.name,
        role,
        grants,
        scopes: None,
    }))
}

async fn permissions_of(db: &Db, person_id: i64) -> Result<HashSet<String>> {
    let rows: Vec<(String,)> = db
        .q(sql!(
            "SELECT rp.permission FROM person_roles pr JOIN role_permissions rp ON rp.role_id = pr.role_id WHERE pr.person_id = ?"
        ))
        .bind(person_id)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(permission,)| permission).collect())
}
