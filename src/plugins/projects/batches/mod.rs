//! Tasks that are changed together, and taken back together.

pub mod handlers;
pub mod model;
pub mod views;
