//! A new password for somebody who has forgotten theirs: the form that asks for a link, and the one behind the link.
//!
//! Whether anybody has the address, the answer is the same and takes the same time: asking only writes a request down
//! (`accounts::resets`). The link is refused with one text, whether it was used, is too old or was made up.

use super::client_address::ClientAddress;
use super::components::{Field, Input, Tone, csrf_field, notice};
use super::context::Context;
use super::form::Form;
use super::session_cookies::clear_cookies;
use crate::accounts::MIN_PASSWORD_CHARS;
use crate::accounts::resets::{self, Asked, Reset};
use crate::error::{Error, Invalid, Result};
use crate::notices;
use crate::outbox;
use crate::plugin::{Access, Route};
use maud::{Markup, html};
use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Request, Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/password-resets", Access::Public, new),
        Route::post("/password-resets", Access::Public, create),
        Route::get("/password-resets/sent", Access::Public, sent),
        Route::get("/password-resets/:token", Access::Public, edit),
        Route::post("/password-resets/:token", Access::Public, update),
    ]
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Ask {
    email: String,
}

#[handler]
async fn new(cx: Context) -> Result<Response> {
    Ok(cx.page(ASK, ask_page(&cx, "", None)))
}

#[handler]
async fn create(cx: Context, request: &Request, Form(form): Form<Ask>) -> Result<Response> {
    let app = &cx.app;
    if !app.outbox.is_on() {
        return Ok(cx.see_other("/password-resets"));
    }
    let client = request.data::<ClientAddress>().map(|address| address.ip);
    let asked = match resets::ask(&app.db, &form.email, client, app.now_ms()).await {
        Err(Error::Invalid(invalid)) => {
            return Ok(cx.invalid_page(ASK, ask_page(&cx, &form.email, invalid.of("email"))));
        }
        asked => asked?,
    };
    if let Asked::TooOften { again_in_s } = asked {
        return Ok(too_often(&cx, &form.email, again_in_s));
    }
    app.publish(outbox::TOPIC, "*").await;
    Ok(cx.see_other("/password-resets/sent"))
}

fn too_often(cx: &Context, email: &str, again_in_s: i64) -> Response {
    let minutes = (again_in_s + 59) / 60;
    let problem = format!("Too many have asked from where you are. Please try again in {minutes} minutes.");
    let mut response = cx.page(ASK, ask_page(cx, email, Some(&problem)));
    response.set_status(StatusCode::TOO_MANY_REQUESTS);
    response.headers_mut().insert(header::RETRY_AFTER, again_in_s.into());
    response
}

#[handler]
async fn sent(cx: Context) -> Result<Response> {
    Ok(cx.page("Look into your mailbox", sent_page()))
}

