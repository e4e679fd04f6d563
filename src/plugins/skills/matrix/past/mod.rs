//! The matrix as it was at the end of a day.

pub mod model;
pub mod narrowing;
pub mod sums;
