//! The skill that somebody means by what they typed.

pub mod model;
pub mod views;
