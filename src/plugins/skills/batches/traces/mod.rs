//! What a batch made or changed beside its ratings, and its being taken back with them.

pub mod model;
