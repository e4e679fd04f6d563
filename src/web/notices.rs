//! One's own notices: the list, and the bell that counts those that are unread.
//!
//! The bell is drawn with each page. A page that listens to its live stream is told when the person gets a notice, and
//! asks for the bell again; nothing polls.

use super::assets::{Icon, icon};
use super::components::{Pager, Tone, csrf_field, empty_state, page_head, pager};
use super::context::Context;
use super::form::{Form, number_of};
use super::layout;
use super::times::ago;
use crate::app::App;
use crate::error::Result;
use crate::notices::{self, Notice, TOPIC};
use crate::plugin::{Access, Route};
use maud::{Markup, html};
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/notices", Access::SignedIn, index),
        Route::get("/notices/bell", Access::SignedIn, bell),
        Route::post("/notices/reading", Access::SignedIn, read_all),
        Route::post("/notices/:id/reading", Access::SignedIn, read),
    ]
}

const PER_PAGE: i64 = 50;

/// The list as its address tells it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    show: String,
    page: String,
}

impl ListQuery {
    fn only_unread(&self) -> bool {
        self.show == "unread"
    }

    /// Counted from 1.
    fn page(&self) -> i64 {
        number_of(&self.page).filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1)
    }

    fn at(&self, page: i64) -> String {
        let show = if self.only_unread() { "unread" } else { "all" };
        format!("/notices?show={show}&page={page}")
    }
}

#[handler]
async fn index(cx: Context, Query(query): Query<ListQuery>) -> Result<Response> {
    let first = (query.page() - 1) * PER_PAGE;
    let (notices, total) = notices::list(&cx.app.db, cx.actor()?, query.only_unread(), PER_PAGE, first).await?;
    let last_page = (total - 1).max(0) / PER_PAGE + 1;
    if query.page() > last_page {
        return Ok(cx.see_other(&query.at(last_page)));
    }
    let unread = notices::unread(&cx.app.db, cx.actor()?).await?;
    let list = List { notices: &notices, query: &query, first, total, unread, now_ms: cx.app.now_ms() };
    Ok(cx.page("Notices", list_page(&list, cx.csrf())))
}

#[handler]
async fn bell(cx: Context) -> Result<Response> {
    let unread = notices::unread(&cx.app.db, cx.actor()?).await?;
    Ok(cx.fragment(layout::bell(unread)))
}

/// `stay` is sent by the button that only marks the notice; without it, the way leads to what the notice is about.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Reading {
    stay: Option<String>,
}

#[handler]
async fn read(cx: Context, Path(id): Path<i64>, Form(form): Form<Reading>) -> Result<Response> {
    let actor = cx.actor()?;
    let notice = notices::read(&cx.app.db, actor, id, cx.app.now_ms()).await?;
    tell(&cx).await;
    if form.stay.is_none() {
        return Ok(cx.see_other(&notice.href));
    }
    if !cx.is_partial() {
        return Ok(cx.see_other("/notices"));
    }
    let unread = notices::unread(&cx.app.db, actor).await?;
    let notice = Notice { read_at: Some(cx.app.now_ms()), ..notice };
    Ok(cx.fragment(html! {
        (row(&notice, cx.app.now_ms(), cx.csrf()))
        hx-partial hx-target="#bell" hx-swap="innerHTML" { (layout::bell(unread)) }
    }))
}

#[handler]
async fn read_all(cx: Context) -> Result<Response> {
    let count = notices::read_all(&cx.app.db, cx.actor()?, cx.app.now_ms()).await?;
    tell(&cx).await;
    let text =
        if count == 1 { "One notice was marked as read.".to_owned() } else { format!("{count} marked as read.") };
    Ok(cx.see_other_with("/notices", Tone::Success, &text))
}

/// The person's other pages show another number from now on.
async fn tell(cx: &Context) {
    if let Some(id) = cx.signed_in.actor.as_ref().and_then(|actor| actor.person_id) {
        cx.app.publish(TOPIC, id.to_string()).await;
    }
}

