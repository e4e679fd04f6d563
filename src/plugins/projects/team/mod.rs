//! Who takes part in a project: their load, and what its open tasks need of them.

pub mod handlers;
pub mod model;
pub mod views;
