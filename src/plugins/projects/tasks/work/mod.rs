//! The tasks of all projects: those that one works on, and any others.

pub mod handlers;
pub mod model;
pub mod views;
