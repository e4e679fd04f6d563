//! Who works here and what they may do: people, teams, roles, credentials, sessions.
//!
//! Tables: teams, people, roles, permissions, role_permissions, person_roles, sessions, api_tokens, setup_links.
//! A request arrives with a session cookie or a bearer token; `sessions` or `tokens` turns it into an `Actor`, and every
//! model function takes that actor and begins with its permission check. The functions here are told who acts in the
//! same way.

mod actor;
pub mod administration;
pub mod credentials;
pub mod device;
pub mod examination;
mod followers;
pub mod invitations;
pub mod links;
pub mod passwords;
pub mod people;
pub mod resets;
pub mod roles;
pub mod roster;
pub mod secrets;
pub mod sessions;
pub mod setup;
pub mod teams;
pub mod tokens;

use crate::notices::{Channel, NoticeKind};
pub use actor::{Actor, Grants, Permission, PermissionSpec};
pub use followers::{Follow, Followers};
pub use passwords::{MIN_PASSWORD_CHARS, Owner, Passwords};

/// May see people and teams.
pub const READ: Permission = Permission("people.read");
/// May add and change people and teams.
pub const WRITE: Permission = Permission("people.write");
/// May see and end the sessions of others.
pub const SESSIONS: Permission = Permission("sessions.manage");

/// May deactivate people, bring them back and move them. Roles are given by administrators alone.
pub const ADMINISTER: Permission = Permission("people.administer");

/// The permissions that this part declares, with the roles that hold them at first.
pub const PERMISSIONS: &[PermissionSpec] = &[
    PermissionSpec { permission: READ, title: "See people and teams", roles: &["lead", "auditor", "member", "viewer"] },
    PermissionSpec { permission: WRITE, title: "Add and change people and teams", roles: &[] },
    PermissionSpec { permission: ADMINISTER, title: "Deactivate people and bring them back", roles: &[] },
    PermissionSpec { permission: SESSIONS, title: "See and end the sessions of others", roles: &[] },
];

/// The kinds of notices that this part raises.
pub const NOTICES: &[NoticeKind] = &[NoticeKind {
    kind: "accounts.log_in_changed",
    title: "The way you log in was changed",
    default: Channel::Mail,
    is_vital: true,
}];

/// What changes when a person or a team does.
pub const TOPIC: &str = "people";
