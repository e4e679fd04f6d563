//! Routes whose users an administrator chose while the portal runs.
//!
//! Tables: mapped_routes, route_grantees, route_uses, route_prunings. A route, `GET /skills`, needs the permission that
//! stands in its code. Once it is mapped, it admits the roles and the people of the mapping instead, and administrators; for
//! that request they are lent the permission of the route, and no other. What the model functions check beside it (one's
//! own team, one's own rating, a further permission) holds as before.

mod pruning;
mod uses;

pub use pruning::{Problem, Pruning, Removed, problems, prune, prunings, restore};
pub use uses::{RouteUses, Use, uses};

use super::access::{self, AccessControl, Change, Facts, Grantee};
use super::{Actor, Permission, ROLES_READ, overrides};
use crate::db::{self, Db, Tx};
use crate::error::{Checks, Error, Result};
use crate::events;
use crate::sql;
use std::collections::BTreeSet;

/// A mapped route.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Mapping {
    pub id: i64,
    pub route: String,
    /// Why it admits others than its permission does; empty when it only admits fewer.
    pub reason: String,
    pub version: i64,
    pub updated_at: i64,
    pub updated_by: Option<String>,
}

/// Somebody or something that a mapping admits, with the name to be shown; `None` when there is no such thing any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    pub grantee: Grantee,
    pub name: Option<String>,
}

/// Every mapping.
pub async fn mappings(db: &Db, actor: &Actor) -> Result<Vec<Mapping>> {
    actor.require(ROLES_READ)?;
    let query = db.q(sql!(
        "SELECT m.id, m.route, m.reason, m.version, m.updated_at, p.name AS updated_by
         FROM mapped_routes m LEFT JOIN people p ON p.id = m.updated_by ORDER BY m.route"
    ));
    Ok(query.all().await?)
}

/// The mapping of a route, if it has one.
pub async fn mapping(db: &Db, actor: &Actor, route: &str) -> Result<Option<Mapping>> {
    Ok(mappings(db, actor).await?.into_iter().find(|mapping| mapping.route == route))
}

/// The grantees of a mapped route with their names. People who were switched off count as gone.
pub async fn admitted(access: &AccessControl, actor: &Actor, route: &str) -> Result<Vec<Admitted>> {
    actor.require(ROLES_READ)?;
    let table = access.table().await?;
    let grantees = table.facts.routes.get(route).into_iter().flatten().copied();
    let mut admitted = Vec::new();
    for grantee in grantees {
        let name = match grantee {
            Grantee::Role(id) => table.facts.roles.get(&id).map(|role| role.title.clone()),
            Grantee::Person(id) => person_name(access.db(), id).await?,
        };
        admitted.push(Admitted { grantee, name });
    }
    Ok(admitted)
}

async fn person_name(db: &Db, id: i64) -> Result<Option<String>> {
    let query = db.q(sql!("SELECT name FROM people WHERE id = ? AND active = TRUE"));
    Ok(query.bind(id).optional::<(String,)>().await?.map(|(name,)| name))
}

/// The active people with these addresses, and the addresses that nobody has.
pub async fn people_with_addresses(db: &Db, actor: &Actor, addresses: &[&str]) -> Result<(Vec<i64>, Vec<String>)> {
    actor.require_administrator()?;
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for address in addresses {
        match super::people::credentials(db, address).await? {
            Some((id, _)) => found.push(id),
            None => unknown.push((*address).to_owned()),
        }
    }
    Ok((found, unknown))
}

/// A mapping as it is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouteEdit {
    pub grantees: BTreeSet<Grantee>,
    pub reason: String,
}

impl RouteEdit {
    /// Whether it admits somebody whom the permission alone would not.
    fn is_wider(&self, table: &access::AccessTable, needed: Option<Permission>) -> bool {
        let Some(needed) = needed else { return false };
        let with_it = table.roles_with(needed);
        self.grantees.iter().any(|grantee| match grantee {
            Grantee::Role(id) => !with_it.contains(id),
            Grantee::Person(_) => true,
        })
    }

    fn check(&self, facts: &Facts, is_wider: bool) -> Result<()> {
        let mut checks = Checks::default();
        let gone = |grantee: &Grantee| matches!(grantee, Grantee::Role(id) if !facts.roles.contains_key(id));
        checks.that(!self.grantees.iter().any(gone), "roles", "A role that is to be admitted is gone.");
        checks.done()?;
        if is_wider { overrides::check_reason(&self.reason) } else { Ok(()) }
    }
}

