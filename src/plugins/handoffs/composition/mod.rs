//! A handoff that is begun: filled in from what changed, so that its author strikes out and adds instead of remembering.

pub mod handlers;
pub mod model;
pub mod views;
