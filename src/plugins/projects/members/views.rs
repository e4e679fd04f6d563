//! Members as faces, and as the table in the settings.

use super::super::model::Role;
use super::super::outline::Outline;
use super::model::Member;
use crate::accounts::people::Person;
use crate::web::assets::{Icon, icon};
use crate::web::components::csrf_field;
use crate::web::context::Context;
use maud::{Markup, html};

/// First letters of the first and the last word of a name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// A person as a coloured disc. The name beside it, or its label, tells who that is.
pub fn disc(id: i64, name: &str) -> Markup {
    html! { span class={ "face hue-" (id.rem_euclid(8)) } title=(name) aria-hidden="true" { (initials(name)) } }
}

pub fn faces(outline: &Outline) -> Markup {
    html! {
        ul.faces { @for member in &outline.members {
            li { (disc(member.id, &member.name)) span { (member.name) small.quiet { (member.role.title()) } } }
        } }
    }
}

pub fn table(cx: &Context, outline: &Outline, people: &[Person]) -> Markup {
    let path = outline.project.path();
    let is_new = |person: &&Person| !outline.members.iter().any(|member| member.id == person.id);
    html! {
        div.table-frame { table.table {
            thead { tr { th { "Name" } th { "Role" } th { span.visually-hidden { "Actions" } } } }
            tbody { @for member in &outline.members { (row(cx, &path, member)) } }
        } }
        form.inline-form method="post" action={ (path) "/members" } {
            (csrf_field(cx.csrf()))
            label.visually-hidden for="new-member" { "Person" }
            select.form-select id="new-member" name="person" required {
                option value="" { "Choose somebody …" }
                @for person in people.iter().filter(is_new) { option value=(person.id) { (person.name) @if let Some(team) = &person.team { " · " (team) } } }
            }
            (role_select("new-member-role", Role::Member))
            button.btn.btn-primary type="submit" { (icon(Icon::UserPlus)) "Take in" }
        }
    }
}

fn row(cx: &Context, path: &str, member: &Member) -> Markup {
    html! {
        tr {
            th scope="row" { span.with-face { (disc(member.id, &member.name)) (member.name) } }
            td {
                form.inline-form method="post" action={ (path) "/members" } data-submits {
                    (csrf_field(cx.csrf()))
                    input type="hidden" name="person" value=(member.id);
                    (role_select(&format!("role-{}", member.id), member.role))
                    button.btn.btn-outline-secondary.btn-sm.without-js type="submit" aria-label={ "Save the role of " (member.name) } { "Save" }
                }
            }
            td.actions {
                form method="post" action={ (path) "/members/" (member.id) "/deletion" } {
                    (csrf_field(cx.csrf()))
                    button.btn.btn-outline-secondary.btn-sm type="submit" aria-label={ "Let " (member.name) " go" } { (icon(Icon::Xmark)) }
                }
            }
        }
    }
}

fn role_select(id: &str, selected: Role) -> Markup {
    html! {
        label.visually-hidden for=(id) { "Role" }
        select.form-select id=(id) name="role" {
            @for role in Role::ALL { option value=(role.name()) selected[role == selected] { (role.title()) } }
        }
    }
}
