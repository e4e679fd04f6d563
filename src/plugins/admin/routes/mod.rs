//! `/admin/routes`: every route, who may use it, how often it was; mapped to other roles and people, and pruned.

pub mod handlers;
mod model;
pub mod pruning;
mod views;

use super::frame::{Group, Section};
use crate::accounts::ROLES_READ;

pub const SECTION: Section =
    Section { group: Group::People, title: "Routes", href: "/admin/routes", permission: ROLES_READ };
