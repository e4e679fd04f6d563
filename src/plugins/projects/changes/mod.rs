//! What happened to tasks, for other plugins that tell of it.

pub mod model;
