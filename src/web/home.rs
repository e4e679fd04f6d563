//! The start page, made of the plugins' cards, and the theme.

use super::assets::Icon;
use super::components::{empty_state, page_head};
use super::context::Context;
use super::cookies::{self, Life};
use super::form::Form;
use super::layout::Theme;
use crate::error::{Error, Result};
use crate::plugin::{Access, Route};
use maud::{Markup, html};
use poem::http::{StatusCode, header};
use poem::{Request, Response, handler};
use serde::Deserialize;

const YEAR_S: u64 = 365 * 24 * 3600;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/", Access::SignedIn, index), Route::post("/theme", Access::Public, update_theme)]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let actor = cx.actor()?;
    let mut cards: Vec<Markup> = Vec::new();
    for card in cx.app.plugins_on().filter_map(|plugin| plugin.dashboard) {
        match card(&cx.app, actor).await {
            Ok(card) => cards.push(card),
            Err(Error::Forbidden) => {}
            Err(other) => return Err(other),
        }
    }
    let first_name = actor.name.split_whitespace().next().unwrap_or(&actor.name);
    Ok(cx.page("Start", start_page(first_name, &cards)))
}

#[derive(Deserialize)]
struct ThemeForm {
    theme: String,
}

#[handler]
async fn update_theme(cx: Context, request: &Request, Form(form): Form<ThemeForm>) -> Result<Response> {
    let theme = Theme::from_name(&form.theme).ok_or_else(|| Error::invalid("theme", "There is no such theme."))?;
    let back = request.header("referer").and_then(|url| url.parse::<poem::http::Uri>().ok());
    let back = back.and_then(|url| url.path_and_query().map(ToString::to_string)).unwrap_or_else(|| "/".to_owned());
    let mut response = if cx.is_htmx() {
        Response::builder().status(StatusCode::NO_CONTENT).header(header::CACHE_CONTROL, "no-store").finish()
    } else {
        cx.see_other(&back)
    };
    cookies::set(&mut response, "theme", theme.name(), Life::Seconds(YEAR_S), cx.app.config.session.cookie_secure);
    Ok(response)
}

fn start_page(first_name: &str, cards: &[Markup]) -> Markup {
    html! {
        (page_head(&[], &format!("Hello, {first_name}"), None, html! {}))
        @if cards.is_empty() {
            (empty_state(Icon::House, "Nothing here yet", "Your role shows you no part of the portal. Ask an administrator.", html! {}))
        } @else {
            div.cards { @for card in cards { (card) } }
        }
    }
}
