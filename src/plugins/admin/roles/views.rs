//! Screens of roles: the tree, and the editor. What a change does to people stands in `effects`.

mod deletion;
mod effects;
mod fields;

pub use deletion::{DeletionPage, deletion};

use super::model::PermissionGroup;
use crate::accounts::access::{AccessTable, RoleFacts};
use crate::accounts::people::MAX_NAME_CHARS;
use crate::accounts::roles::{Details, Effect, Listed, RoleEdit};
use crate::error::Invalid;
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Tone, csrf_field, notice, page_head};
use maud::{Markup, html};
use poem::http::StatusCode;

pub fn index(list: &[Listed], declared: usize, may_edit: bool) -> Markup {
    let actions = html! {
        a.btn.btn-outline-secondary href="/admin/reasons" { (icon(Icon::CircleInfo)) "Why may somebody …?" }
        @if may_edit { a.btn.btn-primary href="/admin/roles/new" { (icon(Icon::Plus)) "Make a role" } }
    };
    html! {
        (page_head(&[], "Roles", Some("What people may do. A role may do all that the roles it includes may."), actions))
        div.table-frame tabindex="0" role="region" aria-label="Roles" { table.table {
            thead { tr {
                th scope="col" { "Role" }
                th.wide-only scope="col" { "Includes" }
                th.number scope="col" { "Permissions" }
                th.number scope="col" { "People" }
                th.number.wide-only scope="col" { "Mapped routes" }
            } }
            tbody { @for role in list { (row(role, declared)) } }
        } }
    }
}

fn row(role: &Listed, declared: usize) -> Markup {
    html! {
        tr {
            th scope="row" class={ "depth-" (role.depth.min(6)) } {
                @if role.depth > 0 { span.quiet aria-hidden="true" { "└ " } }
                a href={ "/admin/roles/" (role.id) } { (role.title) }
            }
            td.wide-only { @if role.parents.is_empty() { span.quiet { "–" } } @else { (role.parents.join(", ")) } }
            td.number {
                @if role.held.everything { span.badge.warn { "everything" } }
                @else { (role.held.permissions.len()) span.quiet.wide-inline { " of " (declared) } }
            }
            td.number { (role.people) }
            td.number.wide-only { @if role.routes == 0 { span.quiet { "–" } } @else { a href="/admin/routes?show=mapped" { (role.routes) } } }
        }
    }
}

/// What the editor is shown for.
#[derive(Clone, Copy)]
pub enum Shown<'a> {
    Plain,
    /// Who gains and loses what, before it is saved.
    Preview(&'a [Effect]),
    Invalid(&'a Invalid),
    /// Nobody could be told whom to give it to.
    NotGiven {
        typed: &'a str,
        problem: &'a str,
    },
    /// Somebody else saved the role first.
    Conflict(&'a RoleFacts),
}

impl Shown<'_> {
    pub fn status(self) -> StatusCode {
        match self {
            Shown::Plain | Shown::Preview(_) => StatusCode::OK,
            Shown::Invalid(_) | Shown::NotGiven { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Shown::Conflict(_) => StatusCode::CONFLICT,
        }
    }

    fn error(&self, field: &str) -> Option<&str> {
        if let Shown::Invalid(invalid) = self { invalid.of(field) } else { None }
    }
}

pub struct EditorPage<'a> {
    /// `None` for a role that is to be made.
    pub details: Option<&'a Details>,
    /// What the form is based on.
    pub version: i64,
    /// As it was typed.
    pub edit: &'a RoleEdit,
    pub shown: Shown<'a>,
    /// As it is saved.
    pub table: &'a AccessTable,
    pub groups: &'a [PermissionGroup],
    pub may_edit: bool,
    pub csrf: &'a str,
}

impl EditorPage<'_> {
    pub fn title(&self) -> &str {
        self.details.map_or("Make a role", |details| &details.listed.title)
    }

    fn saved(&self) -> Option<&RoleFacts> {
        self.table.facts.roles.get(&self.details?.listed.id)
    }

    fn is_changed(&self) -> bool {
        self.saved().is_none_or(|saved| RoleEdit::of(saved) != *self.edit)
    }

    fn action(&self) -> String {
        self.details.map_or_else(|| "/admin/roles".to_owned(), |details| format!("/admin/roles/{}", details.listed.id))
    }
}

