//! Numbers about the running server in the text format of Prometheus.
//!
//! Requests are counted by route template, method and class of status, never by path: every label value costs memory
//! for as long as the process lives, so none may come from a client.

use std::{sync::LazyLock, time::Instant};

use metrics::{Gauge, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result, handler, http::Method};

use super::request_log::{route, status};

/// Connections that are open now.
pub const CONNECTIONS_OPEN: &str = "http_connections_open";
/// Requests that are being answered now.
pub const REQUESTS_IN_FLIGHT: &str = "http_requests_in_flight";
/// Requests that were answered, by `route`, `method` and `status` (`2xx` …).
pub const REQUESTS_TOTAL: &str = "http_requests_total";
/// Seconds from the request's header to the answer's header, with the same labels.
pub const REQUEST_DURATION: &str = "http_request_duration_seconds";

const DURATION_BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

static RECORDER: LazyLock<PrometheusHandle> = LazyLock::new(install_recorder);

/// Starts recording. What is counted before is lost. Calling it again changes nothing.
pub fn install() {
    LazyLock::force(&RECORDER);
}

/// All metrics as text.
pub fn render() -> String {
    // Durations pile up between two renderings unless they are moved to their buckets.
    RECORDER.run_upkeep();
    RECORDER.render()
}

/// `GET /metrics`
#[handler]
pub fn show() -> Response {
    render().with_content_type("text/plain; version=0.0.4; charset=utf-8").into_response()
}

/// Counts one in the gauge `name` until the returned value is dropped.
pub fn hold(name: &'static str) -> Held {
    let gauge = gauge!(name);
    gauge.increment(1.0);
    Held(gauge)
}

/// See [`hold`].
pub struct Held(Gauge);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// The middleware that counts and times requests.
#[derive(Clone, Copy, Debug)]
pub struct RequestMetrics;

impl<E: Endpoint> Middleware<E> for RequestMetrics {
    type Output = RequestMetricsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        RequestMetricsEndpoint { inner }
    }
}

/// What [`RequestMetrics`] makes of an endpoint.
pub struct RequestMetricsEndpoint<E> {
    inner: E,
}

impl<E: Endpoint> Endpoint for RequestMetricsEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let _in_flight = hold(REQUESTS_IN_FLIGHT);
        let started = Instant::now();
        let method = method_label(request.method());
        let result = self.inner.call(request).await.map(IntoResponse::into_response);
        let labels = [
            ("route", route(&result).unwrap_or("unmatched").to_owned()),
            ("method", method.to_owned()),
            ("status", format!("{}xx", status(&result).as_u16() / 100)),
        ];
        counter!(REQUESTS_TOTAL, &labels).increment(1);
        histogram!(REQUEST_DURATION, &labels).record(started.elapsed());
        result
    }
}

/// Clients can make up methods, which must not become labels.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

fn install_recorder() -> PrometheusHandle {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(REQUEST_DURATION.to_owned()), &DURATION_BUCKETS)
        .expect("there is at least one bucket");
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    if let Err(error) = metrics::set_global_recorder(recorder) {
        tracing::warn!(%error, "metrics are not recorded");
    }
    describe_gauge!(CONNECTIONS_OPEN, "Connections that are open");
    describe_gauge!(REQUESTS_IN_FLIGHT, "Requests that are being answered");
    describe_counter!(REQUESTS_TOTAL, "Requests that were answered");
    describe_histogram!(REQUEST_DURATION, metrics::Unit::Seconds, "Time until the answer began");
    handle
}
