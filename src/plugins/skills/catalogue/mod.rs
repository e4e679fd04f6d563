//! Skills and their categories.

pub mod handlers;
pub mod model;
mod views;
