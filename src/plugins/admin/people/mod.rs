//! People as administrators see them: all of them, also the deactivated ones, with their roles; one by one or many at once.
//!
//! Tables: those of the accounts, whose rules stand in `accounts::administration`. Names, addresses and teams are kept at
//! /people, where the links here lead. A change goes `handlers::create` → `model::apply` → `administration::apply`, which
//! writes people, sessions, events and the batch to take it back by in one transaction.

mod fields;
pub mod handlers;
mod model;
mod views;

use super::frame::{Group, Section};
use crate::accounts::ADMINISTER;

pub const SECTION: Section =
    Section { group: Group::People, title: "People", href: "/admin/people", permission: ADMINISTER };
/// Teams have their pages at /people.
pub const TEAMS: Section =
    Section { group: Group::People, title: "Teams", href: "/people/teams", permission: crate::accounts::WRITE };
