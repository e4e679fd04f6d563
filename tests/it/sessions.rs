//! Log-in, log-out, and what a session survives.

use crate::support::{PASSWORD, TestApp, everywhere};
use poem::http::StatusCode;
use quarterdeck::accounts::sessions::Whose;
use quarterdeck::accounts::{Actor, Owner, people};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

async fn with_password(app: &TestApp, name: &str) -> i64 {
    let id = app.person(name, None).await;
    app.give_role(id, "member").await;
    let hash = app.app.passwords.hash(PASSWORD.to_owned(), &Owner::default()).await.unwrap();
    people::set_password(&app.app.db, id, &hash, app.app.now_ms()).await.unwrap();
    id
}

fn session_cookie(header: &str) -> String {
    header.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_logs_in_works_and_logs_out() {
    everywhere(async |app| {
        with_password(app, "Mia Member").await;
        let stranger = app.stranger();
        stranger.get("/").await.leads_to("/login?next=%2F");
        stranger.get("/login").await.has_status(StatusCode::OK).is_page().shows("Log in");
        let form = [("email", "MIA.member@example.org"), ("password", PASSWORD), ("next", "/account/sessions")];
        let answer = stranger.post("/login", &form).await;
        answer.leads_to("/account/sessions");
        let cookie = answer.header("set-cookie").to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let mut mia = app.stranger();
        mia.cookie = session_cookie(&cookie);
        mia.get("/account/sessions").await.has_status(StatusCode::OK).shows("Mia Member").shows("this one");
        mia.post("/logout", &[]).await.has_status(StatusCode::FORBIDDEN);
        let row = app.app.sessions.list(&Actor::system(), Whose::Everybody).await.unwrap().remove(0);
        app.app.sessions.revoke(&Actor::system(), row.id).await.unwrap();
        mia.get("/").await.leads_to("/login?next=%2F");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_told_alike() {
    let app = TestApp::sqlite().await;
    with_password(&app, "Mia Member").await;
    let stranger = app.stranger();
    let wrong = stranger.post("/login", &[("email", "mia.member@example.org"), ("password", "not that one")]).await;
    let unknown = stranger.post("/login", &[("email", "nobody@example.org"), ("password", "not that one")]).await;
    wrong.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("The address or the password is wrong.");
    unknown.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("The address or the password is wrong.");
    wrong.shows("mia.member@example.org").hides("not that one");
    app.stop().await;
}

#[tokio::test]
async fn the_next_address_stays_within_the_portal() {
    let app = TestApp::sqlite().await;
    with_password(&app, "Mia Member").await;
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""] {
        let form = [("email", "mia.member@example.org"), ("password", PASSWORD), ("next", next)];
        app.stranger().post("/login", &form).await.leads_to("/");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_session_slides_and_ends_two_hours_after_its_last_use() {
    everywhere(async |app| {
        let id = with_password(app, "Mia Member").await;
        let mia = app.visit_as(id).await;
        for _ in 0..3 {
            app.app.clock.advance(HOUR_MS + 50 * MINUTE_MS);
            mia.get("/account/sessions").await.has_status(StatusCode::OK);
        }
        app.app.clock.advance(2 * HOUR_MS + MINUTE_MS);
        mia.get("/account/sessions").await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(app.app.sessions.purge().await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn htmx_is_sent_to_the_log_in_and_back_to_its_page() {
    let app = TestApp::sqlite().await;
    let headers =
        [("hx-request", "true"), ("hx-request-type", "partial"), ("hx-current-url", "http://localhost/skills?team=3")];
    let answer = app.stranger().send(poem::http::Method::GET, "/account/sessions", &headers, None).await;
    answer.has_status(StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("hx-redirect"), "/login?next=%2Fskills%3Fteam%3D3");
    app.stop().await;
}

#[tokio::test]
async fn what_another_site_makes_a_browser_send_is_refused() {
    let app = TestApp::sqlite().await;
    let id = with_password(&app, "Mia Member").await;
    let mia = app.visit_as(id).await;
    let body = || Some(("application/x-www-form-urlencoded", format!("theme=dark&csrf={}", mia.csrf).into_bytes()));
    let post = poem::http::Method::POST;
    mia.send(post.clone(), "/theme", &[("sec-fetch-site", "cross-site")], body())
        .await
        .has_status(StatusCode::FORBIDDEN);
    let foreign = [("origin", "https://evil.example"), ("host", "deck.example")];
    mia.send(post.clone(), "/theme", &foreign, body()).await.has_status(StatusCode::FORBIDDEN);
    let own = [("origin", "https://deck.example"), ("host", "deck.example")];
    mia.send(post.clone(), "/theme", &own, body()).await.has_status(StatusCode::SEE_OTHER);
    let forged = Some(("application/x-www-form-urlencoded", b"theme=dark&csrf=forged".to_vec()));
    mia.send(post, "/theme", &own, forged).await.has_status(StatusCode::FORBIDDEN);
    app.stop().await;
}

#[tokio::test]
async fn people_see_and_end_only_their_own_sessions() {
    everywhere(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let tom = app.sign_in("member", "Tom Member", None).await;
        let toms = app.app.sessions.list(&Actor::system(), Whose::Person(tom.person_id)).await.unwrap().remove(0).id;
        mia.post(&format!("/account/sessions/{toms}/revocation"), &[]).await.has_status(StatusCode::NOT_FOUND);
        tom.get("/account/sessions").await.has_status(StatusCode::OK);
        tom.post(&format!("/account/sessions/{toms}/revocation"), &[]).await.leads_to("/account/sessions");
        tom.get("/account/sessions").await.has_status(StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn the_set_up_link_makes_one_administrator() {
    everywhere(async |app| {
        let token = quarterdeck::accounts::setup::new_link(&app.app.db, app.app.now_ms()).await.unwrap().unwrap();
        let stranger = app.stranger();
        let path = format!("/setup/{token}");
        stranger.get("/setup/forged").await.has_status(StatusCode::NOT_FOUND);
        stranger.get(&path).await.has_status(StatusCode::OK).shows("first administrator");
        let short = [("name", "Ada"), ("email", "ada@example.org"), ("password", "short")];
        stranger
            .post(&path, &short)
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("ada@example.org")
            .shows("12 to 1000");
        let good = [("name", "Ada"), ("email", "ada@example.org"), ("password", PASSWORD)];
        stranger.post(&path, &good).await.leads_to("/");
        stranger.post(&path, &good).await.has_status(StatusCode::NOT_FOUND);
        assert!(quarterdeck::accounts::setup::new_link(&app.app.db, 0).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_message_survives_a_redirect_and_cannot_be_forged() {
    let app = TestApp::sqlite().await;
    let mut ada = app.administrator().await;
    let answer = ada.post("/people/teams", &[("name", "Yard")]).await;
    let flash = session_cookie(answer.header("set-cookie"));
    assert!(flash.starts_with("flash="), "{flash}");
    let session = ada.cookie.clone();
    ada.cookie = format!("{session}; {flash}");
    let page = ada.get("/people/teams").await;
    page.has_status(StatusCode::OK).shows("alert-success");
    assert!(page.header("set-cookie").starts_with("flash=;"), "it is shown once");
    // The same words under another tone are not what was signed.
    ada.cookie = format!("{session}; {}", flash.replacen("flash=s", "flash=d", 1));
    ada.get("/people/teams").await.hides("alert-danger").hides("alert-success");
    app.stop().await;
}
