//! A field of a task: shown, as a form in its place, and what a conflict looks like.

use super::super::super::labels::views::chips;
use super::super::super::members::views::disc;
use super::super::super::model::MAX_TEXT_CHARS;
use super::super::super::outline::Outline;
use super::super::super::statuses::views::pill;
use super::super::advice::model::Advice;
use super::super::advice::views::beside;
use super::super::model::{Details, path};
use super::super::values::{self, Field, MAX_TITLE_CHARS, Priority, Value, ids_in};
use super::super::views::{due, faces, names, priority_mark, title_cell};
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{csrf_field, page_head};
use crate::web::context::Context;
use crate::web::markdown;
use maud::{Markup, html};
use std::collections::HashMap;

/// What stands there now, as text.
pub fn current(field: Field, details: &Details) -> Value {
    let task = &details.task;
    match field {
        Field::Title => Value::Title(task.title.clone()),
        Field::Description => Value::Description(details.description.clone()),
        Field::Status => Value::Status(task.status_id),
        Field::Priority => Value::Priority(task.priority),
        Field::Assignees => Value::Assignees(task.assignees.iter().map(|face| face.id).collect()),
        Field::Labels => Value::Labels(task.labels.iter().map(|label| label.id).collect()),
        Field::Start => Value::Start(task.starts_on),
        Field::Due => Value::Due(task.due_on),
        Field::Estimate => Value::Estimate(task.estimate_min),
    }
}

/// As the page of the task shows it, with the way to change it.
pub fn shown(field: Field, details: &Details, outline: &Outline) -> Markup {
    let label = format!("Change: {}", field.title());
    html! {
        (value(field, details, outline))
        @if details.project.may_write() {
            a.edit href={ (path(details.task.id)) "/fields/" (field.name()) "/edit" } aria-label=(label) title=(label) { (icon(Icon::Pen)) }
        }
    }
}

fn value(field: Field, details: &Details, outline: &Outline) -> Markup {
    let task = &details.task;
    let nothing = html! { span.quiet { "–" } };
    match field {
        Field::Title => html! { h1 { (task.title) } },
        Field::Description if details.description.is_empty() => html! { p.quiet { "No description." } },
        Field::Description => html! { div.prose { (markdown::render(&details.description)) } },
        Field::Status => pill(&task.status, task.kind),
        Field::Priority => html! { span.with-mark { (priority_mark(task.priority)) (task.priority.title()) } },
        Field::Assignees if task.assignees.is_empty() => html! { span.quiet { "Nobody" } },
        Field::Assignees => {
            html! { ul.people { @for face in &task.assignees { li { (disc(face.id, &face.name)) (face.name) } } } }
        }
        Field::Labels if task.labels.is_empty() => nothing,
        Field::Labels => chips(&task.labels),
        Field::Start => task.starts_on.map_or(nothing, |day| due(Some(day), false, outline.today)),
        Field::Due if task.due_on.is_none() => nothing,
        Field::Due => due(task.due_on, task.is_open(), outline.today),
        Field::Estimate => task.estimate_min.map_or(nothing, |minutes| html! { (values::duration(minutes)) }),
    }
}

/// As a list shows it: without the way to change it, which is a click on it.
pub fn in_row(field: Field, details: &Details, outline: &Outline) -> Markup {
    let task = &details.task;
    match field {
        Field::Title => title_cell(task, outline.today),
        Field::Priority => priority_mark(task.priority),
        Field::Assignees => faces(&task.assignees),
        Field::Due => due(task.due_on, task.is_open(), outline.today),
        other => value(other, details, outline),
    }
}

/// What the form shows.
pub struct FormState {
    pub field: Field,
    pub text: String,
    pub new_label: String,
    pub version: i64,
    /// Who changed the same field meanwhile.
    pub conflict: Option<String>,
    /// Whether the field stands in a row of a list.
    pub in_row: bool,
    /// What one should know of those who could be given the task.
    pub advice: HashMap<i64, Advice>,
}

impl FormState {
    pub fn of(field: Field, details: &Details, in_row: bool) -> Self {
        let text = typed(&current(field, details));
        FormState {
            field,
            text,
            new_label: String::new(),
            version: details.task.version,
            conflict: None,
            in_row,
            advice: HashMap::new(),
        }
    }
}

/// A value as people type it.
fn typed(value: &Value) -> String {
    match value {
        Value::Estimate(Some(minutes)) => values::duration(*minutes),
        other => other.text(),
    }
}

pub fn form(
    cx: &Context,
    details: &Details,
    outline: &Outline,
    state: &FormState,
    invalid: Option<&Invalid>,
) -> Markup {
    let field = state.field;
    let place = if state.in_row { "?in=row" } else { "" };
    let address = format!("{}/fields/{}{place}", path(details.task.id), field.name());
    let error = invalid.map(|invalid| invalid.errors().first().map_or("", |error| error.message.as_str()));
    html! {
        form.field-form method="post" action=(address) hx-post=(address) hx-target="closest [data-f]" hx-swap="innerHTML" {
            (csrf_field(cx.csrf()))
            input type="hidden" name="version" value=(state.version);
            @if let Some(by) = &state.conflict { (both(by, details, outline, state)) }
            (control(details, outline, state, error))
            @if let Some(error) = error { div.invalid-feedback id="field-error" { (error) } }
            div.form-actions {
                button.btn.btn-primary.btn-sm type="submit" { @if state.conflict.is_some() { "Save mine" } @else { "Save" } }
                a.btn.btn-outline-secondary.btn-sm href=(path(details.task.id)) hx-get=(address) hx-target="closest [data-f]" hx-swap="innerHTML" data-cancel {
                    @if state.conflict.is_some() { "Keep theirs" } @else { "Cancel" }
                }
            }
        }
    }
}

