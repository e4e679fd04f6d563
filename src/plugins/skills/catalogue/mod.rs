//! Skills and their categories.

pub mod model;
