//! What stands between a socket and a handler: the accept loop with its limits, the layers that every request passes,
//! the frame around pages, and the few pages that belong to no plugin (log-in, start page, health, live stream).

mod account;
pub mod api;
pub mod assets;
pub mod body_limit;
pub mod client_address;
pub mod components;
pub mod compression;
pub mod context;
mod cookies;
mod error_pages;
mod flash;
pub mod form;
mod health;
mod home;
mod https;
mod invitations;
pub mod layout;
mod live;
pub mod markdown;
pub mod metrics;
pub mod negotiation;
mod notices;
mod password_resets;
mod plugin_switches;
mod policy_reports;
pub mod request_id;
pub mod request_log;
pub mod routes;
pub mod security_headers;
pub mod self_check;
pub mod server;
mod session_cookies;
mod sessions;
mod sign_in;
mod site;
mod steps;
pub mod times;
mod viewing;

use crate::app::App;
use crate::plugin::Route;
use body_limit::BodyLimit;
use client_address::{ClientAddresses, TrustedProxies};
use compression::Compression;
use error_pages::ErrorPages;
use https::EnforceHttps;
use metrics::RequestMetrics;
use plugin_switches::PluginSwitches;
use poem::http::{HeaderValue, header};
use poem::{Endpoint, EndpointExt, IntoResponse, Response};
use request_id::RequestIds;
use request_log::{CatchPanics, RequestLog};
use security_headers::SecurityHeaders;

/// Paths whose requests are logged at debug level only.
const QUIET: &[&str] = &["/healthz", "/readyz", "/metrics", "/assets", "/live"];

/// Paths whose answers depend on no person.
const FOR_NOBODY: &[&str] = &["/assets", "/favicon.svg", "/healthz", "/readyz", "/metrics", policy_reports::PATH];

/// The whole portal as one endpoint. `api` is what lies at /api.
pub fn endpoint<E: Endpoint + 'static>(app: &App, api: E) -> impl Endpoint<Output = Response> + use<E> {
    let own = own_routes();
    let limits = body_limits(app, &own);
    let inside = routes::join(app, own)
        .nest("/api", api)
        .nest("/assets", assets::serve())
        .at("/favicon.svg", assets::serve())
        .with(PluginSwitches { app: app.clone() })
        .with(sessions::Sessions { app: app.clone(), without: FOR_NOBODY })
        .with(limits)
        .with(CatchPanics)
        .with(https_only(app))
        .with(ErrorPages)
        .data(app.clone());
    layers(app, inside)
}

/// What every answer passes, whoever gives it: compression, counting, the log, request ids, addresses, headers.
pub fn layers<E: Endpoint + 'static>(app: &App, inside: E) -> impl Endpoint<Output = Response> + use<E> {
    let http = &app.config.http;
    let trusted = TrustedProxies::new(http.trusted_proxies.clone());
    inside
        .with(Compression)
        .after(no_store)
        .with(RequestMetrics)
        .with(RequestLog { quiet: QUIET })
        .with(RequestIds { accept_incoming: !http.trusted_proxies.is_empty(), trusted: trusted.clone() })
        .with(ClientAddresses { trusted })
        .with(SecurityHeaders { hsts: http.hsts, xss_protection: http.xss_protection })
        .map_to_response()
}

fn https_only(app: &App) -> EnforceHttps {
    let http = &app.config.http;
    let to = http.public_url.as_ref().filter(|_| http.enforce_https);
    EnforceHttps { to: to.map(|url| url.as_str().to_owned()) }
}

pub(crate) fn own_routes() -> Vec<Route> {
    let parts = [
        home::routes(),
        sign_in::routes(),
        account::routes(),
        notices::routes(),
        password_resets::routes(),
        invitations::routes(),
        live::routes(),
        health::routes(),
        policy_reports::routes(),
        viewing::routes(),
    ];
    parts.into_iter().flatten().collect()
}

fn body_limits(app: &App, own: &[Route]) -> BodyLimit {
    let http = &app.config.http;
    let of_plugins = app.plugins.iter().flat_map(|plugin| (plugin.routes)());
    let uploads: Vec<&str> = own.iter().filter(|route| route.uploads).map(|route| route.path).collect();
    let of_plugins: Vec<&str> = of_plugins.filter(|route| route.uploads).map(|route| route.path).collect();
    let limits = BodyLimit::new(http.max_body_bytes as u64).at(policy_reports::PATH, policy_reports::MAX_BYTES);
    uploads.into_iter().chain(of_plugins).fold(limits, |limits, path| limits.at(path, http.max_upload_bytes as u64))
}

/// What a handler says nothing about is not kept by anybody: it may be personal.
async fn no_store<R: IntoResponse>(answer: poem::Result<R>) -> poem::Result<Response> {
    let mut response = answer?.into_response();
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(no_store);
    Ok(response)
}
