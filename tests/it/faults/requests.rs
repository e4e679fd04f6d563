//! Requests that no page of the portal would send, and the cookies that a browser is given.

use crate::support::{Database, PASSWORD, Place, TestApp, Visitor};
use poem::http::{Method, StatusCode};
use quarterdeck::accounts::{Owner, people};

const FORM: &str = "application/x-www-form-urlencoded";

async fn with_password(app: &TestApp) -> i64 {
    let id = app.person("Mia Member", None).await;
    app.give_role(id, "member").await;
    let hash = app.app.passwords.hash(PASSWORD.to_owned(), &Owner::default()).await.unwrap();
    people::set_password(&app.app.db, id, &hash, app.app.now_ms()).await.unwrap();
    id
}

#[tokio::test]
async fn addresses_that_lead_nowhere_are_not_found() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    for path in [
        "/people/teams/99999999999999999999",
        "/people/teams/-1",
        "/people/teams/%ff",
        "/skills/ratings/1/9223372036854775808",
        "/setup/%00",
        "//",
        "/%zz",
        &format!("/{}", "a".repeat(60_000)),
    ] {
        ada.get(path).await.has_status(StatusCode::NOT_FOUND).is_page();
    }
    for path in [
        "/skills?team=99999999999999999999",
        "/people?page=-1",
        "/people?page=99999999999999999999",
        "/people?q=%00%ff",
    ] {
        ada.get(path).await.has_status(StatusCode::OK).is_page();
    }
    app.stop().await;
}

#[tokio::test]
async fn forms_that_cannot_be_read_say_why_and_change_nothing() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let send = async |body: &[u8]| {
        let mut bytes = body.to_vec();
        bytes.extend(format!("&csrf={}", ada.csrf).bytes());
        ada.send(Method::POST, "/people/teams", &[], Some((FORM, bytes))).await
    };
    let unreadable = StatusCode::UNPROCESSABLE_ENTITY;
    send(b"name=%ff%fe").await.has_status(unreadable).shows("not UTF-8");
    send(b"name=Yard \xff").await.has_status(unreadable).shows("not UTF-8");
    send(b"name=A&name=B").await.has_status(unreadable).shows("duplicate field");
    send(b"name=a%00b").await.has_status(unreadable).shows("control characters");
    assert_eq!(app.count(quarterdeck::sql!("SELECT COUNT(*) FROM teams")).await, 0);
    send("name=100%+Köln%20%F0%9F%9A%A2".as_bytes()).await.has_status(StatusCode::SEE_OTHER);
    ada.get("/people/teams").await.shows("100% Köln 🚢");
    app.stop().await;
}

#[tokio::test]
async fn a_form_of_another_session_is_told_to_load_the_page_anew() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let post = async |headers: &[(&str, &str)], body: &str| {
        ada.send(Method::POST, "/people/teams", headers, Some((FORM, body.as_bytes().to_vec()))).await
    };
    let good = format!("name=Yard&csrf={}", ada.csrf);
    let refused = StatusCode::FORBIDDEN;
    post(&[], "name=Yard").await.has_status(refused).is_page().shows("load the page anew");
    post(&[], &format!("csrf=old&{good}")).await.has_status(refused);
    post(&[("origin", "null")], &good).await.has_status(refused);
    post(&[("sec-fetch-site", "same-site")], &good).await.has_status(refused);
    let partial = [("hx-request", "true"), ("hx-request-type", "partial"), ("origin", "https://evil.example")];
    post(&partial, &good).await.has_status(refused).is_fragment().shows("load the page anew");
    assert_eq!(app.count(quarterdeck::sql!("SELECT COUNT(*) FROM teams")).await, 0);
    app.stop().await;
}

#[tokio::test]
async fn after_the_log_in_nobody_is_led_away() {
    let app = TestApp::sqlite().await;
    with_password(&app).await;
    let stranger = app.stranger();
    for (next, leads_to) in [
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("/%5cevil.example", "/%5cevil.example"),
        ("///evil.example", "/"),
        ("/skills?q=Köln 1", "/skills?q=K%C3%B6ln%201"),
    ] {
        let form = [("email", "mia.member@example.org"), ("password", PASSWORD), ("next", next)];
        stranger.post("/login", &form).await.leads_to(leads_to);
    }
    app.stop().await;
}

#[tokio::test]
async fn the_cookie_is_new_with_every_log_in_and_only_a_hash_of_it_is_kept() {
    let app = TestApp::sqlite().await;
    with_password(&app).await;
    let mut fixed = app.stranger();
    fixed.cookie = format!("session={}", "F".repeat(22));
    let first = log_in(&fixed, &[]).await;
    assert!(!first.contains("FFFF"));
    let mut mia = app.stranger();
    mia.cookie = first.split(';').next().unwrap().to_owned();
    let token = mia.cookie.split_once('=').unwrap().1.to_owned();
    let hashes: Vec<(String,)> =
        app.app.db.q(quarterdeck::sql!("SELECT token_hash FROM sessions")).all().await.unwrap();
    assert!(hashes.len() == 1 && !hashes[0].0.contains(&token));
    let form = mia.get("/").await;
    mia.csrf = form.text().split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_ne!(log_in(&mia, &[]).await, first);
    mia.get("/account/sessions").await.has_status(StatusCode::SEE_OTHER);
    app.stop().await;
}

#[tokio::test]
async fn cookies_last_as_long_as_was_asked_for() {
    let place = Place { database: Database::Sqlite, redis: false };
    let app = TestApp::start_with(place, &["session.cookie_secure=true"]).await;
    with_password(&app).await;
    let window = log_in(&app.stranger(), &[]).await;
    assert!(
        window.starts_with("__Host-session=") && window.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"),
        "{window}"
    );
    let form = [("email", "mia.member@example.org"), ("password", PASSWORD), ("remember", "1")];
    let answer = app.stranger().post("/login", &form).await;
    let set = |name: &str| {
        let all = answer.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap());
        all.into_iter().find(|set| set.starts_with(name)).unwrap().to_owned()
    };
    assert!(!set("__Host-session=").contains("Max-Age"), "a session's own cookie goes with its window");
    let remembered = set("__Host-remember=");
    assert!(remembered.contains("HttpOnly") && remembered.contains(&format!("Max-Age={}; Secure", 31 * 24 * 3600)));
    app.stop().await;
}

async fn log_in(visitor: &Visitor<'_>, more: &[(&str, &str)]) -> String {
    let form = [&[("email", "mia.member@example.org"), ("password", PASSWORD)], more].concat();
    let answer = visitor.post("/login", &form).await;
    answer.has_status(StatusCode::SEE_OTHER);
    answer.header("set-cookie").to_owned()
}
