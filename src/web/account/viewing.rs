//! Whether an administrator may look at the portal as oneself, and who did.

use super::page;
use crate::accounts::viewings::{self, Look};
use crate::error::Result;
use crate::plugin::{Access, Route};
use crate::web::components::{Tone, csrf_field};
use crate::web::context::Context;
use crate::web::form::Form;
use crate::web::times::ago;
use maud::{Markup, html};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/account/viewing", Access::SignedIn, show),
        Route::post("/account/viewing", Access::SignedIn, update),
    ]
}

#[handler]
async fn show(cx: Context) -> Result<Response> {
    let (refuses, looks) = viewings::own(&cx.app.db, cx.actor()?).await?;
    Ok(page(&cx, "View as", content(refuses, &looks, cx.app.now_ms(), cx.csrf())))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Preference {
    refuses: String,
}

#[handler]
async fn update(cx: Context, Form(form): Form<Preference>) -> Result<Response> {
    let refuses = !form.refuses.is_empty();
    viewings::refuse(&cx.app.db, cx.actor()?, refuses, cx.app.now_ms()).await?;
    let text = match refuses {
        true => "Administrators are asked for a reason before they look at the portal as you.",
        false => "Administrators may look at the portal as you.",
    };
    Ok(cx.see_other_with("/account/viewing", Tone::Success, text))
}

fn content(refuses: bool, looks: &[Look], now_ms: i64, csrf: &str) -> Markup {
    let about = "An administrator can look at the portal as you, to help or to check what a role shows. They can change nothing, and your account pages stay closed to them.";
    html! {
        p.prose.quiet { (about) }
        form.form-narrow method="post" action="/account/viewing" {
            (csrf_field(csrf))
            div.form-check.field {
                input.form-check-input type="checkbox" name="refuses" value="1" id="refuses" checked[refuses] aria-describedby="refuses-hint";
                label.form-check-label for="refuses" { "Do not look at the portal as me" }
                div.form-text id="refuses-hint" { "An administrator can set this aside for once, with a reason that is logged and stands below." }
            }
            div.form-actions { button.btn.btn-primary type="submit" { "Save" } }
        }
        h2 { "Who looked" }
        @if looks.is_empty() { p.quiet { "Nobody has looked at the portal as you." } }
        @else { (looked(looks, now_ms)) }
    }
}

fn looked(looks: &[Look], now_ms: i64) -> Markup {
    html! {
        div.table-frame tabindex="0" role="region" aria-label="Who looked" { table.table {
            thead { tr { th scope="col" { "Administrator" } th scope="col" { "When" } th scope="col" { "For" } th scope="col" { "Reason" } } }
            tbody {
                @for look in looks {
                    tr {
                        th scope="row" { (look.viewer) }
                        td.nowrap { (ago(look.started_at, now_ms)) }
                        td.nowrap { (minutes(look, now_ms)) }
                        td { (look.reason) }
                    }
                }
            }
        } }
    }
}

fn minutes(look: &Look, now_ms: i64) -> String {
    let end = look.ended_at.unwrap_or(look.expires_at.min(now_ms));
    match (end - look.started_at) / 60_000 {
        0 => "less than a minute".to_owned(),
        1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}
