//! Levels pasted into the matrix from a spreadsheet, and one level for a whole range: previewed, decided, written.
//!
//! `POST /skills/pastes` reads the tab-separated text against the people and skills of the view, from one cell on, and
//! answers with a preview that marks each cell. `POST /skills/pastes/acceptance` writes all of it in one transaction and
//! one batch, which is taken back as a whole; or nothing, when a cell is not decided or changed since the preview.

pub mod acceptance;
pub mod block;
pub mod handlers;
pub mod model;
pub mod views;
