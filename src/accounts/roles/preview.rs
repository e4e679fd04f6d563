//! Who gains and who loses what, before a change of roles is saved: people × permissions.
//!
//! Two tables are compiled, one of what is and one of what would be, and everybody's rights are compared.

use super::editing::RoleEdit;
use crate::accounts::access::{AccessControl, AccessTable, Facts, Grantee, admits};
use crate::accounts::{Actor, PermissionSet};
use crate::error::{Error, Result};
use crate::sql;
use std::collections::{BTreeMap, BTreeSet};

/// What changes for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    pub person_id: i64,
    pub name: String,
    pub gains: Rights,
    pub loses: Rights,
}

/// What somebody may do in one of the two tables, and not in the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// All that there is and will be.
    pub everything: bool,
    /// The names of permissions, in the order of declaration.
    pub permissions: Vec<&'static str>,
    /// Mapped routes.
    pub routes: Vec<String>,
}

impl Rights {
    pub fn is_empty(&self) -> bool {
        !self.everything && self.permissions.is_empty() && self.routes.is_empty()
    }
}

/// The effects of a role that is to be made (`None`) or changed. What is wrong with it is told as when it is saved.
pub async fn of_edit(access: &AccessControl, actor: &Actor, id: Option<i64>, edit: &RoleEdit) -> Result<Vec<Effect>> {
    actor.require_administrator()?;
    let table = access.table().await?;
    if id.is_some_and(|id| !table.facts.roles.contains_key(&id)) {
        return Err(Error::NotFound);
    }
    edit.check(&table.facts, id, access.index())?;
    // Nobody has a new role yet.
    let Some(id) = id else { return Ok(Vec::new()) };
    let after = edit.applied(&table.facts, id, access.index());
    let people = people(access).await?;
    Ok(effects(&table, &compiled(access, after), &people, |roles| roles.to_vec()))
}

/// The effects of deleting a role whose people get the replacement.
pub async fn of_deletion(
    access: &AccessControl,
    actor: &Actor,
    id: i64,
    replacement: Option<i64>,
) -> Result<Vec<Effect>> {
    actor.require_administrator()?;
    let table = access.table().await?;
    let mut after = table.facts.clone();
    after.roles.remove(&id).ok_or(Error::NotFound)?;
    let other = replacement.filter(|other| after.roles.contains_key(other));
    for (role, it) in &mut after.roles {
        let closes = other.is_some_and(|other| table.facts.included([other]).contains(role));
        if it.parents.remove(&id) && !closes {
            it.parents.extend(other);
        }
    }
    let (old, new) = (Grantee::Role(id), other.map(Grantee::Role));
    for grantees in after.routes.values_mut() {
        if grantees.remove(&old) {
            grantees.extend(new);
        }
    }
    let people = people(access).await?;
    let replaced = |role: &i64| if *role == id { other } else { Some(*role) };
    let replaced = |roles: &[i64]| -> Vec<i64> { roles.iter().filter_map(replaced).collect() };
    Ok(effects(&table, &compiled(access, after), &people, replaced))
}

fn compiled(access: &AccessControl, facts: Facts) -> AccessTable {
    AccessTable::compile(facts, access.index().clone(), 0)
}

/// An active person and the roles that they were given.
struct Given {
    id: i64,
    name: String,
    roles: Vec<i64>,
}

async fn people(access: &AccessControl) -> Result<Vec<Given>> {
    let query = access.db().q(sql!(
        "SELECT p.id, p.name, pr.role_id FROM people p JOIN person_roles pr ON pr.person_id = p.id
         WHERE p.active = TRUE ORDER BY p.name_key, p.id, pr.role_id"
    ));
    let mut people: Vec<Given> = Vec::new();
    for (id, name, role) in query.all::<(i64, String, i64)>().await? {
        match people.last_mut().filter(|last| last.id == id) {
            Some(last) => last.roles.push(role),
            None => people.push(Given { id, name, roles: vec![role] }),
        }
    }
    Ok(people)
}

/// What all people with the same roles gain and lose.
type Differences = BTreeMap<Vec<i64>, (Rights, Rights)>;

fn effects(
    before: &AccessTable,
    after: &AccessTable,
    people: &[Given],
    roles_after: impl Fn(&[i64]) -> Vec<i64>,
) -> Vec<Effect> {
    // Thousands of people have the same few sets of roles.
    let mut known = Differences::new();
    let mut effects = Vec::new();
    for person in people {
        let rights = known.entry(person.roles.clone()).or_insert_with(|| {
            let roles = roles_after(&person.roles);
            let [was, will] = [(before, person.roles.as_slice()), (after, roles.as_slice())];
            (gained(was, will), gained(will, was))
        });
        if !(rights.0.is_empty() && rights.1.is_empty()) {
            let (gains, loses) = rights.clone();
            effects.push(Effect { person_id: person.id, name: person.name.clone(), gains, loses });
        }
    }
    effects
}

/// What the roles of the second table may do, and those of the first may not. Routes that admit a person by name do so in
/// both.
fn gained((before, roles_before): (&AccessTable, &[i64]), (after, roles_after): (&AccessTable, &[i64])) -> Rights {
    let (was, will) = (before.held_by_all(roles_before), after.held_by_all(roles_after));
    let new = if was.everything { PermissionSet::default() } else { will.permissions.without(was.permissions) };
    let (was_admitted, is_admitted) = (routes(before, roles_before), routes(after, roles_after));
    Rights {
        everything: will.everything && !was.everything,
        permissions: after.index.names(new),
        routes: match was.everything || will.everything {
            true => Vec::new(),
            false => is_admitted.difference(&was_admitted).map(|route| (*route).to_owned()).collect(),
        },
    }
}

fn routes<'a>(table: &'a AccessTable, roles: &[i64]) -> BTreeSet<&'a str> {
    let included = table.facts.included(roles.iter().copied());
    let admitted = table.facts.routes.iter().filter(|(_, grantees)| admits(grantees, &included, None));
    admitted.map(|(route, _)| route.as_str()).collect()
}
