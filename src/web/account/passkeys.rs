//! One's own passkeys: a part of the page about the second factor.

use super::log_in_changed;
use super::second_factor::{ADDRESS, own_session, with_problem};
use crate::accounts::credentials;
use crate::accounts::passkeys::{self, Listed, Registering};
use crate::error::{Error, Invalid, Result};
use crate::plugin::{Access, Route};
use crate::web::components::{Field, Input, Tone, csrf_field};
use crate::web::context::Context;
use crate::web::form::Form;
use crate::web::site;
use crate::web::steps::{self, Step};
use crate::web::times::{ago, day};
use maud::{Markup, html};
use poem::web::Path;
use poem::{Request, Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/account/passkeys", Access::SignedIn, back),
        Route::post("/account/passkeys", Access::SignedIn, create),
        Route::post("/account/passkeys/challenge", Access::SignedIn, challenge),
        Route::post("/account/passkeys/:id/removal", Access::SignedIn, remove),
    ]
}

#[handler]
async fn back(cx: Context) -> Result<Response> {
    Ok(cx.see_other(ADDRESS))
}

#[handler]
async fn challenge(cx: Context, request: &Request) -> Result<Response> {
    let (app, actor) = (&cx.app, own_session(&cx)?);
    let email = credentials::own(&app.db, actor).await?.email.unwrap_or_else(|| actor.name.clone());
    let (options, kept) = passkeys::begin_registration(&app.db, actor, &site::of(app, request)?, &email).await?;
    let mut response = Response::builder().content_type("application/json").body(options.to_string());
    steps::keep(app, &mut response, Step::Passkey, &kept);
    Ok(response)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PasskeyForm {
    name: String,
    credential: String,
}

#[handler]
async fn create(cx: Context, request: &Request, Form(form): Form<PasskeyForm>) -> Result<Response> {
    match register(&cx, request, &form).await {
        Ok(()) => Ok(cx.see_other_with(ADDRESS, Tone::Success, "The passkey is kept. You can log in with it.")),
        Err(Error::Invalid(invalid)) => with_problem(&cx, &form.name, &invalid).await,
        Err(other) => Err(other),
    }
}

async fn register(cx: &Context, request: &Request, form: &PasskeyForm) -> Result<()> {
    let (app, actor) = (&cx.app, own_session(cx)?);
    let late = || Error::invalid("credential", "That took too long. Please try again.");
    let kept: Registering = steps::kept(app, request, Step::Passkey).ok_or_else(late)?;
    let times = (app.now_ms(), steps::expires_at(app));
    let site = site::of(app, request)?;
    passkeys::register((&app.db, &site), actor, kept, (&form.credential, &form.name), times).await?;
    log_in_changed(cx).await;
    Ok(())
}

#[handler]
async fn remove(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let (app, actor) = (&cx.app, own_session(&cx)?);
    passkeys::remove(&app.db, actor, id, app.now_ms()).await?;
    log_in_changed(&cx).await;
    Ok(cx.see_other_with(ADDRESS, Tone::Success, "The passkey is removed. Delete it on your device too."))
}

/// The list, and the form for another one. `typed` is the name that comes back with what is wrong.
pub fn section(list: &[Listed], (typed, invalid): (&str, Option<&Invalid>), now_ms: i64, csrf: &str) -> Markup {
    let error = |field| invalid.and_then(|invalid| invalid.of(field));
    let name = Field {
        name: "name",
        label: "Name of the device",
        input: Input::Text { value: typed, max_length: 100 },
        hint: None,
        error: error("name").or(error("credential")),
        required: true,
    };
    html! {
        p { "Your phone, your computer or a security key lets you in by fingerprint, face or PIN, without a password." }
        @if !list.is_empty() { ul.passkeys { @for passkey in list { (row(passkey, now_ms, csrf)) } } }
        p.without-passkeys.quiet { "This browser offers no passkeys here." }
        form.needs-passkeys method="post" action="/account/passkeys" hx-boost="false"
            data-passkey="create" data-challenge="/account/passkeys/challenge" {
            (csrf_field(csrf))
            input type="hidden" name="credential";
            (name)
            p.invalid-feedback role="alert" data-passkey-problem hidden {}
            button.btn.btn-primary type="submit" { "Add a passkey" }
        }
    }
}

fn row(passkey: &Listed, now_ms: i64, csrf: &str) -> Markup {
    html! {
        li {
            div { strong { (passkey.name) } " " span.quiet {
                "since " (day(passkey.created_at)) ", "
                @match passkey.used_at { Some(at) => { "used " (ago(at, now_ms)) } None => { "never used" } }
            } }
            form method="post" action={ "/account/passkeys/" (passkey.id) "/removal" } {
                (csrf_field(csrf))
                button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "Remove the passkey " (passkey.name) } { "Remove" }
            }
        }
    }
}
