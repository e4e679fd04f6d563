//! What blocks a task, and what it blocks.

use super::super::model::{Details, path};
use super::super::parts::{Part, Refused};
use super::super::views::{line_form, part};
use super::model::{Blockers, Linked};
use crate::web::assets::{Icon, icon};
use crate::web::components::csrf_field;
use crate::web::context::Context;
use maud::{Markup, html};

pub fn section(cx: &Context, details: &Details, blockers: &Blockers, refused: Option<&Refused>) -> Markup {
    let waits = blockers.by.iter().filter(|linked| linked.is_open()).count();
    let title = if waits > 0 { format!("Dependencies · blocked by {waits}") } else { "Dependencies".to_owned() };
    let is_empty = blockers.by.is_empty() && blockers.of.is_empty() && refused.is_none();
    part(
        details,
        Part::Blockers,
        &title,
        is_empty,
        html! {
            @if !blockers.by.is_empty() { h3 { "Waits for" } ul.related { @for linked in &blockers.by { (line(cx, details, linked, true)) } } }
            @if !blockers.of.is_empty() { h3 { "Is waited for by" } ul.related { @for linked in &blockers.of { (line(cx, details, linked, false)) } } }
            @if details.project.may_write() {
                (line_form(cx, details, Part::Blockers, "text", &format!("Waits for, such as {}-12", details.project.code), refused))
            }
        },
    )
}

fn line(cx: &Context, details: &Details, linked: &Linked, may_remove: bool) -> Markup {
    let name = format!("{}-{}", details.project.code, linked.number);
    let action = format!("{}/blockers/{}/deletion", path(details.task.id), linked.id);
    html! {
        li.done[!linked.is_open()] {
            span class={ "status " (linked.kind().name()) } title=(linked.status) { span.visually-hidden { (linked.status) } }
            a href=(path(linked.id)) { span.name { (name) } " " (linked.title) }
            @if may_remove && details.project.may_write() {
                form.remove method="post" action=(action) hx-post=(action) hx-target="closest section" hx-swap="outerHTML" {
                    (csrf_field(cx.csrf()))
                    button type="submit" aria-label={ "No longer wait for " (name) } { (icon(Icon::Xmark)) }
                }
            }
        }
    }
}
