//! Roles as data: the five that an installation starts with, and what each may do.

use super::{Actor, Grants, Permission, PermissionSpec};
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
    ("auditor", "Auditor", false),
    ("member", "Member", false),
    ("viewer", "Viewer", false),
];

/// Makes the starting roles, and gives each newly declared permission to the roles that it names. A role that a later
/// release adds is given what was declared before it. Running it again changes nothing, and brings back nothing that an
/// administrator took away.
pub async fn init(db: &Db, declared: &[&PermissionSpec], now_ms: i64) -> Result<()> {
    let mut tx = db.begin().await?;
    let there: Vec<(String,)> = tx.q(sql!("SELECT name FROM roles")).all().await?;
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
    for spec in declared {
        let is_added = |role: &&&str| !there.iter().any(|(name,)| name == **role);
        let added: Vec<&str> = spec.roles.iter().filter(is_added).copied().collect();
        match known.contains(spec.permission.0) {
            true => give(&mut tx, spec.permission, &added).await?,
            false => grant(&mut tx, spec, now_ms).await?,
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn grant(tx: &mut Tx, spec: &PermissionSpec, now_ms: i64) -> Result<()> {
    let query = tx.q(sql!("INSERT INTO permissions (name, granted_at) VALUES (?, ?)"));
    query.bind(spec.permission.0).bind(now_ms).execute().await?;
    give(tx, spec.permission, spec.roles).await
}

async fn give(tx: &mut Tx, permission: Permission, roles: &[&str]) -> Result<()> {
    for role in roles {
        tx.q(sql!("INSERT INTO role_permissions (role_id, permission) SELECT id, ? FROM roles WHERE name = ?"))
            .bind(permission.0)
            .bind(*role)
            .execute()
            .await?;
    }
    Ok(())
}

/// The roles that may be given to somebody new, with their titles; the usual one first. Administrators are made by others
/// than those who may add people.
pub const FOR_NEW_PEOPLE: [(&str, &str); 4] =
    [("member", "Member"), ("lead", "Team lead"), ("viewer", "Viewer"), ("auditor", "Auditor")];

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

/// An active person who holds a permission, and the highest of the roles that give it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Holder {
    pub id: i64,
    pub name: String,
    pub team_id: Option<i64>,
    pub role: String,
    /// Holds it because the role holds everything.
    pub everything: bool,
}

/// Who holds a permission: of a team, or of all. The highest role first, then by name.
pub async fn holders(db: &Db, permission: Permission, team_id: Option<i64>) -> Result<Vec<Holder>> {
    let team = team_id.unwrap_or(0);
    let query = db.q(sql!(
        "SELECT p.id, p.name, p.team_id, r.title AS role, r.everything
         FROM people p JOIN person_roles pr ON pr.person_id = p.id JOIN roles r ON r.id = pr.role_id
         WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?) AND (r.everything = TRUE OR EXISTS
          (SELECT 1 FROM role_permissions rp WHERE rp.role_id = r.id AND rp.permission = ?))
         ORDER BY r.position, p.name_key, p.id"
    ));
    let rows: Vec<Holder> = query.bind(team).bind(team).bind(permission.0).all().await?;
    let mut seen = HashSet::new();
    Ok(rows.into_iter().filter(|holder| seen.insert(holder.id)).collect())
}

/// A role that gives a permission, and how many active people have it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HeldBy {
    pub role: String,
    pub people: i64,
}

pub async fn held_by(db: &Db, permission: Permission) -> Result<Vec<HeldBy>> {
    let query = db.q(sql!(
        "SELECT r.title AS role, COUNT(p.id) AS people
         FROM roles r LEFT JOIN person_roles pr ON pr.role_id = r.id LEFT JOIN people p ON p.id = pr.person_id AND p.active = TRUE
         WHERE r.everything = TRUE OR EXISTS (SELECT 1 FROM role_permissions rp WHERE rp.role_id = r.id AND rp.permission = ?)
         GROUP BY r.id, r.title, r.position ORDER BY r.position, r.id"
    ));
    Ok(query.bind(permission.0).all().await?)
}
