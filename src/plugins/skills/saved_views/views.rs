//! The menu of views above the matrix, the page that lists them, and the form that names one.

use super::super::EDIT;
use super::super::matrix::choices::Choices;
use super::super::matrix::filter::{View, address};
use super::super::matrix::toolbar::summary;
use super::model::{MAX_NAME_CHARS, NewView, SavedView};
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Tone, csrf_field, empty_state, notice, page_head};
use crate::web::context::Context;
use maud::{Markup, html};

/// The views as links, and the form that saves what is shown.
pub fn menu(cx: &Context, view: &View, saved: &[SavedView]) -> Markup {
    let (own, shared): (Vec<_>, Vec<_>) =
        saved.iter().partition(|saved| cx.actor().is_ok_and(|actor| actor.is(saved.person_id)));
    html! {
        details.menu {
            summary.btn.btn-outline-secondary { (icon(Icon::Bookmark)) "Views" }
            div.panel {
                (links("Your views", &own))
                (links("Shared views", &shared))
                form method="post" action="/skills/views" {
                    (csrf_field(cx.csrf()))
                    input type="hidden" name="query" value=(view.today().query());
                    label.form-label for="view-name" { "Save what is shown as" }
                    div.form-actions {
                        input.form-control id="view-name" name="name" type="text" required maxlength=(MAX_NAME_CHARS) autocomplete="off";
                        button.btn.btn-primary type="submit" { "Save" }
                    }
                    @if cx.may(EDIT) {
                        label.tick { input.form-check-input type="checkbox" name="shared" value="yes"; "For everybody" }
                    }
                }
                a.btn-link href="/skills/views" { "All views" }
            }
        }
    }
}

fn links(title: &str, saved: &[&SavedView]) -> Markup {
    html! {
        @if !saved.is_empty() {
            p.panel-title { (title) }
            ul { @for view in saved { li { a href=(view.view().address()) { (view.name) @if view.is_default { span.quiet { " · opens first" } } } } } }
        }
    }
}

pub fn index(cx: &Context, saved: &[SavedView], choices: &Choices) -> Markup {
    let opens_with_one = saved.iter().any(|view| view.is_default);
    let actions = html! { a.btn.btn-primary href="/skills?all=yes" { (icon(Icon::TableCells)) "To the matrix" } };
    html! {
        (page_head(&[("Skills matrix", "/skills")], "Saved views", Some("Filters and a mode of the matrix under a name."), actions))
        @if saved.is_empty() {
            (empty_state(Icon::Filter, "No view yet", "Filter the matrix, then save what it shows under “Views”.", html! {
                a.btn.btn-primary href="/skills?all=yes" { "To the matrix" }
            }))
        } @else {
            div.table-frame { table.table {
                thead { tr { th { "Name" } th { "Shows" } th { "For" } th { span.visually-hidden { "Actions" } } } }
                tbody { @for view in saved { (row(cx, view, choices)) } }
            } }
            @if opens_with_one { (default_button(cx, "", "Open the matrix with everything")) }
        }
    }
}

fn row(cx: &Context, saved: &SavedView, choices: &Choices) -> Markup {
    let actor = cx.actor();
    let is_own = actor.as_ref().is_ok_and(|actor| actor.is(saved.person_id));
    let may_change = actor.is_ok_and(|actor| saved.may_be_changed_by(actor));
    html! {
        tr {
            th scope="row" {
                a href=(saved.view().address()) { (saved.name) }
                @if saved.is_default { " " span.badge.good { "opens first" } }
            }
            td.quiet { (summary(&saved.view(), choices)) }
            td { @if saved.shared { "everybody" @if !is_own { span.quiet { ", by " (saved.owner) } } } @else { "you" } }
            td { div.row-actions {
                @if !saved.is_default { (default_button(cx, &saved.id.to_string(), "Open first")) }
                @if may_change {
                    a.btn.btn-outline-secondary.btn-sm href={ "/skills/views/" (saved.id) "/edit" } aria-label={ "Rename " (saved.name) } { "Rename" }
                    form method="post" action={ "/skills/views/" (saved.id) "/deletion" } {
                        (csrf_field(cx.csrf()))
                        button.btn.btn-outline-danger.btn-sm type="submit" aria-label={ "Delete " (saved.name) } { "Delete" }
                    }
                }
            } }
        }
    }
}

fn default_button(cx: &Context, id: &str, text: &str) -> Markup {
    html! {
        form method="post" action="/skills/views/default" {
            (csrf_field(cx.csrf()))
            input type="hidden" name="view" value=(id);
            button.btn.btn-outline-secondary.btn-sm type="submit" { (text) }
        }
    }
}

/// What the form shows: a new view, or one that is there.
pub struct FormState<'a> {
    pub id: Option<i64>,
    pub new: NewView,
    pub version: i64,
    /// What a new view shows.
    pub query: &'a str,
    /// What somebody else did in the meantime.
    pub conflict: Option<String>,
}

pub fn form_page(cx: &Context, state: &FormState, invalid: Option<&Invalid>) -> Markup {
    let of = |field: &str| invalid.and_then(|invalid| invalid.of(field));
    let (title, action) = match state.id {
        Some(id) => ("Rename a view", format!("/skills/views/{id}")),
        None => ("Save a view", "/skills/views".to_owned()),
    };
    let back = if state.id.is_some() { "/skills/views".to_owned() } else { address("/skills", state.query) };
    html! {
        (page_head(&[("Skills matrix", "/skills"), ("Saved views", "/skills/views")], title, None, html! {}))
        @if let Some(conflict) = &state.conflict { (notice(Tone::Warning, conflict)) }
        form.narrow method="post" action=(action) {
            (csrf_field(cx.csrf()))
            input type="hidden" name="version" value=(state.version);
            input type="hidden" name="query" value=(state.query);
            (Field {
                name: "name", label: "Name", hint: None, error: of("name"), required: true,
                input: Input::Text { value: &state.new.name, max_length: MAX_NAME_CHARS },
            })
            @if cx.may(EDIT) {
                div.field {
                    label.tick { input.form-check-input type="checkbox" name="shared" value="yes" checked[state.new.shared]; "For everybody" }
                    @if let Some(error) = of("shared") { div.invalid-feedback { (error) } }
                }
            }
            div.form-actions {
                button.btn.btn-primary type="submit" { "Save" }
                a.btn.btn-outline-secondary href=(back) { "Cancel" }
            }
        }
    }
}
