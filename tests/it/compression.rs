//! Which answers are compressed, how, and what the caches between are told.

use Encoding::{Gzip, Identity, Zstd};
use poem::{
    Endpoint, EndpointExt, IntoResponse, Response, endpoint::make_sync, http::Method, http::StatusCode,
    test::TestClient,
};
use quarterdeck::web::compression::{Compression, Encoding, OFFERED, encode, negotiate};

fn decode(encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
    use std::io::Read;
    match encoding {
        Identity => bytes.to_vec(),
        Zstd => zstd::stream::decode_all(bytes).unwrap(),
        Gzip => {
            let mut decoded = Vec::new();
            flate2::read::GzDecoder::new(bytes).read_to_end(&mut decoded).unwrap();
            decoded
        }
    }
}

#[test]
fn negotiation() {
    let table = [
        ("", Identity),
        ("gzip, deflate, br, zstd", Zstd),
        ("gzip, deflate, br", Gzip),
        ("br, deflate", Identity),
        ("GZip", Gzip),
        ("x-gzip", Gzip),
        ("*", Zstd),
        ("*;q=0", Identity),
        ("zstd;q=0, *", Gzip),
        ("zstd;q=0, gzip;q=0", Identity),
        ("gzip;q=1.0, zstd;q=0.5", Gzip),
        ("gzip;q=0.5, zstd;q=0.5", Zstd),
        ("zstd ; q=0.000 , gzip ; Q=0.001", Gzip),
        ("identity, gzip;q=0.5", Identity),
        ("identity;q=0.5, gzip;q=0.5", Gzip),
        ("identity;q=0, gzip", Gzip),
        ("identity;q=0", Identity),
        ("zstd;q=2, gzip", Gzip),
        ("zstd;q=NaN, gzip", Gzip),
        ("zstd;q=, gzip;q=-1", Identity),
        (", ,;q=1, gzip", Gzip),
    ];
    for (header, expected) in table {
        assert_eq!(negotiate(header, &OFFERED), expected, "Accept-Encoding: {header}");
    }
    assert_eq!(negotiate("gzip, zstd", &[Gzip, Zstd]), Gzip);
    assert_eq!(negotiate("gzip, zstd", &[]), Identity);
}

#[test]
fn encoding_is_reversible() {
    for text in ["", "a", &"skills matrix ".repeat(5000)] {
        for encoding in [Identity, Gzip, Zstd] {
            assert_eq!(decode(encoding, &encode(encoding, text.as_bytes())), text.as_bytes(), "{encoding:?}");
        }
    }
}

type MakeResponse = Box<dyn Fn() -> Response + Send + Sync>;

fn page(text: String) -> Response {
    Response::builder().content_type("text/html; charset=utf-8").body(text)
}

fn long_page() -> Response {
    page("<p>Dispatch</p>".repeat(100))
}

/// The answer to a GET that accepts everything.
async fn answer(response: impl Fn() -> Response + Send + Sync + 'static) -> Response {
    answer_to(Method::GET, "zstd, gzip", response).await
}

async fn answer_to(method: Method, accept: &str, response: impl Fn() -> Response + Send + Sync + 'static) -> Response {
    let endpoint = make_sync(move |_| response()).with(Compression);
    TestClient::new(endpoint).request(method, "/").header("Accept-Encoding", accept).send().await.0
}

#[tokio::test]
async fn a_page_is_compressed_as_the_client_likes() {
    for (accept, encoding) in [("gzip, zstd", Zstd), ("gzip", Gzip)] {
        let response = answer_to(Method::GET, accept, long_page).await;
        assert_eq!(response.header("content-encoding"), Some(encoding.name()));
        assert_eq!(response.header("vary"), Some("Accept-Encoding"));
        let body = response.into_body().into_vec().await.unwrap();
        assert_eq!(decode(encoding, &body), "<p>Dispatch</p>".repeat(100).as_bytes());
    }
    let plain = answer_to(Method::GET, "gzip;q=0", long_page).await;
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(plain.header("vary"), Some("Accept-Encoding"));
}

#[tokio::test]
async fn a_large_answer_is_compressed() {
    let response = answer(|| page("0123456789".repeat(100_000))).await;
    assert_eq!(response.header("content-encoding"), Some("zstd"));
    let body = response.into_body().into_vec().await.unwrap();
    assert_eq!(decode(Zstd, &body), "0123456789".repeat(100_000).as_bytes());
}

#[tokio::test]
async fn what_must_not_be_compressed_is_left_alone() {
    let long = || "x".repeat(1000);
    let with_type = move |content_type: &str| Response::builder().content_type(content_type).body(long());
    let cases: Vec<(&str, MakeResponse)> = vec![
        ("short", Box::new(|| page("x".repeat(511)))),
        ("image", Box::new(move || with_type("image/png"))),
        ("events", Box::new(move || with_type("text/event-stream"))),
        ("no type", Box::new(move || Response::builder().body(long()))),
        ("204", Box::new(|| long_page().with_status(StatusCode::NO_CONTENT).into_response())),
        ("206", Box::new(|| long_page().with_status(StatusCode::PARTIAL_CONTENT).into_response())),
        ("304", Box::new(|| long_page().with_status(StatusCode::NOT_MODIFIED).into_response())),
        ("no-transform", Box::new(|| long_page().with_header("cache-control", "no-transform").into_response())),
    ];
    for (name, response) in cases {
        assert_eq!(answer(response).await.header("content-encoding"), None, "{name}");
    }
    assert_eq!(answer_to(Method::HEAD, "gzip", long_page).await.header("content-encoding"), None);
}

#[tokio::test]
async fn an_encoded_answer_is_not_encoded_again() {
    let response = answer(|| long_page().with_header("content-encoding", "gzip").into_response()).await;
    assert_eq!(response.header("content-encoding"), Some("gzip"));
    assert_eq!(response.header("vary"), Some("Accept-Encoding"));
    assert_eq!(response.into_body().into_string().await.unwrap(), "<p>Dispatch</p>".repeat(100));
}

#[tokio::test]
async fn vary_is_merged() {
    for (before, after) in [
        ("HX-Request", "HX-Request, Accept-Encoding"),
        ("accept-encoding, HX-Request", "accept-encoding, HX-Request"),
        ("*", "*"),
    ] {
        let response = answer(move || long_page().with_header("vary", before).into_response()).await;
        assert_eq!(response.header("vary"), Some(after));
    }
    let image = answer(|| Response::builder().content_type("image/png").body("x")).await;
    assert_eq!(image.header("vary"), None);
    let unchanged = answer(|| StatusCode::NOT_MODIFIED.into()).await;
    assert_eq!(unchanged.header("vary"), Some("Accept-Encoding"));
}

#[tokio::test]
async fn an_encoded_answer_has_a_weak_tag() {
    for (before, after) in [("\"v1\"", "W/\"v1\""), ("W/\"v1\"", "W/\"v1\"")] {
        let response = answer(move || long_page().with_header("etag", before).into_response()).await;
        assert_eq!(response.header("etag"), Some(after));
    }
    let plain = answer_to(Method::GET, "br", || long_page().with_header("etag", "\"v1\"").into_response()).await;
    assert_eq!(plain.header("etag"), Some("\"v1\""));
}

#[tokio::test]
async fn an_error_stays_an_error() {
    let endpoint = make_sync(|_| Err::<Response, _>(poem::Error::from_status(StatusCode::NOT_FOUND)));
    let result = endpoint.with(Compression).call(poem::Request::default()).await;
    assert_eq!(result.unwrap_err().status(), StatusCode::NOT_FOUND);
}
