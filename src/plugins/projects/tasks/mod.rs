//! Tasks: listed, made, read, and changed field by field.
//!
//! Tables: tasks, task_assignees, task_labels, task_events. All changes go through `writing::model::apply`.

pub mod creation;
pub mod fields;
pub mod filter;
pub mod handlers;
pub mod history;
pub mod list;
pub mod model;
pub mod placement;
pub mod quick_add;
pub mod values;
pub mod views;
pub mod writing;

use crate::plugin::Route;

pub fn routes() -> Vec<Route> {
    [
        list::handlers::routes(),
        handlers::routes(),
        creation::handlers::routes(),
        fields::handlers::routes(),
        placement::handlers::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
