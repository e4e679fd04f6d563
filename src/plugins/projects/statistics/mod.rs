//! Statistics of a project, as pictures with tables.

pub mod handlers;
pub mod model;
mod pictures;
pub mod views;
