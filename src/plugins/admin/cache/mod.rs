//! What is kept in memory: how much, how often it was of use, and forgetting it in every process.

pub mod handlers;
mod views;

use super::SYSTEM;
use super::frame::{Group, Section};

pub const SECTION: Section = Section { group: Group::System, title: "Cache", href: "/admin/cache", permission: SYSTEM };
