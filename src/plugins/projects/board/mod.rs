//! The tasks of a project as cards in columns.

pub mod handlers;
pub mod model;
pub mod views;
