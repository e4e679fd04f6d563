//! What people say of a task.

pub mod handlers;
mod mentions;
pub mod model;
pub mod views;
