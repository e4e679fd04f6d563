//! The audit log: what happened, who did it, and what it was before; page by page, filtered, and as a file.
//!
//! Tables: events, and event_seals of the chain beneath it (`events::chain`). Nothing here writes. Changes of ratings have
//! a log of their own, which is read on the pages of skills.

mod detail;
mod export;
pub mod handlers;
mod model;
mod views;

use super::frame::{Group, Section};
use crate::accounts::Permission;

/// Read the audit log.
pub const AUDIT: Permission = Permission("admin.audit");

pub const SECTION: Section =
    Section { group: Group::Record, title: "Audit log", href: "/admin/audit", permission: AUDIT };
