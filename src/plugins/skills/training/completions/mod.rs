//! The end of a plan: reached, with its evidence, or dropped.

pub mod handlers;
pub mod model;
pub mod views;
