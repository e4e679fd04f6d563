//! Who works here and what they may do: people, teams, roles, credentials, sessions.
//!
//! Tables: teams, people, permissions, sessions, api_tokens, setup_links, and those of `access`.
//! A request arrives with a session cookie or a bearer token; `sessions` or `tokens` turns it into an `Actor`, and every
//! model function takes that actor and begins with its permission check. The functions here are told who acts in the
//! same way.

pub mod access;
mod actor;
pub mod administration;
pub mod credentials;
pub mod device;
pub mod examination;
mod followers;
pub mod identities;
pub mod invitations;
pub mod known_devices;
pub mod links;
pub mod log_in;
pub mod overrides;
pub mod passkeys;
pub mod passwords;
pub mod people;
mod permissions;
pub mod resets;
pub mod roles;
pub mod roster;
pub mod routes;
pub mod second_factor;
pub mod secrets;
pub mod sessions;
pub mod setup;
pub mod teams;
pub mod throttle;
pub mod tokens;
pub mod used_steps;
pub mod viewings;

use crate::notices::{Channel, NoticeKind};
pub use access::{AccessControl, TOPIC as ACCESS_TOPIC};
pub use actor::{Actor, Grants, Via};
pub use followers::{Follow, Followers};
pub use passwords::{MIN_PASSWORD_CHARS, Owner, Passwords};
pub use permissions::{Permission, PermissionIndex, PermissionSet, PermissionSpec};

/// May see people and teams.
pub const READ: Permission = Permission("people.read");
/// May add and change people and teams.
pub const WRITE: Permission = Permission("people.write");
/// May see and end the sessions of others.
pub const SESSIONS: Permission = Permission("sessions.manage");
/// May see roles and routes, and why somebody may do something. Only administrators change them.
pub const ROLES_READ: Permission = Permission("roles.read");

/// May deactivate people, bring them back and move them. Roles are given by administrators alone.
pub const ADMINISTER: Permission = Permission("people.administer");

/// The permissions that this part declares, with the roles that hold them at first.
pub const PERMISSIONS: &[PermissionSpec] = &[
    PermissionSpec { permission: READ, title: "See people and teams", roles: &["lead", "auditor", "member", "viewer"] },
    PermissionSpec { permission: WRITE, title: "Add and change people and teams", roles: &[] },
    PermissionSpec { permission: ADMINISTER, title: "Deactivate people and bring them back", roles: &[] },
    PermissionSpec { permission: SESSIONS, title: "See and end the sessions of others", roles: &[] },
    PermissionSpec { permission: ROLES_READ, title: "See who may do what, and why", roles: &["auditor"] },
];

/// The kinds of notices that this part raises.
pub const NOTICES: &[NoticeKind] = &[
    NoticeKind {
        kind: "accounts.log_in_changed",
        title: "The way you log in was changed",
        default: Channel::Mail,
        is_vital: true,
    },
    NoticeKind {
        kind: "accounts.copied_log_in",
        title: "A log-in of yours was used by somebody else",
        default: Channel::Mail,
        is_vital: true,
    },
];

/// What changes when a person or a team does.
pub const TOPIC: &str = "people";
