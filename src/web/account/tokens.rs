//! One's own API tokens: made with scopes and an end, shown once, and revoked.

use super::second_factor::own_session;
use super::{invalid_page, page};
use crate::accounts::tokens::{self, Listed, NewToken};
use crate::error::{Error, Invalid, Result};
use crate::plugin::{Access, Route};
use crate::web::assets::Icon;
use crate::web::components::{Field, Input, Tone, csrf_field, empty_state, notice};
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use crate::web::times::{ago, day};
use maud::{Markup, html};
use poem::web::Path;
use poem::{Response, handler};
use std::collections::HashMap;

const TITLE: &str = "Your API tokens";
const ADDRESS: &str = "/account/tokens";
const DAY_MS: i64 = 24 * 3600 * 1000;

/// Days that a token can live, as the form offers them.
const LIVES: &[(&str, &str)] = &[("30", "30 days"), ("90", "90 days"), ("365", "One year"), ("0", "No end")];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get(ADDRESS, Access::SignedIn, index),
        Route::post(ADDRESS, Access::SignedIn, create),
        Route::post("/account/tokens/:id/revocation", Access::SignedIn, revoke),
    ]
}

/// What was typed, to be shown again.
struct Typed {
    name: String,
    days: String,
    scopes: Vec<String>,
}

impl Default for Typed {
    fn default() -> Self {
        Typed { name: String::new(), days: "90".to_owned(), scopes: Vec::new() }
    }
}

impl Typed {
    /// A box that is checked comes as `scope.NAME`.
    fn of(fields: &HashMap<String, String>) -> Self {
        let text = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let mut scopes: Vec<String> =
            fields.keys().filter_map(|name| name.strip_prefix("scope.")).map(str::to_owned).collect();
        scopes.sort();
        Typed { name: text("name"), days: text("days"), scopes }
    }

    fn expires_at(&self, now_ms: i64) -> Option<i64> {
        number_of(&self.days).filter(|days| (1..=3650).contains(days)).map(|days| now_ms + days * DAY_MS)
    }
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    Ok(page(&cx, TITLE, content(&cx, &Typed::default(), None, None).await?))
}

#[handler]
async fn create(cx: Context, Form(fields): Form<HashMap<String, String>>) -> Result<Response> {
    let (app, actor, typed) = (&cx.app, own_session(&cx)?, Typed::of(&fields));
    let known: Vec<&str> = app.permissions().iter().map(|spec| spec.permission.0).collect();
    let now = app.now_ms();
    let new = NewToken { name: &typed.name, scopes: &typed.scopes, expires_at: typed.expires_at(now) };
    match tokens::create(&app.db, actor, &new, &known, now).await {
        Ok(token) => Ok(page(&cx, TITLE, content(&cx, &Typed::default(), None, Some(&token)).await?)),
        Err(Error::Invalid(invalid)) => Ok(invalid_page(&cx, TITLE, content(&cx, &typed, Some(&invalid), None).await?)),
        Err(other) => Err(other),
    }
}

#[handler]
async fn revoke(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    tokens::revoke(&cx.app.db, own_session(&cx)?, id, cx.app.now_ms()).await?;
    Ok(cx.see_other_with(ADDRESS, Tone::Success, "That token opens nothing any more."))
}

async fn content(cx: &Context, typed: &Typed, invalid: Option<&Invalid>, made: Option<&str>) -> Result<Markup> {
    let (app, actor) = (&cx.app, cx.actor()?);
    let list = tokens::list(&app.db, actor).await?;
    let mut scopes: Vec<(&str, &str)> = app.permissions().iter().map(|spec| (spec.permission.0, spec.title)).collect();
    scopes.retain(|(name, _)| {
        app.permissions().iter().any(|spec| spec.permission.0 == *name && actor.may(spec.permission))
    });
    Ok(html! {
        @if let Some(token) = made { (shown_once(token)) }
        p.prose { "A token lets a program use the " a href="/api/docs" { "API" } " in your name. Give each program its own, with no more rights than it needs." }
        (table(&list, app.now_ms(), cx.csrf()))
        (new_form(typed, &scopes, invalid, cx.csrf()))
    })
}

fn shown_once(token: &str) -> Markup {
    let text = html! {
        p { "Your new token. Copy it now: it is not shown again." }
        code.secret.breaking { (token) }
    };
    notice(Tone::Success, text)
}

fn table(list: &[Listed], now_ms: i64, csrf: &str) -> Markup {
    html! {
        @if list.is_empty() {
            (empty_state(Icon::Key, "No tokens yet", "Make one below for a program that is to read or write in your name.", html! {}))
        } @else {
            div.table-frame tabindex="0" role="region" aria-label="API tokens" { table.table {
                thead { tr {
                    th scope="col" { "Name" } th scope="col" { "May" } th scope="col" { "Last used" } th scope="col" { "Ends" }
                    th scope="col" { span.visually-hidden { "Actions" } }
                } }
                tbody { @for token in list { (row(token, now_ms, csrf)) } }
            } }
        }
    }
}

fn row(token: &Listed, now_ms: i64, csrf: &str) -> Markup {
    html! {
        tr {
            th scope="row" { (token.name) small { "since " (day(token.created_at)) } }
            td { @if token.scopes.is_empty() { "all that you may" } @else { (token.scopes.replace(' ', ", ")) } }
            td.nowrap { @match token.used_at { Some(at) => (ago(at, now_ms)), None => { "never" } } }
            td.nowrap { (end_of(token.expires_at, now_ms)) }
            td.actions {
                form method="post" action={ "/account/tokens/" (token.id) "/revocation" } {
                    (csrf_field(csrf))
                    button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "Revoke the token " (token.name) } { "Revoke" }
                }
            }
        }
    }
}

fn end_of(expires_at: Option<i64>, now_ms: i64) -> Markup {
    html! {
        @match expires_at {
            Some(at) if at <= now_ms => { span.badge { "expired" } }
            Some(at) => (day(at)),
            None => { "never" }
        }
    }
}

fn new_form(typed: &Typed, scopes: &[(&str, &str)], invalid: Option<&Invalid>, csrf: &str) -> Markup {
    let error = |field| invalid.and_then(|invalid| invalid.of(field));
    let name = Field {
        name: "name",
        label: "What it is for",
        input: Input::Text { value: &typed.name, max_length: 190 },
        hint: None,
        error: error("name"),
        required: true,
    };
    let days = Field {
        name: "days",
        label: "Lives for",
        input: Input::Select { options: LIVES, selected: &typed.days },
        hint: None,
        error: None,
        required: true,
    };
    html! {
        section.card.form-narrow { div.card-body {
            h2 { "New token" }
            form method="post" action=(ADDRESS) {
                (csrf_field(csrf))
                (name) (days)
                fieldset {
                    legend { "It may" }
                    p.quiet { "Without a choice, all that you may." }
                    @if let Some(error) = error("scope") { div.invalid-feedback { (error) } }
                    @for (name, title) in scopes { (scope_box(name, title, typed)) }
                }
                button.btn.btn-primary type="submit" { "Make the token" }
            }
        } }
    }
}

fn scope_box(name: &str, title: &str, typed: &Typed) -> Markup {
    let id = format!("scope-{}", name.replace('.', "-"));
    let checked = typed.scopes.iter().any(|scope| scope == name);
    html! {
        div.form-check {
            input.form-check-input type="checkbox" id=(id) name={ "scope." (name) } value="1" checked[checked];
            label.form-check-label for=(id) { (title) " " code { (name) } }
        }
    }
}
