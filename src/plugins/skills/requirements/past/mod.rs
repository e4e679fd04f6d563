//! What was asked for on a day that is past.

pub mod model;
pub mod views;
