//! A decided paste is written: all of it, or nothing.

pub mod model;
