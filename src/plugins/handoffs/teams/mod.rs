//! How a team hands off: into which template, and after how long what waits is brought to mind.

pub mod handlers;
pub mod model;
mod views;
