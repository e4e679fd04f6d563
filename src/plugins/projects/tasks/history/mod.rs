//! What was changed in a task, and by whom.

pub mod model;
pub mod views;
