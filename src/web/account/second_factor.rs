//! One's own second factor: an app that shows codes, recovery codes, and passkeys.

use super::{invalid_page, log_in_changed, page, passkeys, qr};
use crate::accounts::second_factor::{self, Factors, NewSecret};
use crate::accounts::{self, Actor, credentials};
use crate::error::{Error, Invalid, Result};
use crate::plugin::{Access, Route};
use crate::web::assets::{Icon, icon};
use crate::web::components::{Field, Input, Tone, csrf_field, notice};
use crate::web::context::Context;
use crate::web::form::Form;
use maud::{Markup, html};
use poem::{Response, handler};
use serde::Deserialize;

const TITLE: &str = "Your second factor";
pub(super) const ADDRESS: &str = "/account/second-factor";

pub fn routes() -> Vec<Route> {
    vec![
        Route::get(ADDRESS, Access::SignedIn, show),
        Route::get("/account/second-factor/app/new", Access::SignedIn, new_app),
        Route::post("/account/second-factor/app", Access::SignedIn, create_app),
        Route::post("/account/second-factor/app/removal", Access::SignedIn, remove_app),
        Route::post("/account/second-factor/recovery-codes", Access::SignedIn, renew_codes),
        // Where answers to forms stand: who loads them anew is shown the page.
        Route::get("/account/second-factor/app", Access::SignedIn, back),
        Route::get("/account/second-factor/app/removal", Access::SignedIn, back),
        Route::get("/account/second-factor/recovery-codes", Access::SignedIn, back),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct CodeForm {
    code: String,
    /// The new secret, sealed.
    secret: String,
}

/// A program that holds a token changes nothing about how its person logs in.
pub(super) fn own_session(cx: &Context) -> Result<&Actor> {
    cx.signed_in.session.as_ref().ok_or(Error::Forbidden)?;
    cx.actor()
}

#[handler]
async fn show(cx: Context) -> Result<Response> {
    Ok(page(&cx, TITLE, overview(&cx, None, ("", None)).await?))
}

#[handler]
async fn back(cx: Context) -> Result<Response> {
    Ok(cx.see_other(ADDRESS))
}

#[handler]
async fn new_app(cx: Context) -> Result<Response> {
    let actor = own_session(&cx)?;
    let email = email(&cx, actor).await?;
    let secret = second_factor::new_secret(&cx.app.seals, actor, &email)?;
    Ok(page(&cx, TITLE, set_up(&secret, None, cx.csrf())?))
}

#[handler]
async fn create_app(cx: Context, Form(form): Form<CodeForm>) -> Result<Response> {
    let (app, actor) = (&cx.app, own_session(&cx)?);
    let parts = (&app.db, &app.seals);
    match second_factor::set_up(parts, actor, &form.secret, &form.code, app.now_ms()).await {
        Ok(codes) => {
            log_in_changed(&cx).await;
            Ok(page(&cx, TITLE, recovery_codes("Your app is set up.", &codes)))
        }
        Err(Error::Invalid(invalid)) => {
            let email = email(&cx, actor).await?;
            // A page that is out of date has nothing to come back to.
            let Ok(secret) = second_factor::again(&app.seals, actor, &email, &form.secret) else {
                return Ok(cx.see_other("/account/second-factor/app/new"));
            };
            Ok(invalid_page(&cx, TITLE, set_up(&secret, invalid.of("code"), cx.csrf())?))
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn remove_app(cx: Context, Form(form): Form<CodeForm>) -> Result<Response> {
    let (app, actor) = (&cx.app, own_session(&cx)?);
    match second_factor::remove((&app.db, &app.seals), actor, &form.code, app.now_ms()).await {
        Ok(()) => {
            log_in_changed(&cx).await;
            Ok(cx.see_other_with(ADDRESS, Tone::Success, "The app is no longer asked for."))
        }
        Err(Error::Invalid(invalid)) => {
            let problem = invalid.of("code").map(|error| (Confirmed::Removal, error));
            let content = overview(&cx, problem, ("", None)).await?;
            Ok(invalid_page(&cx, TITLE, content))
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn renew_codes(cx: Context, Form(form): Form<CodeForm>) -> Result<Response> {
    let (app, actor) = (&cx.app, own_session(&cx)?);
    match second_factor::renew_recovery_codes((&app.db, &app.seals), actor, &form.code, app.now_ms()).await {
        Ok(codes) => Ok(page(&cx, TITLE, recovery_codes("The old recovery codes are void.", &codes))),
        Err(Error::Invalid(invalid)) => {
            let problem = invalid.of("code").map(|error| (Confirmed::Renewal, error));
            let content = overview(&cx, problem, ("", None)).await?;
            Ok(invalid_page(&cx, TITLE, content))
        }
        Err(other) => Err(other),
    }
}

async fn email(cx: &Context, actor: &Actor) -> Result<String> {
    Ok(credentials::own(&cx.app.db, actor).await?.email.unwrap_or_else(|| actor.name.clone()))
}

/// Which of the two forms a code was typed into.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Confirmed {
    Removal,
    Renewal,
}

/// The page with what is wrong about a new passkey.
pub(super) async fn with_problem(cx: &Context, name: &str, invalid: &Invalid) -> Result<Response> {
    Ok(invalid_page(cx, TITLE, overview(cx, None, (name, Some(invalid))).await?))
}

async fn overview(
    cx: &Context,
    problem: Option<(Confirmed, &str)>,
    new_passkey: (&str, Option<&Invalid>),
) -> Result<Markup> {
    let person_id = cx.actor()?.person_id.ok_or(Error::Forbidden)?;
    let list = accounts::passkeys::list(&cx.app.db, cx.actor()?).await?;
    let factors = second_factor::of(&cx.app.db, person_id).await?;
    let required = cx.actor()?.requires_second_factor();
    Ok(html! {
        @if cx.signed_in.confined {
            (notice(Tone::Warning, "Your role requires a second factor. Set one up to go on."))
        }
        p.prose { "With a second factor, a password alone opens nothing: you also show that you have your phone or your key." }
        div.factors {
            section.card { div.card-body {
                h2 { (icon(Icon::Key)) "App with codes" }
                @if factors.apps > 0 { (app_card(&factors, required, problem, cx.csrf())) } @else { (no_app()) }
            } }
            section.card { div.card-body {
                h2 { (icon(Icon::ShieldHalved)) "Passkeys" }
                (passkeys::section(&list, new_passkey, cx.app.now_ms(), cx.csrf()))
            } }
        }
    })
}

fn no_app() -> Markup {
    html! {
        p { "An app on your phone, such as Aegis or Google Authenticator, shows six digits that change every half minute." }
        a.btn.btn-primary href="/account/second-factor/app/new" { "Set an app up" }
    }
}

fn app_card(factors: &Factors, required: bool, problem: Option<(Confirmed, &str)>, csrf: &str) -> Markup {
    let error = |which| problem.filter(|(of, _)| *of == which).map(|(_, error)| error);
    let left = match factors.recovery_codes {
        0 => "No recovery code is left.".to_owned(),
        1 => "One recovery code is left.".to_owned(),
        count => format!("{count} recovery codes are left."),
    };
    let is_last_of_required = required && factors.passkeys == 0;
    html! {
        p { (icon(Icon::CircleCheck)) " An app is set up. " (left) }
        details open[error(Confirmed::Renewal).is_some()] {
            summary { "New recovery codes" }
            (confirmation("/account/second-factor/recovery-codes", "renewal", "Make new codes", error(Confirmed::Renewal), csrf))
        }
        @if !is_last_of_required {
            details open[error(Confirmed::Removal).is_some()] {
                summary { "Remove the app" }
                (confirmation("/account/second-factor/app/removal", "removal", "Remove the app", error(Confirmed::Removal), csrf))
            }
        } @else { p.quiet { "Your role requires a second factor, so the app cannot be removed. A new one takes its place." } }
        a.btn.btn-outline-secondary href="/account/second-factor/app/new" { "Set another app up in its place" }
    }
}

fn confirmation(action: &str, id: &str, label: &str, error: Option<&str>, csrf: &str) -> Markup {
    html! {
        form method="post" action=(action) {
            (csrf_field(csrf))
            (code_field(id, "A code of the app, or a recovery code", error))
            button.btn.btn-outline-danger type="submit" { (label) }
        }
    }
}

/// Two of them can stand on one page, so the id is told apart from the name.
fn code_field(id: &str, label: &str, error: Option<&str>) -> Markup {
    html! {
        div.field {
            label.form-label for={ "code-" (id) } { (label) }
            input.form-control.is-invalid[error.is_some()] type="text" id={ "code-" (id) } name="code" required
                autocomplete="one-time-code" autocapitalize="none" spellcheck="false" maxlength="40"
                aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| format!("code-{id}-error"))];
            @if let Some(error) = error { div.invalid-feedback id={ "code-" (id) "-error" } { (error) } }
        }
    }
}

fn set_up(secret: &NewSecret, error: Option<&str>, csrf: &str) -> Result<Markup> {
    let picture = qr::code(&secret.url, "QR code for your app")?;
    let code = Field {
        name: "code",
        label: "The code that the app shows now",
        input: Input::Code,
        hint: None,
        error,
        required: true,
    };
    Ok(html! {
        section.card.form-narrow { div.card-body {
            h2 { "Set an app up" }
            ol.steps {
                li { "Open the app and let it read this picture." (picture) }
                li { "Or type this into it: " code.secret { (secret.typed) } }
                li { "Then show that it works:" }
            }
            form method="post" action="/account/second-factor/app" {
                (csrf_field(csrf))
                input type="hidden" name="secret" value=(secret.sealed);
                (code)
                div.form-actions {
                    button.btn.btn-primary type="submit" { "Set up" }
                    a.btn.btn-outline-secondary href=(ADDRESS) { "Cancel" }
                }
            }
        } }
    })
}

fn recovery_codes(news: &str, codes: &[String]) -> Markup {
    html! {
        (notice(Tone::Success, news))
        section.card.form-narrow { div.card-body {
            h2 { "Recovery codes" }
            p { "Each opens your account once if you have lost your phone. Print them or write them down now: they are not shown again." }
            ul.recovery-codes { @for code in codes { li { code { (code) } } } }
            div.form-actions {
                button.btn.btn-outline-secondary.needs-js type="button" data-print { (icon(Icon::Print)) "Print" }
                a.btn.btn-primary href=(ADDRESS) { "I have kept them" }
            }
        } }
    }
}
