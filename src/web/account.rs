//! One's own account: the frame with its tabs, and a file for each tab.
//!
//! A tab is a line in `TABS`, a file beside this one with its routes, and a line in `routes`. Each page calls `page`.

mod notices;
mod overview;
mod passkeys;
mod qr;
mod second_factor;
mod sessions;
mod tokens;
mod viewing;

use super::components::page_head;
use super::context::Context;
use crate::plugin::Route;
use maud::{Markup, html};
use poem::Response;

/// Title and address of each tab, in their order.
const TABS: &[(&str, &str)] = &[
    ("Overview", "/account"),
    ("Second factor", "/account/second-factor"),
    ("Sessions", "/account/sessions"),
    ("API tokens", "/account/tokens"),
    ("Notices", "/account/notices"),
    ("View as", "/account/viewing"),
];

pub fn routes() -> Vec<Route> {
    let tabs = [overview::routes(), second_factor::routes(), passkeys::routes(), sessions::routes(), tokens::routes()];
    tabs.into_iter().chain([notices::routes(), viewing::routes()]).flatten().collect()
}

/// A page below one of the tabs.
pub fn page(cx: &Context, title: &str, content: Markup) -> Response {
    cx.page(title, frame(cx, content))
}

/// As `page`, of a form that could not be taken: 422, and what was typed.
pub fn invalid_page(cx: &Context, title: &str, content: Markup) -> Response {
    cx.invalid_page(title, frame(cx, content))
}

/// The content alone, with heading and tabs, for an answer with a status of its own.
pub fn frame(cx: &Context, content: Markup) -> Markup {
    let name = cx.signed_in.actor.as_ref().map_or("", |actor| actor.name.as_str());
    html! {
        (page_head(&[], "Your account", Some(name), html! {}))
        (tabs(cx.here.split('?').next().unwrap_or_default()))
        (content)
    }
}

/// After a change of how the person logs in: this process looks anew at what they lack, and their bell rings.
async fn log_in_changed(cx: &Context) {
    let Some(person_id) = cx.signed_in.actor.as_ref().and_then(|actor| actor.person_id) else { return };
    cx.app.sessions.forget_person(person_id);
    crate::notices::publish(&cx.app.bus, cx.app.now_ms(), &[person_id]).await;
}

fn tabs(path: &str) -> Markup {
    let is_below = |href: &str| path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    let current = TABS.iter().filter(|(_, href)| is_below(href)).max_by_key(|(_, href)| href.len());
    html! {
        nav aria-label="Your account" { ul.nav.nav-tabs {
            @for tab in TABS {
                @let is_current = current == Some(tab);
                li.nav-item {
                    a.nav-link.active[is_current] href=(tab.1) aria-current=[is_current.then_some("page")] { (tab.0) }
                }
            }
        } }
    }
}
