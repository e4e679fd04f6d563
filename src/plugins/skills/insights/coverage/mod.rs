//! How far each skill that is required is covered, as bars.

pub mod handlers;
pub mod model;
pub mod picture;
pub mod views;
