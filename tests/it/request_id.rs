//! Every answer carries a request id, and only a trusted proxy can choose it.

use poem::{EndpointExt, Route, handler, test::TestClient, web::Data};
use quarterdeck::web::{
    client_address::TrustedProxies,
    request_id::{RequestId, RequestIds},
    server::Limits,
};

use crate::raw_http::start;

#[handler]
fn echo(id: Data<&RequestId>) -> String {
    id.to_string()
}

#[tokio::test]
async fn every_answer_has_its_own_id() {
    let client = TestClient::new(Route::new().at("/", echo).with(RequestIds::default()));
    let mut seen = Vec::new();
    for path in ["/", "/", "/missing"] {
        let response = client.get(path).send().await.0;
        let id = response.header("x-request-id").unwrap().to_owned();
        assert!(id.len() == 16 && id.bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");
        if path == "/" {
            assert_eq!(response.into_body().into_string().await.unwrap(), id);
        }
        assert!(!seen.contains(&id), "{id} was given twice");
        seen.push(id);
    }
}

/// Whether the server took the id that the client sent.
async fn takes(ids: RequestIds, sent: &str) -> bool {
    let server = start(echo.with(ids), Limits::default()).await;
    let mut client = server.client().await;
    client.send(format!("GET / HTTP/1.1\r\nHost: test\r\nX-Request-Id: {sent}\r\n\r\n")).await;
    let answer = client.answer().await;
    assert_eq!(answer.headers["x-request-id"], answer.body);
    answer.body == sent
}

#[tokio::test]
async fn an_incoming_id_is_taken_from_a_trusted_proxy_alone() {
    let ids = |accept_incoming, proxy: &str| RequestIds {
        accept_incoming,
        trusted: TrustedProxies::parse(&[proxy]).unwrap(),
    };
    assert!(takes(ids(true, "127.0.0.0/8"), "proxy-1_2.3").await);
    assert!(!takes(ids(true, "10.0.0.1"), "proxy-1").await);
    assert!(!takes(ids(false, "127.0.0.0/8"), "proxy-1").await);
    assert!(!takes(ids(true, "127.0.0.0/8"), "a b").await);
    assert!(!takes(ids(true, "127.0.0.0/8"), &"x".repeat(65)).await);
}
