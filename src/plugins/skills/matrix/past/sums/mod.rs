//! The summaries of a window's rows and columns, of a day that is past.

pub mod model;
