//! Making tasks: by a line of text, or by a form with every field.

pub mod handlers;
pub mod model;
pub mod views;
