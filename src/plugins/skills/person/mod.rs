//! A person's own page: every skill of a category with its rating, editable as one form, without any script; and how it
//! came to be.

mod form;
pub mod handlers;
pub mod history;
pub mod model;
mod rows;
pub mod views;
