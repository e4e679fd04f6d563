//! The checklist of a task.

use super::super::model::Details;
use super::super::parts::{Part, Refused};
use super::super::views::{line_form, part};
use super::model::Check;
use crate::web::assets::{Icon, icon};
use crate::web::components::csrf_field;
use crate::web::context::Context;
use maud::{Markup, html};

pub fn section(cx: &Context, details: &Details, checks: &[Check], refused: Option<&Refused>) -> Markup {
    let done = checks.iter().filter(|check| check.is_done).count();
    let title =
        if checks.is_empty() { "Checklist".to_owned() } else { format!("Checklist · {done} of {}", checks.len()) };
    part(
        details,
        Part::Checks,
        &title,
        checks.is_empty() && refused.is_none(),
        html! {
            ul.checks { @for check in checks { (line(cx, details, check)) } }
            @if details.project.may_write() { (line_form(cx, details, Part::Checks, "title", "Add a line", refused)) }
        },
    )
}

fn line(cx: &Context, details: &Details, check: &Check) -> Markup {
    let path = format!("/projects/checks/{}", check.id);
    let to = if check.is_done { "no" } else { "yes" };
    html! {
        li.done[check.is_done] {
            @if details.project.may_write() {
                form method="post" action=(path) hx-post=(path) hx-target="closest section" hx-swap="outerHTML" {
                    (csrf_field(cx.csrf()))
                    input type="hidden" name="done" value=(to);
                    button.tick-box type="submit" role="checkbox" aria-checked=(check.is_done) aria-label=(check.title) { @if check.is_done { (icon(Icon::Check)) } }
                }
            }
            span { (check.title) }
            @if details.project.may_write() {
                form.remove method="post" action={ (path) "/deletion" } hx-post={ (path) "/deletion" } hx-target="closest section" hx-swap="outerHTML" {
                    (csrf_field(cx.csrf()))
                    button type="submit" aria-label={ "Remove “" (check.title) "”" } { (icon(Icon::Xmark)) }
                }
            }
        }
    }
}
