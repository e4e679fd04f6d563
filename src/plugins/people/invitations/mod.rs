//! Invitations: the list of those that are open, and the form that adds somebody together with one.

pub mod handlers;
mod model;
mod views;

pub use model::{invite, start_reset};
