//! Mappings that point to what no longer exists: found, removed, and brought back within thirty days.

use super::super::access::{self, AccessControl, Change, Facts, Grantee, Read};
use super::super::{Actor, ROLES_READ};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::events;
use crate::sql;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// How long what was pruned can be brought back.
pub const KEPT_MS: i64 = 30 * 24 * 3_600_000;

/// A mapping that points to what does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    NoSuchRoute {
        route: String,
    },
    NoSuchRole {
        route: String,
        id: i64,
    },
    /// Nobody of that id is active.
    NoSuchPerson {
        route: String,
        id: i64,
    },
}

impl Problem {
    pub fn route(&self) -> &str {
        match self {
            Problem::NoSuchRoute { route }
            | Problem::NoSuchRole { route, .. }
            | Problem::NoSuchPerson { route, .. } => route,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Problem::NoSuchRoute { route } => write!(f, "{route} is mapped, but there is no such route"),
            Problem::NoSuchRole { route, id } => write!(f, "{route} admits the role {id}, which is gone"),
            Problem::NoSuchPerson { route, id } => write!(f, "{route} admits the person {id}, who is gone"),
        }
    }
}

/// What is wrong with the mappings, given every route that there is, also of plugins that are switched off.
pub async fn problems(access: &AccessControl, actor: &Actor, routes: &[String]) -> Result<Vec<Problem>> {
    actor.require(ROLES_READ)?;
    let table = access.table().await?;
    let people = active(&mut access.db(), &table.facts).await?;
    Ok(found(&table.facts, routes, &people))
}

/// Those of the people in the mappings who are active.
async fn active(from: &mut (impl Read + Send), facts: &Facts) -> Result<BTreeSet<i64>> {
    let grantees = facts.routes.values().flatten();
    let people: Vec<i64> =
        grantees.filter_map(|grantee| if let Grantee::Person(id) = grantee { Some(*id) } else { None }).collect();
    let query = from.q(sql!("SELECT id FROM people WHERE active = TRUE AND id IN ({ids})"));
    Ok(query.bind_ids(&people).all::<(i64,)>().await?.into_iter().map(|(id,)| id).collect())
}

fn found(facts: &Facts, routes: &[String], people: &BTreeSet<i64>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (route, grantees) in &facts.routes {
        if !routes.contains(route) {
            problems.push(Problem::NoSuchRoute { route: route.clone() });
        }
        problems.extend(grantees.iter().filter_map(|grantee| match grantee {
            Grantee::Role(id) => {
                (!facts.roles.contains_key(id)).then(|| Problem::NoSuchRole { route: route.clone(), id: *id })
            }
            Grantee::Person(id) => {
                (!people.contains(id)).then(|| Problem::NoSuchPerson { route: route.clone(), id: *id })
            }
        }));
    }
    problems
}

/// What a pruning took of a mapping: all of it, or some of its grantees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    pub route: String,
    /// The reason of a mapping that was removed as a whole.
    pub whole: Option<String>,
    /// Kind (role, person) and id.
    pub grantees: Vec<(String, i64)>,
}

/// Removes what points to nothing, and returns what that was. A route that exists stays mapped, even if it then admits
/// nobody but administrators: it must not open by itself.
pub async fn prune(access: &AccessControl, actor: &Actor, routes: &[String], now_ms: i64) -> Result<Vec<Removed>> {
    actor.require_administrator()?;
    let mut tx = access.db().begin().await?;
    access::changing(&mut tx).await?;
    let facts = Facts::load(&mut tx).await?;
    let people = active(&mut tx, &facts).await?;
    let problems = found(&facts, routes, &people);
    let mut removed = Vec::new();
    let affected: BTreeSet<&str> = problems.iter().map(Problem::route).collect();
    for route in affected {
        let of_route: Vec<&Problem> = problems.iter().filter(|problem| problem.route() == route).collect();
        removed.push(remove(&mut tx, actor, &facts, route, &of_route, now_ms).await?);
    }
    if removed.is_empty() {
        return Ok(removed);
    }
    let text = serde_json::to_string(&removed).map_err(Error::internal)?;
    let query = tx.q(sql!("INSERT INTO route_prunings (at, actor_id, removed) VALUES (?, ?, ?) {returning id}"));
    let id = query.bind(now_ms).bind(actor.person_id).bind(text).insert().await?;
    let detail = serde_json::json!({ "removed": removed });
    events::record(&mut tx, actor, now_ms, "routes.pruned", &format!("pruning:{id}"), &detail).await?;
    tx.commit().await?;
    Ok(removed)
}

