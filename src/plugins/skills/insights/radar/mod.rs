//! Up to five people against the mean of a team, over the skills of a category, as a radar.

pub mod handlers;
pub mod model;
pub mod picture;
pub mod views;