pub fn editor(page: &EditorPage) -> Markup {
    let deletable = page.details.filter(|details| page.may_edit && !details.listed.is_starting);
    let actions = html! {
        @if let Some(details) = deletable {
            a.btn.btn-outline-danger href={ "/admin/roles/" (details.listed.id) "/deletion" } { (icon(Icon::Trash)) "Delete" }
        }
    };
    let about = match page.details {
        Some(details) => format!("Programs call it “{}”.", details.listed.name),
        None => "Nobody has it until somebody gives it to them.".to_owned(),
    };
    html! {
        (page_head(&[("Roles", "/admin/roles")], page.title(), Some(&about), actions))
        @if let Shown::Conflict(theirs) = page.shown { (fields::both(page, theirs)) }
        @if let Some(problem) = page.shown.error("") { (notice(Tone::Danger, problem)) }
        div.role-editor {
            form.role-form method="post" action=(page.action()) {
                (csrf_field(page.csrf))
                input type="hidden" name="version" value=(page.version);
                (fields::all(page))
                (outcome(page))
            }
            @if let Some(details) = page.details { (facts(details, page)) }
        }
    }
}

/// What saving would do, and the button that does it: only there once that was shown.
fn outcome(page: &EditorPage) -> Markup {
    let preview = format!("{}/preview", page.action());
    html! {
        section.outcome id="preview" aria-live="polite" {
            @if page.may_edit {
                @match page.shown {
                    Shown::Preview(found) if page.is_changed() => (effects::told(found, page.groups)),
                    Shown::Preview(_) => { p.quiet { "Nothing is changed yet." } }
                    _ => {}
                }
                div.form-actions {
                    @match (page.details, page.shown) {
                        (None, _) => { button.btn.btn-primary type="submit" { "Make the role" } }
                        (_, Shown::Preview(_)) if page.is_changed() => {
                            button.btn.btn-primary type="submit" { "Save" }
                            button.btn.btn-outline-secondary type="submit" formaction=(preview) { "Preview again" }
                        }
                        (_, Shown::Conflict(_)) => {
                            button.btn.btn-primary type="submit" formaction=(preview) { "Preview mine" }
                            a.btn.btn-outline-secondary href=(page.action()) { "Take theirs" }
                        }
                        _ => { button.btn.btn-primary type="submit" formaction=(preview) { "Preview who gains and loses" } }
                    }
                    a.btn.btn-link href="/admin/roles" { "Cancel" }
                }
            }
        }
    }
}

/// Who has the role, and what else refers to it.
fn facts(details: &Details, page: &EditorPage) -> Markup {
    let further = details.listed.people - details.people.len() as i64;
    html! {
        aside.role-facts aria-label="Who has this role" {
            h2 { "Who has it" }
            @if details.people.is_empty() {
                p.quiet { "Nobody yet." }
            } @else {
                ul.role-people {
                    @for (id, name) in &details.people {
                        li { (holder(*id, name, page)) }
                    }
                }
                @if further > 0 { p.quiet { "and " (further) " more" } }
            }
            @if page.may_edit { (giving(page)) }
            @if !details.included_by.is_empty() {
                h2 { "Included by" }
                p { (details.included_by.join(", ")) }
            }
            @if !details.routes.is_empty() {
                h2 { "Mapped routes" }
                ul.role-people { @for route in &details.routes { li { code { (route) } } } }
            }
        }
    }
}

fn holder(id: i64, name: &str, page: &EditorPage) -> Markup {
    html! {
        a href={ "/admin/reasons?person=" (id) } { (name) }
        @if page.may_edit {
            form method="post" action={ (page.action()) "/people/" (id) "/removal" } {
                (csrf_field(page.csrf))
                button.btn.btn-sm.btn-link type="submit" title="Take away" aria-label={ "Take it from " (name) } { (icon(Icon::Xmark)) }
            }
        }
    }
}

fn giving(page: &EditorPage) -> Markup {
    let (typed, problem) = match page.shown {
        Shown::NotGiven { typed, problem } => (typed, Some(problem)),
        _ => ("", None),
    };
    let field = Field {
        name: "person",
        label: "Give it to",
        input: Input::Text { value: typed, max_length: MAX_NAME_CHARS },
        hint: Some("Name or e-mail address"),
        error: problem,
        required: true,
    };
    html! {
        form.role-giving method="post" action={ (page.action()) "/people" } {
            (csrf_field(page.csrf))
            (field)
            button.btn.btn-outline-secondary type="submit" { (icon(Icon::Plus)) "Give" }
        }
    }
}
