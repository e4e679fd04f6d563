//! The grid of people and skills: a window at a time, however large the organisation is.

pub mod blocks;
pub mod grid;
pub mod handlers;
pub mod lines;
pub mod model;
pub mod sums;
pub mod views;
