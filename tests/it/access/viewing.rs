//! “View as”: what an administrator sees as somebody else, what is refused meanwhile, and who may refuse it.

use crate::support::{TestApp, Visitor, everywhere};
use poem::http::StatusCode;
use quarterdeck::accounts::viewings;
use quarterdeck::sql;

/// The administrator's browser, once it has the cookie of the viewing.
async fn begin<'a>(app: &'a TestApp, ada: &Visitor<'_>, person: i64, reason: &str) -> Visitor<'a> {
    let answer = ada.post("/viewing", &[("person", &person.to_string()), ("reason", reason)]).await;
    answer.leads_to("/");
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(cookie.starts_with("viewing="), "{cookie}");
    with_cookies(app, ada, &cookie)
}

/// The browser of a visitor, with one more cookie.
fn with_cookies<'a>(app: &'a TestApp, visitor: &Visitor<'_>, cookie: &str) -> Visitor<'a> {
    let mut browser = app.stranger();
    browser.cookie = format!("{}; {cookie}", visitor.cookie);
    browser.csrf.clone_from(&visitor.csrf);
    browser
}

#[tokio::test]
async fn an_administrator_sees_what_the_other_sees_and_can_change_nothing() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let mia = app.sign_in("member", "Mia Member", None).await;
        let form = format!("/viewing/new?person={}", mia.person_id);
        ada.get(&form).await.has_status(StatusCode::OK).is_page().shows("View as Mia Member");
        let as_mia = begin(app, &ada, mia.person_id, "").await;
        as_mia.get("/people").await.has_status(StatusCode::OK).shows("You see the portal as").hides("Add a person");
        as_mia.get("/people/new").await.has_status(StatusCode::FORBIDDEN).shows("viewing-bar");
        let refused = as_mia.post("/theme", &[("theme", "dark")]).await;
        refused.has_status(StatusCode::FORBIDDEN).shows("Nothing was changed").shows("Mia Member").shows("viewing-bar");
        as_mia.post("/people", &[("name", "Nora")]).await.has_status(StatusCode::FORBIDDEN).shows("can only look");
        for private in ["/sessions", "/account", "/account/sessions"] {
            as_mia.get(private).await.has_status(StatusCode::FORBIDDEN).shows("for their own eyes");
        }
        // Nobody is looked at out of a viewing.
        as_mia.get(&form).await.has_status(StatusCode::FORBIDDEN).shows("already");
        as_mia.post("/viewing", &[("person", "1")]).await.has_status(StatusCode::FORBIDDEN).shows("already");
        // The own session goes on beside it.
        ada.get("/people").await.shows("Add a person").hides("viewing-bar");
        as_mia.post("/viewing/closure", &[]).await.leads_to("/");
        let after = as_mia.get("/people").await;
        after.has_status(StatusCode::OK).shows("Add a person").hides("viewing-bar");
        assert!(after.header("set-cookie").starts_with("viewing=;"), "{}", after.header("set-cookie"));
        let logged =
            sql!("SELECT COUNT(*) FROM events WHERE kind IN ('accounts.viewing_begun', 'accounts.viewing_ended')");
        assert_eq!(app.count(logged).await, 2);
        // Both are told of the one at the keyboard.
        let by = sql!("SELECT COUNT(DISTINCT actor_id) FROM events WHERE kind LIKE 'accounts.viewing%'");
        assert_eq!(app.count(by).await, 1);
    })
    .await;
}

#[tokio::test]
async fn only_administrators_look_and_only_as_others() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let leah = app.sign_in("lead", "Leah Lead", None).await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    let person = mia.person_id.to_string();
    leah.get(&format!("/viewing/new?person={person}")).await.has_status(StatusCode::FORBIDDEN);
    leah.post("/viewing", &[("person", &person)]).await.has_status(StatusCode::FORBIDDEN);
    let own = ada.person_id.to_string();
    ada.post("/viewing", &[("person", &own)]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
    for nobody in ["987654", "", "me"] {
        ada.get(&format!("/viewing/new?person={nobody}")).await.has_status(StatusCode::NOT_FOUND);
        ada.post("/viewing", &[("person", nobody)]).await.has_status(StatusCode::NOT_FOUND);
    }
    // A viewing belongs to the session that began it, and to an administrator.
    let as_mia = begin(&app, &ada, mia.person_id, "").await;
    let viewing = as_mia.cookie.split("; ").nth(1).unwrap().to_owned();
    let elsewhere = app.visit_as(ada.person_id).await;
    let stolen = with_cookies(&app, &elsewhere, &viewing);
    stolen.get("/people").await.has_status(StatusCode::OK).hides("viewing-bar");
    let forged = with_cookies(&app, &leah, &viewing);
    forged.get("/people").await.has_status(StatusCode::OK).hides("viewing-bar");
    app.sign_in("administrator", "Eve Admin", None).await;
    super::change_role(&app, ada.person_id, "administrator", false).await.unwrap();
    super::change_role(&app, ada.person_id, "lead", true).await.unwrap();
    as_mia.get("/people").await.has_status(StatusCode::OK).hides("viewing-bar");
    app.stop().await;
}

#[tokio::test]
async fn a_viewing_ends_after_an_hour() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    let as_mia = begin(&app, &ada, mia.person_id, "").await;
    app.app.clock.advance(viewings::LONGEST_MS - 1000);
    as_mia.get("/people").await.shows("viewing-bar");
    app.app.clock.advance(2000);
    as_mia.get("/people").await.hides("viewing-bar");
    app.stop().await;
}

#[tokio::test]
async fn who_refuses_is_looked_at_with_a_reason_alone() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let mia = app.sign_in("member", "Mia Member", None).await;
        let before = begin(app, &ada, mia.person_id, "").await;
        mia.get("/account/viewing").await.has_status(StatusCode::OK).is_page().shows("Ada Admin");
        mia.post("/account/viewing", &[("refuses", "1")]).await.leads_to("/account/viewing");
        // What goes on against it ends with the next request.
        before.get("/people").await.hides("viewing-bar");
        let person = mia.person_id.to_string();
        ada.get(&format!("/viewing/new?person={person}")).await.shows("asks not to be looked at");
        for reason in ["", "because"] {
            let refused = ada.post("/viewing", &[("person", &person), ("reason", reason)]).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Say why");
        }
        let as_mia = begin(app, &ada, mia.person_id, "She reported an empty matrix").await;
        as_mia.get("/people").await.has_status(StatusCode::OK).shows("viewing-bar");
        mia.get("/account/viewing").await.shows("She reported an empty matrix");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'accounts.overridden'")).await, 1);
        mia.post("/account/viewing", &[]).await.leads_to("/account/viewing");
        ada.get(&format!("/viewing/new?person={person}")).await.hides("asks not to be looked at");
    })
    .await;
}
