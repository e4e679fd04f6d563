//! The security headers are on every answer, and a handler's own stay.

use poem::{EndpointExt, IntoResponse, Response, Route, handler, http::StatusCode, test::TestClient};
use quarterdeck::web::security_headers::SecurityHeaders;

#[handler]
fn page() -> &'static str {
    "page"
}

#[handler]
fn failing() -> poem::Result<()> {
    Err(poem::Error::from_status(StatusCode::INTERNAL_SERVER_ERROR))
}

#[handler]
fn explorer() -> Response {
    "explorer".with_header("content-security-policy", "default-src 'self'").into_response()
}

async fn get(options: SecurityHeaders, path: &str) -> Response {
    let routes = Route::new().at("/", page).at("/failing", failing).at("/explorer", explorer);
    TestClient::new(routes.with(options)).get(path).send().await.0
}

#[tokio::test]
async fn they_are_on_pages_and_errors() {
    for (path, status) in [("/", 200), ("/failing", 500), ("/missing", 404)] {
        let response = get(SecurityHeaders::default(), path).await;
        assert_eq!(response.status().as_u16(), status);
        let header = |name: &str| response.header(name).unwrap_or_else(|| panic!("{path} has no {name}"));
        assert_eq!(
            header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; \
             require-trusted-types-for 'script'; trusted-types htmx; report-uri /csp-reports"
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "SAMEORIGIN");
        assert_eq!(header("referrer-policy"), "strict-origin-when-cross-origin");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(header("x-xss-protection"), "1; mode=block");
        for feature in ["camera=()", "microphone=()", "geolocation=()"] {
            assert!(header("permissions-policy").contains(feature), "{feature}");
        }
        assert_eq!(response.header("strict-transport-security"), None);
    }
}

#[tokio::test]
async fn options_switch_two_of_them() {
    let response = get(SecurityHeaders { hsts: true, xss_protection: false }, "/").await;
    assert_eq!(response.header("strict-transport-security"), Some("max-age=31536000"));
    assert_eq!(response.header("x-xss-protection"), None);
}

#[tokio::test]
async fn a_handlers_own_policy_stays_alone() {
    let response = get(SecurityHeaders::default(), "/explorer").await;
    let policies: Vec<_> = response.headers().get_all("content-security-policy").iter().collect();
    assert_eq!(policies, ["default-src 'self'"]);
    assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
}
