//! `/admin/reasons`: why somebody may do something, or may not, now or on a past day.

pub mod handlers;
mod views;

use super::frame::{Group, Section};
use crate::accounts::ROLES_READ;

pub const SECTION: Section =
    Section { group: Group::People, title: "Reasons", href: "/admin/reasons", permission: ROLES_READ };
