//! The page at which the API can be read and tried out: Swagger UI, as poem-openapi carries it, fetching nothing from
//! elsewhere.
//!
//! All of it stands in the page itself: a style and two scripts. Its own policy, on this one address, names exactly
//! these by their hashes. Trusted Types are not required here, because Swagger UI knows nothing of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use poem::endpoint::make_sync;
use poem::http::header;
use poem::{Endpoint, Response};
use poem_openapi::OpenApiService;
use sha2::{Digest, Sha256};
use std::sync::{Mutex, PoisonError};

struct Page {
    document: String,
    html: Bytes,
    policy: String,
}

/// The page for a document. It is made when somebody asks for it first, since it is long and seldom wanted, and again when
/// the document is another one.
pub fn page(document: impl Fn() -> String + Send + Sync) -> impl Endpoint {
    let made: Mutex<Option<Page>> = Mutex::new(None);
    make_sync(move |_| {
        let document = document();
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made.take().filter(|page| page.document == document);
        let page = made.insert(known.unwrap_or_else(|| Page::of(document)));
        Response::builder()
            .content_type("text/html; charset=utf-8")
            .header(header::CONTENT_SECURITY_POLICY, &page.policy)
            .body(page.html.clone())
    })
}

impl Page {
    fn of(document: String) -> Page {
        let html = html(&document);
        Page { policy: policy(&html), html: Bytes::from(html), document }
    }
}

/// poem-openapi writes the page for the document of a service; an empty one's is exchanged for ours.
fn html(document: &str) -> String {
    let empty = OpenApiService::new((), "", "");
    empty
        .swagger_ui_html()
        .replace(&empty.spec(), document)
        .replacen("<html charset=\"UTF-8\">", "<!DOCTYPE html><html lang=\"en\">", 1)
        .replacen(
            "<title>Swagger UI</title>",
            "<title>API · Quarterdeck</title><link rel=\"icon\" href=\"/favicon.svg\">",
            1,
        )
}

fn policy(html: &str) -> String {
    let (mut styles, mut scripts) = (String::new(), String::new());
    let mut rest = html;
    while let Some((name, content, after)) = next_inline(rest) {
        let hash = format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(content)));
        if name == "style" {
            styles += &hash
        } else {
            scripts += &hash
        }
        rest = after;
    }
    format!(
        "default-src 'none'; script-src{scripts}; style-src{styles}; img-src 'self' data:; connect-src 'self'; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
}

/// The next style or script: its name, its content, and what follows. Tags in the texts of a script are passed over
/// with it.
fn next_inline(html: &str) -> Option<(&'static str, &str, &str)> {
    let first = |name: &'static str| Some((html.find(&format!("<{name}"))?, name));
    let (start, name) = [first("style"), first("script")].into_iter().flatten().min()?;
    let (_, inside) = html[start..].split_once('>')?;
    let (content, after) = inside.split_once(&format!("</{name}>"))?;
    Some((name, content, after))
}
