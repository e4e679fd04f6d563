//! The parts of a handoff: written while it is a draft, by several at once, and saved as one types.

pub mod handlers;
pub mod model;
pub mod views;
