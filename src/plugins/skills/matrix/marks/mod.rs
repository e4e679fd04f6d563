//! The cells of a window as the database holds them.

pub mod model;
