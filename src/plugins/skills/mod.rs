//! The skills matrix.

pub mod imports;
