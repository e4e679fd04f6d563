//! The matrix as a page, and its windows as one scrolls.

use super::super::READ;
use super::super::sight::Sight;
use super::model::{self, Filter, Span, WINDOW_TOPICS, Window};
use super::{grid, views};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::plugin::Route;
use crate::web::compression::{self, Encoding};
use crate::web::context::{Context, vary_by_htmx};
use crate::web::form::{id_of, number_of};
use crate::web::negotiation;
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

/// The fields of the filter and the place of the window; a form sends those that are empty, too.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Parameters {
    team: String,
    category: String,
    person: String,
    skill: String,
    line: String,
    lines: String,
    column: String,
    columns: String,
}

impl Parameters {
    pub fn filter(&self) -> Filter {
        Filter {
            team_id: id_of(&self.team),
            category_id: id_of(&self.category),
            person: self.person.trim().to_owned(),
            skill: self.skill.trim().to_owned(),
            only: None,
        }
    }

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
async fn index(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    let (filter, span) = (parameters.filter(), parameters.span());
    let actor = cx.actor()?;
    let choices = model::choices(&cx.app, actor).await?;
    let drawn = drawn(&cx.app, actor, &filter, span).await?;
    let page = views::Page { filter: &filter, choices: &choices, window: &drawn.window, grid: drawn.grid(), span };
    Ok(cx.live_page("Skills matrix", Some(super::super::TOPIC), views::index(&cx, &page)))
}

/// A window, which is the same for all who may see the same: a browser that has it is told so, and it is compressed once.
#[handler]
async fn show_window(cx: Context, Query(parameters): Query<Parameters>, request: &Request) -> Result<Response> {
    let drawn = drawn(&cx.app, cx.actor()?, &parameters.filter(), parameters.span()).await?;
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

async fn drawn(app: &App, actor: &Actor, filter: &Filter, span: Span) -> Result<Arc<Drawn>> {
    // Who asks is checked here too: the cache knows nobody, but what those who share an entry may see.
    let sight = Sight::of(app, actor).await?;
    let key = format!("skills/window/{}/{filter:?}/{span:?}", sight.key());
    app.cache
        .get_or(&WINDOW_TOPICS, key, async || {
            let window = model::window(app, actor, filter, span).await?;
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
