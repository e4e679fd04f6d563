//! The page behind the link of an invitation, where somebody chooses their first password and is logged in.

use super::components::{Field, Input, Tone, csrf_field};
use super::context::Context;
use super::form::Form;
use super::password_resets::{card, foreign};
use super::session_cookies::CookieNews;
use super::sign_in::OriginOf;
use crate::accounts::MIN_PASSWORD_CHARS;
use crate::accounts::invitations::{self, Guest};
use crate::error::{Error, Invalid, Result};
use crate::plugin::{Access, Route};
use maud::{Markup, html};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/invitations/:token", Access::Public, new),
        Route::post("/invitations/:token", Access::Public, create),
    ]
}

#[handler]
async fn new(cx: Context, Path(token): Path<String>) -> Result<Response> {
    let Some(guest) = invitations::find(&cx.app.db, &token, cx.app.now_ms()).await? else { return Ok(refused(&cx)) };
    if let Some(refusal) = foreign(&cx, guest.person_id) {
        return Ok(refusal);
    }
    Ok(cx.page(WELCOME, welcome_page(&guest, None, cx.csrf())))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Choice {
    password: String,
}

#[handler]
async fn create(cx: Context, from: OriginOf, Path(token): Path<String>, Form(form): Form<Choice>) -> Result<Response> {
    let app = &cx.app;
    let Some(guest) = invitations::find(&app.db, &token, app.now_ms()).await? else { return Ok(refused(&cx)) };
    if let Some(refusal) = foreign(&cx, guest.person_id) {
        return Ok(refusal);
    }
    match invitations::accept((&app.db, &app.passwords), &token, form.password, app.now_ms()).await {
        Ok(_) => {}
        Err(Error::Invalid(invalid)) => {
            return Ok(cx.invalid_page(WELCOME, welcome_page(&guest, Some(&invalid), cx.csrf())));
        }
        Err(Error::NotFound) => return Ok(refused(&cx)),
        Err(other) => return Err(other),
    }
    let (token, _) = app.sessions.open(guest.person_id, false, &from.origin).await?;
    let mut response = cx.see_other_with("/", Tone::Success, "Welcome to Quarterdeck.");
    CookieNews::Renewed { token, remember: None }.tell(app, &mut response);
    Ok(response)
}

fn refused(cx: &Context) -> Response {
    let text = "It was used already, is older than seven days, or was withdrawn or sent anew. If you have chosen a password \
        before, log in with it; else ask whoever invited you for a new one.";
    let log_in = html! { a.btn.btn-primary href="/login" { "To the log-in" } };
    let mut response = cx.page("This invitation does not work", card("This invitation does not work", text, log_in));
    response.set_status(StatusCode::NOT_FOUND);
    response
}

const WELCOME: &str = "Welcome to Quarterdeck";

fn welcome_page(guest: &Guest, invalid: Option<&Invalid>, csrf: &str) -> Markup {
    let hint = format!("At least {MIN_PASSWORD_CHARS} characters.");
    let field = Field {
        name: "password",
        label: "Password",
        input: Input::Password { autocomplete: "new-password" },
        hint: Some(&hint),
        error: invalid.and_then(|invalid| invalid.of("password")),
        required: true,
    };
    html! {
        div.card { div.card-body {
            h1 { (WELCOME) }
            p { "You are invited as " strong { (guest.name) } ". Choose a password; from then on you log in with it and "
                (guest.email) "." }
            form method="post" hx-boost="false" {
                (csrf_field(csrf))
                // So that a password manager knows whose password this is.
                input type="email" name="username" value=(guest.email) autocomplete="username" hidden readonly;
                (field)
                button.btn.btn-primary type="submit" { "Come in" }
            }
        } }
    }
}
