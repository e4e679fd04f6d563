//! Static files: their names, caching and compression over HTTP, and the checksums of what is vendored.

use poem::http::{Method, StatusCode};
use poem::test::{TestClient, TestResponse};
use poem::{Endpoint, Route};
use quarterdeck::web::assets::{self, ASSETS, Icon};
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::Path;

fn client() -> TestClient<impl Endpoint> {
    TestClient::new(Route::new().nest("/assets", assets::serve()).at("/favicon.svg", assets::serve()))
}

async fn get(path: &str, headers: &[(&'static str, &str)]) -> TestResponse {
    let client = client();
    let request = headers.iter().fold(client.get(path), |request, (name, value)| request.header(*name, *value));
    request.send().await
}

fn header(response: &TestResponse, name: &str) -> String {
    response.0.headers().get(name).map(|value| value.to_str().unwrap().to_string()).unwrap_or_default()
}

#[test]
fn vendored_files_are_the_ones_that_were_chosen() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/vendor");
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let rows: Vec<Vec<&str>> = readme
        .lines()
        .map(|line| line.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>())
        .filter(|cells| cells.len() == 3 && cells[2].len() == 64)
        .collect();

    for row in &rows {
        let body = std::fs::read(folder.join(row[0])).unwrap();
        let found: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, row[2], "{} is not the file that README.md tells of", row[0]);
    }
    let served = ASSETS.iter().filter(|asset| asset.name.starts_with("vendor/")).count();
    assert_eq!(rows.len(), served, "README.md must name each vendored file that is served");
}

#[tokio::test]
async fn hashed_names_never_expire_and_plain_names_keep_for_thirty_days() {
    let hashed = get(assets::path("app.css"), &[]).await;
    hashed.assert_status_is_ok();
    assert_eq!(header(&hashed, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&hashed, "content-type"), "text/css; charset=utf-8");

    let plain = get("/assets/vendor/htmx.min.js", &[]).await;
    plain.assert_status_is_ok();
    assert_eq!(header(&plain, "cache-control"), "public, max-age=2592000");

    let favicon = get("/favicon.svg", &[]).await;
    favicon.assert_status_is_ok();
    assert_eq!(header(&favicon, "content-type"), "image/svg+xml");
}

#[tokio::test]
async fn unknown_names_are_missing_and_other_methods_refused() {
    for path in ["/assets/nothing.css", "/assets/", "/assets/../Cargo.toml", "/assets/vendor/README.md"] {
        get(path, &[]).await.assert_status(StatusCode::NOT_FOUND);
    }
    let response = client().request(Method::POST, "/assets/app.js").send().await;
    response.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    response.assert_header("allow", "GET, HEAD");
}

#[tokio::test]
async fn each_encoding_holds_the_same_bytes_under_its_own_tag() {
    let path = assets::path("vendor/htmx.min.js");
    let plain = get(path, &[]).await;
    let brotli = get(path, &[("accept-encoding", "gzip, br")]).await;
    let gzip = get(path, &[("accept-encoding", "gzip, br;q=0")]).await;

    assert_eq!(header(&plain, "content-encoding"), "");
    assert_eq!(header(&brotli, "content-encoding"), "br");
    assert_eq!(header(&gzip, "content-encoding"), "gzip");
    for response in [&plain, &brotli, &gzip] {
        assert_eq!(header(response, "vary"), "Accept-Encoding");
    }
    let tags = [header(&plain, "etag"), header(&brotli, "etag"), header(&gzip, "etag")];
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");

    let bytes = plain.0.into_body().into_vec().await.unwrap();
    let packed = gzip.0.into_body().into_vec().await.unwrap();
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked == bytes, "gzip must hold what is served unencoded");
    assert!(brotli.0.into_body().into_vec().await.unwrap().len() < packed.len());
}

#[tokio::test]
async fn a_known_tag_gets_304_in_each_form_of_the_header() {
    let path = assets::path("app.js");
    let etag = header(&get(path, &[]).await, "etag");
    for known in [etag.clone(), format!("\"other\", W/{etag}"), "*".to_string()] {
        let response = get(path, &[("if-none-match", &known)]).await;
        response.assert_status(StatusCode::NOT_MODIFIED);
        assert_eq!(header(&response, "etag"), etag);
        assert_eq!(header(&response, "vary"), "Accept-Encoding");
        assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
        assert!(response.0.into_body().is_empty());
    }
    get(path, &[("if-none-match", "\"other\"")]).await.assert_status_is_ok();
    // The brotli representation is another one than the plain one that the tag names.
    get(path, &[("if-none-match", &etag), ("accept-encoding", "br")]).await.assert_status_is_ok();
}

#[tokio::test]
async fn head_tells_what_get_would_send() {
    let path = assets::path("app.css");
    let head = client().head(path).header("accept-encoding", "gzip").send().await;
    let full = get(path, &[("accept-encoding", "gzip")]).await;
    head.assert_status_is_ok();
    for name in ["content-length", "content-type", "content-encoding", "etag", "vary", "cache-control"] {
        assert_eq!(header(&head, name), header(&full, name), "{name}");
    }
    assert!(head.0.into_body().is_empty());
}

#[tokio::test]
async fn the_sprite_holds_each_icon_and_the_stylesheet_names_hashed_files() {
    let markup = assets::icon(Icon::CircleHalfStroke).into_string();
    let href = markup.split('"').find(|part| part.starts_with("/assets/")).unwrap();
    let (sprite, symbol) = href.split_once('#').unwrap();
    assert_eq!(symbol, "circle-half-stroke");
    let text = get(sprite, &[]).await.0.into_body().into_string().await.unwrap();
    assert!(text.contains("<symbol id=\"circle-half-stroke\" viewBox=\"0 0 512 512\">"));

    let stylesheet = get(assets::path("app.css"), &[]).await.0.into_body().into_string().await.unwrap();
    let rose = assets::path("rose.svg").trim_start_matches("/assets/");
    assert!(stylesheet.contains(&format!("url(\"{rose}\")")));
}
