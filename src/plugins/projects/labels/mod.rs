//! Labels of a project.

pub mod handlers;
pub mod model;
pub mod views;
