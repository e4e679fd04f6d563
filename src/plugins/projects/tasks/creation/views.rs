//! The line that adds a task, and the form with every field.

use super::super::super::labels::views::chip;
use super::super::super::members::views::disc;
use super::super::super::model::MAX_TEXT_CHARS;
use super::super::super::outline::Outline;
use super::super::super::views::day_field;
use super::super::values::{Field as TaskField, MAX_TITLE_CHARS, Priority, ids_in, joined};
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::submission_field;
use crate::web::components::{Field, Input, csrf_field, page_head};
use crate::web::context::Context;
use crate::web::form::id_of;
use maud::{Markup, html};
use serde::Deserialize;

/// A line that could not be taken.
pub struct QuickAdd {
    pub text: String,
    pub problem: String,
}

pub fn quick_add(cx: &Context, outline: &Outline, query: &str, refused: Option<&QuickAdd>) -> Markup {
    let action = format!("{}/lines", outline.project.path());
    html! {
        form.quick-add method="post" action=(action) {
            (csrf_field(cx.csrf()))
            (submission_field())
            input type="hidden" name="query" value=(query);
            (icon(Icon::Plus))
            input.form-control.is-invalid[refused.is_some()] type="text" id="quick-add" name="text" autocomplete="off" maxlength="600" required
                placeholder="Add a task: Fix pump @ana !high #net ~2h due friday" aria-label="Add a task"
                value=(refused.map_or("", |refused| refused.text.as_str())) aria-invalid=[refused.map(|_| "true")]
                aria-describedby=[refused.map(|_| "quick-add-error")];
            button.btn.btn-outline-secondary type="submit" { "Add" }
            @if let Some(refused) = refused { div.invalid-feedback id="quick-add-error" { (refused.problem) } }
        }
    }
}

/// What was typed into the form with every field; an address may fill some of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Full {
    pub title: String,
    pub description: String,
    pub status: String,
    pub priority: String,
    pub assignees: String,
    pub labels: String,
    pub new_label: String,
    pub start: String,
    pub due: String,
    pub estimate: String,
    pub submission: String,
}

impl Full {
    /// Boxes that are ticked stand in it once each.
    pub fn of(pairs: &[(String, String)]) -> Self {
        let last = |name: &str| {
            pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let ids = |name: &str| {
            joined(&pairs.iter().filter(|(known, _)| known == name).filter_map(|(_, id)| id_of(id)).collect::<Vec<_>>())
        };
        Full {
            title: last("title"),
            description: last("description"),
            status: last("status"),
            priority: last("priority"),
            assignees: ids("assignees"),
            labels: ids("labels"),
            new_label: last("new_label"),
            start: last("start"),
            due: last("due"),
            estimate: last("estimate"),
            submission: last("submission"),
        }
    }

    pub fn fields(&self) -> [(TaskField, &str); 7] {
        [
            (TaskField::Title, &self.title),
            (TaskField::Status, &self.status),
            (TaskField::Priority, &self.priority),
            (TaskField::Assignees, &self.assignees),
            (TaskField::Start, &self.start),
            (TaskField::Due, &self.due),
            (TaskField::Estimate, &self.estimate),
        ]
    }
}

pub fn full_page(cx: &Context, outline: &Outline, full: &Full, invalid: Option<&Invalid>) -> Markup {
    let project = outline.project.path();
    let error = |field: &str| invalid.and_then(|invalid| invalid.of(field));
    html! {
        (page_head(&[("Projects", "/projects"), (&outline.project.name, &project)], "New task", None, html! {}))
        form.medium method="post" action={ (project) "/tasks" } {
            (csrf_field(cx.csrf()))
            (submission_field())
            (Field { name: "title", label: "Title", hint: None, error: error("title"), required: true, input: Input::Text { value: &full.title, max_length: MAX_TITLE_CHARS } })
            (Field { name: "description", label: "Description", hint: Some("Markdown."), error: error("description"), required: false, input: Input::TextArea { value: &full.description, rows: 8, max_length: MAX_TEXT_CHARS } })
            div.fields-row { (status_field(outline, full, error("status"))) (priority_field(full, error("priority"))) (estimate_field(full, error("estimate"))) }
            div.fields-row { (day_field("start", "Start", &full.start, error("start"))) (day_field("due", "Due", &full.due, error("due"))) }
            (boxes("assignees", "Who works on it", outline.workers().map(|member| (member.id, html! { (disc(member.id, &member.name)) (member.name) })), &full.assignees, error("assignees")))
            (boxes("labels", "Labels", outline.labels.iter().map(|label| (label.id, chip(label))), &full.labels, error("labels")))
            (Field { name: "new_label", label: "A new label", hint: None, error: None, required: false, input: Input::Text { value: &full.new_label, max_length: 80 } })
            div.form-actions {
                button.btn.btn-primary type="submit" { "Add the task" }
                a.btn.btn-outline-secondary href=(project) { "Cancel" }
            }
        }
    }
}

fn status_field(outline: &Outline, full: &Full, error: Option<&str>) -> Markup {
    let options: Vec<(String, &str)> =
        outline.statuses.iter().map(|status| (status.id.to_string(), status.name.as_str())).collect();
    let options: Vec<(&str, &str)> = options.iter().map(|(id, name)| (id.as_str(), *name)).collect();
    html! { (Field { name: "status", label: "Status", hint: None, error, required: true, input: Input::Select { options: &options, selected: &full.status } }) }
}

fn priority_field(full: &Full, error: Option<&str>) -> Markup {
    let options = Priority::ALL.map(|priority| (priority.name(), priority.title()));
    html! { (Field { name: "priority", label: "Priority", hint: None, error, required: true, input: Input::Select { options: &options, selected: &full.priority } }) }
}

fn estimate_field(full: &Full, error: Option<&str>) -> Markup {
    let input = Input::Text { value: &full.estimate, max_length: 20 };
    html! { (Field { name: "estimate", label: "Estimate", hint: Some("90m, 1.5h or 2d."), error, required: false, input }) }
}

fn boxes(
    name: &str,
    title: &str,
    options: impl Iterator<Item = (i64, Markup)>,
    selected: &str,
    error: Option<&str>,
) -> Markup {
    let chosen = ids_in(selected).unwrap_or_default();
    html! {
        fieldset.boxes {
            legend { (title) }
            @for (id, text) in options {
                label.tick { input.form-check-input type="checkbox" name=(name) value=(id) checked[chosen.contains(&id)]; (text) }
            }
            @if let Some(error) = error { div.invalid-feedback { (error) } }
        }
    }
}
