//! If this happens, then that is to be done.

pub mod handlers;
pub mod model;
pub mod views;
