//! For load balancers and Prometheus: is the process alive, can it serve, what did it do.

use super::metrics;
use super::server::Drain;
use crate::app::App;
use crate::plugin::{Access, Route};
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use std::time::Duration;
use tokio::time::timeout;

/// Whoever asks gives up after a few seconds, so an answer that is late is none.
const PATIENCE: Duration = Duration::from_secs(2);

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/healthz", Access::Public, alive),
        Route::get("/readyz", Access::Public, ready),
        Route::get("/metrics", Access::Public, metrics::show),
    ]
}

#[handler]
fn alive() -> &'static str {
    "ok"
}

/// 200 when the database and, if configured, Redis answer; 503 otherwise and while the server stops.
#[handler]
async fn ready(Data(app): Data<&App>, drain: Drain) -> Response {
    let database = state(timeout(PATIENCE, app.db.ping()).await.is_ok_and(|answer| answer.is_ok()));
    let redis = match &app.redis {
        None => "not configured",
        Some(redis) => state(redis.ping().await.is_ok()),
    };
    let server = if drain.is_started() { "stopping" } else { "ok" };
    let fine = database == "ok" && redis != "away" && server == "ok";
    let status = if fine { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::json!({ "database": database, "redis": redis, "server": server });
    Response::builder().status(status).content_type("application/json").body(body.to_string())
}

fn state(answers: bool) -> &'static str {
    if answers { "ok" } else { "away" }
}
