//! What stands in the tables of roles and mapped routes, as plain sets: to be compiled, to be changed in thought before
//! it is saved, or to be wound back to a past day.

use crate::db::{self, Db, Query, Sql, Tx};
use crate::sql;
use std::collections::{BTreeMap, BTreeSet};

/// Whom a mapped route admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grantee {
    Role(i64),
    Person(i64),
}

impl Grantee {
    pub fn of(kind: &str, id: i64) -> Self {
        if kind == "person" { Grantee::Person(id) } else { Grantee::Role(id) }
    }

    pub fn kind_and_id(self) -> (&'static str, i64) {
        match self {
            Grantee::Role(id) => ("role", id),
            Grantee::Person(id) => ("person", id),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleFacts {
    /// What programs call it: `lead`. It never changes.
    pub name: String,
    pub title: String,
    /// Holds everything, also what is declared later.
    pub everything: bool,
    pub position: i64,
    pub version: i64,
    /// Who has it, or a role that includes it, logs in with a second factor or can only set one up.
    pub second_factor: bool,
    /// The roles that it includes.
    pub parents: BTreeSet<i64>,
    /// The permissions that it was given itself.
    pub permissions: BTreeSet<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub roles: BTreeMap<i64, RoleFacts>,
    /// Mapped routes, as in `GET /skills`.
    pub routes: BTreeMap<String, BTreeSet<Grantee>>,
}

#[derive(sqlx::FromRow)]
struct RoleRow {
    id: i64,
    name: String,
    title: String,
    everything: bool,
    position: i64,
    version: i64,
    requires_second_factor: bool,
}

/// A pool or a transaction to read from.
pub(in crate::accounts) trait Read {
    fn q<'e>(&'e mut self, sql: &'static Sql) -> Query<'e>;
}

impl Read for &Db {
    fn q<'e>(&'e mut self, sql: &'static Sql) -> Query<'e> {
        Db::q(self, sql)
    }
}

impl Read for Tx {
    fn q<'e>(&'e mut self, sql: &'static Sql) -> Query<'e> {
        Tx::q(self, sql)
    }
}

impl Facts {
    pub(in crate::accounts) async fn load(from: &mut (impl Read + Send)) -> db::Result<Facts> {
        let mut facts = Facts::default();
        let roles =
            from.q(sql!("SELECT id, name, title, everything, position, version, requires_second_factor FROM roles"));
        for RoleRow { id, name, title, everything, position, version, requires_second_factor } in roles.all().await? {
            let (parents, permissions, second_factor) = (BTreeSet::new(), BTreeSet::new(), requires_second_factor);
            let role = RoleFacts { name, title, everything, position, version, second_factor, parents, permissions };
            facts.roles.insert(id, role);
        }
        let parents = from.q(sql!("SELECT role_id, parent_id FROM role_parents")).all::<(i64, i64)>().await?;
        for (role, parent) in parents {
            facts.roles.entry(role).and_modify(|role| _ = role.parents.insert(parent));
        }
        let permissions = from.q(sql!("SELECT role_id, permission FROM role_permissions"));
        for (role, permission) in permissions.all::<(i64, String)>().await? {
            facts.roles.entry(role).and_modify(|role| _ = role.permissions.insert(permission));
        }
        facts.routes = routes(from).await?;
        Ok(facts)
    }

    /// What a role and all that it includes are, in ascending order; roles that are gone are left out.
    pub fn included(&self, roles: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<i64> = roles.into_iter().collect();
        while let Some(id) = open.pop() {
            let Some(role) = self.roles.get(&id) else { continue };
            if seen.insert(id) {
                open.extend(&role.parents);
            }
        }
        seen.into_iter().collect()
    }

    /// Whether one of these roles requires a second factor; `roles` are those of a person and all that these include.
    pub fn require_second_factor(&self, roles: &[i64]) -> bool {
        roles.iter().any(|id| self.roles.get(id).is_some_and(|role| role.second_factor))
    }

    /// The way from a role to one that it includes, both ends told; `None` when it does not include it.
    pub fn way(&self, from: i64, to: i64) -> Option<Vec<i64>> {
        let mut ways = vec![vec![from]];
        let mut seen = BTreeSet::from([from]);
        while !ways.is_empty() {
            if let Some(way) = ways.iter().find(|way| way.last() == Some(&to)) {
                return Some(way.clone());
            }
            ways = ways.iter().flat_map(|way| self.longer_by_one(way, &mut seen)).collect();
        }
        None
    }

    fn longer_by_one(&self, way: &[i64], seen: &mut BTreeSet<i64>) -> Vec<Vec<i64>> {
        let last = way.last().and_then(|last| self.roles.get(last));
        let parents = last.into_iter().flat_map(|role| &role.parents).copied();
        parents.filter(|parent| seen.insert(*parent)).map(|parent| [way, &[parent]].concat()).collect()
    }

    /// The roles, each after all that it includes. Should the table hold a circle, it is cut somewhere.
    pub fn parents_first(&self) -> Vec<i64> {
        let mut done = BTreeSet::new();
        let mut order = Vec::with_capacity(self.roles.len());
        for start in self.roles.keys() {
            // Visited once on the way down, and once more when all that it includes is in order.
            let mut open = vec![(*start, false)];
            while let Some((id, is_ready)) = open.pop() {
                if is_ready {
                    order.push(id);
                } else if let Some(role) = self.roles.get(&id).filter(|_| done.insert(id)) {
                    open.push((id, true));
                    open.extend(
                        role.parents.iter().filter(|parent| !done.contains(parent)).map(|parent| (*parent, false)),
                    );
                }
            }
        }
        order
    }

    /// The titles of roles, as a sentence names them.
    pub fn titles(&self, roles: &[i64]) -> Vec<&str> {
        roles.iter().filter_map(|id| self.roles.get(id)).map(|role| role.title.as_str()).collect()
    }
}

async fn routes(from: &mut (impl Read + Send)) -> db::Result<BTreeMap<String, BTreeSet<Grantee>>> {
    let mapped = from.q(sql!("SELECT route FROM mapped_routes")).all::<(String,)>().await?;
    let mut routes: BTreeMap<String, BTreeSet<Grantee>> =
        mapped.into_iter().map(|(route,)| (route, BTreeSet::new())).collect();
    let grantees = from
        .q(sql!("SELECT m.route, g.kind, g.target_id FROM route_grantees g JOIN mapped_routes m ON m.id = g.route_id"));
    for (route, kind, id) in grantees.all::<(String, String, i64)>().await? {
        routes.entry(route).or_default().insert(Grantee::of(&kind, id));
    }
    Ok(routes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn role(id: i64, parents: BTreeSet<i64>) -> (i64, RoleFacts) {
        let (name, title) = (format!("role-{id}"), format!("Role {id}"));
        let permissions = BTreeSet::from([format!("p.{id}")]);
        (
            id,
            RoleFacts {
                name,
                title,
                everything: false,
                position: id,
                version: 1,
                second_factor: false,
                parents,
                permissions,
            },
        )
    }

    /// Parents have lower numbers, so there is no circle.
    fn hierarchies() -> impl Strategy<Value = Facts> {
        prop::collection::vec(prop::collection::btree_set(0i64..30, 0..4), 1..30).prop_map(|parents| {
            let below = |(id, parents): (usize, BTreeSet<i64>)| {
                role(id as i64, parents.into_iter().filter(|parent| *parent < id as i64).collect())
            };
            Facts { roles: parents.into_iter().enumerate().map(below).collect(), ..Facts::default() }
        })
    }

    fn circles() -> impl Strategy<Value = Facts> {
        prop::collection::vec(prop::collection::btree_set(0i64..12, 0..4), 1..12).prop_map(|parents| Facts {
            roles: parents.into_iter().enumerate().map(|(id, parents)| role(id as i64, parents)).collect(),
            ..Facts::default()
        })
    }

    proptest! {
        #[test]
        fn a_role_includes_what_its_parents_include(facts in hierarchies()) {
            for (id, role) in &facts.roles {
                let included = facts.included([*id]);
                prop_assert!(included.contains(id));
                for parent in &role.parents {
                    for further in facts.included([*parent]) {
                        prop_assert!(included.contains(&further));
                    }
                }
                let told: BTreeSet<i64> = role.parents.iter().flat_map(|parent| facts.included([*parent])).chain([*id]).collect();
                prop_assert_eq!(included, told.into_iter().collect::<Vec<_>>());
            }
        }

        #[test]
        fn parents_stand_before_their_roles(facts in hierarchies()) {
            let order = facts.parents_first();
            prop_assert_eq!(order.len(), facts.roles.len());
            let place = |id: &i64| order.iter().position(|other| other == id);
            for (id, role) in &facts.roles {
                for parent in &role.parents {
                    prop_assert!(place(parent) < place(id));
                }
            }
        }

        #[test]
        fn a_way_leads_from_role_to_parent_and_exists_when_it_is_included(facts in circles()) {
            for from in facts.roles.keys() {
                for to in facts.roles.keys() {
                    let way = facts.way(*from, *to);
                    prop_assert_eq!(way.is_some(), facts.included([*from]).contains(to));
                    for step in way.iter().flat_map(|way| way.windows(2)) {
                        prop_assert!(facts.roles[&step[0]].parents.contains(&step[1]));
                    }
                }
            }
        }

        #[test]
        fn a_circle_in_the_table_ends_nothing(facts in circles()) {
            let mut order = facts.parents_first();
            order.sort_unstable();
            prop_assert_eq!(order, facts.roles.keys().copied().collect::<Vec<_>>());
        }
    }
}
