//! Who is logged in, from where, and ending that. The rules stand in `accounts::sessions`.

pub mod handlers;
mod views;

use super::frame::{Group, Section};
use crate::accounts::SESSIONS;

pub const SECTION: Section =
    Section { group: Group::People, title: "Sessions", href: "/admin/sessions", permission: SESSIONS };
