//! Log-in by a passkey: in the place of the password, or after it.

use super::second_factor::pending;
use super::views::{LogInForm, Told, log_in_page, second_step_page};
use super::{OriginOf, Proved, finish};
use crate::accounts::passkeys::{self, Authenticating};
use crate::accounts::{credentials, second_factor};
use crate::error::{Error, Result};
use crate::plugin::{Access, Route};
use crate::web::context::Context;
use crate::web::form::Form;
use crate::web::site;
use crate::web::steps::{self, Step};
use poem::{Request, Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/login/passkey/challenge", Access::Public, challenge),
        Route::post("/login/passkey", Access::Public, create),
        Route::post("/login/second-factor/passkey/challenge", Access::Public, second_challenge),
        Route::post("/login/second-factor/passkey", Access::Public, second_create),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PasskeyForm {
    credential: String,
    remember: Option<String>,
    next: String,
}

#[handler]
async fn challenge(cx: Context, request: &Request) -> Result<Response> {
    begin(&cx, request, None).await
}

#[handler]
async fn second_challenge(cx: Context, request: &Request) -> Result<Response> {
    let pending = pending(&cx, request).await?.ok_or(Error::Unauthenticated)?;
    begin(&cx, request, Some(pending.person_id)).await
}

async fn begin(cx: &Context, request: &Request, person_id: Option<i64>) -> Result<Response> {
    let (options, kept) = passkeys::begin_log_in(&cx.app.db, &site::of(&cx.app, request)?, person_id).await?;
    let mut response = Response::builder().content_type("application/json").body(options.to_string());
    steps::keep(&cx.app, &mut response, Step::Passkey, &kept);
    Ok(response)
}

#[handler]
async fn create(cx: Context, from: OriginOf, request: &Request, Form(form): Form<PasskeyForm>) -> Result<Response> {
    let person_id = match signed_by(&cx, request, &form.credential).await {
        Ok(person_id) => person_id,
        Err(Error::Invalid(invalid)) => {
            let shown = LogInForm { next: form.next, ..LogInForm::default() };
            let told = invalid.of("credential").map_or(Told::Nothing, Told::Above);
            return Ok(cx.invalid_page("Log in", log_in_page(&cx.app, &shown, told)));
        }
        Err(other) => return Err(other),
    };
    finish(&cx, &from, Proved { person_id, strong: true, remember: form.remember.is_some(), next: form.next }).await
}

#[handler]
async fn second_create(
    cx: Context,
    from: OriginOf,
    request: &Request,
    Form(form): Form<PasskeyForm>,
) -> Result<Response> {
    let Some(pending) = pending(&cx, request).await? else { return Ok(cx.see_other("/login")) };
    match signed_by(&cx, request, &form.credential).await {
        Ok(person_id) if person_id == pending.person_id => {
            let mut response = finish(&cx, &from, pending.proved()).await?;
            steps::drop(&cx.app, &mut response, Step::SecondFactor);
            Ok(response)
        }
        Ok(_) => Err(Error::Unauthenticated),
        Err(Error::Invalid(invalid)) => {
            let factors = second_factor::of(&cx.app.db, pending.person_id).await?;
            Ok(cx.invalid_page("Log in", second_step_page(&factors, cx.csrf(), invalid.of("credential"))))
        }
        Err(other) => Err(other),
    }
}

/// The active person whose passkey signed the challenge that this browser keeps.
async fn signed_by(cx: &Context, request: &Request, credential: &str) -> Result<i64> {
    let app = &cx.app;
    let late = || Error::invalid("credential", "That took too long. Please try again.");
    let kept: Authenticating = steps::kept(app, request, Step::Passkey).ok_or_else(late)?;
    let times = (app.now_ms(), steps::expires_at(app));
    let person_id = passkeys::log_in((&app.db, &site::of(app, request)?), kept, credential, times).await?;
    let active = credentials::fingerprint(&app.db, person_id).await?;
    active
        .map(|_| person_id)
        .ok_or_else(|| Error::invalid("credential", "That passkey does not fit. Please try again."))
}
