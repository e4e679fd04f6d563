//! Tasks on the days on which they are due.

pub mod handlers;
pub mod model;
pub mod views;
