//! The screen of pruning: what would go, and what went.

use super::super::views::told;
use crate::accounts::routes::{Problem, Pruning};
use crate::web::assets::Icon;
use crate::web::components::{csrf_field, empty_state, page_head};
use crate::web::times::ago;
use maud::{Markup, html};

pub fn show(problems: &[Problem], prunings: &[Pruning], may_edit: bool, now_ms: i64, csrf: &str) -> Markup {
    let about = "Removes mappings of routes that there are no more, and roles and people in mappings who are gone. A route that exists stays mapped.";
    html! {
        (page_head(&[("Routes", "/admin/routes")], "Prune routes", Some(about), html! {}))
        @if problems.is_empty() {
            (empty_state(Icon::CircleCheck, "Nothing to prune", "Every mapping points to a route, to roles and to people that exist.", html! {}))
        } @else {
            h2 { "Would be removed" }
            ul.plain-list { @for problem in problems { li { (told(problem)) } } }
            @if may_edit {
                form method="post" action="/admin/routes/pruning" {
                    (csrf_field(csrf))
                    div.form-actions { button.btn.btn-danger type="submit" { "Prune " (problems.len()) } span.quiet { "It can be brought back for 30 days." } }
                }
            }
        }
        @if !prunings.is_empty() {
            h2 { "Pruned in the last 30 days" }
            @for pruning in prunings { (done(pruning, may_edit, now_ms, csrf)) }
        }
    }
}

fn done(pruning: &Pruning, may_edit: bool, now_ms: i64, csrf: &str) -> Markup {
    html! {
        div.undoable {
            p {
                @for (place, removed) in pruning.removed.iter().enumerate() { @if place > 0 { ", " } code { (removed.route) } }
                span.quiet { " · " (ago(pruning.at, now_ms)) ", " (pruning.by.as_deref().unwrap_or("command line")) }
            }
            @if may_edit {
                form method="post" action={ "/admin/routes/prunings/" (pruning.id) "/reversal" } {
                    (csrf_field(csrf))
                    button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "Undo the pruning of " (ago(pruning.at, now_ms)) } { "Undo" }
                }
            }
        }
    }
}
