//! Log-in, log-out, and the set-up of the first administrator.

use super::client_address::ClientAddress;
use super::components::{Field, Input, Tone, notice};
use super::context::Context;
use super::form::Form;
use super::sessions::{clear_cookie, set_cookie};
use crate::accounts::passwords::Verdict;
use crate::accounts::people::{self, NewPerson};
use crate::accounts::sessions::Origin;
use crate::accounts::{MIN_PASSWORD_CHARS, setup};
use crate::error::{Error, Invalid, Result};
use crate::plugin::{Access, Route};
use maud::{Markup, html};
use poem::web::{Path, Query};
use poem::{FromRequest, Request, RequestBody, Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/login", Access::Public, log_in),
        Route::post("/login", Access::Public, create),
        Route::post("/logout", Access::Public, destroy),
        Route::get("/setup/:token", Access::Public, setup_new),
        Route::post("/setup/:token", Access::Public, setup_create),
    ]
}

#[derive(Deserialize, Default)]
struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct LogIn {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    remember: Option<String>,
    #[serde(default)]
    next: String,
}

#[handler]
async fn log_in(cx: Context, Query(query): Query<Next>) -> Result<Response> {
    if cx.signed_in.session.is_some() {
        return Ok(cx.see_other(own_address(&query.next)));
    }
    let form = LogIn { email: String::new(), password: String::new(), remember: None, next: query.next };
    Ok(cx.page("Log in", log_in_page(&form, None, cx.app.demo)))
}

#[handler]
async fn create(cx: Context, from: OriginOf, Form(form): Form<LogIn>) -> Result<Response> {
    let app = &cx.app;
    let found = people::credentials(&app.db, &form.email).await?;
    let (person_id, hash) = found.map_or((0, None), |(id, hash)| (id, hash));
    let verdict = app.passwords.verify(form.password.clone(), hash.clone()).await?;
    if verdict == Verdict::Wrong {
        let problem = "The address or the password is wrong.";
        return Ok(cx.invalid_page("Log in", log_in_page(&form, Some(problem), app.demo)));
    }
    if let (Verdict::RightButOutdated, Some(outdated)) = (verdict, &hash) {
        app.passwords.renew(&app.db, person_id, form.password, outdated).await?;
    }
    if let Some(old) = &cx.signed_in.session {
        app.sessions.end(old.id).await?;
    }
    let (token, session) = app.sessions.open(person_id, form.remember.is_some(), &from.0).await?;
    let mut response = cx.see_other(own_address(&form.next));
    set_cookie(app, &mut response, &token, &session);
    Ok(response)
}

#[handler]
async fn destroy(cx: Context) -> Result<Response> {
    if let Some(session) = &cx.signed_in.session {
        cx.app.sessions.end(session.id).await?;
    }
    let mut response = cx.see_other("/login");
    clear_cookie(&cx.app, &mut response);
    Ok(response)
}

#[derive(Deserialize, Default)]
struct SetUp {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

#[handler]
async fn setup_new(cx: Context, Path(token): Path<String>) -> Result<Response> {
    if !setup::link_is_open(&cx.app.db, &token).await? {
        return Err(Error::NotFound);
    }
    Ok(cx.page("Set up", setup_page(&SetUp::default(), None)))
}

#[handler]
async fn setup_create(
    cx: Context,
    from: OriginOf,
    Path(token): Path<String>,
    Form(form): Form<SetUp>,
) -> Result<Response> {
    let app = &cx.app;
    let new = NewPerson { name: form.name.clone(), email: form.email.clone(), ..NewPerson::default() };
    let password = form.password.clone();
    let made = setup::use_link(&app.db, &app.followers, &app.passwords, &token, &new, password, app.now_ms()).await;
    let person_id = match made {
        Ok(id) => id,
        Err(Error::Invalid(invalid)) => return Ok(cx.invalid_page("Set up", setup_page(&form, Some(&invalid)))),
        Err(other) => return Err(other),
    };
    let (token, session) = app.sessions.open(person_id, false, &from.0).await?;
    let mut response = cx.see_other_with("/", Tone::Success, "Welcome. You are the first administrator.");
    set_cookie(app, &mut response, &token, &session);
    Ok(response)
}

/// Where a log-in comes from.
pub(super) struct OriginOf(pub Origin);

impl<'a> FromRequest<'a> for OriginOf {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let address = request.data::<ClientAddress>().map(|address| address.ip.to_string()).unwrap_or_default();
        let device = request.header("user-agent").unwrap_or_default().to_owned();
        Ok(OriginOf(Origin { device, address }))
    }
}

/// An address within the portal; anything else leads to the start page, so that a link cannot send people elsewhere.
fn own_address(next: &str) -> &str {
    let safe = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(|letter| letter.is_control());
    if safe { next } else { "/" }
}

fn log_in_page(form: &LogIn, problem: Option<&str>, demo: bool) -> Markup {
    let email = Field {
        name: "email",
        label: "E-mail address",
        input: Input::Email { value: &form.email },
        hint: None,
        error: None,
        required: true,
    };
    let password = Field {
        name: "password",
        label: "Password",
        input: Input::Password { autocomplete: "current-password" },
        hint: None,
        error: problem,
        required: true,
    };
    html! {
        div.card { div.card-body {
            h1 { "Log in" }
            @if demo { (notice(Tone::Info, "This is the example organisation. The terminal shows four log-ins.")) }
            form method="post" action="/login" {
                input type="hidden" name="next" value=(form.next);
                (email)
                (password)
                div.form-check {
                    input.form-check-input type="checkbox" name="remember" value="1" id="remember" checked[form.remember.is_some()];
                    label.form-check-label for="remember" { "Stay logged in on this device for 31 days" }
                }
                button.btn.btn-primary type="submit" { "Log in" }
            }
            p.card-more { a href="/password-resets" { "Forgot your password?" } }
        } }
    }
}

fn setup_page(form: &SetUp, invalid: Option<&Invalid>) -> Markup {
    let error = |field| invalid.and_then(|invalid| invalid.of(field));
    let hint = format!("At least {MIN_PASSWORD_CHARS} characters.");
    let field =
        |name: &'static str, label, input, hint| Field { name, label, input, hint, error: error(name), required: true };
    html! {
        div.card { div.card-body {
            h1 { "Set up Quarterdeck" }
            p { "Nobody can sign in yet. Make the first administrator; this link works once." }
            form method="post" {
                (field("name", "Your name", Input::Text { value: &form.name, max_length: 190 }, None))
                (field("email", "E-mail address", Input::Email { value: &form.email }, None))
                (field("password", "Password", Input::Password { autocomplete: "new-password" }, Some(hint.as_str())))
                button.btn.btn-primary type="submit" { "Create the administrator" }
            }
        } }
    }
}
