//! The page that deletes a role: what refers to it, who gets which role instead, and what that does.

use super::super::model::PermissionGroup;
use super::effects;
use crate::accounts::access::{AccessTable, RoleFacts};
use crate::accounts::roles::{Details, Effect};
use crate::error::Invalid;
use crate::web::components::{Tone, csrf_field, notice, page_head};
use maud::{Markup, html};

pub struct DeletionPage<'a> {
    pub details: &'a Details,
    pub table: &'a AccessTable,
    /// The id of the role that takes its place, as it was chosen.
    pub replacement: &'a str,
    pub effects: &'a [Effect],
    pub groups: &'a [PermissionGroup],
    pub invalid: Option<&'a Invalid>,
    pub csrf: &'a str,
}

pub fn deletion(page: &DeletionPage) -> Markup {
    let role = &page.details.listed;
    let address = format!("/admin/roles/{}", role.id);
    let is_chosen = !page.replacement.is_empty();
    let may_go = role.people == 0 || is_chosen;
    html! {
        (page_head(&[("Roles", "/admin/roles"), (&role.title, &address)], &format!("Delete “{}”", role.title), Some(&about(page)), html! {}))
        @if let Some(problem) = page.invalid.and_then(|invalid| invalid.of("")) { (notice(Tone::Danger, problem)) }
        @if role.is_starting { (notice(Tone::Info, "The portal gives this role to people by itself, so it stays. Change what it may do instead.")) }
        @else {
            (choice(page, &address))
            @if may_go { (effects::told(page.effects, page.groups)) }
            @if !page.details.routes.is_empty() && !is_chosen {
                (notice(Tone::Warning, format!("Without a role in its place, these routes admit administrators alone from then on: {}.", page.details.routes.join(", "))))
            }
            @if may_go {
                form method="post" action={ (address) "/deletion" } {
                    (csrf_field(page.csrf))
                    input type="hidden" name="version" value=(role.version);
                    input type="hidden" name="replacement" value=(page.replacement);
                    div.form-actions {
                        button.btn.btn-danger type="submit" { "Delete the role" }
                        a.btn.btn-link href=(address) { "Cancel" }
                    }
                }
            }
        }
    }
}

fn about(page: &DeletionPage) -> String {
    match page.details.listed.people {
        0 => "Nobody has it.".to_owned(),
        1 => "One person has it, and gets another role instead.".to_owned(),
        people => format!("{people} people have it, and get another role instead."),
    }
}

fn choice(page: &DeletionPage, address: &str) -> Markup {
    let own = page.details.listed.id;
    let mut roles: Vec<(&i64, &RoleFacts)> = page.table.facts.roles.iter().filter(|(id, _)| **id != own).collect();
    roles.sort_by_key(|(id, role)| (role.position, **id));
    let error = page.invalid.and_then(|invalid| invalid.of("replacement"));
    html! {
        form.form-narrow method="get" action={ (address) "/deletion" } {
            div.field {
                label.form-label for="field-replacement" { "In its place, for people and mapped routes" }
                select.form-select.is-invalid[error.is_some()] id="field-replacement" name="replacement" aria-describedby=[error.map(|_| "replacement-error")] {
                    option value="" { @if page.details.listed.people == 0 { "No role" } @else { "Choose a role" } }
                    @for (id, role) in roles {
                        @let value = id.to_string();
                        option value=(value) selected[value == page.replacement] { (role.title) }
                    }
                }
                @if let Some(error) = error { div.invalid-feedback id="replacement-error" role="alert" { (error) } }
            }
            div.form-actions { button.btn.btn-outline-secondary type="submit" { "Preview who gains and loses" } }
        }
    }
}
