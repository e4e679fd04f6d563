//! Views of tasks under a name: a filter and the way of showing it, saved for oneself or shared with a project.

pub mod handlers;
pub mod model;
pub mod views;
