//! The parts that rows, cards and the page of a task are made of, and that page.

use super::super::comments::model::Comment;
use super::super::comments::views as comments;
use super::super::days::{self, Nearness};
use super::super::labels::views::chips;
use super::super::members::views::disc;
use super::super::outline::Outline;
use super::super::statuses::views::pill;
use super::fields::views as fields;
use super::filter::STALLED_MS;
use super::model::{Details, Face, Task};
use super::parts::{Part, Refused};
use super::values::{Field, Priority};
use crate::clock::start_of;
use crate::web::assets::{Icon, icon};
use crate::web::components::submission_field;
use crate::web::components::{csrf_field, page_head};
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

/// What the page of a task shows beside its fields.
pub struct Around {
    pub outline: Outline,
    pub said: Vec<Comment>,
    /// The task that this one is a part of: id, number and title.
    pub parent: Option<(i64, i64, String)>,
    /// Drawn already, in their order.
    pub parts: Vec<Markup>,
    pub watchers: Markup,
}

/// The page of a task.
pub fn show(cx: &Context, details: &Details, around: &Around, asked: Markup) -> Markup {
    let (task, outline) = (&details.task, &around.outline);
    html! {
        article.task-page id="task" data-t=(task.id) data-p=(task.project_id) {
            nav aria-label="Breadcrumb" {
                ol.breadcrumb {
                    li.breadcrumb-item { a href="/projects" { "Projects" } }
                    li.breadcrumb-item { a href=(details.project.path()) { (details.project.name) } }
                    @if let Some((id, number, title)) = &around.parent {
                        li.breadcrumb-item { a href=(super::model::path(*id)) title=(title) { (task.code) "-" (number) } }
                    }
                    li.breadcrumb-item aria-current="page" { (task.name()) }
                }
            }
            div.task-main {
                div.task-heading data-f="title" { (fields::shown(Field::Title, details, outline)) }
                div.task-text data-f="description" { (fields::shown(Field::Description, details, outline)) }
                @for part in &around.parts { (part) }
                section.talk aria-labelledby="talk" {
                    h2 id="talk" { "Comments" }
                    (asked)
                    (comments::list(cx, details, &around.said))
                    @if details.project.may_write() { (comments::new_form(cx, details, outline, "", None)) }
                }
                (history_link(task))
            }
            aside.task-side { (properties(details, outline, cx.app.now_ms())) (around.watchers) }
        }
    }
}

/// A section of the page that is changed by itself. What is empty is folded to its title.
pub fn part(details: &Details, part: Part, title: &str, is_empty: bool, content: Markup) -> Markup {
    html! {
        section.part data-part=(part.name()) {
            @if is_empty && !details.project.may_write() {} @else {
                details open[!is_empty] { summary { h2 { (title) } } (content) }
            }
        }
    }
}

/// A line that adds something to a part.
pub fn line_form(
    cx: &Context,
    details: &Details,
    part: Part,
    name: &str,
    hint: &str,
    refused: Option<&Refused>,
) -> Markup {
    let action = format!("{}/{}", details.task.path(), part.name());
    let error = format!("{}-error", part.name());
    html! {
        form.line-form method="post" action=(action) hx-post=(action) hx-target="closest section" hx-swap="outerHTML" {
            (csrf_field(cx.csrf()))
            (submission_field())
            input.form-control.is-invalid[refused.is_some()] type="text" name=(name) required maxlength="600" autocomplete="off" placeholder=(hint)
                aria-label=(hint) value=(refused.map_or("", |refused| refused.text.as_str())) aria-invalid=[refused.map(|_| "true")]
                aria-describedby=[refused.map(|_| error.as_str())];
            button.btn.btn-outline-secondary.btn-sm type="submit" { "Add" }
            @if let Some(refused) = refused { div.invalid-feedback id=(error) { (refused.problem) } }
        }
    }
}

/// A part as a page of its own, where there are no scripts and something could not be taken.
pub fn part_page(details: &Details, section: Markup) -> Markup {
    let (project, task) = (details.project.path(), details.task.path());
    let trail = [
        ("Projects", "/projects"),
        (details.project.name.as_str(), project.as_str()),
        (details.task.title.as_str(), task.as_str()),
    ];
    html! { (page_head(&trail, &details.task.title, None, html! {})) (section) }
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

/// A row of a list. It carries what the one listener of the list needs, and nothing else. In a list of one project it can be
/// chosen, to be changed together with others.
pub fn row(task: &Task, today: Date, is_of_one_project: bool) -> Markup {
    html! {
        tr.done[!task.is_open()] data-t=(task.id) {
            @if is_of_one_project {
                td.pick { input.form-check-input type="checkbox" name="task" value=(task.id) form="bulk" aria-label={ "Choose " (task.name()) }; }
            }
            td.mark data-f="priority" { (priority_mark(task.priority)) }
            td.name { (task.name()) }
            th scope="row" data-f="title" { (title_cell(task, today)) }
            td data-f="status" { (pill(&task.status, task.kind)) }
            td data-f="assignees" { (faces(&task.assignees)) }
            td.day data-f="due" { (due(task.due_on, task.is_open(), today)) }
        }
    }
}

/// The title leads to the task; the labels stand behind it, and that nobody touched it for long.
pub fn title_cell(task: &Task, today: Date) -> Markup {
    html! {
        a.task-link href=(task.path()) { (task.title) }
        @if !task.labels.is_empty() { " " (chips(&task.labels)) }
        @if is_stalled(task, today) { " " span.stalled title="Nobody touched it for two weeks" { (icon(Icon::Clock)) "stalled" } }
    }
}

fn is_stalled(task: &Task, today: Date) -> bool {
    task.is_open() && task.touched_at < start_of(today) - STALLED_MS
}
