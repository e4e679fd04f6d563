//! The skill that a target is for, as a person types it: suggestions, and the one that is meant.

pub mod handlers;
pub mod views;
