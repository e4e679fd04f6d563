//! Whether everything that the portal stands on is there: database, pool, Redis, disk, queues, and the headers that leave
//! this process's own port.

pub mod handlers;
mod model;
mod views;

use super::SYSTEM;
use super::frame::{Group, Section};

pub const SECTION: Section =
    Section { group: Group::System, title: "Health", href: "/admin/health", permission: SYSTEM };
