//! The finder: who knows these skills, at least so well, with an interest, in a team.
//!
//! A search costs one indexed query for each skill, whatever the size of the organisation, and two for the people that a
//! page shows. `terms` reads the address, `model` asks the database, `ranking` decides who fits and in which order.

pub mod api;
pub mod handlers;
pub mod model;
pub mod ranking;
pub mod terms;
pub mod views;
