//! What the person says of themself, step by step, until they hand it in.

pub mod handlers;
pub mod model;
pub mod views;
