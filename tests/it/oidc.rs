//! Log-in by OpenID Connect, against an issuer of the tests' own.

mod issuer;

use crate::support::{Answer, Database, Place, TestApp, Visitor, places};
use issuer::{Address, Algorithm, Issuer};
use poem::http::StatusCode;
use quarterdeck::accounts::{Actor, people};
use quarterdeck::sql;
use serde_json::{Value, json};

const MINUTE_MS: i64 = 60_000;

async fn portal(issuer: &Issuer, place: Place, further: &[&str]) -> TestApp {
    let url = format!("oidc.issuer={}", issuer.url);
    let mut options = vec![url.as_str(), "oidc.client_secret=secret", "oidc.title=Harbour ID"];
    options.extend_from_slice(further);
    TestApp::start_with(place, &options).await
}

const ALONE: Place = Place { database: Database::Sqlite, redis: false };

/// The browser is sent away.
async fn leave<'a>(app: &'a TestApp) -> (Visitor<'a>, Address) {
    let mut visitor = app.stranger();
    let sent = visitor.get("/login/oidc?next=%2Faccount").await;
    sent.has_status(StatusCode::SEE_OTHER);
    visitor.keep_cookies(&sent);
    (visitor, Address(sent.header("location").to_owned()))
}

async fn come_back(visitor: &Visitor<'_>, address: &Address, code: &str) -> Answer {
    visitor.get(&format!("/login/oidc/callback?code={code}&state={}", address.of("state"))).await
}

async fn log_in(app: &TestApp, issuer: &Issuer, claims: Value) -> Answer {
    let (visitor, address) = leave(app).await;
    let code = issuer.grant(&address, claims, Algorithm::Es256);
    come_back(&visitor, &address, &code).await
}

#[tokio::test]
async fn somebody_who_is_here_logs_in_elsewhere() {
    let issuer = Issuer::start().await;
    for place in places() {
        let app = portal(&issuer, place, &[]).await;
        let id = app.person("Mia Member", None).await;
        app.give_role(id, "member").await;
        app.stranger().get("/login").await.shows("Log in with Harbour ID");
        for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
            let (mut visitor, address) = leave(&app).await;
            assert!(address.0.starts_with(&format!("{}/authorize?", issuer.url)), "{}", address.0);
            assert_eq!(address.of("code_challenge_method"), "S256");
            assert_eq!(address.of("scope"), "openid email profile");
            let code = issuer.grant(&address, json!({}), algorithm);
            let answer = come_back(&visitor, &address, &code).await;
            answer.leads_to("/account");
            visitor.keep_cookies(&answer);
            visitor.get("/account").await.has_status(StatusCode::OK).shows("Mia Member");
        }
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM identities")).await, 1);
        // From now on the issuer's own name counts, not the address.
        let moved = json!({ "email": "somebody.else@example.org" });
        log_in(&app, &issuer, moved).await.leads_to("/account");
        app.stop().await;
    }
}

#[tokio::test]
async fn states_and_codes_count_once_for_one_browser_and_not_for_long() {
    let issuer = Issuer::start().await;
    let app = portal(&issuer, ALONE, &[]).await;
    app.person("Mia Member", None).await;
    let (visitor, address) = leave(&app).await;
    let code = issuer.grant(&address, json!({}), Algorithm::Es256);
    let refused = |answer: &Answer, text: &str| {
        answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(text);
    };
    refused(&come_back(&app.stranger(), &address, &code).await, "not begun in this browser");
    let (other, others) = leave(&app).await;
    refused(&come_back(&other, &address, &code).await, "does not belong");
    refused(&visitor.get(&format!("/login/oidc/callback?code={code}&state=")).await, "does not belong");
    come_back(&visitor, &address, &code).await.leads_to("/account");
    refused(&come_back(&visitor, &address, &code).await, "does not belong");
    let cancelled = format!("/login/oidc/callback?error=access_denied&state={}", others.of("state"));
    refused(&other.get(&cancelled).await, "was cancelled");
    let (late, address) = leave(&app).await;
    let code = issuer.grant(&address, json!({}), Algorithm::Es256);
    app.app.clock.advance(11 * MINUTE_MS);
    refused(&come_back(&late, &address, &code).await, "took too long");
    app.stop().await;
}

