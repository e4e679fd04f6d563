//! The grid of people and skills: a window at a time, however large the organisation is.

pub mod blocks;
pub mod choices;
pub mod faces;
pub mod filter;
pub mod grid;
pub mod handlers;
pub mod legends;
pub mod lines;
pub mod marks;
pub mod mode;
pub mod model;
pub mod narrowing;
pub mod past;
pub mod reasons;
pub mod sums;
pub mod toolbar;
pub mod views;
