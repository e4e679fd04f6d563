//! Http is left behind: people are sent to https, what they send is refused, and only a trusted proxy's word counts.

use crate::support::{TestApp, places};
use poem::http::{Method, StatusCode};

/// A request of a test comes through no socket, from 0.0.0.0.
const BEHIND_A_PROXY: &[&str] = &[
    "http.public_url=https://deck.example.org",
    "http.trusted_proxies=0.0.0.0",
    "http.enforce_https=true",
    "session.cookie_secure=false",
];

#[tokio::test]
async fn by_http_people_are_sent_on_and_forms_are_refused() {
    let app = TestApp::start_with(places()[0], BEHIND_A_PROXY).await;
    let ada = app.administrator().await;
    for method in [Method::GET, Method::HEAD] {
        for path in ["/people?text=a%20b", "/", "/nothing/here", "//evil.example/x", "/assets/nothing.css"] {
            let sent_on = ada.send(method.clone(), path, &[], None).await;
            sent_on.has_status(StatusCode::PERMANENT_REDIRECT);
            assert_eq!(sent_on.header("location"), format!("https://deck.example.org{path}"));
            assert_eq!(sent_on.header("x-content-type-options"), "nosniff");
        }
    }
    let refused = ada.post("/people/teams", &[("name", "Yard")]).await;
    refused.has_status(StatusCode::FORBIDDEN).is_page().shows("Nothing was changed");
    assert_eq!(app.count(quarterdeck::sql!("SELECT COUNT(*) FROM teams")).await, 0);
    for path in ["/healthz", "/readyz", "/metrics"] {
        app.stranger().get(path).await.has_status(StatusCode::OK);
    }
    app.stop().await;
}

#[tokio::test]
async fn by_https_everything_is_as_it_was() {
    let app = TestApp::start_with(places()[0], BEHIND_A_PROXY).await;
    let ada = app.administrator().await;
    for told in ["https", "HTTPS", "http, https"] {
        let page = ada.send(Method::GET, "/people", &[("x-forwarded-proto", told)], None).await;
        page.has_status(StatusCode::OK).shows("People");
    }
    // The nearest proxy's word is the last one.
    for told in ["http", "https, http", "", "httpsx"] {
        let page = ada.send(Method::GET, "/people", &[("x-forwarded-proto", told)], None).await;
        page.has_status(StatusCode::PERMANENT_REDIRECT);
    }
    app.stop().await;
}

#[tokio::test]
async fn nobody_but_a_trusted_proxy_can_say_that_it_was_https() {
    let mut options = BEHIND_A_PROXY.to_vec();
    options[1] = "http.trusted_proxies=10.0.0.0/8";
    let app = TestApp::start_with(places()[0], &options).await;
    let forged = [("x-forwarded-proto", "https"), ("x-forwarded-for", "10.0.0.1"), ("forwarded", "proto=https")];
    app.stranger().send(Method::GET, "/login", &forged, None).await.has_status(StatusCode::PERMANENT_REDIRECT);
    app.stop().await;
}
