//! The page of the feed.

use crate::web::assets::{Icon, icon};
use crate::web::components::{Tone, csrf_field, notice, page_head};
use crate::web::context::Context;
use crate::web::times::ago;
use maud::{Markup, html};

pub fn page(cx: &Context, opened_at: Option<i64>, address: Option<&str>) -> Markup {
    html! {
        (page_head(&[("My work", "/projects/work")], "Calendar feed", Some("Your due days in the calendar program that you use."), html! {}))
        @if let Some(address) = address {
            (notice(Tone::Success, html! {
                p { "Subscribe to this address in your calendar program. It is shown this once; whoever has it can read your due days." }
                p { code.secret { (address) } }
            }))
        } @else if let Some(at) = opened_at {
            p { "Your feed is open since " (ago(at, cx.app.now_ms())) ". A new address closes the one before it." }
        } @else {
            p { "There is no feed of yours. Open one, and subscribe to its address." }
        }
        div.form-actions {
            form method="post" action="/projects/feed" {
                (csrf_field(cx.csrf()))
                button.btn.btn-primary type="submit" { (icon(Icon::CalendarDays)) @if opened_at.is_some() { "Make a new address" } @else { "Open the feed" } }
            }
            @if opened_at.is_some() {
                form method="post" action="/projects/feed/deletion" {
                    (csrf_field(cx.csrf()))
                    button.btn.btn-outline-danger type="submit" { "Close the feed" }
                }
            }
        }
    }
}
