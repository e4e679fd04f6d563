//! Quarterdeck.

pub mod plugins;
pub mod tables;
