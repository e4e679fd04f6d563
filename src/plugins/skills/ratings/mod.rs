//! One rating: the cell of the matrix.

pub mod model;
