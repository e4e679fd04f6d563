//! A field of a task, changed where it stands.

pub mod handlers;
pub mod model;
pub mod views;