/// The two values side by side, and whose the other one is.
fn both(by: &str, details: &Details, outline: &Outline, state: &FormState) -> Markup {
    html! {
        div role="alert" { dl.both {
            div { dt { (by) " saved meanwhile" } dd { (value(state.field, details, outline)) } }
            div { dt { "You typed" } dd { (typed_text(outline, state)) } }
        } }
    }
}

/// What was typed, with names in place of numbers.
fn typed_text(outline: &Outline, state: &FormState) -> String {
    let ids = || ids_in(&state.text).unwrap_or_default();
    match state.field {
        Field::Status => {
            ids().first().and_then(|id| outline.status(*id)).map_or(String::new(), |status| status.name.clone())
        }
        Field::Priority => {
            Priority::from_name(&state.text).map_or(state.text.clone(), |priority| priority.title().to_owned())
        }
        Field::Assignees => named(&ids(), outline.members.iter().map(|member| (member.id, member.name.as_str()))),
        Field::Labels => named(&ids(), outline.labels.iter().map(|label| (label.id, label.name.as_str()))),
        _ => state.text.clone(),
    }
}

fn named<'a>(ids: &[i64], known: impl Iterator<Item = (i64, &'a str)>) -> String {
    let names: Vec<&str> = known.filter(|(id, _)| ids.contains(id)).map(|(_, name)| name).collect();
    if names.is_empty() { "nobody and nothing".to_owned() } else { names.join(", ") }
}

fn control(details: &Details, outline: &Outline, state: &FormState, error: Option<&str>) -> Markup {
    let (field, label) = (state.field, state.field.title());
    let (invalid, described) = (error.map(|_| "true"), error.map(|_| "field-error"));
    match field {
        Field::Title => html! {
            input.form-control type="text" name="value" value=(state.text) maxlength=(MAX_TITLE_CHARS) required aria-label=(label) autofocus
                aria-invalid=[invalid] aria-describedby=[described];
        },
        Field::Description => html! {
            textarea.form-control name="value" rows="12" maxlength=(MAX_TEXT_CHARS) aria-label=(label) autofocus aria-invalid=[invalid]
                aria-describedby=[described] placeholder="Markdown" { "\n" (state.text) }
        },
        Field::Start | Field::Due => html! {
            input.form-control type="date" name="value" value=(state.text) aria-label=(label) autofocus aria-invalid=[invalid] aria-describedby=[described];
        },
        Field::Estimate => html! {
            input.form-control type="text" name="value" value=(state.text) maxlength="20" aria-label=(label) placeholder="90m, 1.5h or 2d" autofocus
                aria-invalid=[invalid] aria-describedby=[described];
        },
        Field::Status => choice(
            label,
            outline.statuses.iter().map(|status| (status.id.to_string(), status.name.clone())),
            &state.text,
        ),
        Field::Priority => choice(
            label,
            Priority::ALL.into_iter().map(|priority| (priority.number().to_string(), priority.title().to_owned())),
            &state.text,
        ),
        Field::Assignees => boxes(
            label,
            outline.workers().map(|member| (member.id, html! { (disc(member.id, &member.name)) span { (member.name) @if let Some(advice) = state.advice.get(&member.id) { (beside(advice)) } } })),
            &state.text,
            {
                // Somebody who was made to look on only keeps the tasks that they have.
                let gone = details
                    .task
                    .assignees
                    .iter()
                    .filter(|face| !outline.workers().any(|member| member.id == face.id))
                    .cloned()
                    .collect::<Vec<_>>();
                html! { @if !gone.is_empty() { p.quiet { (names(&gone)) " cannot be given tasks any more." } } }
            },
        ),
        Field::Labels => boxes(
            label,
            outline.labels.iter().map(|known| (known.id, super::super::super::labels::views::chip(known))),
            &state.text,
            html! {
                input.form-control type="text" name="new_label" value=(state.new_label) maxlength="80" aria-label="A new label" placeholder="New label";
            },
        ),
    }
}

fn choice(label: &str, options: impl Iterator<Item = (String, String)>, selected: &str) -> Markup {
    html! {
        select.form-select name="value" aria-label=(label) autofocus data-submits {
            @for (value, text) in options { option value=(value) selected[value == selected] { (text) } }
        }
    }
}

fn boxes(label: &str, options: impl Iterator<Item = (i64, Markup)>, selected: &str, further: Markup) -> Markup {
    let chosen = ids_in(selected).unwrap_or_default();
    html! {
        fieldset.boxes {
            legend.visually-hidden { (label) }
            @for (id, text) in options {
                label.tick { input.form-check-input type="checkbox" name="value" value=(id) checked[chosen.contains(&id)]; (text) }
            }
        }
        (further)
    }
}

/// The form as a page of its own, where there are no scripts.
pub fn page(
    cx: &Context,
    details: &Details,
    outline: &Outline,
    state: &FormState,
    invalid: Option<&Invalid>,
) -> Markup {
    let (project, task) = (details.project.path(), path(details.task.id));
    let trail = [
        ("Projects", "/projects"),
        (details.project.name.as_str(), project.as_str()),
        (details.task.title.as_str(), task.as_str()),
    ];
    html! {
        (page_head(&trail, state.field.title(), None, html! {}))
        div.card.form-narrow { div.card-body data-f=(state.field.name()) { (form(cx, details, outline, state, invalid)) } }
    }
}
