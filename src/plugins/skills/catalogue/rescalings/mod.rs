//! A skill is given another scale: each level that somebody has becomes one of the new scale.
//!
//! Table: skill_rescalings. The ratings are written anew as a batch, each with an event, so that the history tells when a
//! level came to mean something else; until somebody rates again, it can be undone.

pub mod handlers;
pub mod mapping;
pub mod model;
pub mod views;
