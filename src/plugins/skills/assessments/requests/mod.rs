//! How an assessment is asked for: of one person or a whole team, on chosen skills, until a day.

pub mod handlers;
pub mod model;
pub mod views;
