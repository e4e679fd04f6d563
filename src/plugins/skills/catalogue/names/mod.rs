//! The name of a skill, changed in its row of the list.

pub mod handlers;
pub mod model;
pub mod views;
