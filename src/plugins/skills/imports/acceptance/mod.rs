//! Writing what a preview showed.

pub mod model;
