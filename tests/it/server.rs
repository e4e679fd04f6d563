//! The accept loop against real sockets: what is silent is closed, what runs is finished.

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use poem::{
    Endpoint, IntoResponse, Route, get, handler, post,
    web::{
        Data,
        sse::{Event, SSE},
    },
};
use quarterdeck::web::security_headers::SecurityHeaders;
use quarterdeck::web::server::{Drain, Limits};
use tokio::{
    net::TcpStream,
    sync::{Notify, mpsc},
};
use tokio_stream::wrappers::ReceiverStream;

use crate::raw_http::{NEVER, RunningServer, SOON, in_time, start};

const UNLIMITED: Limits = Limits {
    max_connections: 100,
    header_timeout: NEVER,
    idle_timeout: NEVER,
    drain: NEVER,
    headers: SecurityHeaders { hsts: true, xss_protection: true },
};

/// A request to `/slow` says that it has begun, and ends when it is let go.
#[derive(Clone, Default)]
struct Slow {
    begun: Arc<Notify>,
    let_go: Arc<Notify>,
}

#[handler]
async fn slow(gate: Data<&Slow>) -> &'static str {
    gate.begun.notify_one();
    gate.let_go.notified().await;
    "finished"
}

#[handler]
fn quick() -> &'static str {
    "quick"
}

#[handler]
fn large() -> Vec<u8> {
    vec![b'x'; 64 * 1024 * 1024]
}

#[handler]
async fn echo(body: String) -> String {
    body
}

fn routes(gate: &Slow) -> impl Endpoint + 'static {
    use poem::EndpointExt;
    Route::new()
        .at("/", get(quick))
        .at("/slow", get(slow))
        .at("/large", get(large))
        .at("/echo", post(echo))
        .data(gate.clone())
}

async fn server_with(limits: Limits) -> (RunningServer, Slow) {
    let gate = Slow::default();
    (start(routes(&gate), limits).await, gate)
}

#[tokio::test]
async fn a_connection_that_sends_nothing_or_half_a_header_is_closed() {
    let (server, _) = server_with(Limits { header_timeout: SOON, ..UNLIMITED }).await;
    let mut silent = server.client().await;
    let mut half = server.client().await;
    half.send("GET / HTTP/1.1\r\nHost: te").await;
    assert_eq!(half.rest().await, "");
    assert_eq!(silent.rest().await, "");
}

#[tokio::test]
async fn half_a_header_after_an_answer_is_closed() {
    let (server, _) = server_with(Limits { header_timeout: SOON, ..UNLIMITED }).await;
    let mut client = server.client().await;
    client.get("/").await;
    assert_eq!(client.answer().await.body, "quick");
    client.send("GET / HTTP/1.1\r\nHost: te").await;
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_connection_at_rest_is_closed() {
    let (server, _) = server_with(Limits { idle_timeout: SOON, ..UNLIMITED }).await;
    let mut client = server.client().await;
    client.get("/").await;
    assert_eq!(client.answer().await.body, "quick");
    client.get("/").await;
    assert_eq!(client.answer().await.body, "quick");
    assert_eq!(client.rest().await, "");
}

/// Rests until the server closes the connection, three times: more than the idle time-out has passed then, and the
/// time for a goodbye.
async fn outlast_idle_timeout(server: &RunningServer) {
    for _ in 0..3 {
        let mut resting = server.client().await;
        resting.get("/").await;
        resting.answer().await;
        resting.rest().await;
    }
}

#[tokio::test]
async fn a_running_request_is_not_at_rest() {
    let (server, gate) = server_with(Limits { header_timeout: SOON, idle_timeout: SOON, ..UNLIMITED }).await;
    let mut client = server.client().await;
    client.get("/slow").await;
    in_time(gate.begun.notified()).await;
    outlast_idle_timeout(&server).await;
    gate.let_go.notify_one();
    assert_eq!(client.answer().await.body, "finished");
}

#[tokio::test]
async fn a_body_that_stops_arriving_ends_the_connection() {
    let (server, _) = server_with(Limits { idle_timeout: SOON, ..UNLIMITED }).await;
    let mut client = server.client().await;
    client.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nabc").await;
    let answer = client.rest().await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("no part of the request's body arrived"), "{answer}");
}

