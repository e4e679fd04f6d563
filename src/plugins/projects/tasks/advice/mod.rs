//! What one should know when one gives a task to somebody: how much they have in hand, and what they cannot do.

pub mod model;
pub mod views;
