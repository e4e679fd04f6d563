//! Ratings and skills from files.

pub mod file;
