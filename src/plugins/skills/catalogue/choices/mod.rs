//! Another skill, chosen by typing.

pub mod handlers;
pub mod model;
