//! Projects out of files: our own, and those of Trello and Kanboard.
//!
//! `files` reads each kind into what our own holds; `model` writes that in one transaction, all of it or nothing.

mod files;
pub mod handlers;
pub mod model;
pub mod views;
