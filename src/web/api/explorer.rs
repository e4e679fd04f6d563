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
use std::sync::OnceLock;

/// The page for a document. It is made when somebody asks for it first, since it is long and seldom wanted.
pub fn page(document: String) -> impl Endpoint {
    let made: OnceLock<(Bytes, String)> = OnceLock::new();
    make_sync(move |_| {
        let (html, policy) = made.get_or_init(|| {
            let html = html(&document);
            let policy = policy(&html);
            (Bytes::from(html), policy)
        });
        Response::builder()
            .content_type("text/html; charset=utf-8")
            .header(header::CONTENT_SECURITY_POLICY, policy)
            .body(html.clone())
    })
}

/// poem-openapi writes the page for the document of a service; an empty one's is exchanged for ours.
fn html(document: &str) -> String {
    let empty = OpenApiService::new((), "", "");
    empty
        .swagger_ui_html()
        .replace(&empty.spec(), document)
        .replacen("<html charset=\"UTF-8\">", "<!DOCTYPE html><html lang=\"en\">", 1)
        .replacen("<title>Swagger UI</title>", "<title>API · Quarterdeck</title>", 1)
}

fn policy(html: &str) -> String {
    let (styles, scripts) = (hashes(html, "style"), hashes(html, "script"));
    format!(
        "default-src 'none'; script-src {scripts}; style-src {styles}; img-src 'self' data:; connect-src 'self'; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
}

/// The hashes of the page's elements of that name, as a policy writes them.
fn hashes(html: &str, element: &str) -> String {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let contents = html.split(&open).skip(1).filter_map(|after| {
        let (_, rest) = after.split_once('>')?;
        Some(rest.split_once(&close)?.0)
    });
    let hashes: Vec<String> =
        contents.map(|content| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content)))).collect();
    hashes.join(" ")
}
