//! Whom targets can be set for: everybody, each team, each job role; with how much is asked and how much is missing.

pub mod model;
pub mod views;
