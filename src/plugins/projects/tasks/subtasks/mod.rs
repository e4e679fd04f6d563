//! Tasks that are a part of another one.

pub mod handlers;
pub mod model;
pub mod views;
