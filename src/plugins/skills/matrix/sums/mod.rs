//! What stands above the columns and beside the rows of a window.

pub mod model;
