//! The matrix on paper: the same filter, the same windows, cut into tables that fit a landscape page.
//!
//! A wide matrix becomes several blocks of columns, each with the names of the people again. The head of a table stands on
//! every page that it reaches, and says which team, which skills, which day and which filter it is.

pub mod handlers;
pub mod model;
pub mod views;
