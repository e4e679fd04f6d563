//! The parts that rows, cards and the page of a task are made of, and that page.

use super::super::comments::model::Comment;
use super::super::comments::views as comments;
use super::super::days::{self, Nearness};
use super::super::labels::views::chips;
use super::super::members::views::disc;
use super::super::outline::Outline;
use super::super::statuses::views::pill;
use super::fields::views as fields;
use super::model::{Details, Face, Task};
use super::values::{Field, Priority};
use crate::web::context::Context;
use crate::web::times::ago;
use jiff::civil::Date;
use maud::{Markup, html};

/// Bars that grow with the priority; nothing where there is none.
pub fn priority_mark(priority: Priority) -> Markup {
    html! {
        @if priority != Priority::None {
            span class={ "prio p" (priority.number()) } role="img" aria-label={ (priority.title()) " priority" } title=(priority.title()) {}
        }
    }
}

/// Discs of those who work on it, with their names for who does not see them.
pub fn faces(assignees: &[Face]) -> Markup {
    html! {
        @if !assignees.is_empty() {
            span.stack {
                @for face in assignees { (disc(face.id, &face.name)) }
                span.visually-hidden { (names(assignees)) }
            }
        }
    }
}

pub fn names(assignees: &[Face]) -> String {
    assignees.iter().map(|face| face.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// A due day as near as it is; of what is done it does not matter any more.
pub fn due(day: Option<Date>, is_open: bool, today: Date) -> Markup {
    let Some(day) = day else { return html! {} };
    let class = match days::nearness(day, today) {
        _ if !is_open => "due",
        Nearness::Overdue => "due overdue",
        Nearness::Today => "due today",
        Nearness::Soon => "due soon",
        Nearness::Later => "due",
    };
    html! { time class=(class) datetime=(day) title=(day) { (days::short(day, today)) } }
}

/// The page of a task.
pub fn show(cx: &Context, details: &Details, outline: &Outline, said: &[Comment], asked: Markup) -> Markup {
    let task = &details.task;
    html! {
        article.task-page id="task" data-t=(task.id) data-p=(task.project_id) {
            nav aria-label="Breadcrumb" {
                ol.breadcrumb {
                    li.breadcrumb-item { a href="/projects" { "Projects" } }
                    li.breadcrumb-item { a href=(details.project.path()) { (details.project.name) } }
                    li.breadcrumb-item aria-current="page" { (task.name()) }
                }
            }
            div.task-main {
                div.task-heading data-f="title" { (fields::shown(Field::Title, details, outline)) }
                div.task-text data-f="description" { (fields::shown(Field::Description, details, outline)) }
                section.talk aria-labelledby="talk" {
                    h2 id="talk" { "Comments" }
                    (asked)
                    (comments::list(cx, details, said))
                    @if details.project.may_write() { (comments::new_form(cx, details, outline, "", None)) }
                }
                (history_link(task))
            }
            aside.task-side { (properties(details, outline, cx.app.now_ms())) }
        }
    }
}

/// Opened where it stands; a page of its own without scripts.
fn history_link(task: &Task) -> Markup {
    let href = format!("{}/history", task.path());
    html! {
        details.history hx-get=(href) hx-trigger="toggle once" hx-target="find .history-entries" hx-swap="innerHTML" {
            summary { "History" }
            div.history-entries { a href=(href) { "Show the history" } }
        }
    }
}

const IN_SIDE: [Field; 7] =
    [Field::Status, Field::Priority, Field::Assignees, Field::Labels, Field::Start, Field::Due, Field::Estimate];

/// What stands beside the text of a task. Asked for again when somebody else changes it.
pub fn properties(details: &Details, outline: &Outline, now_ms: i64) -> Markup {
    let task = &details.task;
    html! {
        dl.properties id="properties" {
            @for field in IN_SIDE {
                div { dt { (field.title()) } dd data-f=(field.name()) { (fields::shown(field, details, outline)) } }
            }
            div { dt { "Added" } dd.quiet { (ago(details.created_at, now_ms)) @if let Some(name) = &details.created_by { " by " (name) } } }
            div { dt { "Changed" } dd.quiet { (ago(task.touched_at, now_ms)) } }
            @if let Some(at) = details.closed_at { div { dt { "Done" } dd.quiet { (ago(at, now_ms)) } } }
        }
    }
}

/// A row of a list. It carries what the one listener of the list needs, and nothing else.
pub fn row(task: &Task, today: Date, shows_project: bool) -> Markup {
    html! {
        tr.done[!task.is_open()] data-t=(task.id) {
            td.mark data-f="priority" { (priority_mark(task.priority)) }
            td.name { (task.name()) }
            th scope="row" data-f="title" { (title_cell(task)) }
            @if shows_project { td.wide-only { (task.code) } }
            td data-f="status" { (pill(&task.status, task.kind)) }
            td data-f="assignees" { (faces(&task.assignees)) }
            td.day data-f="due" { (due(task.due_on, task.is_open(), today)) }
        }
    }
}

/// The title leads to the task; the labels stand behind it.
pub fn title_cell(task: &Task) -> Markup {
    html! { a.task-link href=(task.path()) { (task.title) } @if !task.labels.is_empty() { " " (chips(&task.labels)) } }
}
