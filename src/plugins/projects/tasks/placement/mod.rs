//! Where a task stands on the board: its status, and its place among the others in it.

pub mod handlers;
pub mod model;
