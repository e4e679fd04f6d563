//! Two skills become one, and are two again when that was a mistake.
//!
//! Table: skill_merges. Of each person the newer rating counts afterwards; both stay in the history. The merged skill is
//! archived with its ratings as they were, so that undoing it needs nothing but what the kept one got.

pub mod handlers;
pub mod model;
mod rule;
pub mod views;
