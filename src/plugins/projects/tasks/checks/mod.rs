//! The checklist of a task.

pub mod handlers;
pub mod model;
pub mod views;
