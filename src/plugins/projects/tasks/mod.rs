//! Tasks: listed, made, read, and changed field by field.
//!
//! Tables: tasks, task_assignees, task_labels, task_events. All changes go through `writing::model::apply`.

pub mod advice;
pub mod api;
pub mod attachments;
pub mod blockers;
pub mod checks;
pub mod creation;
pub mod fields;
pub mod filter;
pub mod handlers;
pub mod history;
pub mod list;
pub mod model;
pub mod parts;
pub mod placement;
pub mod quick_add;
pub mod skills;
pub mod subtasks;
pub mod values;
pub mod views;
pub mod watchers;
pub mod work;
pub mod writing;

use crate::plugin::Route;

pub fn routes() -> Vec<Route> {
    [
        work::handlers::routes(),
        list::handlers::routes(),
        handlers::routes(),
        creation::handlers::routes(),
        fields::handlers::routes(),
        placement::handlers::routes(),
        parts::routes(),
        attachments::handlers::routes(),
        checks::handlers::routes(),
        subtasks::handlers::routes(),
        blockers::handlers::routes(),
        skills::handlers::routes(),
        watchers::handlers::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
