//! How a task is changed: read under a lock, changed field by field, logged, counted.

pub mod model;
