//! A file of profiles on its way in: read, held against what is there, written all or nothing.

pub mod file;
pub mod model;

pub use model::{Report, run};
