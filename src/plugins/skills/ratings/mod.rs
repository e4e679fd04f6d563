//! One rating: the cell of the matrix, what is said in it by whom, and how that is kept.

pub mod columns;
pub mod handlers;
pub mod model;
pub mod rules;
pub mod values;
pub mod views;
