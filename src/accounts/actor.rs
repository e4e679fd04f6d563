//! The person, or the program, on whose behalf something happens.

use crate::error::{Error, Result};
use std::collections::HashSet;
use std::sync::Arc;

/// The name of something that may be done, declared by the part that it belongs to: `skills.read`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Permission(pub &'static str);

/// A permission as it is declared: `roles` hold it from the start, and administrators change that later.
pub struct PermissionSpec {
    pub permission: Permission,
    pub title: &'static str,
    pub roles: &'static [&'static str],
}

#[derive(Clone, Debug)]
pub enum Grants {
    /// An administrator, or the command line.
    Everything,
    Only(Arc<HashSet<String>>),
}

impl Grants {
    pub fn include(&self, permission: Permission) -> bool {
        match self {
            Grants::Everything => true,
            Grants::Only(names) => names.contains(permission.0),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Actor {
    /// `None` for the command line and background jobs.
    pub person_id: Option<i64>,
    pub team_id: Option<i64>,
    pub name: String,
    /// The title of the highest role, to be shown beside the name.
    pub role: String,
    pub grants: Grants,
    /// What an API token was limited to; `None` means that it, or the session, may do all that its person may.
    pub scopes: Option<Arc<HashSet<String>>>,
}

impl Actor {
    /// The command line and background jobs: they run with the rights of whoever runs the machine.
    pub fn system() -> Self {
        Actor {
            person_id: None,
            team_id: None,
            name: "Quarterdeck".to_owned(),
            role: String::new(),
            grants: Grants::Everything,
            scopes: None,
        }
    }

    pub fn may(&self, permission: Permission) -> bool {
        let in_scope = self.scopes.as_ref().is_none_or(|scopes| scopes.contains(permission.0));
        in_scope && self.grants.include(permission)
    }

    /// The first line of a model function.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.may(permission) { Ok(()) } else { Err(Error::Forbidden) }
    }

    pub fn is(&self, person_id: i64) -> bool {
        self.person_id == Some(person_id)
    }
}
