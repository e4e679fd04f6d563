//! One board over all projects.

pub mod handlers;
pub mod model;
pub mod views;
