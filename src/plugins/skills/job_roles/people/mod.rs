//! Who has a job role, seen from the job role and from the person.

pub mod handlers;
pub mod model;
pub mod views;
