//! A person's own page: every skill of a category with its rating, editable as one form, without any script.

mod form;
pub mod handlers;
pub mod model;
pub mod views;
