//! The fields of a role: its name, what it includes, and its permissions, those that it includes marked as such.

use super::super::model::PermissionGroup;
use super::EditorPage;
use crate::accounts::access::{AccessTable, RoleFacts};
use crate::accounts::people::MAX_NAME_CHARS;
use crate::accounts::{Permission, PermissionSpec};
use crate::web::components::{Field, Input, Tone, notice};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// With scripts the preview follows each box; without, the button shows it.
pub fn all(page: &EditorPage) -> Markup {
    let follows = page.details.filter(|_| page.may_edit);
    let preview = follows.map(|details| format!("/admin/roles/{}/preview", details.listed.id));
    let title = Field {
        name: "title",
        label: "Name",
        input: Input::Text { value: &page.edit.title, max_length: MAX_NAME_CHARS },
        hint: None,
        error: page.shown.error("title"),
        required: true,
    };
    let everything = page.saved().is_some_and(|saved| saved.everything);
    html! {
        fieldset disabled[!page.may_edit] hx-post=[preview] hx-trigger="change delay:150ms" hx-include="closest form"
            hx-target="#preview" hx-select="#preview" hx-swap="outerHTML" {
            legend.visually-hidden { "The role" }
            (title)
            @if everything {
                (notice(Tone::Info, "This role holds everything, also what is added later. It cannot be narrowed, so that somebody can always mend what others may do."))
            } @else {
                (included(page))
                (permissions(page))
            }
            (second_factor(page))
        }
    }
}

fn second_factor(page: &EditorPage) -> Markup {
    html! {
        fieldset {
            legend { "Log-in" }
            label.form-check {
                input.form-check-input type="checkbox" name="second_factor" value="1" checked[page.edit.second_factor]
                    aria-describedby="second-factor-hint";
                span.form-check-label { "Requires a second factor" }
            }
            div.form-text id="second-factor-hint" { "Whoever has this role, or one that includes it, and has set no second factor up can do nothing before that." }
        }
    }
}

fn included(page: &EditorPage) -> Markup {
    let own = page.details.map(|details| details.listed.id);
    let mut roles: Vec<(&i64, &RoleFacts)> =
        page.table.facts.roles.iter().filter(|(id, _)| Some(**id) != own).collect();
    roles.sort_by_key(|(id, role)| (role.position, **id));
    let error = page.shown.error("parents");
    html! {
        fieldset aria-describedby=[error.map(|_| "parents-error")] {
            legend { "Includes" }
            div.choices {
                @for (id, role) in roles {
                    label.form-check {
                        input.form-check-input type="checkbox" name="parent" value=(id) checked[page.edit.parents.contains(id)];
                        span.form-check-label { (role.title) }
                    }
                }
            }
            @if let Some(error) = error { div.invalid-feedback id="parents-error" role="alert" { (error) } }
        }
    }
}

fn permissions(page: &EditorPage) -> Markup {
    let error = page.shown.error("permissions");
    html! {
        @if let Some(error) = error { div.invalid-feedback role="alert" { (error) } }
        @for group in page.groups { (permission_group(page, group)) }
    }
}

fn permission_group(page: &EditorPage, group: &PermissionGroup) -> Markup {
    html! {
        fieldset {
            legend { (group.title) }
            div.choices.permissions {
                @for spec in &group.permissions {
                    label.form-check {
                        input.form-check-input type="checkbox" name="permission" value=(spec.permission.0)
                            checked[page.edit.permissions.contains(spec.permission.0)];
                        span.form-check-label { (spec.title) " " (by_included(page, spec)) }
                    }
                }
            }
        }
    }
}

/// The included roles that give the permission anyhow.
fn by_included(page: &EditorPage, spec: &PermissionSpec) -> Markup {
    let giving: Vec<&str> = page
        .edit
        .parents
        .iter()
        .filter(|parent| gives(page.table, **parent, spec.permission))
        .filter_map(|parent| page.table.facts.roles.get(parent))
        .map(|role| role.title.as_str())
        .collect();
    html! { @if !giving.is_empty() { span.badge { "by " (giving.join(", ")) } } }
}

fn gives(table: &AccessTable, role: i64, permission: Permission) -> bool {
    let held = table.held(role);
    held.everything || table.index.includes(&held.permissions, permission)
}

/// What somebody else saved beside what was typed here, where the two differ.
pub fn both(page: &EditorPage, theirs: &RoleFacts) -> Markup {
    let roles = |ids: &BTreeSet<i64>| {
        let ids: Vec<i64> = ids.iter().copied().collect();
        page.table.facts.titles(&ids).join(", ")
    };
    let names = |names: &BTreeSet<String>, others: &BTreeSet<String>| {
        let differing: Vec<&str> = names.difference(others).map(|name| title(page.groups, name)).collect();
        differing.join(", ")
    };
    let required = |is_required: bool| if is_required { "required".to_owned() } else { String::new() };
    let yours = page.edit;
    let lines = [
        ("Name", theirs.title.clone(), yours.title.trim().to_owned()),
        ("Includes", roles(&theirs.parents), roles(&yours.parents)),
        ("Second factor", required(theirs.second_factor), required(yours.second_factor)),
        (
            "Permissions that the other lacks",
            names(&theirs.permissions, &yours.permissions),
            names(&yours.permissions, &theirs.permissions),
        ),
    ];
    let shown = |text: &str| html! { @if text.is_empty() { span.quiet { "none" } } @else { (text) } };
    html! {
        (notice(Tone::Warning, "Somebody else saved this role while you were changing it. Yours is still in the form and not saved."))
        div.table-frame.form-narrow tabindex="0" role="region" aria-label="Both versions" { table.table {
            thead { tr { th scope="col" { "Field" } th scope="col" { "Theirs, saved" } th scope="col" { "Yours" } } }
            tbody {
                @for (label, theirs, yours) in lines.iter().filter(|(_, theirs, yours)| theirs != yours) {
                    tr { th scope="row" { (label) } td { (shown(theirs)) } td { (shown(yours)) } }
                }
            }
        } }
    }
}

fn title<'a>(groups: &[PermissionGroup], name: &'a str) -> &'a str {
    super::super::model::permission_title(groups, name)
}
