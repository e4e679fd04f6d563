//! What of a page of a past day is not of that day.

use crate::web::times;
use maud::{Markup, html};

/// That what is shown as asked for is of a later day.
pub fn asked_since(since: Option<i64>) -> Markup {
    html! {
        @if let Some(since) = since {
            "What was asked for is recorded since " (times::date(since)) "; before, it is shown as it was then."
        }
    }
}
