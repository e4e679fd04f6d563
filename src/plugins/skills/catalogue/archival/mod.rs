//! Skills that are no longer in use: put away, with all that was said of them, and taken out again.

pub mod handlers;
pub mod model;
