//! The screen of teams.

use crate::accounts::people::MAX_NAME_CHARS;
use crate::accounts::teams::TeamDetails;
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{csrf_field, empty_state, page_head};
use maud::{Markup, html};

/// The form that adds a team.
#[derive(Default)]
pub struct AddForm<'a> {
    pub name: &'a str,
    pub invalid: Option<&'a Invalid>,
    /// Whether it comes back for another team, after one was added.
    pub again: bool,
}

/// The form that renames a team, in its row.
pub struct RenameForm<'a> {
    /// As it is saved; its version is what the form is based on.
    pub team: &'a TeamDetails,
    pub name: &'a str,
    pub problem: Option<String>,
    pub is_conflict: bool,
}

pub enum Line<'a> {
    Shown(&'a TeamDetails),
    Renamed(&'a RenameForm<'a>),
}

pub fn index(
    teams: &[TeamDetails],
    add: &AddForm,
    renamed: Option<&RenameForm>,
    csrf: &str,
    may_write: bool,
) -> Markup {
    html! {
        (page_head(&[("People", "/people")], "Teams", Some("Every person belongs to one team, or to none."), html! {}))
        (section(teams, add, renamed, csrf, may_write))
    }
}

pub fn section(
    teams: &[TeamDetails],
    add: &AddForm,
    renamed: Option<&RenameForm>,
    csrf: &str,
    may_write: bool,
) -> Markup {
    let line = |team| match renamed {
        Some(form) if form.team.id == team => Some(form),
        _ => None,
    };
    html! {
        section.form-narrow id="teams" {
            @if teams.is_empty() {
                (empty_state(Icon::LayerGroup, "No teams yet", "A team is a group in the matrix, and whom a team lead may rate.", html! {}))
            } @else {
                div.table-frame tabindex="0" role="region" aria-label="Teams" { table.table {
                    thead { tr {
                        th scope="col" { "Team" }
                        th.number scope="col" { "People" }
                        @if may_write { th.number scope="col" { "Actions" } }
                    } }
                    tbody {
                        @for team in teams {
                            (row(&line(team.id).map_or(Line::Shown(team), Line::Renamed), csrf, may_write))
                        }
                    }
                } }
            }
            @if may_write { (add_form(add, csrf)) }
        }
    }
}

pub fn row(line: &Line, csrf: &str, may_write: bool) -> Markup {
    match line {
        Line::Shown(team) => shown_row(team, may_write),
        Line::Renamed(form) => rename_row(form, csrf),
    }
}

fn shown_row(team: &TeamDetails, may_write: bool) -> Markup {
    let edit = format!("/people/teams/{}/edit", team.id);
    html! {
        tr {
            th scope="row" { a href={ "/people?team=" (team.id) } { (team.name) } }
            td.number { (team.people) }
            @if may_write {
                td.number {
                    a.btn.btn-sm.btn-outline-secondary href=(edit) hx-get=(edit) hx-target="closest tr" hx-swap="outerHTML"
                        aria-label={ "Rename " (team.name) } { (icon(Icon::Pen)) "Rename" }
                }
            }
        }
    }
}

fn rename_row(form: &RenameForm, csrf: &str) -> Markup {
    let address = format!("/people/teams/{}", form.team.id);
    let problem_id = format!("team-{}-problem", form.team.id);
    html! {
        tr {
            td colspan="3" {
                form.toolbar method="post" action=(address) hx-post=(address) hx-target="closest tr" hx-swap="outerHTML" {
                    (csrf_field(csrf))
                    input type="hidden" name="version" value=(form.team.version);
                    input type="text" class={ "form-control" @if form.problem.is_some() { " is-invalid" } } name="name"
                        value=(form.name) maxlength=(MAX_NAME_CHARS) required autofocus aria-label="Name of the team"
                        aria-invalid=[form.problem.as_ref().map(|_| "true")]
                        aria-describedby=[form.problem.as_ref().map(|_| &problem_id)];
                    button.btn.btn-sm.btn-primary type="submit" { @if form.is_conflict { "Save mine" } @else { "Save" } }
                    a.btn.btn-sm.btn-outline-secondary href="/people/teams" hx-get=(address) hx-target="closest tr"
                        hx-swap="outerHTML" { @if form.is_conflict { "Take theirs" } @else { "Cancel" } }
                }
                @if let Some(problem) = &form.problem { div.invalid-feedback id=(problem_id) { (problem) } }
            }
        }
    }
}

fn add_form(add: &AddForm, csrf: &str) -> Markup {
    let problem = add.invalid.and_then(|invalid| invalid.of("name"));
    html! {
        form method="post" action="/people/teams" hx-post="/people/teams" hx-target="#teams" hx-swap="outerHTML" {
            (csrf_field(csrf))
            label.form-label for="new-team" { "New team" }
            div.toolbar {
                input id="new-team" type="text" class={ "form-control" @if problem.is_some() { " is-invalid" } } name="name"
                    value=(add.name) maxlength=(MAX_NAME_CHARS) required autofocus[add.again]
                    aria-invalid=[problem.map(|_| "true")] aria-describedby=[problem.map(|_| "new-team-problem")];
                button.btn.btn-primary type="submit" { (icon(Icon::Plus)) "Add" }
            }
            @if let Some(problem) = problem { div.invalid-feedback id="new-team-problem" { (problem) } }
        }
    }
}
