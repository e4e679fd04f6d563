//! The grid of people and skills.

pub mod lines;
pub mod model;
