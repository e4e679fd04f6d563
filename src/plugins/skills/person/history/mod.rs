//! What was changed of a person's ratings, by whom and by what means: of one skill, or of all of them.

pub mod handlers;
pub mod model;
mod views;
