//! Bodies above the limit get a 413 that arrives.

use poem::{Body, EndpointExt, Request, Result, Route, handler, post, test::TestClient};
use quarterdeck::web::{
    body_limit::{BodyLimit, BodyTooLarge},
    server::Limits,
};

use crate::raw_http::{RunningServer, start};

#[handler]
async fn length(body: Body) -> Result<String> {
    Ok(body.into_bytes().await?.len().to_string())
}

#[handler]
async fn inattentive() -> &'static str {
    "not read"
}

/// Tells what the handler itself can see.
#[handler]
async fn forgiving(body: Body) -> String {
    match body.into_bytes().await {
        Ok(_) => "all read".to_owned(),
        Err(error) => format!("{:?}", BodyTooLarge::cause_of(&error)),
    }
}

fn app() -> impl poem::Endpoint + 'static {
    Route::new()
        .at("/", post(length))
        .at("/imports/*rest", post(length))
        .at("/importsand", post(length))
        .at("/inattentive", post(inattentive))
        .at("/forgiving", post(forgiving))
        .with(BodyLimit::new(1000).at("/imports", 5000).at("/imports/large", 20_000))
}

async fn server() -> RunningServer {
    start(app(), Limits::default()).await
}

fn chunked(path: &str, bytes: usize) -> String {
    let chunk = format!("64\r\n{}\r\n", "x".repeat(100));
    let chunks = chunk.repeat(bytes / 100);
    format!("POST {path} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n")
}

fn declared(path: &str, bytes: usize) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: test\r\nContent-Length: {bytes}\r\n\r\n{}", "x".repeat(bytes))
}

#[tokio::test]
async fn the_limit_depends_on_the_path() {
    let client = TestClient::new(app());
    for (path, bytes, status) in [
        ("/", 1000, 200),
        ("/", 1001, 413),
        ("/imports/a", 5000, 200),
        ("/imports/a", 5001, 413),
        ("/imports/large/b", 20_000, 200),
        ("/imports/larger", 5001, 413),
        ("/importsand", 1001, 413),
    ] {
        let response = client.post(path).body(vec![b'x'; bytes]).send().await.0;
        assert_eq!(response.status().as_u16(), status, "{bytes} bytes to {path}");
    }
    assert_eq!(client.post("/").send().await.0.into_body().into_string().await.unwrap(), "0");
}

#[tokio::test]
async fn chunked_bodies_count_too() {
    let mut client = server().await.client().await;
    client.send(chunked("/", 1000)).await;
    assert_eq!(client.answer().await.body, "1000");
    client.send(chunked("/", 1100)).await;
    let answer = client.answer().await;
    assert_eq!(answer.status, 413);
    assert_eq!(answer.body, "the request is larger than 1000 bytes");
}

#[tokio::test]
async fn a_handler_can_recognise_the_cut() {
    let mut client = server().await.client().await;
    client.send(chunked("/forgiving", 2000)).await;
    let answer = client.answer().await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "Some(BodyTooLarge { limit: 1000 })"));
}

#[tokio::test]
async fn a_refused_body_is_taken_in_so_that_the_answer_arrives() {
    let mut client = server().await.client().await;
    // The connection is still usable afterwards: nothing of the bodies is left in it.
    for request in [declared("/", 3000), chunked("/", 3000), declared("/inattentive", 900)] {
        client.send(request).await;
        assert_ne!(client.answer().await.body, "");
    }
    client.send(declared("/", 10)).await;
    assert_eq!(client.answer().await.body, "10");
}

#[tokio::test]
async fn taking_in_has_a_bound() {
    let mut client = server().await.client().await;
    client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000000\r\n\r\n").await;
    // More than four times the limit, far less than declared.
    client.send("x".repeat(5000)).await;
    let answer = client.rest().await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_client_that_asks_first_is_refused_at_once() {
    let mut client = server().await.client().await;
    client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n").await;
    assert_eq!(client.answer().await.status, 413);
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn the_error_reaches_the_layer_outside() {
    use poem::Endpoint;
    let request = Request::builder().body("four");
    let error = length.with(BodyLimit::new(3)).call(request).await.err().unwrap();
    assert_eq!(error.downcast_ref(), Some(&BodyTooLarge { limit: 3 }));
}
