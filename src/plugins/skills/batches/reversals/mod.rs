//! Taking back what was done last, or a whole batch.

pub mod model;
