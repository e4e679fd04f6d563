//! What one should know of somebody, beside their name.

use super::super::values::duration;
use super::model::Advice;
use maud::{Markup, html};

/// More than a week of work.
const MUCH_MIN: i64 = 40 * 60;

pub fn beside(advice: &Advice) -> Markup {
    html! {
        span.advice {
            small.quiet { (advice.open) " open" @if advice.minutes > 0 { " · " span.due.soon[advice.minutes > MUCH_MIN] { (duration(advice.minutes)) } } }
            @for lack in &advice.lacks { small.badge.warn { "lacks " (lack) } }
        }
    }
}
