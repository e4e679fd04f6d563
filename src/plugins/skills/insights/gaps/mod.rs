//! Gaps by team and category, as a heat map: what is required of people and not there.

pub mod handlers;
pub mod model;
pub mod picture;
pub mod views;
