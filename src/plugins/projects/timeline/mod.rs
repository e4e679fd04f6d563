//! Tasks as bars from their start to their due day.

pub mod handlers;
pub mod model;
pub mod views;