/// Maps a route that is not mapped yet (version 0), or whose mapping is still at this version. `needed` is the permission
/// in its code. Admitting others than that one does is an override, and asks for a reason.
pub async fn map(
    access: &AccessControl,
    actor: &Actor,
    (route, needed): (&str, Option<Permission>),
    edit: &RouteEdit,
    version: i64,
    now_ms: i64,
) -> Result<()> {
    actor.require_administrator()?;
    let mut tx = access.db().begin().await?;
    access::changing(&mut tx).await?;
    let facts = Facts::load(&mut tx).await?;
    let before = facts.routes.get(route).cloned();
    let table = access::AccessTable::compile(facts, access.index().clone(), 0);
    let is_wider = edit.is_wider(&table, needed);
    edit.check(&table.facts, is_wider)?;
    let reason = if is_wider { edit.reason.trim() } else { "" };
    let id = write_route(&mut tx, actor, (route, version), reason, now_ms).await?;
    let mut changes = write_grantees(&mut tx, id, route, before.as_ref(), &edit.grantees).await?;
    if before.is_none() {
        changes.insert(0, (Change::Mapped { route: route.to_owned() }, true));
    }
    access::note(&mut tx, actor, now_ms, &changes).await?;
    if is_wider {
        overrides::record(&mut tx, actor, now_ms, "permission of the route", &subject(id), reason).await?;
    }
    let admits: Vec<_> = edit.grantees.iter().map(|grantee| grantee.kind_and_id()).collect();
    let detail = serde_json::json!({ "route": route, "admits": admits });
    events::record(&mut tx, actor, now_ms, "routes.mapped", &subject(id), &detail).await?;
    tx.commit().await?;
    Ok(())
}

fn subject(id: i64) -> String {
    format!("route:{id}")
}

async fn write_route(
    tx: &mut Tx,
    actor: &Actor,
    (route, version): (&str, i64),
    reason: &str,
    now_ms: i64,
) -> Result<i64> {
    let query = tx.q(sql!("SELECT id, version FROM mapped_routes WHERE route = ?"));
    let Some((id, current)) = query.bind(route).optional::<(i64, i64)>().await?.or((version == 0).then_some((0, 0)))
    else {
        return Err(Error::Conflict(format!("The mapping of {route} was removed in the meantime.")));
    };
    if current != version {
        return Err(Error::Conflict(format!("{route} was mapped by somebody else in the meantime.")));
    }
    if id == 0 {
        let query = tx.q(sql!(
            "INSERT INTO mapped_routes (route, reason, updated_at, updated_by) VALUES (?, ?, ?, ?) {returning id}"
        ));
        return Ok(query.bind(route).bind(reason).bind(now_ms).bind(actor.person_id).insert().await?);
    }
    let query = tx.q(sql!(
        "UPDATE mapped_routes SET reason = ?, version = version + 1, updated_at = ?, updated_by = ? WHERE id = ?"
    ));
    query.bind(reason).bind(now_ms).bind(actor.person_id).bind(id).execute().await?;
    Ok(id)
}

async fn write_grantees(
    tx: &mut Tx,
    id: i64,
    route: &str,
    before: Option<&BTreeSet<Grantee>>,
    after: &BTreeSet<Grantee>,
) -> db::Result<Vec<(Change, bool)>> {
    let none = BTreeSet::new();
    let mut changes = Vec::new();
    for grantee in before.unwrap_or(&none).symmetric_difference(after) {
        let (kind, target) = grantee.kind_and_id();
        let added = after.contains(grantee);
        let query = match added {
            true => tx.q(sql!("INSERT INTO route_grantees (route_id, kind, target_id) VALUES (?, ?, ?)")),
            false => tx.q(sql!("DELETE FROM route_grantees WHERE route_id = ? AND kind = ? AND target_id = ?")),
        };
        query.bind(id).bind(kind).bind(target).execute().await?;
        changes.push((Change::Admitted { route: route.to_owned(), grantee: *grantee }, added));
    }
    Ok(changes)
}

/// Takes the mapping of a route away, so that its permission decides again.
pub async fn unmap(access: &AccessControl, actor: &Actor, route: &str, version: i64, now_ms: i64) -> Result<()> {
    actor.require_administrator()?;
    let mut tx = access.db().begin().await?;
    access::changing(&mut tx).await?;
    let facts = Facts::load(&mut tx).await?;
    let grantees = facts.routes.get(route).ok_or(Error::NotFound)?;
    let query = tx.q(sql!("SELECT id, version FROM mapped_routes WHERE route = ?"));
    let (id, current) = query.bind(route).one::<(i64, i64)>().await?;
    if current != version {
        return Err(Error::Conflict(format!("{route} was mapped by somebody else in the meantime.")));
    }
    tx.q(sql!("DELETE FROM mapped_routes WHERE id = ?")).bind(id).execute().await?;
    access::note(&mut tx, actor, now_ms, &gone(route, grantees)).await?;
    let detail = serde_json::json!({ "route": route });
    events::record(&mut tx, actor, now_ms, "routes.unmapped", &subject(id), &detail).await?;
    tx.commit().await?;
    Ok(())
}

/// What the history says of a mapping that goes away.
fn gone(route: &str, grantees: &BTreeSet<Grantee>) -> Vec<(Change, bool)> {
    let admitted = |grantee: &Grantee| (Change::Admitted { route: route.to_owned(), grantee: *grantee }, false);
    let mapped = (Change::Mapped { route: route.to_owned() }, false);
    grantees.iter().map(admitted).chain([mapped]).collect()
}
