//! The person who looks after a skill, chosen by typing.

pub mod handlers;
pub mod model;