#[tokio::test]
async fn what_never_reaches_a_handler_is_refused_with_the_security_headers_too() {
    let (server, _) = server_with(UNLIMITED).await;
    let oversized = format!("GET / HTTP/1.1\r\nHost: test\r\nCookie: {}\r\n\r\n", "x".repeat(80 * 1024));
    let many: String = (0..200).map(|number| format!("X-{number}: 1\r\n")).collect();
    let many = format!("GET / HTTP/1.1\r\nHost: test\r\n{many}\r\n");
    let senseless = "this is no HTTP at all\r\n\r\n".to_owned();
    let smuggled = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab".to_owned();
    for (request, status) in [(oversized, 431), (many, 431), (senseless, 400), (smuggled, 400)] {
        let mut client = server.client().await;
        client.send(&request).await;
        let answer = client.head().await;
        assert_eq!(answer.status, status, "{:?}", &request[..40]);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "SAMEORIGIN"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(answer.headers[name], value);
        }
        assert!(answer.headers["content-security-policy"].starts_with("default-src 'none'"));
        assert_eq!(client.rest().await, "");
    }
    // Nobody else notices.
    let mut client = server.client().await;
    client.get("/").await;
    assert_eq!(client.answer().await.body, "quick");
}

#[tokio::test]
async fn half_sent_heads_by_the_hundred_keep_nobody_waiting() {
    let (server, _) = server_with(Limits { max_connections: 150, header_timeout: SOON, ..UNLIMITED }).await;
    let mut half_sent = Vec::new();
    for _ in 0..100 {
        let mut client = server.client().await;
        client.send("GET / HTTP/1.1\r\nHost: te").await;
        half_sent.push(client);
    }
    let mut client = server.client().await;
    client.get("/").await;
    assert_eq!(client.answer().await.body, "quick");
    for mut client in half_sent {
        client.rest().await;
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut() {
    let (server, _) = server_with(Limits { idle_timeout: SOON, ..UNLIMITED }).await;
    let mut client = server.client().await;
    client.get("/large").await;
    assert_eq!(client.head().await.status, 200);
    // The drain would wait for this answer for a minute.
    in_time(server.shut_down()).await.unwrap().unwrap();
}

#[tokio::test]
async fn connections_above_the_limit_wait() {
    let (server, _) = server_with(Limits { max_connections: 1, idle_timeout: SOON, ..UNLIMITED }).await;
    let mut first = server.client().await;
    first.get("/").await;
    assert_eq!(first.answer().await.body, "quick");
    let mut second = server.client().await;
    second.get("/").await;
    assert_eq!(second.answer().await.body, "quick");
    assert!(first.is_closed(), "both connections were served at once");
}

#[tokio::test]
async fn head_has_no_body_and_the_connection_stays() {
    let (server, _) = server_with(UNLIMITED).await;
    let mut client = server.client().await;
    client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n").await;
    assert_eq!(client.head().await.status, 200);
    client.get("/").await;
    assert_eq!(client.answer().await.body, "quick");
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let (server, _) = server_with(UNLIMITED).await;
    let mut client = server.client().await;
    let post =
        |body: &str| format!("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    client.send([post("one"), post("two"), post("three")].concat()).await;
    for expected in ["one", "two", "three"] {
        assert_eq!(client.answer().await.body, expected);
    }
}

#[tokio::test]
async fn a_drain_finishes_what_runs_and_refuses_what_is_new() {
    let (server, gate) = server_with(UNLIMITED).await;
    let address = server.address;
    let mut running = server.client().await;
    running.get("/slow").await;
    in_time(gate.begun.notified()).await;
    let mut resting = server.client().await;
    resting.get("/").await;
    resting.answer().await;

    let stopped = server.shut_down();
    assert_eq!(resting.rest().await, "");
    assert!(TcpStream::connect(address).await.is_err(), "a new connection was accepted");

    gate.let_go.notify_one();
    let answer = running.answer().await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "finished"));
    assert_eq!(answer.headers["connection"], "close");
    in_time(stopped).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_drain_answers_what_waits_in_the_backlog() {
    let (server, gate) = server_with(Limits { max_connections: 1, ..UNLIMITED }).await;
    let mut running = server.client().await;
    running.get("/slow").await;
    in_time(gate.begun.notified()).await;
    let mut waiting = server.client().await;
    waiting.get("/").await;

    let stopped = server.shut_down();
    assert_eq!(waiting.answer().await.body, "quick");
    gate.let_go.notify_one();
    assert_eq!(running.answer().await.body, "finished");
    in_time(stopped).await.unwrap().unwrap();
}

#[tokio::test]
async fn what_outlasts_the_drain_is_cut() {
    let (server, gate) = server_with(Limits { drain: SOON, ..UNLIMITED }).await;
    let mut client = server.client().await;
    client.get("/slow").await;
    in_time(gate.begun.notified()).await;
    in_time(server.shut_down()).await.unwrap().unwrap();
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn an_event_stream_outlasts_the_idle_timeout_and_ends_with_the_drain() {
    let (events, receiver) = mpsc::channel::<&str>(1);
    let receiver = std::sync::Mutex::new(Some(receiver));
    let stream = poem::endpoint::make(move |request: poem::Request| {
        let receiver = receiver.lock().unwrap().take().expect("there is one request to this");
        async move {
            let drain = request.data::<Drain>().cloned().unwrap();
            let events = ReceiverStream::new(receiver).map(Event::message);
            SSE::new(events.take_until(async move { drain.started().await }))
                .keep_alive(Duration::from_secs(60))
                .into_response()
        }
    });
    let limits = Limits { header_timeout: SOON, idle_timeout: SOON, ..UNLIMITED };
    let server = start(Route::new().at("/", get(quick)).at("/live", stream), limits).await;
    let mut client = server.client().await;
    client.get("/live").await;
    assert_eq!(client.head().await.status, 200);
    outlast_idle_timeout(&server).await;
    events.send("still here").await.unwrap();
    while client.line().await != "data: still here" {}
    let stopped = server.shut_down();
    assert!(client.rest().await.ends_with("0\r\n\r\n"), "the stream was cut instead of ended");
    in_time(stopped).await.unwrap().unwrap();
}

#[tokio::test]
async fn half_sent_headers_by_the_hundred_are_noticed_by_nobody_else() {
    let (server, _) = server_with(Limits { header_timeout: SOON, max_connections: 500, ..UNLIMITED }).await;
    let mut halves = Vec::new();
    for _ in 0..300 {
        let mut half = server.client().await;
        half.send("GET / HTTP/1.1\r\nHost: te").await;
        halves.push(half);
    }
    let mut other = server.client().await;
    for _ in 0..3 {
        other.get("/").await;
        assert_eq!(other.answer().await.body, "quick");
    }
    for half in &mut halves {
        assert_eq!(half.rest().await, "");
    }
}

#[tokio::test]
async fn a_head_with_very_many_fields_is_refused_and_harms_nobody() {
    let (server, _) = server_with(UNLIMITED).await;
    let mut many = server.client().await;
    let fields: String = (0..200).map(|number| format!("X-Field-{number}: 1\r\n")).collect();
    many.send(format!("GET / HTTP/1.1\r\nHost: test\r\n{fields}\r\n")).await;
    assert!(many.rest().await.starts_with("HTTP/1.1 431 "), "two hundred fields were taken");
    let mut other = server.client().await;
    other.get("/").await;
    assert_eq!(other.answer().await.body, "quick");
}
