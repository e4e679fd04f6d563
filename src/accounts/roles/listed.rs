//! Roles as the administration lists them: what each includes and holds, and who has it.

use super::editing::is_starting;
use crate::accounts::access::{AccessControl, AccessTable, Facts, Grantee, Held, RoleFacts};
use crate::accounts::{Actor, ROLES_READ};
use crate::error::{Error, Result};
use crate::sql;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub struct Listed {
    pub id: i64,
    pub name: String,
    pub title: String,
    /// How many roles it stands below in the tree: it includes the one above it, and further `parents`.
    pub depth: usize,
    pub parents: Vec<String>,
    /// By itself and with what it includes.
    pub held: Held,
    /// Active people who were given it.
    pub people: i64,
    /// Mapped routes that name it.
    pub routes: usize,
    /// Whether it can be changed, but not deleted.
    pub is_starting: bool,
    pub version: i64,
}

/// Every role, as a tree: below each stand those that include it, each once.
pub async fn list(access: &AccessControl, actor: &Actor) -> Result<Vec<Listed>> {
    actor.require(ROLES_READ)?;
    let table = access.table().await?;
    let query = access.db().q(sql!(
        "SELECT pr.role_id, COUNT(*) FROM person_roles pr JOIN people p ON p.id = pr.person_id
         WHERE p.active = TRUE GROUP BY pr.role_id"
    ));
    let people: BTreeMap<i64, i64> = query.all::<(i64, i64)>().await?.into_iter().collect();
    let count = |id: i64| people.get(&id).copied().unwrap_or(0);
    Ok(tree(&table.facts).into_iter().map(|(id, depth)| listed(&table, id, depth, count(id))).collect())
}

/// A role as it is saved.
pub async fn get(access: &AccessControl, actor: &Actor, id: i64) -> Result<RoleFacts> {
    actor.require(ROLES_READ)?;
    access.table().await?.facts.roles.get(&id).cloned().ok_or(Error::NotFound)
}

fn listed(table: &AccessTable, id: i64, depth: usize, people: i64) -> Listed {
    let role = &table.facts.roles[&id];
    let parents: Vec<i64> = role.parents.iter().copied().collect();
    Listed {
        id,
        name: role.name.clone(),
        title: role.title.clone(),
        depth,
        parents: table.facts.titles(&parents).into_iter().map(str::to_owned).collect(),
        held: table.held(id),
        people,
        routes: table.facts.routes.values().filter(|grantees| grantees.contains(&Grantee::Role(id))).count(),
        is_starting: is_starting(role),
        version: role.version,
    }
}

/// The roles with their depth: first those that include nothing, below each those that include it.
fn tree(facts: &Facts) -> Vec<(i64, usize)> {
    let mut by_place: Vec<(i64, i64)> = facts.roles.iter().map(|(id, role)| (role.position, *id)).collect();
    by_place.sort_unstable();
    let mut children: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (_, id) in &by_place {
        facts.roles[id].parents.iter().for_each(|parent| children.entry(*parent).or_default().push(*id));
    }
    let is_root = |id: &i64| facts.roles[id].parents.iter().all(|parent| !facts.roles.contains_key(parent));
    let roots = by_place.iter().map(|(_, id)| *id).filter(is_root);
    let mut open: Vec<(i64, usize)> = roots.map(|id| (id, 0)).collect();
    open.reverse();
    let (mut seen, mut tree) = (BTreeSet::new(), Vec::new());
    while let Some((id, depth)) = open.pop() {
        if seen.insert(id) {
            tree.push((id, depth));
            open.extend(children.get(&id).into_iter().flatten().rev().map(|child| (*child, depth + 1)));
        }
    }
    tree
}

/// One role, with all that the editor shows of it.
#[derive(Clone, Debug)]
pub struct Details {
    pub listed: Listed,
    /// The roles that include it themselves.
    pub included_by: Vec<String>,
    pub routes: Vec<String>,
    /// Active people who were given it, by name, of whom at most `SHOWN` are told.
    pub people: Vec<(i64, String)>,
}

/// How many people of a role are named.
pub const SHOWN: i64 = 60;

pub async fn details(access: &AccessControl, actor: &Actor, id: i64) -> Result<Details> {
    let listed = list(access, actor).await?.into_iter().find(|role| role.id == id).ok_or(Error::NotFound)?;
    let table = access.table().await?;
    let query = access.db().q(sql!(
        "SELECT p.id, p.name FROM person_roles pr JOIN people p ON p.id = pr.person_id
         WHERE pr.role_id = ? AND p.active = TRUE ORDER BY p.name_key, p.id LIMIT ?"
    ));
    let people = query.bind(id).bind(SHOWN).all().await?;
    let roles = table.facts.roles.values().filter(|role| role.parents.contains(&id));
    let routes = table.facts.routes.iter().filter(|(_, grantees)| grantees.contains(&Grantee::Role(id)));
    Ok(Details {
        listed,
        included_by: roles.map(|role| role.title.clone()).collect(),
        routes: routes.map(|(route, _)| route.clone()).collect(),
        people,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_stands_once_below_one_that_it_includes() {
        let role = |position: i64, parents: &[i64]| RoleFacts {
            name: position.to_string(),
            title: position.to_string(),
            everything: false,
            position,
            version: 1,
            second_factor: false,
            parents: parents.iter().copied().collect(),
            permissions: BTreeSet::new(),
        };
        // 1 administrator; 3 member; 2 lead includes member and viewer; 4 viewer; 5 head includes lead.
        let roles =
            [(1, role(0, &[])), (2, role(1, &[3, 4])), (3, role(2, &[])), (4, role(3, &[])), (5, role(4, &[2]))];
        let facts = Facts { roles: BTreeMap::from(roles), ..Facts::default() };
        assert_eq!(tree(&facts), [(1, 0), (3, 0), (2, 1), (5, 2), (4, 0)]);
    }
}
