//! Where one is logged in, and how to end that.

use super::page;
use crate::accounts::device;
use crate::accounts::sessions::{ListedSession, Whose};
use crate::error::{Error, Result};
use crate::plugin::{Access, Route};
use crate::web::assets::Icon;
use crate::web::components::{Tone, csrf_field, empty_state};
use crate::web::context::Context;
use crate::web::times::{ago, day};
use maud::{Markup, html};
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/account/sessions", Access::SignedIn, index),
        Route::post("/account/sessions/:id/revocation", Access::SignedIn, end),
        Route::post("/account/sessions/revocation", Access::SignedIn, end_others),
        // Where the list stood in earlier releases.
        Route::get("/sessions", Access::SignedIn, moved),
    ]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let list = cx.app.sessions.list(cx.actor()?, own(&cx)?).await?;
    let this = cx.signed_in.session.as_ref().map(|session| session.id);
    let content = sessions_page(&list, this, cx.app.now_ms(), cx.csrf());
    Ok(page(&cx, "Your sessions", content))
}

/// Ends one of one's own sessions; those of others look missing, also to those who may end them elsewhere.
#[handler]
async fn end(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let own = cx.app.sessions.list(cx.actor()?, own(&cx)?).await?;
    if !own.iter().any(|session| session.id == id) {
        return Err(Error::NotFound);
    }
    cx.app.sessions.revoke(cx.actor()?, id).await?;
    Ok(cx.see_other_with("/account/sessions", Tone::Success, "That session has ended."))
}

#[handler]
async fn end_others(cx: Context) -> Result<Response> {
    let this = cx.signed_in.session.as_ref().map(|session| session.id);
    let text = match cx.app.sessions.revoke_all(cx.actor()?, own(&cx)?, this).await? {
        0 => "There was no other session.".to_owned(),
        1 => "The other session has ended.".to_owned(),
        count => format!("{count} other sessions have ended."),
    };
    Ok(cx.see_other_with("/account/sessions", Tone::Success, &text))
}

#[handler]
async fn moved(cx: Context) -> Result<Response> {
    Ok(cx.see_other("/account/sessions"))
}

fn own(cx: &Context) -> Result<Whose> {
    cx.actor()?.person_id.map(Whose::Person).ok_or(Error::Forbidden)
}

fn sessions_page(list: &[ListedSession], this: Option<i64>, now_ms: i64, csrf: &str) -> Markup {
    html! {
        p.quiet { "Where you are logged in. End what you do not recognise, and change your password then." }
        @if list.is_empty() {
            (empty_state(Icon::Key, "No sessions", "You came here with an API token.", html! {}))
        } @else {
            div.table-frame tabindex="0" role="region" aria-label="Sessions" { table.table {
                thead { tr { th scope="col" { "Device" } th scope="col" { "Address" } th scope="col" { "Last used" } th scope="col" { span.visually-hidden { "Actions" } } } }
                tbody { @for session in list { (row(session, this == Some(session.id), now_ms, csrf)) } }
            } }
        }
        @if list.len() > 1 {
            form method="post" action="/account/sessions/revocation" {
                (csrf_field(csrf))
                button.btn.btn-outline-danger type="submit" { "End all others" }
            }
        }
    }
}

fn row(session: &ListedSession, is_this: bool, now_ms: i64, csrf: &str) -> Markup {
    let device = device::in_words(&session.device);
    html! {
        tr {
            th scope="row" {
                span title=(session.device) { (device) }
                @if is_this { " " span.badge { "this one" } }
                small { "since " (day(session.created_at)) }
            }
            td { (session.address) }
            td.nowrap { (ago(session.seen_at, now_ms)) }
            td.actions {
                form method="post" action={ "/account/sessions/" (session.id) "/revocation" } {
                    (csrf_field(csrf))
                    button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "End the session of " (device) } { "End" }
                }
            }
        }
    }
}
