//! API tokens that people make for themselves.

use crate::support::{NOW_MS, TestApp, Visitor, on_every_database};
use poem::http::{Method, StatusCode};
use quarterdeck::accounts::tokens::{self, NewToken};
use quarterdeck::sql;

const DAY_MS: i64 = 24 * 3600 * 1000;

async fn make(visitor: &Visitor<'_>, fields: &[(&str, &str)]) -> String {
    let made = visitor.post("/account/tokens", fields).await;
    made.has_status(StatusCode::OK).shows("not shown again");
    made.text().split_once("breaking\">").unwrap().1.split('<').next().unwrap().to_owned()
}

async fn ask(app: &TestApp, token: &str, path: &str) -> u16 {
    let bearer = format!("Bearer {token}");
    app.stranger().send(Method::GET, path, &[("authorization", &bearer)], None).await.status
}

#[tokio::test]
async fn a_token_is_shown_once_and_opens_what_its_scopes_say() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        mia.get("/account/tokens").await.has_status(StatusCode::OK).is_page().shows("No tokens yet");
        let token = make(&mia, &[("name", "report"), ("days", "30"), ("scope.people.read", "1")]).await;
        assert!(token.starts_with("qd_"), "{token}");
        let page = mia.get("/account/tokens").await;
        page.shows("report").shows("people.read").shows("never").hides(&token);
        assert_eq!(ask(app, &token, "/api/v1/people").await, 200);
        assert_eq!(ask(app, &token, "/api/v1/skills").await, 403);
        mia.get("/account/tokens").await.shows("just now");
        let stored = app.app.db.q(sql!("SELECT token_hash FROM api_tokens")).one::<(String,)>().await.unwrap().0;
        assert_ne!(stored, token);
        app.app.clock.advance(31 * DAY_MS);
        assert_eq!(ask(app, &token, "/api/v1/people").await, 401);
        app.visit_as(mia.person_id).await.get("/account/tokens").await.shows("expired");
    })
    .await;
}

#[tokio::test]
async fn many_scopes_fit_and_limit_also_an_older_release() {
    on_every_database(async |app| {
        let mia = app.sign_in("lead", "Mia Member", None).await;
        let mut scopes: Vec<String> = (0..30).map(|number| format!("plugin.permission{number}")).collect();
        scopes.push("people.read".to_owned());
        let known: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let new = NewToken { name: "all", scopes: &scopes, expires_at: None };
        let actor = app.actor(mia.person_id).await;
        let token = tokens::create(&app.app.db, &actor, &new, &known, NOW_MS).await.unwrap();
        assert_eq!(ask(app, &token, "/api/v1/people").await, 200);
        assert_eq!(ask(app, &token, "/api/v1/skills").await, 403);
        let short = app.app.db.q(sql!("SELECT scopes FROM api_tokens")).one::<(String,)>().await.unwrap().0;
        assert_eq!(short, "-", "a release that knows this column alone lets the token do nothing");
    })
    .await;
}

#[tokio::test]
async fn a_token_is_revoked_by_its_owner_alone() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let tom = app.sign_in("member", "Tom Member", None).await;
        let token = make(&mia, &[("name", "report"), ("days", "")]).await;
        let (id,) = app.app.db.q(sql!("SELECT id FROM api_tokens")).one::<(i64,)>().await.unwrap();
        let path = format!("/account/tokens/{id}/revocation");
        tom.post(&path, &[]).await.has_status(StatusCode::NOT_FOUND);
        tom.get("/account/tokens").await.hides("report");
        assert_eq!(ask(app, &token, "/api/v1/people").await, 200);
        mia.post(&path, &[]).await.leads_to("/account/tokens");
        assert_eq!(ask(app, &token, "/api/v1/people").await, 401);
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_or_invented_is_told() {
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    let nameless = mia.post("/account/tokens", &[("name", " "), ("days", "365"), ("scope.people.read", "1")]).await;
    nameless.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows("Give the token a name").shows("checked");
    let invented = mia.post("/account/tokens", &[("name", "x"), ("scope.all.of.it", "1")]).await;
    invented.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("There is no permission");
    app.stranger().get("/account/tokens").await.has_status(StatusCode::SEE_OTHER);
    for forged in ["qd_AAAAAAAAAAAAAAAAAAAAAA", "", "qd_", &"A".repeat(50_000), "' OR 1=1 --"] {
        assert_eq!(ask(&app, forged, "/api/v1/people").await, 401, "{forged}");
    }
    app.stop().await;
}
