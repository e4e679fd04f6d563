//! The person, or the program, on whose behalf something happens.

use super::access::AccessTable;
use super::permissions::{Permission, PermissionIndex, PermissionSet};
use crate::error::{Error, Result};
use std::collections::HashSet;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub enum Grants {
    /// An administrator, or the command line.
    Everything,
    Only {
        held: PermissionSet,
        index: Arc<PermissionIndex>,
    },
}

impl Grants {
    pub fn include(&self, permission: Permission) -> bool {
        match self {
            Grants::Everything => true,
            Grants::Only { held, index } => index.includes(held, permission),
        }
    }
}

/// Who really sits at the keyboard while an administrator looks at the portal as somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    pub viewing_id: i64,
    pub person_id: i64,
    pub name: String,
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
    /// The roles that they have, and all that these include, in ascending order.
    pub roles: Arc<[i64]>,
    /// What the roles and the mapped routes were when this was worked out.
    pub access: Arc<AccessTable>,
    /// What an API token was limited to; `None` means that it, or the session, may do all that its person may.
    pub scopes: Option<Arc<HashSet<String>>>,
    /// The permission of a mapped route that admitted this actor, for this request alone.
    pub lent: Option<Permission>,
    /// Set while somebody else looks at the portal as this person. Nothing is changed then.
    pub via: Option<Arc<Via>>,
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
            roles: Arc::new([]),
            access: Arc::default(),
            scopes: None,
            lent: None,
            via: None,
        }
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.holds(permission) || (self.lent == Some(permission) && self.is_in_scope(permission))
    }

    /// As `may`, by their roles alone.
    pub fn holds(&self, permission: Permission) -> bool {
        self.is_in_scope(permission) && self.grants.include(permission)
    }

    /// The first line of a model function.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.may(permission) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Whether they hold everything. A token that was limited to scopes is no administrator, whoever made it.
    pub fn is_administrator(&self) -> bool {
        matches!(self.grants, Grants::Everything) && self.scopes.is_none()
    }

    /// The first line of a model function that decides who may do what.
    pub fn require_administrator(&self) -> Result<()> {
        if self.is_administrator() { Ok(()) } else { Err(Error::Forbidden) }
    }

    pub fn is_in_scope(&self, permission: Permission) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.contains(permission.0))
    }

    /// Whether one of their roles, or of those that these include, requires a second factor.
    pub fn requires_second_factor(&self) -> bool {
        self.access.facts.require_second_factor(&self.roles)
    }

    pub fn is(&self, person_id: i64) -> bool {
        self.person_id == Some(person_id)
    }
}
