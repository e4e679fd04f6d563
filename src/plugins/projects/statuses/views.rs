//! Statuses as pills, and as the table in the settings.

use super::super::outline::Outline;
use super::model::{Kind, MAX_NAME_CHARS, NewStatus, Status};
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Tone, csrf_field, notice, page_head};
use crate::web::context::Context;
use maud::{Markup, html};

/// A status in a list: a ring that fills as work goes on, and its name.
pub fn pill(name: &str, kind: Kind) -> Markup {
    html! { span class={ "status " (kind.name()) } { (name) } }
}

pub fn table(cx: &Context, outline: &Outline) -> Markup {
    let path = outline.project.path();
    html! {
        div.table-frame { table.table {
            thead { tr { th { "Status" } th { "Kind" } th.number { "Limit" } th.number { "Tasks" } th { span.visually-hidden { "Actions" } } } }
            tbody { @for status in &outline.statuses { (row(cx, outline, status)) } }
        } }
        form.inline-form method="post" action={ (path) "/statuses" } {
            (csrf_field(cx.csrf()))
            label.visually-hidden for="new-status" { "Name of a new status" }
            input.form-control id="new-status" type="text" name="name" required maxlength=(MAX_NAME_CHARS) placeholder="New status";
            (kind_select("new-status-kind", Kind::Doing.name()))
            button.btn.btn-primary type="submit" { (icon(Icon::Plus)) "Add" }
        }
    }
}

fn kind_select(id: &str, selected: &str) -> Markup {
    html! {
        label.visually-hidden for=(id) { "Kind" }
        select.form-select id=(id) name="kind" {
            @for kind in Kind::ALL { option value=(kind.name()) selected[kind.name() == selected] { (kind.title()) } }
        }
    }
}

fn row(cx: &Context, outline: &Outline, status: &Status) -> Markup {
    let path = format!("{}/statuses/{}", outline.project.path(), status.id);
    html! {
        tr {
            th scope="row" { (pill(&status.name, status.kind)) }
            td.quiet { (status.kind.title()) }
            td.number { @match status.wip_limit { Some(limit) => { (limit) } None => { "–" } } }
            td.number { (status.tasks) }
            td.actions {
                (place(cx, &path, status, "left", Icon::ChevronUp))
                (place(cx, &path, status, "right", Icon::ChevronDown))
                a.btn.btn-outline-secondary.btn-sm href={ (path) "/edit" } aria-label={ "Change " (status.name) } { (icon(Icon::Pen)) }
            }
        }
    }
}

fn place(cx: &Context, path: &str, status: &Status, to: &str, symbol: Icon) -> Markup {
    let label = if to == "left" { format!("Move {} up", status.name) } else { format!("Move {} down", status.name) };
    html! {
        form method="post" action={ (path) "/place" } {
            (csrf_field(cx.csrf()))
            input type="hidden" name="to" value=(to);
            button.btn.btn-outline-secondary.btn-sm type="submit" aria-label=(label) { (icon(symbol)) }
        }
    }
}

/// A status as somebody would have typed it.
pub fn typed(status: &Status) -> NewStatus {
    let wip_limit = status.wip_limit.map(|limit| limit.to_string()).unwrap_or_default();
    NewStatus { name: status.name.clone(), kind: status.kind.name().to_owned(), wip_limit }
}

pub fn edit_page(
    cx: &Context,
    outline: &Outline,
    status: &Status,
    new: &NewStatus,
    version: i64,
    invalid: Option<&Invalid>,
    conflict: Option<&str>,
) -> Markup {
    let path = outline.project.path();
    let settings = format!("{path}/edit");
    let error = |field: &str| invalid.and_then(|invalid| invalid.of(field));
    let kinds = Kind::ALL.map(|kind| (kind.name(), kind.title()));
    html! {
        (page_head(&[("Projects", "/projects"), (&outline.project.name, &path), ("Settings", &settings)], &status.name, None, html! {}))
        @if let Some(text) = conflict {
            (notice(Tone::Warning, html! { p { (text) } dl.both { div { dt { "It is now" } dd { (pill(&status.name, status.kind)) } } } }))
        }
        form.form-narrow method="post" action={ (path) "/statuses/" (status.id) } {
            (csrf_field(cx.csrf()))
            input type="hidden" name="version" value=(version);
            (Field { name: "name", label: "Name", hint: None, error: error("name"), required: true, input: Input::Text { value: &new.name, max_length: MAX_NAME_CHARS } })
            (Field { name: "kind", label: "Kind", hint: Some("Tasks in a status that is done are closed."), error: error("kind"), required: true, input: Input::Select { options: &kinds, selected: &new.kind } })
            (Field { name: "wip_limit", label: "Limit", hint: Some("How many tasks should stand in it at most. The board marks what is more."), error: error("wip_limit"), required: false, input: Input::Number { value: &new.wip_limit, min: "1", max: "999", step: "1" } })
            div.form-actions {
                button.btn.btn-primary type="submit" { "Save" }
                a.btn.btn-outline-secondary href={ (settings) "#statuses" } { "Cancel" }
            }
        }
        (deletion(cx, outline, status))
    }
}

fn deletion(cx: &Context, outline: &Outline, status: &Status) -> Markup {
    html! {
        h2 { "Remove it" }
        form.inline-form method="post" action={ (outline.project.path()) "/statuses/" (status.id) "/deletion" } {
            (csrf_field(cx.csrf()))
            label.form-label for="to" { "Its tasks go to" }
            select.form-select id="to" name="to" {
                @for other in outline.statuses.iter().filter(|other| other.id != status.id) { option value=(other.id) { (other.name) } }
            }
            button.btn.btn-outline-danger type="submit" { "Remove the status" }
        }
    }
}
