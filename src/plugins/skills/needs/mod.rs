//! What other plugins ask: which skills there are, and how well people know the ones that a piece of work needs.

pub mod model;