async fn remove(
    tx: &mut Tx,
    actor: &Actor,
    facts: &Facts,
    route: &str,
    problems: &[&Problem],
    now_ms: i64,
) -> Result<Removed> {
    let query = tx.q(sql!("SELECT id, reason FROM mapped_routes WHERE route = ?"));
    let (id, reason) = query.bind(route).one::<(i64, String)>().await?;
    let all = &facts.routes[route];
    let is_whole = problems.iter().any(|problem| matches!(problem, Problem::NoSuchRoute { .. }));
    let goes: BTreeSet<Grantee> =
        if is_whole { all.clone() } else { problems.iter().filter_map(|problem| grantee(problem)).collect() };
    let grantees = goes.iter().map(|grantee| grantee.kind_and_id()).map(|(kind, id)| (kind.to_owned(), id)).collect();
    if is_whole {
        tx.q(sql!("DELETE FROM mapped_routes WHERE id = ?")).bind(id).execute().await?;
        access::note(tx, actor, now_ms, &super::gone(route, all)).await?;
        return Ok(Removed { route: route.to_owned(), whole: Some(reason), grantees });
    }
    let left = all.difference(&goes).copied().collect();
    let changes = super::write_grantees(tx, id, route, Some(all), &left).await?;
    access::note(tx, actor, now_ms, &changes).await?;
    let query = tx.q(sql!("UPDATE mapped_routes SET version = version + 1 WHERE id = ?"));
    query.bind(id).execute().await?;
    Ok(Removed { route: route.to_owned(), whole: None, grantees })
}

fn grantee(problem: &Problem) -> Option<Grantee> {
    match problem {
        Problem::NoSuchRoute { .. } => None,
        Problem::NoSuchRole { id, .. } => Some(Grantee::Role(*id)),
        Problem::NoSuchPerson { id, .. } => Some(Grantee::Person(*id)),
    }
}

/// A pruning that can be taken back.
#[derive(Clone, Debug)]
pub struct Pruning {
    pub id: i64,
    pub at: i64,
    /// `None` for the command line.
    pub by: Option<String>,
    pub removed: Vec<Removed>,
}

#[derive(sqlx::FromRow)]
struct PruningRow {
    id: i64,
    at: i64,
    by_name: Option<String>,
    removed: String,
}

/// Those of the last thirty days that were not taken back, the newest first.
pub async fn prunings(db: &Db, actor: &Actor, now_ms: i64) -> Result<Vec<Pruning>> {
    actor.require(ROLES_READ)?;
    let query = db.q(sql!(
        "SELECT r.id, r.at, p.name AS by_name, r.removed FROM route_prunings r LEFT JOIN people p ON p.id = r.actor_id
         WHERE r.at > ? AND r.undone_at IS NULL ORDER BY r.id DESC"
    ));
    let rows: Vec<PruningRow> = query.bind(now_ms - KEPT_MS).all().await?;
    rows.into_iter().map(pruning).collect()
}

fn pruning(row: PruningRow) -> Result<Pruning> {
    let removed = serde_json::from_str(&row.removed).map_err(Error::internal)?;
    Ok(Pruning { id: row.id, at: row.at, by: row.by_name, removed })
}

/// Brings back what a pruning removed. A route that was mapped anew since keeps its new mapping, with the grantees that
/// come back beside it. After thirty days, or a second time, there is nothing to bring back.
pub async fn restore(access: &AccessControl, actor: &Actor, id: i64, now_ms: i64) -> Result<Vec<Removed>> {
    actor.require_administrator()?;
    let known = prunings(access.db(), actor, now_ms).await?;
    let pruning = known.into_iter().find(|pruning| pruning.id == id).ok_or(Error::NotFound)?;
    let mut tx = access.db().begin().await?;
    access::changing(&mut tx).await?;
    let query = tx.q(sql!("UPDATE route_prunings SET undone_at = ? WHERE id = ? AND undone_at IS NULL"));
    if query.bind(now_ms).bind(id).execute().await? == 0 {
        return Err(Error::NotFound);
    }
    let facts = Facts::load(&mut tx).await?;
    for removed in &pruning.removed {
        bring_back(&mut tx, actor, &facts, removed, now_ms).await?;
    }
    let detail = serde_json::json!({ "restored": pruning.removed });
    events::record(&mut tx, actor, now_ms, "routes.restored", &format!("pruning:{id}"), &detail).await?;
    tx.commit().await?;
    Ok(pruning.removed)
}

async fn bring_back(tx: &mut Tx, actor: &Actor, facts: &Facts, removed: &Removed, now_ms: i64) -> Result<()> {
    let Removed { route, whole, grantees } = removed;
    let before = facts.routes.get(route);
    if before.is_none() && whole.is_none() {
        // Somebody took the rest of the mapping away since: there is nothing to put this back into.
        return Ok(());
    }
    let mut changes = Vec::new();
    if before.is_none() {
        let query = tx.q(sql!("INSERT INTO mapped_routes (route, reason, updated_at, updated_by) VALUES (?, ?, ?, ?)"));
        let reason = whole.clone().unwrap_or_default();
        query.bind(route.as_str()).bind(reason).bind(now_ms).bind(actor.person_id).execute().await?;
        changes.push((Change::Mapped { route: route.clone() }, true));
    }
    let (id,) = tx.q(sql!("SELECT id FROM mapped_routes WHERE route = ?")).bind(route.as_str()).one::<(i64,)>().await?;
    let mut after = before.cloned().unwrap_or_default();
    after.extend(grantees.iter().map(|(kind, id)| Grantee::of(kind, *id)));
    changes.extend(super::write_grantees(tx, id, route, before, &after).await?);
    Ok(access::note(tx, actor, now_ms, &changes).await?)
}
