//! Plugins on and off while the portal runs.
//!
//! Table: plugin_switches, which `crate::settings` reads. The configuration is the outer bound: what it leaves out cannot be
//! switched on here. Data stays, and what follows from people goes on being worked out, so that nothing is behind when a
//! plugin comes back.

pub mod handlers;
mod model;
mod views;

use super::SYSTEM;
use super::frame::{Group, Section};

pub const SECTION: Section =
    Section { group: Group::System, title: "Plugins", href: "/admin/plugins", permission: SYSTEM };
