//! Roles as data: the five that an installation starts with, and what each may do.

mod deletion;
mod editing;
mod given;
mod listed;
mod offered;
mod preview;
mod reasons;

use super::access::{self, AccessControl, AccessTable};
use super::{Permission, PermissionSpec};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::sql;
use std::collections::HashSet;

pub use editing::{RoleEdit, create, delete, save};
pub use given::{give, take};
pub use listed::{Details, Listed, details, get, list};
pub use offered::{Offered, USUAL, check_for_new_person, for_new_people};
pub use preview::{Effect, Rights, of_deletion as effects_of_deletion, of_edit as effects_of_edit};
pub use reasons::{Answer, Chain, Link, Since, What, explain};

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
    if there.len() < STARTING.len() || declared.iter().any(|spec| !known.contains(spec.permission.0)) {
        access::changing(&mut tx).await?;
    }
    for spec in declared {
        let is_added = |role: &&&str| !there.iter().any(|(name,)| name == **role);
        let added: Vec<&str> = spec.roles.iter().filter(is_added).copied().collect();
        match known.contains(spec.permission.0) {
            true => permit(&mut tx, spec.permission, &added).await?,
            false => grant(&mut tx, spec, now_ms).await?,
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn grant(tx: &mut Tx, spec: &PermissionSpec, now_ms: i64) -> Result<()> {
    let query = tx.q(sql!("INSERT INTO permissions (name, granted_at) VALUES (?, ?)"));
    query.bind(spec.permission.0).bind(now_ms).execute().await?;
    permit(tx, spec.permission, spec.roles).await
}

async fn permit(tx: &mut Tx, permission: Permission, roles: &[&str]) -> Result<()> {
    for role in roles {
        tx.q(sql!("INSERT INTO role_permissions (role_id, permission) SELECT id, ? FROM roles WHERE name = ?"))
            .bind(permission.0)
            .bind(*role)
            .execute()
            .await?;
    }
    Ok(())
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

/// An active person who holds a permission, and the highest of the roles that give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub id: i64,
    pub name: String,
    pub team_id: Option<i64>,
    pub role: String,
    /// Holds it because the role holds everything.
    pub everything: bool,
}

#[derive(sqlx::FromRow)]
struct HolderRow {
    id: i64,
    name: String,
    team_id: Option<i64>,
    role_id: i64,
}

/// Who holds a permission: of a team, or of all. The highest role first, then by name.
pub async fn holders(access: &AccessControl, permission: Permission, team_id: Option<i64>) -> Result<Vec<Holder>> {
    let table = access.table().await?;
    let team = team_id.unwrap_or(0);
    let query = access.db().q(sql!(
        "SELECT p.id, p.name, p.team_id, pr.role_id
         FROM people p JOIN person_roles pr ON pr.person_id = p.id JOIN roles r ON r.id = pr.role_id
         WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?) AND r.id IN ({ids})
         ORDER BY r.position, r.id, p.name_key, p.id"
    ));
    let rows = query.bind(team).bind(team).bind_ids(&table.roles_with(permission));
    let mut seen = HashSet::new();
    let mut rows: Vec<HolderRow> = rows.all().await?;
    rows.retain(|holder| seen.insert(holder.id));
    Ok(rows.into_iter().map(|row| holder(&table, row)).collect())
}

fn holder(table: &AccessTable, HolderRow { id, name, team_id, role_id }: HolderRow) -> Holder {
    let role = table.highest(&[role_id]).unwrap_or_default().to_owned();
    Holder { id, name, team_id, role, everything: table.held(role_id).everything }
}

/// A role that gives a permission, and how many active people have it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HeldBy {
    pub role: String,
    pub people: i64,
}

pub async fn held_by(access: &AccessControl, permission: Permission) -> Result<Vec<HeldBy>> {
    let roles = access.table().await?.roles_with(permission);
    let query = access.db().q(sql!(
        "SELECT r.title AS role, COUNT(p.id) AS people
         FROM roles r LEFT JOIN person_roles pr ON pr.role_id = r.id LEFT JOIN people p ON p.id = pr.person_id AND p.active = TRUE
         WHERE r.id IN ({ids}) GROUP BY r.id, r.title, r.position ORDER BY r.position, r.id"
    ));
    Ok(query.bind_ids(&roles).all().await?)
}
