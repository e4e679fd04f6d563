//! What `/metrics` tells after requests of several kinds.

use poem::{EndpointExt, Route, get, handler, http::Method, http::StatusCode, test::TestClient, web::Path};
use quarterdeck::web::{
    metrics::{self, RequestMetrics},
    server::Limits,
};

use crate::raw_http::start;

#[handler]
fn probe(Path(id): Path<u32>) -> poem::Result<String> {
    if id == 0 { Err(StatusCode::BAD_REQUEST.into()) } else { Ok(metrics::render()) }
}

/// The value of the one series whose line begins with `series`. Other tests record into the same process.
fn value(text: &str, series: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok())
}

#[tokio::test]
async fn requests_are_counted_by_template_method_and_class() {
    metrics::install();
    metrics::install();
    let routes = Route::new().nest("/probes", Route::new().at("/:id", probe)).at("/metrics", get(metrics::show));
    let client = TestClient::new(routes.with(RequestMetrics));
    client.get("/probes/1").send().await.assert_status_is_ok();
    client.get("/probes/2").send().await.assert_status_is_ok();
    client.get("/probes/0").send().await.assert_status(StatusCode::BAD_REQUEST);
    client.request(Method::from_bytes(b"BREW").unwrap(), "/probes/3").send().await.assert_status_is_ok();
    client.get("/probably/missing").send().await.assert_status(StatusCode::NOT_FOUND);

    let response = client.get("/metrics").send().await.0;
    assert_eq!(response.content_type(), Some("text/plain; version=0.0.4; charset=utf-8"));
    let text = response.into_body().into_string().await.unwrap();
    let count = |labels: &str| value(&text, &format!("http_requests_total{{{labels}}}"));
    assert_eq!(count(r#"route="/probes/:id",method="GET",status="2xx""#), Some(2.0));
    assert_eq!(count(r#"route="/probes/:id",method="GET",status="4xx""#), Some(1.0));
    assert_eq!(count(r#"route="/probes/:id",method="other",status="2xx""#), Some(1.0));
    // Other tests miss their routes too, in the same process.
    assert!(count(r#"route="unmatched",method="GET",status="4xx""#) >= Some(1.0));
    let slow_ones = r#"http_request_duration_seconds_bucket{route="/probes/:id",method="GET",status="2xx",le="+Inf"}"#;
    assert_eq!(value(&text, slow_ones), Some(2.0), "{text}");
    assert!(!text.contains("/probes/1") && !text.contains("missing") && !text.contains("BREW"), "{text}");
}

#[tokio::test]
async fn gauges_count_what_is_open() {
    metrics::install();
    let server = start(Route::new().at("/gauges/:id", probe).with(RequestMetrics), Limits::default()).await;
    let mut client = server.client().await;
    client.get("/gauges/1").await;
    let text = client.answer().await.body;
    assert!(value(&text, "http_connections_open ").unwrap() >= 1.0, "{text}");
    assert!(value(&text, "http_requests_in_flight ").unwrap() >= 1.0, "{text}");
}
