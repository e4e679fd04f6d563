//! Questions before a handoff is accepted, and their answers.

pub mod handlers;
pub mod model;
pub mod views;
