//! The subtasks of a task.

use super::super::model::{Details, Task};
use super::super::parts::{Part, Refused};
use super::super::views::{due, faces, line_form, part};
use crate::web::assets::{Icon, icon};
use crate::web::components::csrf_field;
use crate::web::context::Context;
use jiff::civil::Date;
use maud::{Markup, html};

pub fn section(cx: &Context, details: &Details, tasks: &[Task], today: Date, refused: Option<&Refused>) -> Markup {
    let done = tasks.iter().filter(|task| !task.is_open()).count();
    let title = if tasks.is_empty() { "Subtasks".to_owned() } else { format!("Subtasks · {done} of {}", tasks.len()) };
    part(
        details,
        Part::Subtasks,
        &title,
        tasks.is_empty() && refused.is_none(),
        html! {
            ul.related { @for task in tasks { (line(cx, details, task, today)) } }
            @if details.project.may_write() { (line_form(cx, details, Part::Subtasks, "text", "Add a subtask, or take in a task by its name", refused)) }
        },
    )
}

fn line(cx: &Context, details: &Details, task: &Task, today: Date) -> Markup {
    html! {
        li.done[!task.is_open()] {
            span class={ "status " (task.kind.name()) } title=(task.status) { span.visually-hidden { (task.status) } }
            a href=(task.path()) { span.name { (task.name()) } " " (task.title) }
            (due(task.due_on, task.is_open(), today))
            (faces(&task.assignees))
            @if details.project.may_write() {
                form.remove method="post" action={ (task.path()) "/parent/deletion" } hx-post={ (task.path()) "/parent/deletion" } hx-target="closest section" hx-swap="outerHTML" {
                    (csrf_field(cx.csrf()))
                    button type="submit" aria-label={ "Make " (task.name()) " a task of its own" } title="Make it a task of its own" { (icon(Icon::Xmark)) }
                }
            }
        }
    }
}
