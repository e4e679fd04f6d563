//! Aliases, by which a skill is found as well, and tags, which skills of different categories have in common.

pub mod model;
