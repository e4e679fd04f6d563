//! A project as files: its tasks as CSV, all of it as JSON.

pub mod handlers;
pub mod model;
