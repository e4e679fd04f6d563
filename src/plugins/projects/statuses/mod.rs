//! The statuses of a project, which are the columns of its board.

pub mod handlers;
pub mod model;
pub mod views;
