//! What the log tells of a request, and what becomes of a panic.

use std::{
    io,
    sync::{Arc, Mutex},
};

use poem::{Endpoint, EndpointExt, Response, Route, handler, test::TestClient, web::Path};
use quarterdeck::web::{
    request_id::RequestIds,
    request_log::{CatchPanics, HandlerPanicked, RequestLog},
};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn json(&self) -> Vec<serde_json::Value> {
        let bytes = self.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Lines;

    fn make_writer(&'a self) -> Lines {
        self.clone()
    }
}

#[handler]
fn show(Path(id): Path<String>) -> String {
    id
}

#[handler]
fn healthz() -> &'static str {
    "ok"
}

#[handler]
async fn broken() -> &'static str {
    panic!("the cupboard is bare")
}

fn app() -> impl Endpoint {
    Route::new()
        .at("/resets/:token", show)
        .at("/healthz", healthz)
        .at("/healthzz", healthz)
        .at("/broken", broken)
        .with(CatchPanics)
        .with(RequestLog::default())
        .with(RequestIds::default())
}

/// The answer to a GET and the lines that were logged for it.
async fn get(path: &str, level: LevelFilter) -> (Response, Vec<serde_json::Value>) {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt().json().with_max_level(level).with_writer(lines.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let response = TestClient::new(app()).get(path).send().await.0;
    (response, lines.json())
}

#[tokio::test]
async fn a_request_is_one_line() {
    let (response, lines) = get("/resets/secret-token?q=hidden", LevelFilter::INFO).await;
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    let (span, fields) = (&line["span"], &line["fields"]);
    assert_eq!(line["level"], "INFO");
    assert_eq!(span["id"], response.header("x-request-id").unwrap());
    assert_eq!(span["method"], "GET");
    assert_eq!(fields["route"], "/resets/:token");
    assert_eq!(fields["status"], 200);
    assert!(fields["duration_ms"].as_f64().unwrap() >= 0.0);
    assert!(!line.to_string().contains("secret-token") && !line.to_string().contains("hidden"));
}

#[tokio::test]
async fn an_unknown_path_is_logged_without_a_route() {
    let (_, lines) = get("/missing", LevelFilter::INFO).await;
    assert_eq!(lines[0]["fields"]["route"], "-");
    assert_eq!(lines[0]["fields"]["status"], 404);
}

#[tokio::test]
async fn probes_are_logged_at_debug() {
    assert!(get("/healthz", LevelFilter::INFO).await.1.is_empty());
    assert_eq!(get("/healthz", LevelFilter::DEBUG).await.1.len(), 1);
    assert_eq!(get("/healthzz", LevelFilter::INFO).await.1.len(), 1);
}

#[tokio::test]
async fn a_panic_is_an_error_with_the_request_id() {
    let (response, lines) = get("/broken", LevelFilter::WARN).await;
    assert_eq!(response.status().as_u16(), 500);
    let id = response.header("x-request-id").unwrap().to_owned();
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["span"]["id"], id);
    assert_eq!(line["fields"]["panic"], "the cupboard is bare");
    let body = response.into_body().into_string().await.unwrap();
    assert_eq!(body, format!("Something went wrong on the server. Request id: {id}"));
}

#[tokio::test]
async fn the_layer_outside_can_tell_a_panic_from_other_errors() {
    let result = broken.with(CatchPanics).call(poem::Request::default()).await;
    assert!(result.err().unwrap().is::<HandlerPanicked>());
}
