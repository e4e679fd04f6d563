//! The menu of views, the page that lists them, and the form that names one.

use super::super::model::Project;
use super::model::{MAX_NAME_CHARS, NewView, SavedView};
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Tone, csrf_field, empty_state, notice, page_head};
use crate::web::context::Context;
use maud::{Markup, html};

/// The views as links, and the form that saves what is shown.
pub fn menu(cx: &Context, project: Option<&Project>, address: &str, saved: &[SavedView]) -> Markup {
    let (own, shared): (Vec<_>, Vec<_>) =
        saved.iter().partition(|view| cx.actor().is_ok_and(|actor| view.is_of(actor)));
    html! {
        details.menu {
            summary.btn.btn-outline-secondary { (icon(Icon::Bookmark)) "Views" }
            div.panel {
                (links("Your views", &own))
                (links("Shared views", &shared))
                form method="post" action="/projects/views" data-saves-address {
                    (csrf_field(cx.csrf()))
                    input type="hidden" name="address" value=(address);
                    label.form-label for="view-name" { "Save what is shown as" }
                    div.form-actions {
                        input.form-control id="view-name" name="name" type="text" required maxlength=(MAX_NAME_CHARS) autocomplete="off";
                        button.btn.btn-primary type="submit" { "Save" }
                    }
                    @if project.is_some() {
                        label.tick { input.form-check-input type="checkbox" name="shared" value="yes"; "For everybody in the project" }
                    }
                }
                a.btn-link href="/projects/views" { "All views" }
            }
        }
    }
}

fn links(title: &str, views: &[&SavedView]) -> Markup {
    html! {
        @if !views.is_empty() {
            p.panel-title { (title) }
            ul { @for view in views { li { a href=(view.address) { (view.name) } } } }
        }
    }
}

pub fn index(cx: &Context, saved: &[SavedView]) -> Markup {
    html! {
        (page_head(&[("Projects", "/projects")], "Saved views", Some("Filters of tasks under a name."), html! {}))
        @if saved.is_empty() {
            (empty_state(Icon::Bookmark, "No view yet", "Filter a list or a board, then save what it shows under “Views”.", html! {
                a.btn.btn-primary href="/projects/work" { "To my work" }
            }))
        } @else {
            div.table-frame { table.table {
                thead { tr { th { "Name" } th { "Of" } th { "For" } th { span.visually-hidden { "Actions" } } } }
                tbody { @for view in saved { (row(cx, view)) } }
            } }
        }
    }
}

fn row(cx: &Context, view: &SavedView) -> Markup {
    let is_own = cx.actor().is_ok_and(|actor| view.is_of(actor));
    html! {
        tr {
            th scope="row" { a href=(view.address) { (view.name) } }
            td { @match &view.code { Some(code) => { span.code { (code) } } None => { "all projects" } } }
            td { @if view.shared { "everybody in the project" @if !is_own { span.quiet { ", by " (view.owner) } } } @else { "you" } }
            td.actions { @if is_own {
                a.btn.btn-outline-secondary.btn-sm href={ "/projects/views/" (view.id) "/edit" } aria-label={ "Rename " (view.name) } { "Rename" }
                " "
                form method="post" action={ "/projects/views/" (view.id) "/deletion" } {
                    (csrf_field(cx.csrf()))
                    button.btn.btn-outline-danger.btn-sm type="submit" aria-label={ "Delete " (view.name) } { "Delete" }
                }
            } }
        }
    }
}

/// What the form shows: a new view, or one that is there.
#[derive(Default)]
pub struct FormState {
    pub id: Option<i64>,
    pub new: NewView,
    pub version: i64,
    pub address: String,
    pub conflict: Option<String>,
}

impl FormState {
    pub fn of(view: &SavedView) -> Self {
        let new = NewView { name: view.name.clone(), shared: view.shared };
        FormState { id: Some(view.id), new, version: view.version, address: view.address.clone(), conflict: None }
    }
}

pub fn form_page(cx: &Context, state: &FormState, invalid: Option<&Invalid>) -> Markup {
    let error = |field: &str| invalid.and_then(|invalid| invalid.of(field));
    let (title, action) = match state.id {
        Some(id) => ("Rename a view", format!("/projects/views/{id}")),
        None => ("Save a view", "/projects/views".to_owned()),
    };
    html! {
        (page_head(&[("Projects", "/projects"), ("Saved views", "/projects/views")], title, None, html! {}))
        @if let Some(conflict) = &state.conflict { (notice(Tone::Warning, conflict)) }
        form.narrow method="post" action=(action) {
            (csrf_field(cx.csrf()))
            input type="hidden" name="version" value=(state.version);
            input type="hidden" name="address" value=(state.address);
            (Field { name: "name", label: "Name", hint: None, error: error("name"), required: true, input: Input::Text { value: &state.new.name, max_length: MAX_NAME_CHARS } })
            div.field {
                label.tick { input.form-check-input type="checkbox" name="shared" value="yes" checked[state.new.shared]; "For everybody in the project" }
                @if let Some(error) = error("shared") { div.invalid-feedback { (error) } }
            }
            div.form-actions {
                button.btn.btn-primary type="submit" { "Save" }
                a.btn.btn-outline-secondary href="/projects/views" { "Cancel" }
            }
        }
    }
}