#[tokio::test]
async fn an_identity_that_is_not_for_us_is_refused() {
    let issuer = Issuer::start().await;
    let app = portal(&issuer, ALONE, &[]).await;
    app.person("Mia Member", None).await;
    let past = crate::support::NOW_MS / 1000 - 60;
    for claims in [
        json!({ "aud": "another portal" }),
        json!({ "iss": "https://evil.example" }),
        json!({ "nonce": "of another log-in" }),
        json!({ "exp": past }),
    ] {
        let answer = log_in(&app, &issuer, claims.clone()).await;
        assert_eq!(answer.status, 422, "{claims}");
        answer.shows("cannot be trusted");
    }
    let (visitor, address) = leave(&app).await;
    let code = issuer.forge(&address, json!({}));
    come_back(&visitor, &address, &code).await.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("cannot be trusted");
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM sessions")).await, 0);
    app.stop().await;
}

#[tokio::test]
async fn addresses_count_when_they_are_verified_and_people_are_made_where_that_is_allowed() {
    let issuer = Issuer::start().await;
    let app = portal(&issuer, ALONE, &[]).await;
    app.person("Mia Member", None).await;
    let unverified = log_in(&app, &issuer, json!({ "email_verified": false })).await;
    unverified.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("not verified");
    let unknown = log_in(&app, &issuer, json!({ "sub": "new", "email": "new@example.org" })).await;
    unknown.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Ask an administrator to add you");
    app.stop().await;
    let open = portal(&issuer, ALONE, &["oidc.create_people=true", "oidc.default_role=viewer"]).await;
    log_in(&open, &issuer, json!({ "sub": "new", "email": "new@example.org", "name": "Nora New" }))
        .await
        .leads_to("/account");
    let (made, _) = people::list(&open.app.db, &Actor::system(), &Default::default(), 10, 0).await.unwrap();
    assert_eq!((made[0].name.as_str(), made[0].email.as_deref()), ("Nora New", Some("new@example.org")));
    assert_eq!(open.actor(made[0].id).await.role, "Viewer");
    let nameless = log_in(&open, &issuer, json!({ "sub": "x", "email": null })).await;
    nameless.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("no verified e-mail address");
    open.app.db.q(sql!("UPDATE people SET active = FALSE")).execute().await.unwrap();
    let off = log_in(&open, &issuer, json!({ "sub": "new", "email": "new@example.org" })).await;
    off.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("switched off");
    open.stop().await;
}

#[tokio::test]
async fn groups_give_and_take_the_roles_that_are_mapped() {
    let issuer = Issuer::start().await;
    for place in places().into_iter().filter(|place| !place.redis) {
        let app = portal(&issuer, place, &["oidc.roles=deck-admins=administrator, leads=lead"]).await;
        let id = app.person("Mia Member", None).await;
        app.give_role(id, "member").await;
        let roles = async || {
            let query = app.app.db.q(sql!(
                "SELECT r.name FROM person_roles pr JOIN roles r ON r.id = pr.role_id WHERE pr.person_id = ? ORDER BY r.name"
            ));
            let rows: Vec<(String,)> = query.bind(id).all().await.unwrap();
            rows.into_iter().map(|(name,)| name).collect::<Vec<_>>()
        };
        log_in(&app, &issuer, json!({ "groups": ["leads", "others"] })).await.leads_to("/account");
        assert_eq!(roles().await, ["lead", "member"]);
        log_in(&app, &issuer, json!({ "groups": "deck-admins" })).await.leads_to("/account");
        assert_eq!(roles().await, ["administrator", "member"]);
        // Nobody else could administer the portal then.
        log_in(&app, &issuer, json!({ "groups": [] })).await.leads_to("/account");
        assert_eq!(roles().await, ["administrator", "member"]);
        app.administrator().await;
        log_in(&app, &issuer, json!({})).await.leads_to("/account");
        assert_eq!(roles().await, ["member"]);
        app.stop().await;
    }
}

#[tokio::test]
async fn without_an_issuer_or_with_one_that_is_away_the_log_in_says_so() {
    let app = TestApp::sqlite().await;
    app.stranger().get("/login/oidc").await.has_status(StatusCode::NOT_FOUND);
    app.stranger().get("/login").await.hides("/login/oidc");
    app.stop().await;
    let away = TestApp::start_with(ALONE, &["oidc.issuer=http://127.0.0.1:9"]).await;
    let answer = away.stranger().get("/login/oidc").await;
    answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("cannot be reached at the moment");
    away.stop().await;
}
