//! One rating: the cell of the matrix.

pub mod handlers;
pub mod model;
pub mod views;
