//! What one logs in with, and the change of the password.

use super::{log_in_changed, page};
use crate::accounts::credentials::{self, LogIn, PasswordChange};
use crate::accounts::{Actor, MIN_PASSWORD_CHARS};
use crate::error::{Error, Invalid, Result};
use crate::plugin::{Access, Route};
use crate::web::components::{Field, Input, Tone, csrf_field};
use crate::web::context::Context;
use crate::web::form::Form;
use maud::{Markup, html};
use poem::{Response, handler};
use serde::Deserialize;

const TITLE: &str = "Your account";

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/account", Access::SignedIn, show),
        // Where the form's answer stands: who loads it anew is shown the form again.
        Route::get("/account/password", Access::SignedIn, back),
        Route::post("/account/password", Access::SignedIn, update),
    ]
}

/// No `Debug`: it holds passwords.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct PasswordForm {
    old: String,
    password: String,
    again: String,
}

#[handler]
async fn show(cx: Context) -> Result<Response> {
    let actor = cx.actor()?;
    let log_in = credentials::own(&cx.app.db, actor).await?;
    Ok(page(&cx, TITLE, overview(actor, &log_in, None, cx.csrf())))
}

#[handler]
async fn back(cx: Context) -> Result<Response> {
    Ok(cx.see_other("/account"))
}

#[handler]
async fn update(cx: Context, Form(form): Form<PasswordForm>) -> Result<Response> {
    let (app, actor) = (&cx.app, cx.actor()?);
    // A program that holds a token must not be able to lock its person out.
    let session = cx.signed_in.session.as_ref().ok_or(Error::Forbidden)?;
    let change = PasswordChange { old: form.old, new: form.password, again: form.again };
    let parts = (&app.db, &app.passwords, &app.sessions);
    let ended = match credentials::change_password(parts, actor, Some(session.id), change, app.now_ms()).await {
        Ok(ended) => ended,
        Err(Error::Invalid(invalid)) => {
            let log_in = credentials::own(&app.db, actor).await?;
            return Ok(super::invalid_page(&cx, TITLE, overview(actor, &log_in, Some(&invalid), cx.csrf())));
        }
        Err(other) => return Err(other),
    };
    log_in_changed(&cx).await;
    Ok(cx.see_other_with("/account", Tone::Success, &changed(ended)))
}

fn changed(ended: usize) -> String {
    match ended {
        0 => "Your password is changed.".to_owned(),
        1 => "Your password is changed, and your other session has ended.".to_owned(),
        count => format!("Your password is changed, and your {count} other sessions have ended."),
    }
}

fn overview(actor: &Actor, log_in: &LogIn, invalid: Option<&Invalid>, csrf: &str) -> Markup {
    html! {
        dl.facts {
            dt { "Name" } dd { (actor.name) }
            dt { "Role" } dd { @if actor.role.is_empty() { "None" } @else { (actor.role) } }
            dt { "E-mail address" } dd { (log_in.email.as_deref().unwrap_or("None")) }
        }
        section.card.form-narrow { div.card-body {
            h2 { "Password" }
            @if log_in.password_hash.is_some() { (password_form(log_in, invalid, csrf)) } @else {
                p.quiet { "You log in without a password." }
            }
        } }
    }
}

fn password_form(log_in: &LogIn, invalid: Option<&Invalid>, csrf: &str) -> Markup {
    let hint = format!("At least {MIN_PASSWORD_CHARS} characters. Several words that do not belong together are good.");
    let field = |name, label, autocomplete, hint| Field {
        name,
        label,
        input: Input::Password { autocomplete },
        hint,
        error: invalid.and_then(|invalid| invalid.of(name)),
        required: true,
    };
    html! {
        form method="post" action="/account/password" {
            (csrf_field(csrf))
            // Tells a password manager whose password this is.
            input type="text" name="email" value=(log_in.email.as_deref().unwrap_or_default()) autocomplete="username" hidden;
            (field("old", "Your password now", "current-password", None))
            (field("password", "New password", "new-password", Some(hint.as_str())))
            (field("again", "New password once more", "new-password", None))
            p.quiet { "Everywhere else where you are logged in, you will have to log in again." }
            button.btn.btn-primary type="submit" { "Change the password" }
        }
    }
}
