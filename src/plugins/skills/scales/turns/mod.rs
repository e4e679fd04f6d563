//! From which scale to which a skill turned, and when.

pub mod model;
