//! The background jobs over all processes: when each ran last, when it comes next, what went wrong, and running it now.
//!
//! Table: job_runs, which `crate::jobs` writes.

pub mod handlers;
mod model;
mod views;

use super::SYSTEM;
use super::frame::{Group, Section};

pub const SECTION: Section = Section { group: Group::System, title: "Jobs", href: "/admin/jobs", permission: SYSTEM };
