//! Roles and mapped routes, compiled: what each role holds with all that it includes, as a set of bits.

use super::facts::{Facts, Grantee};
use crate::accounts::permissions::{Permission, PermissionIndex, PermissionSet};
use crate::accounts::{Actor, Grants};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Who may do what, as of one version of the tables. It is never changed: a new one takes its place.
#[derive(Debug, Default)]
pub struct AccessTable {
    /// Of `access_versions`, as it was before the rest was read.
    pub version: i64,
    pub index: Arc<PermissionIndex>,
    pub facts: Facts,
    held: HashMap<i64, Held>,
}

/// What a role holds with all that it includes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    pub everything: bool,
    pub permissions: PermissionSet,
}

impl Held {
    fn with(self, other: Held) -> Held {
        Held { everything: self.everything || other.everything, permissions: self.permissions.with(other.permissions) }
    }

    fn includes(&self, index: &PermissionIndex, permission: Permission) -> bool {
        self.everything || index.includes(&self.permissions, permission)
    }
}

/// What a route's mapping says of an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// The permission in the code decides.
    Unmapped,
    Admitted,
    Refused,
}

impl AccessTable {
    pub fn compile(facts: Facts, index: Arc<PermissionIndex>, version: i64) -> Self {
        let mut held: HashMap<i64, Held> = HashMap::with_capacity(facts.roles.len());
        for id in facts.parents_first() {
            let role = &facts.roles[&id];
            let permissions = index.set(role.permissions.iter().map(String::as_str));
            let own = Held { everything: role.everything, permissions };
            let of_parents = role.parents.iter().filter_map(|parent| held.get(parent)).copied();
            let joined = of_parents.fold(own, Held::with);
            held.insert(id, joined);
        }
        AccessTable { version, index, facts, held }
    }

    /// What a role holds with all that it includes; nothing when there is no such role.
    pub fn held(&self, role: i64) -> Held {
        self.held.get(&role).copied().unwrap_or_default()
    }

    pub fn held_by_all(&self, roles: &[i64]) -> Held {
        roles.iter().map(|role| self.held(*role)).fold(Held::default(), Held::with)
    }

    /// What somebody with these roles may do.
    pub fn grants(&self, roles: &[i64]) -> Grants {
        let Held { everything, permissions } = self.held_by_all(roles);
        if everything { Grants::Everything } else { Grants::Only { held: permissions, index: self.index.clone() } }
    }

    /// The roles that hold a permission, by themselves or by what they include.
    pub fn roles_with(&self, permission: Permission) -> Vec<i64> {
        let holds = |held: &Held| held.includes(&self.index, permission);
        let mut roles: Vec<i64> = self.held.iter().filter(|(_, held)| holds(held)).map(|(id, _)| *id).collect();
        roles.sort_unstable();
        roles
    }

    /// The roles that hold everything.
    pub fn administrating(&self) -> Vec<i64> {
        let mut roles: Vec<i64> = self.held.iter().filter(|(_, held)| held.everything).map(|(id, _)| *id).collect();
        roles.sort_unstable();
        roles
    }

    /// Whether a route, `GET /skills`, admits an actor. Administrators are always admitted.
    pub fn admission(&self, route: &str, actor: &Actor) -> Admission {
        let Some(grantees) = self.facts.routes.get(route) else { return Admission::Unmapped };
        if actor.is_administrator() || admits(grantees, &actor.roles, actor.person_id) {
            return Admission::Admitted;
        }
        Admission::Refused
    }

    /// The highest of these roles.
    pub fn highest(&self, roles: &[i64]) -> Option<&str> {
        let known = roles.iter().filter_map(|id| self.facts.roles.get(id).map(|role| (role.position, *id, role)));
        known.min_by_key(|(position, id, _)| (*position, *id)).map(|(_, _, role)| role.title.as_str())
    }
}

/// `roles` are those of the person and all that these include.
pub fn admits(grantees: &BTreeSet<Grantee>, roles: &[i64], person: Option<i64>) -> bool {
    grantees.iter().any(|grantee| match grantee {
        Grantee::Role(id) => roles.binary_search(id).is_ok(),
        Grantee::Person(id) => person == Some(*id),
    })
}
