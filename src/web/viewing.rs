//! “View as”: begun by an administrator, told by a bar on top of every page, ended there.
//!
//! A cookie names the viewing; it counts only for the session that began it. The session layer puts the person who is
//! looked at in the place of the administrator, and refuses everything that would change something. The model functions
//! are thus asked by that person, and show what they would see.

use super::components::{Field, Input, Tone, csrf_field, notice, page_head};
use super::context::Context;
use super::cookies::{self, Life};
use super::form::{Form, id_of};
use crate::accounts::Actor;
use crate::accounts::overrides::MAX_REASON_CHARS;
use crate::accounts::sessions::Session;
use crate::accounts::viewings::{self, Seen};
use crate::app::App;
use crate::error::{Error, Invalid, Result};
use crate::plugin::{Access, Route};
use maud::{Markup, html};
use poem::error::ResponseError;
use poem::http::{Method, StatusCode};
use poem::web::Query;
use poem::{Request, Response, handler};
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;

/// Pages that are the person's own affair: passwords, tokens, second factor, sessions.
const PRIVATE: &[&str] = &["/account", "/sessions"];
/// What may be sent nevertheless: the end of the viewing, and the log-out of the administrator.
const CLOSING: &[&str] = &["/viewing/closure", "/logout"];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/viewing/new", Access::Administrators, new_form),
        Route::post("/viewing", Access::Administrators, create),
        // Whoever is in it may do no more than the person who is looked at.
        Route::post("/viewing/closure", Access::Public, end),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ViewingForm {
    person: String,
    reason: String,
}

#[handler]
async fn new_form(cx: Context, Query(form): Query<ViewingForm>) -> Result<Response> {
    let seen = viewings::person(&cx.app.db, cx.actor()?, id_of(&form.person).ok_or(Error::NotFound)?).await?;
    Ok(cx.page(&format!("View as {}", seen.name), form_page(&seen, &form, None, cx.csrf())))
}

#[handler]
async fn create(cx: Context, Form(form): Form<ViewingForm>) -> Result<Response> {
    let (actor, db) = (cx.actor()?, &cx.app.db);
    let session = cx.signed_in.session.as_ref().ok_or(Error::Forbidden)?;
    let person_id = id_of(&form.person).ok_or(Error::NotFound)?;
    let begun = viewings::begin(db, actor, session.id, person_id, &form.reason, cx.app.now_ms()).await;
    match begun {
        Ok(id) => {
            let mut response = cx.see_other("/");
            cookies::set(&mut response, cookie_name(&cx.app), &id.to_string(), Life::Window, is_secure(&cx.app));
            Ok(response)
        }
        Err(Error::Invalid(invalid)) => {
            let seen = viewings::person(db, actor, person_id).await?;
            let content = form_page(&seen, &form, Some(&invalid), cx.csrf());
            Ok(cx.invalid_page(&format!("View as {}", seen.name), content))
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn end(cx: Context) -> Result<Response> {
    if let Some(actor) = &cx.signed_in.actor {
        viewings::end(&cx.app.db, actor, cx.app.now_ms()).await?;
    }
    let mut response = cx.see_other_with("/", Tone::Info, "You see the portal as yourself again.");
    clear(&cx.app, &mut response);
    Ok(response)
}

fn form_page(seen: &Seen, form: &ViewingForm, invalid: Option<&Invalid>, csrf: &str) -> Markup {
    let about = "You see the portal as they do, for an hour at most, and can change nothing meanwhile. \
                 The pages of their account stay closed. It is logged, and they can look it up.";
    let reason = Field {
        name: "reason",
        label: "Why you look nevertheless",
        input: Input::TextArea { value: &form.reason, rows: 3, max_length: MAX_REASON_CHARS },
        hint: Some("It counts for this once, and is kept in the log."),
        error: invalid.and_then(|invalid| invalid.of("reason")),
        required: true,
    };
    html! {
        (page_head(&[], &format!("View as {}", seen.name), Some(about), html! {}))
        @if let Some(problem) = invalid.and_then(|invalid| invalid.of("")) { (notice(Tone::Danger, problem)) }
        @if seen.refuses {
            (notice(Tone::Warning, format!("{} asks not to be looked at. As an administrator you can set that aside, with a reason that they are shown.", seen.name)))
        }
        // Everything around the page becomes that of somebody else, so htmx does not swap parts of it.
        form.form-narrow method="post" action="/viewing" hx-boost="false" {
            (csrf_field(csrf))
            input type="hidden" name="person" value=(seen.id);
            @if seen.refuses { (reason) }
            div.form-actions {
                button.btn.btn-primary type="submit" { "View as " (seen.name) }
                a.btn.btn-link href="/" { "Cancel" }
            }
        }
    }
}

fn is_secure(app: &App) -> bool {
    app.config.session.cookie_secure
}

fn cookie_name(app: &App) -> &'static str {
    if is_secure(app) { "__Host-viewing" } else { "viewing" }
}

pub fn clear(app: &App, response: &mut Response) {
    cookies::set(response, cookie_name(app), "", Life::Seconds(0), is_secure(app));
}

/// Whether the browser believes itself in a viewing.
pub fn is_asked_for(app: &App, request: &Request) -> bool {
    cookies::get(request, cookie_name(app)).is_some_and(|value| !value.is_empty())
}

/// The person whom this administrator looks at the portal as; the administrator where that is over, or never began.
pub async fn seen(app: &App, request: &Request, session: &Session, viewer: Arc<Actor>) -> Result<Arc<Actor>> {
    let Some(id) = cookies::get(request, cookie_name(app)).and_then(|value| id_of(&value)) else { return Ok(viewer) };
    let seen = viewings::resume(&app.access, &viewer, (session.id, id), app.now_ms()).await?;
    Ok(seen.unwrap_or(viewer))
}

/// Why a request is refused during a viewing.
#[derive(Debug)]
pub enum Refused {
    Change { name: String },
    Private { name: String },
    Nested { name: String },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Refused::Change { name } => {
                write!(f, "Nothing was changed: you look at the portal as {name}, and can only look. End that first.")
            }
            Refused::Private { name } => {
                write!(f, "You look at the portal as {name}. The pages of their account are for their own eyes.")
            }
            Refused::Nested { name } => write!(f, "You look at the portal as {name} already. End that first."),
        }
    }
}

impl std::error::Error for Refused {}

impl ResponseError for Refused {
    fn status(&self) -> StatusCode {
        StatusCode::FORBIDDEN
    }
}

/// Refuses what may not be asked while somebody is looked at.
pub fn check(request: &Request, actor: Option<&Actor>) -> Result<(), Refused> {
    let Some(actor) = actor.filter(|actor| actor.via.is_some()) else { return Ok(()) };
    let (path, name) = (request.uri().path(), actor.name.clone());
    let is_below = |base: &&str| path.strip_prefix(*base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let is_look = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !is_look && CLOSING.contains(&path) {
        Ok(())
    } else if is_below(&"/viewing") {
        Err(Refused::Nested { name })
    } else if !is_look {
        Err(Refused::Change { name })
    } else if PRIVATE.iter().any(is_below) {
        Err(Refused::Private { name })
    } else {
        Ok(())
    }
}
