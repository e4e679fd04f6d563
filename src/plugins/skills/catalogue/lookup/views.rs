//! The options below a field in which a skill is typed.

use super::super::super::categories::category_title;
use super::model::Suggestion;
use maud::{Markup, html};

/// What is typed finds the skill again; beside it stand its category, and the alias by which it was found.
pub fn options(suggestions: &[Suggestion]) -> Markup {
    html! {
        @for one in suggestions {
            option value=(one.label()) {
                (category_title(&one.skill.category)) @if let Some(alias) = &one.alias { " · " (alias) }
            }
        }
    }
}
