//! The first page of the administration: what is installed here, and how many use it.

pub mod handlers;
mod model;
mod views;

use super::READ;
use super::frame::{Group, Section};

pub const SECTION: Section = Section { group: Group::Top, title: "Overview", href: "/admin", permission: READ };
