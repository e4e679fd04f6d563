//! The inbox of what browsers report against the Content-Security-Policy.
//!
//! Table: policy_reports, which `crate::policy_reports` writes. A kind that is dismissed comes back when it is reported
//! again.

pub mod handlers;
mod model;
mod views;

use super::SYSTEM;
use super::frame::{Group, Section};

pub const SECTION: Section =
    Section { group: Group::Record, title: "Policy reports", href: "/admin/policy-reports", permission: SYSTEM };
