//! Views of the matrix under a name: filters and mode, saved for oneself or for everybody.
//!
//! Tables: matrix_views, matrix_view_defaults. “Save” above the matrix posts the view's address here; opening a saved one
//! is a link to that address, so that it needs neither a script nor a look-up.

pub mod handlers;
pub mod model;
pub mod views;
