//! The bar that changes the chosen tasks, and the way back.

use super::super::outline::Outline;
use super::super::tasks::values::Priority;
use super::model::Batch;
use crate::web::assets::{Icon, icon};
use crate::web::components::csrf_field;
use crate::web::context::Context;
use maud::{Markup, html};

/// With scripts it shows once something is chosen.
pub fn bar(cx: &Context, outline: &Outline, query: &str) -> Markup {
    let statuses = outline.statuses.iter().map(|status| (status.id.to_string(), status.name.clone()));
    let people = outline.workers().map(|member| (member.id.to_string(), member.name.clone()));
    let labels = outline.labels.iter().map(|label| (label.id.to_string(), label.name.clone()));
    let priorities =
        Priority::ALL.into_iter().map(|priority| (priority.number().to_string(), priority.title().to_owned()));
    html! {
        form.bulk-bar id="bulk" method="post" action={ (outline.project.path()) "/batches" } aria-label="Change the chosen tasks" {
            (csrf_field(cx.csrf()))
            input type="hidden" name="query" value=(query);
            span.bulk-count { "Chosen tasks" }
            (select("status", "Status …", statuses))
            (select("priority", "Priority …", priorities))
            (select("assignee", "Give to …", people))
            (select("label", "Label …", labels))
            label.bulk-due { span.quiet { "Due" } input.form-control type="date" name="due" aria-label="Due day"; }
            button.btn.btn-primary.btn-sm type="submit" { "Change" }
        }
    }
}

fn select(name: &str, nothing: &str, options: impl Iterator<Item = (String, String)>) -> Markup {
    html! {
        select.form-select name=(name) aria-label=(nothing.trim_end_matches(" …")) {
            option value="" { (nothing) }
            @for (value, text) in options { option value=(value) { (text) } }
        }
    }
}

pub fn way_back(cx: &Context, batch: &Batch) -> Markup {
    html! {
        div.undoable {
            p { (batch.title) " changed in " (batch.tasks) " " @if batch.tasks == 1 { "task" } @else { "tasks" } "." }
            form method="post" action={ "/projects/batches/" (batch.id) "/reversal" } {
                (csrf_field(cx.csrf()))
                button.btn.btn-outline-secondary.btn-sm type="submit" { (icon(Icon::RotateLeft)) "Undo" }
            }
        }
    }
}
