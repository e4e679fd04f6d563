//! Who is told of what happens to a task without working on it.

pub mod handlers;
pub mod model;
pub mod views;