#[handler]
async fn edit(cx: Context, Path(token): Path<String>) -> Result<Response> {
    let Some(reset) = resets::find(&cx.app.db, &token, cx.app.now_ms()).await? else { return Ok(refused(&cx)) };
    if let Some(refusal) = foreign(&cx, reset.person_id) {
        return Ok(refusal);
    }
    Ok(cx.page(CHOOSE, choose_page(&reset, None, cx.csrf())))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Choice {
    password: String,
}

#[handler]
async fn update(cx: Context, Path(token): Path<String>, Form(form): Form<Choice>) -> Result<Response> {
    let app = &cx.app;
    let Some(reset) = resets::find(&app.db, &token, app.now_ms()).await? else { return Ok(refused(&cx)) };
    if let Some(refusal) = foreign(&cx, reset.person_id) {
        return Ok(refusal);
    }
    let parts = (&app.db, &app.passwords, &app.sessions);
    match resets::use_link(parts, &token, form.password, app.now_ms()).await {
        Ok(person_id) => notices::publish(&app.bus, app.now_ms(), &[person_id]).await,
        Err(Error::Invalid(invalid)) => {
            return Ok(cx.invalid_page(CHOOSE, choose_page(&reset, Some(&invalid), cx.csrf())));
        }
        Err(Error::NotFound) => return Ok(refused(&cx)),
        Err(other) => return Err(other),
    }
    // Logging in with it asks for the second factor too, which the link alone must not replace.
    let mut response = cx.see_other_with("/login", Tone::Success, "Your password was changed. Log in with it.");
    if cx.signed_in.session.is_some() {
        clear_cookies(app, &mut response);
    }
    Ok(response)
}

/// A link that is somebody else's is not used in the session that is open here.
pub(super) fn foreign(cx: &Context, person_id: i64) -> Option<Response> {
    let actor = cx.signed_in.actor.as_deref().filter(|actor| !actor.is(person_id))?;
    let text = format!("You are logged in as {}, and this link is for somebody else. Log out first.", actor.name);
    let home = html! { a.btn.btn-outline-secondary href="/" { "To the start page" } };
    let mut response = cx.page("Not your link", card("This link is not yours", &text, home));
    response.set_status(StatusCode::FORBIDDEN);
    Some(response)
}

fn refused(cx: &Context) -> Response {
    let text =
        "It was used already, is older than ten minutes, or was replaced by a newer one. Your password is what it was.";
    let again = html! { a.btn.btn-primary href="/password-resets" { "Ask for a new link" } };
    let mut response = cx.page("This link does not work", card("This link does not work", text, again));
    response.set_status(StatusCode::NOT_FOUND);
    response
}

const ASK: &str = "Forgot your password?";
const CHOOSE: &str = "Choose a new password";

pub(super) fn card(title: &str, text: &str, action: Markup) -> Markup {
    html! { div.card { div.card-body { h1 { (title) } p { (text) } (action) } } }
}

fn ask_page(cx: &Context, email: &str, problem: Option<&str>) -> Markup {
    let to_log_in = html! { p.card-more { a href="/login" { "Back to the log-in" } } };
    if !cx.app.outbox.is_on() {
        let text = "No mail is sent from here. Ask whoever looks after Quarterdeck to set a new password for you.";
        return card(ASK, text, to_log_in);
    }
    let field = Field {
        name: "email",
        label: "E-mail address",
        input: Input::Email { value: email },
        hint: None,
        error: problem,
        required: true,
    };
    html! {
        div.card { div.card-body {
            h1 { (ASK) }
            p { "We send a link to your address, by which you choose a new one." }
            form method="post" action="/password-resets" {
                (csrf_field(cx.csrf()))
                (field)
                button.btn.btn-primary type="submit" { "Send the link" }
            }
            (to_log_in)
        } }
    }
}

fn sent_page() -> Markup {
    let action = html! {
        p.quiet { "Nothing there after a minute? Look among the spam, or "
            a href="/password-resets" { "ask again" } " and mind the spelling." }
        p.card-more { a href="/login" { "Back to the log-in" } }
    };
    let text = "If somebody with that address can log in here, a mail with a link is on its way. The link works once, \
        within ten minutes.";
    card("Look into your mailbox", text, action)
}

fn choose_page(reset: &Reset, invalid: Option<&Invalid>, csrf: &str) -> Markup {
    let hint = format!("At least {MIN_PASSWORD_CHARS} characters.");
    let field = Field {
        name: "password",
        label: "New password",
        input: Input::Password { autocomplete: "new-password" },
        hint: Some(&hint),
        error: invalid.and_then(|invalid| invalid.of("password")),
        required: true,
    };
    html! {
        div.card { div.card-body {
            h1 { (CHOOSE) }
            p { "For " (reset.name) ", " (reset.email) "." }
            (notice(Tone::Info, "This logs you out everywhere. Then log in with the new password."))
            form method="post" hx-boost="false" {
                (csrf_field(csrf))
                // So that a password manager knows whose password this is.
                input type="email" name="username" value=(reset.email) autocomplete="username" hidden readonly;
                (field)
                button.btn.btn-primary type="submit" { "Change the password" }
            }
        } }
    }
}
