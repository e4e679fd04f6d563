//! What has to be done before a task can be.

pub mod handlers;
pub mod model;
pub mod views;
