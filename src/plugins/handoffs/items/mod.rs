//! What is to be looked after: carried over from one handoff to the next until somebody closes it.

pub mod handlers;
pub mod model;
pub mod views;
