//! What somebody has to be able to do for a task.

pub mod handlers;
pub mod model;
pub mod views;
