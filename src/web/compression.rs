//! Compression of dynamic answers, and the negotiation that goes with it (RFC 9110, section 12.5.3).
//!
//! zstd at level 1 if the client takes it, else gzip at level 1: both cost less time than the bytes they save on any
//! real line. Answers that stream (events, exports) pass as they are, since holding them back would defeat them, and so
//! do those that carry a Content-Encoding already, such as pages from a cache of compressed ones.

use std::io::Write;

use flate2::write::GzEncoder;
use http_body_util::combinators::BoxBody;
use hyper::body::Body as _;
use poem::{
    Body, Endpoint, IntoResponse, Middleware, Request, Response, Result,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, VARY},
    },
};

/// Below this the headers outweigh what is saved.
const MIN_BYTES: u64 = 512;
/// From here on compressing takes milliseconds, which other requests on the same thread would wait for.
const BLOCKING_BYTES: usize = 256 * 1024;

/// A content coding that the server can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    Identity,
    Gzip,
    Zstd,
}

impl Encoding {
    /// The name in Accept-Encoding and Content-Encoding.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    fn is_named(self, name: &str) -> bool {
        // RFC 9110, section 8.4.1.3: x-gzip is the same as gzip.
        name.eq_ignore_ascii_case(self.name()) || (self == Self::Gzip && name.eq_ignore_ascii_case("x-gzip"))
    }
}

/// The encodings for dynamic answers, the preferred one first.
pub const OFFERED: [Encoding; 2] = [Encoding::Zstd, Encoding::Gzip];

/// The best of `offered` for an Accept-Encoding header: the one with the highest quality, among equals the one that is
/// offered first. Identity if none is acceptable, or if the header prefers identity by name.
pub fn negotiate(header: &str, offered: &[Encoding]) -> Encoding {
    let accepted: Vec<(&str, u16)> = header.split(',').filter_map(coding_and_quality).collect();
    let named = |encoding: Encoding| accepted.iter().find(|(name, _)| encoding.is_named(name)).map(|(_, q)| *q);
    let any = accepted.iter().find(|(name, _)| *name == "*").map_or(0, |(_, q)| *q);
    let identity = named(Encoding::Identity).unwrap_or(0);
    let mut best = (Encoding::Identity, 0);
    for &encoding in offered {
        let quality = named(encoding).unwrap_or(any);
        if quality > best.1 && quality >= identity {
            best = (encoding, quality);
        }
    }
    best.0
}

/// The Accept-Encoding of a request, its several headers taken as one list.
pub fn accept_encoding(headers: &HeaderMap) -> String {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join(",")
}

/// `bytes` in `encoding`, at the fastest level.
pub fn encode(encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
    match encoding {
        Encoding::Identity => bytes.to_vec(),
        Encoding::Gzip => gzip(bytes).expect("writing to memory does not fail"),
        Encoding::Zstd => zstd::bulk::compress(bytes, 1).expect("the destination is as large as zstd asks for"),
    }
}

/// Adds `name` to the Vary header unless it is there.
pub fn vary_by(headers: &mut HeaderMap, name: &'static str) {
    let values: Vec<&str> = headers.get_all(VARY).iter().filter_map(|value| value.to_str().ok()).collect();
    let listed = values.join(", ");
    if listed.split(',').map(str::trim).any(|item| item == "*" || item.eq_ignore_ascii_case(name)) {
        return;
    }
    let merged = if listed.is_empty() { name.to_owned() } else { format!("{listed}, {name}") };
    if let Ok(value) = HeaderValue::from_str(&merged) {
        headers.insert(VARY, value);
    }
}

/// The middleware.
pub struct Compression;

impl<E: Endpoint> Middleware<E> for Compression {
    type Output = CompressionEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CompressionEndpoint { inner }
    }
}

/// What [`Compression`] makes of an endpoint.
pub struct CompressionEndpoint<E> {
    inner: E,
}

impl<E: Endpoint> Endpoint for CompressionEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let is_head = request.method() == Method::HEAD;
        let encoding = negotiate(&accept_encoding(request.headers()), &OFFERED);
        let mut response = self.inner.call(request).await?.into_response();
        if varies(&response) {
            vary_by(response.headers_mut(), "Accept-Encoding");
        }
        if is_head || encoding == Encoding::Identity || !is_encodable(&response) {
            return Ok(response);
        }
        encode_response(response, encoding).await
    }
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), flate2::Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// One item of the list, its quality in thousandths. `None` for what is no valid item.
fn coding_and_quality(item: &str) -> Option<(&str, u16)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let mut quality = 1000;
    for parameter in parts {
        let (key, value) = parameter.split_once('=')?;
        if key.trim().eq_ignore_ascii_case("q") {
            quality = thousandths(value.trim())?;
        }
    }
    Some((name, quality))
}

fn thousandths(value: &str) -> Option<u16> {
    let quality: f32 = value.parse().ok()?;
    (0.0..=1.0).contains(&quality).then_some((quality * 1000.0).round() as u16)
}

/// Whether the answer could differ by Accept-Encoding. A 304 has to name what the full answer would.
fn varies(response: &Response) -> bool {
    response.status() == StatusCode::NOT_MODIFIED
        || response.headers().contains_key(CONTENT_ENCODING)
        || response.content_type().is_some_and(is_compressible)
}

fn is_encodable(response: &Response) -> bool {
    use StatusCode as Status;
    let headers = response.headers();
    let has_no_body = matches!(response.status(), Status::NO_CONTENT | Status::NOT_MODIFIED | Status::PARTIAL_CONTENT);
    let forbidden = response.header(CACHE_CONTROL).is_some_and(|value| value.contains("no-transform"));
    !has_no_body
        && !forbidden
        && !headers.contains_key(CONTENT_ENCODING)
        && !headers.contains_key(CONTENT_RANGE)
        && response.content_type().is_some_and(is_compressible)
}

fn is_compressible(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.split_once('/') {
        Some(("text", subtype)) => subtype != "event-stream",
        Some(("application", subtype)) => {
            matches!(subtype, "json" | "javascript" | "xml" | "wasm" | "x-ndjson")
                || subtype.ends_with("+json")
                || subtype.ends_with("+xml")
        }
        Some(("image", subtype)) => subtype == "svg+xml",
        _ => false,
    }
}

/// The answer with its body encoded, if the body is at hand as a whole and large enough.
async fn encode_response(mut response: Response, encoding: Encoding) -> Result<Response> {
    let body: BoxBody<_, _> = response.take_body().into();
    if body.size_hint().exact().is_none_or(|bytes| bytes < MIN_BYTES) {
        response.set_body(Body::from(body));
        return Ok(response);
    }
    let bytes = Body::from(body).into_bytes().await?;
    let encoded = if bytes.len() < BLOCKING_BYTES {
        encode(encoding, &bytes)
    } else {
        let encoding_thread = tokio::task::spawn_blocking(move || encode(encoding, &bytes));
        encoding_thread.await.map_err(poem::error::InternalServerError)?
    };
    let headers = response.headers_mut();
    headers.remove(CONTENT_LENGTH);
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    weaken_etag(headers);
    response.set_body(encoded);
    Ok(response)
}

/// A strong ETag promises the same bytes, which the encoded answer does not have.
fn weaken_etag(headers: &mut HeaderMap) {
    let Some(tag) = headers.get(ETAG).filter(|tag| !tag.as_bytes().starts_with(b"W/")) else { return };
    if let Ok(weak) = HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat()) {
        headers.insert(ETAG, weak);
    }
}
