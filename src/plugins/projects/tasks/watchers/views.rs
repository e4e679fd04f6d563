//! Who watches a task.

use super::super::model::{Details, Face, path};
use super::super::views::faces;
use crate::web::assets::{Icon, icon};
use crate::web::components::csrf_field;
use crate::web::context::Context;
use maud::{Markup, html};

pub fn section(cx: &Context, details: &Details, watching: &[Face]) -> Markup {
    let watches = watching.iter().any(|face| cx.actor().is_ok_and(|actor| actor.is(face.id)));
    let action = format!("{}/watching", path(details.task.id));
    html! {
        section.watchers data-part="watchers" aria-label="Watchers" {
            form method="post" action=(action) hx-post=(action) hx-target="closest section" hx-swap="outerHTML" {
                (csrf_field(cx.csrf()))
                input type="hidden" name="watches" value=(if watches { "no" } else { "yes" });
                button.btn.btn-outline-secondary.btn-sm type="submit" aria-pressed=(watches) { (icon(Icon::Eye)) @if watches { "Watching" } @else { "Watch" } }
            }
            (faces(watching))
        }
    }
}
