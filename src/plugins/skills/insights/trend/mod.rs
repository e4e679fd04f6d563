//! A skill over time: the mean level, and how many people are able, month by month.

pub mod handlers;
pub mod model;
pub mod months;
pub mod picture;
pub mod views;
