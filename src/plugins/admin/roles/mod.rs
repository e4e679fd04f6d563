//! `/admin/roles`: roles as a tree, made, changed with a look at who gains and loses what, and deleted.

pub mod handlers;
mod model;
mod views;

pub(super) use model::{PermissionGroup, permission_groups, permission_title};

use super::frame::{Group, Section};
use crate::accounts::ROLES_READ;

pub const SECTION: Section =
    Section { group: Group::People, title: "Roles", href: "/admin/roles", permission: ROLES_READ };
