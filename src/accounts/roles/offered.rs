//! Which roles may be given to somebody new, by whoever may add people.
//!
//! The starting roles may, and of those that administrators made later the ones that allow nothing that the giver may not
//! do: otherwise somebody could add a person who may more than they, and log in as that one. Administrators are made by
//! administrators alone.

use super::STARTING;
use crate::accounts::access::RoleFacts;
use crate::accounts::actor::Grants;
use crate::accounts::{Actor, PermissionSet};
use crate::error::{Error, Result};

/// What somebody new is if nobody says otherwise.
pub const USUAL: &str = "member";

/// A role by the name that programs use, and by its title.
pub type Offered<'a> = (&'a str, &'a str);

/// The usual role first, then the highest.
pub fn for_new_people(actor: &Actor) -> Vec<Offered<'_>> {
    let table = &actor.access;
    let mut roles: Vec<(&i64, &RoleFacts)> =
        table.facts.roles.iter().filter(|(id, _)| is_offered(actor, **id)).collect();
    roles.sort_by_key(|(id, role)| (role.name != USUAL, role.position, **id));
    roles.into_iter().map(|(_, role)| (role.name.as_str(), role.title.as_str())).collect()
}

fn is_offered(actor: &Actor, role: i64) -> bool {
    let held = actor.access.held(role);
    let name = actor.access.facts.roles.get(&role).map_or("", |role| role.name.as_str());
    !held.everything && (is_starting(name) || holds_all(actor, held.permissions))
}

fn is_starting(name: &str) -> bool {
    STARTING.iter().any(|(starting, _, everything)| *starting == name && !everything)
}

fn holds_all(actor: &Actor, permissions: PermissionSet) -> bool {
    match &actor.grants {
        Grants::Everything => true,
        Grants::Only { held, .. } => permissions.without(*held).is_empty(),
    }
}

/// The command line and jobs give the starting roles.
pub fn check_for_new_person(actor: &Actor, role: &str) -> Result<()> {
    if actor.person_id.is_none() && is_starting(role) {
        return Ok(());
    }
    let offered = for_new_people(actor);
    if offered.iter().any(|(name, _)| *name == role) {
        return Ok(());
    }
    let names: Vec<&str> = offered.iter().map(|(name, _)| *name).collect();
    Err(Error::invalid("role", format!("Somebody new can be one of: {}.", names.join(", "))))
}