/// How many of one's own notices are unread, for the bell. Counted once until somebody's notices change; a database that
/// is away is told of by the page itself.
pub async fn count(app: &App, actor: &crate::accounts::Actor) -> i64 {
    let Some(person_id) = actor.person_id else { return 0 };
    let key = format!("notices/unread/{person_id}");
    let counted = app.cache.get_or(&[TOPIC], key, async || notices::unread(&app.db, actor).await).await;
    counted.map_or(0, |count: std::sync::Arc<i64>| *count)
}

struct List<'a> {
    notices: &'a [Notice],
    query: &'a ListQuery,
    /// How many stand before the first one shown.
    first: i64,
    total: i64,
    unread: i64,
    now_ms: i64,
}

fn list_page(list: &List, csrf: &str) -> Markup {
    let about = match list.unread {
        0 => "All read.".to_owned(),
        count => format!("{count} unread."),
    };
    let actions = html! {
        a.btn.btn-outline-secondary href="/account/notices" { (icon(Icon::Gear)) "How you hear of them" }
        @if list.unread > 0 {
            form method="post" action="/notices/reading" {
                (csrf_field(csrf))
                button.btn.btn-outline-secondary type="submit" { (icon(Icon::Check)) "Mark all as read" }
            }
        }
    };
    html! {
        (page_head(&[], "Notices", Some(&about), actions))
        (tabs(list.query.only_unread()))
        @if list.notices.is_empty() { (nothing(list.query.only_unread())) } @else {
            ul.notices { @for notice in list.notices { (row(notice, list.now_ms, csrf)) } }
            (pages(list))
        }
    }
}

fn tabs(only_unread: bool) -> Markup {
    let tab = |href: &str, title: &str, current: bool| {
        html! {
            li.nav-item { a.nav-link.active[current] href=(href) aria-current=[current.then_some("true")] { (title) } }
        }
    };
    html! {
        nav aria-label="Which notices" { ul.nav.nav-tabs {
            (tab("/notices", "All", !only_unread)) (tab("/notices?show=unread", "Unread", only_unread))
        } }
    }
}

fn nothing(only_unread: bool) -> Markup {
    let (title, text) = match only_unread {
        true => ("Nothing unread", "You have read everything that there is."),
        false => {
            ("No notices yet", "When something waits for you, such as a certificate that expires, it stands here.")
        }
    };
    empty_state(Icon::Bell, title, text, html! { a.btn.btn-outline-secondary href="/" { "To the start page" } })
}

/// The title leads to what the notice is about and marks it as read, which a plain link could not.
fn row(notice: &Notice, now_ms: i64, csrf: &str) -> Markup {
    let address = format!("/notices/{}/reading", notice.id);
    let is_unread = notice.read_at.is_none();
    html! {
        li.notice.is-unread[is_unread] {
            @if is_unread {
                form method="post" action=(address) {
                    (csrf_field(csrf))
                    button.btn.btn-link type="submit" { (notice.title) }
                    span.visually-hidden { "unread" }
                }
            } @else { a href=(notice.href) { (notice.title) } }
            span.quiet { (ago(notice.at, now_ms)) }
            @if is_unread {
                form method="post" action=(address) hx-post=(address) hx-target="closest li" hx-swap="outerHTML" {
                    (csrf_field(csrf))
                    input type="hidden" name="stay" value="1";
                    button.btn.btn-sm.btn-outline-secondary type="submit" aria-label={ "Mark as read: " (notice.title) } {
                        (icon(Icon::Check)) "Read"
                    }
                }
            }
        }
    }
}

fn pages(list: &List) -> Markup {
    let shown = list.notices.len() as i64;
    let page = list.query.page();
    let previous = (page > 1).then(|| list.query.at(page - 1));
    let next = (list.first + shown < list.total).then(|| list.query.at(page + 1));
    html! {
        @if list.total > PER_PAGE {
            (pager(&Pager {
                first: list.first as u64 + 1,
                last: (list.first + shown) as u64,
                total: list.total as u64,
                previous: previous.as_deref(),
                next: next.as_deref(),
            }))
        }
    }
}
