//! Who takes part in a project, and as what.

pub mod handlers;
pub mod model;
pub mod views;
