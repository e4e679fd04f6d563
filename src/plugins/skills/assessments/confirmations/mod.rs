//! What the owner of a skill, or whoever leads the person, confirms of it.

pub mod handlers;
pub mod model;
pub mod views;
