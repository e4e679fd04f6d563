//! Static files: built into the program by build.rs, each under a name with its hash, compressed beforehand.
//! Pages name a file through `path` and an icon through `icon`; `serve` answers `/assets/*` and `/favicon.svg`.

use super::negotiation::{content_coding, none_match};
use maud::{Markup, html};
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, Request, Response, endpoint};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A file of the `assets` folder; `name` is relative to it, as in `vendor/htmx.min.js`.
pub struct Asset {
    pub name: &'static str,
    hashed_url: &'static str,
    content_type: &'static str,
    hash: &'static str,
    identity: &'static [u8],
    br: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// The address of a file, with its hash: `path("app.css")` is `/assets/app.3f2a9c0b1d.css`.
///
/// # Panics
/// When no file has that name. Names are literals, so the first rendering of the page shows the mistake.
pub fn path(name: &str) -> &'static str {
    match ASSETS.iter().find(|asset| asset.name == name) {
        Some(asset) => asset.hashed_url,
        None => panic!("no asset has the name {name}"),
    }
}

/// An icon in the size and colour of the text around it. It is decoration: the text beside it, or the `aria-label` of
/// the control around it, tells what it means.
pub fn icon(icon: Icon) -> Markup {
    html! { svg class="icon" aria-hidden="true" { use href=(icon.href()) {} } }
}

/// Answers GET and HEAD for a file, by its plain or its hashed name, relative to where the endpoint is mounted.
pub fn serve() -> impl Endpoint<Output = Response> {
    endpoint::make_sync(|request: Request| respond(&request))
}

fn respond(request: &Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Response::builder().status(StatusCode::METHOD_NOT_ALLOWED).header(header::ALLOW, "GET, HEAD").finish();
    }
    let requested = request.uri().path().trim_start_matches('/');
    match find(requested) {
        Some((asset, cache_control)) => asset.respond(request, cache_control),
        None => StatusCode::NOT_FOUND.into(),
    }
}

/// The file and its Cache-Control.
fn find(requested: &str) -> Option<(&'static Asset, &'static str)> {
    let by_hash = |asset: &&Asset| asset.hashed_url.strip_prefix("/assets/") == Some(requested);
    if let Some(asset) = ASSETS.iter().find(by_hash) {
        return Some((asset, "public, max-age=31536000, immutable"));
    }
    let asset = ASSETS.iter().find(|asset| asset.name == requested)?;
    // Under a plain name fonts keep for a year, since they never change; the rest keeps for 30 days.
    let font = asset.content_type.starts_with("font/");
    Some((asset, if font { "public, max-age=31536000" } else { "public, max-age=2592000" }))
}

impl Asset {
    fn respond(&self, request: &Request, cache_control: &'static str) -> Response {
        let (coding, body) = self.select(request);
        // Each encoding is a representation of its own, so each has its own strong tag.
        let etag = match coding {
            Some(coding) => format!("\"{}-{coding}\"", self.hash),
            None => format!("\"{}\"", self.hash),
        };
        let mut response = Response::builder()
            .header(header::CACHE_CONTROL, cache_control)
            .header(header::VARY, "Accept-Encoding")
            .header(header::ETAG, &etag);
        if none_match(request.headers(), &etag) {
            return response.status(StatusCode::NOT_MODIFIED).finish();
        }
        if let Some(coding) = coding {
            response = response.header(header::CONTENT_ENCODING, coding);
        }
        response = response.header(header::CONTENT_TYPE, self.content_type).header(header::CONTENT_LENGTH, body.len());
        if *request.method() == Method::HEAD { response.finish() } else { response.body(body) }
    }

    /// The content coding and the bytes that suit the client.
    fn select(&self, request: &Request) -> (Option<&'static str>, &'static [u8]) {
        let coded = [self.br.map(|body| ("br", body)), self.gzip.map(|body| ("gzip", body))];
        let offered: Vec<&'static str> = coded.iter().flatten().map(|(coding, _)| *coding).collect();
        let coding = content_coding(request.headers(), &offered);
        let body = coded.into_iter().flatten().find(|(name, _)| Some(*name) == coding).map(|(_, body)| body);
        (coding, body.unwrap_or(self.identity))
    }
}
