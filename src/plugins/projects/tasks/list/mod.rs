//! The tasks of a project as a list.

pub mod handlers;
pub mod model;
pub mod views;
