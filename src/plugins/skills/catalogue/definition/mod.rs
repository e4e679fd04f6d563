//! What a skill is, and what each of its levels means: kept by those who edit the catalogue, and by the skill's owner.

pub mod handlers;
pub mod model;
mod views;
