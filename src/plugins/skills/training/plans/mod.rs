//! Making a plan, and changing one that is not closed yet.

pub mod handlers;
pub mod model;
pub mod views;
