//! The matrix as a page, and its windows as one scrolls.

use super::super::READ;
use super::super::as_of::AsOf;
use super::super::requirements::past::model as past;
use super::super::saved_views::model as saved_views;
use super::super::sight::Sight;
use super::choices::choices;
use super::filter::{View, ViewFields};
use super::mode::Mode;
use super::model::{self, Span, WINDOW_TOPICS, Window};
use super::{grid, views};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::plugin::Route;
use crate::web::compression::{self, Encoding};
use crate::web::context::{Context, vary_by_htmx};
use crate::web::form::number_of;
use crate::web::{negotiation, times};
use bytes::Bytes;
use poem::http::{StatusCode, header};
use poem::web::Query;
use poem::{Request, Response, handler};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills", READ, index), Route::get("/skills/window", READ, show_window)]
}

/// The place of the window.
#[derive(Deserialize, Default)]
#[serde(default)]
struct SpanFields {
    line: String,
    lines: String,
    column: String,
    columns: String,
}

impl SpanFields {
    fn span(&self) -> Span {
        let usual = Span::default();
        Span {
            line: number_of(&self.line).unwrap_or(usual.line).max(0),
            lines: number_of(&self.lines).unwrap_or(usual.lines).clamp(2, model::MAX_LINES),
            column: number_of(&self.column).unwrap_or(usual.column).max(0),
            columns: number_of(&self.columns).unwrap_or(usual.columns).clamp(1, model::MAX_COLUMNS),
        }
    }
}

#[handler]
async fn index(cx: Context, Query(fields): Query<ViewFields>, Query(place): Query<SpanFields>) -> Result<Response> {
    let (view, span) = (fields.view(cx.app.now_ms())?, place.span());
    let actor = cx.actor()?;
    let saved = saved_views::list(&cx.app, actor).await?;
    // A bare address is where people come in: by what they chose to see first.
    if cx.here == "/skills"
        && let Some(first) = saved.iter().find(|view| view.is_default)
    {
        return Ok(cx.see_other(&first.view().address()));
    }
    let choices = choices(&cx.app, actor).await?;
    let drawn = drawn(&cx.app, actor, &view, span).await?;
    let begins_later = model::begins_later(&cx.app, actor, view.as_of).await?;
    let page = views::Page {
        view: &view,
        choices: &choices,
        saved: &saved,
        window: &drawn.window,
        grid: drawn.grid(),
        span,
        begins_later,
        asked_since: asked_since(&cx, &view).await?,
    };
    // What is past does not change.
    let topic = (view.as_of == AsOf::Now).then_some(super::super::TOPIC);
    Ok(cx.live_page("Skills matrix", topic, views::index(&cx, &page)))
}

async fn asked_since(cx: &Context, view: &View) -> Result<Option<i64>> {
    let is_asked = view.mode == Mode::Gap || view.filter.gaps_only;
    past::begins_later(&cx.app, cx.actor()?, view.as_of.before_ms().filter(|_| is_asked)).await
}

/// A window, which is the same for all who may see the same: a browser that has it is told so, and it is compressed once.
#[handler]
async fn show_window(
    cx: Context,
    Query(fields): Query<ViewFields>,
    Query(place): Query<SpanFields>,
    request: &Request,
) -> Result<Response> {
    let drawn = drawn(&cx.app, cx.actor()?, &fields.view(cx.app.now_ms())?, place.span()).await?;
    Ok(drawn.respond(request))
}

/// A window as it is sent: drawn once, and compressed once in each way that somebody asks for, until something of it
/// changes.
struct Drawn {
    window: Window,
    html: Bytes,
    zstd: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
    hash: String,
}

async fn drawn(app: &App, actor: &Actor, view: &View, span: Span) -> Result<Arc<Drawn>> {
    // Who asks is checked here too: the cache knows nobody, but what those who share an entry may see.
    let sight = Sight::of(app, actor).await?;
    // Ages grow with each day, also where nothing changes.
    let day = if view.mode == Mode::Age { times::date(app.now_ms()) } else { String::new() };
    let key = format!("skills/window/{}/{view:?}/{span:?}/{day}", sight.key());
    app.cache
        .get_or(&WINDOW_TOPICS, key, async || {
            let window = model::window(app, actor, view, span).await?;
            Ok(Drawn::of(window))
        })
        .await
}

impl Drawn {
    fn of(window: Window) -> Self {
        let html = grid::table(&window).into_string();
        let hash = Sha256::digest(html.as_bytes());
        Drawn {
            zstd: OnceLock::new(),
            gzip: OnceLock::new(),
            hash: hash[..10].iter().map(|byte| format!("{byte:02x}")).collect(),
            html: html.into(),
            window,
        }
    }

    fn grid(&self) -> &str {
        std::str::from_utf8(&self.html).expect("it was made of a string")
    }

    fn respond(&self, request: &Request) -> Response {
        let encoding = compression::negotiate(&compression::accept_encoding(request.headers()), &compression::OFFERED);
        let etag = format!("\"{}-{}\"", self.hash, encoding.name());
        let mut response = Response::builder()
            .header(header::ETAG, &etag)
            // The browser may keep it, and asks each time whether it still holds.
            .header(header::CACHE_CONTROL, "private, no-cache")
            .content_type("text/html; charset=utf-8");
        let fresh = negotiation::none_match(request.headers(), &etag);
        if fresh {
            response = response.status(StatusCode::NOT_MODIFIED);
        } else if encoding != Encoding::Identity {
            response = response.header(header::CONTENT_ENCODING, encoding.name());
        }
        let mut response = if fresh { response.finish() } else { response.body(self.body(encoding)) };
        compression::vary_by(response.headers_mut(), "Accept-Encoding");
        vary_by_htmx(&mut response);
        response
    }

    fn body(&self, encoding: Encoding) -> Bytes {
        let encoded = match encoding {
            Encoding::Identity => return self.html.clone(),
            Encoding::Zstd => &self.zstd,
            Encoding::Gzip => &self.gzip,
        };
        encoded.get_or_init(|| compression::encode(encoding, &self.html).into()).clone()
    }
}
