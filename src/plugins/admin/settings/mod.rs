//! Options of the configuration that administrators set while the portal runs, each with where its value came from.
//!
//! Table: overridden_options, which `crate::settings` reads. An option is read by the type that the configuration gives it,
//! so what config.toml refuses is refused here in the same words.

pub mod handlers;
mod model;
mod views;

use super::SYSTEM;
use super::frame::{Group, Section};

pub const SECTION: Section =
    Section { group: Group::System, title: "Settings", href: "/admin/settings", permission: SYSTEM };
