//! The page on which a person chooses how to hear of what.

use super::raise;
use crate::support::{TestApp, on_every_database, places};
use poem::http::StatusCode;
use quarterdeck::notices::NewNotice;
use quarterdeck::sql;

fn selected(kind: &str, page: &str) -> String {
    let form = page.split(&format!("name=\"{kind}\"")).nth(1).expect("the page has the kind");
    let options = form.split("</select>").next().unwrap();
    let option = options.split("<option ").find(|option| option.contains(" selected")).expect("one is selected");
    option.split('"').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn each_person_chooses_for_themselves() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let ben = app.sign_in("viewer", "Ben Berg", None).await;
        let page = mia.get("/account/notices").await;
        page.has_status(StatusCode::OK).is_page().shows("A certificate expires").shows("An assessment waits");
        assert_eq!(selected("skills.expiry", page.text()), "digest");
        let chosen = [("skills.expiry", "mail"), ("skills.training", "off"), ("unknown.kind", "off")];
        mia.post("/account/notices", &chosen).await.leads_to("/account/notices");
        mia.post("/account/notices", &[("skills.training", "off")]).await.leads_to("/account/notices");
        let page = mia.get("/account/notices").await;
        let now = ["skills.expiry", "skills.training", "skills.assessment"].map(|kind| selected(kind, page.text()));
        assert_eq!(now, ["mail", "off", "digest"]);
        assert_eq!(selected("skills.expiry", ben.get("/account/notices").await.text()), "digest");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notice_preferences")).await, 2);
        let training = NewNotice {
            person_id: mia.person_id,
            kind: "skills.training",
            title: "A training".to_owned(),
            href: "/skills/training/1".to_owned(),
            dedup_key: "1".to_owned(),
        };
        assert!(raise(app, &[training]).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_way_that_does_not_exist_is_refused() {
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    let answer = mia.post("/account/notices", &[("skills.expiry", "pigeon"), ("skills.training", "off")]).await;
    answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows("Choose one of the ways");
    let answer = mia.post("/account/notices", &[("accounts.log_in_changed", "off")]).await;
    answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Choose one of the ways");
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notice_preferences")).await, 0);
    app.stranger().get("/account/notices").await.leads_to("/login?next=%2Faccount%2Fnotices");
    app.stop().await;
}

#[tokio::test]
async fn what_is_switched_off_is_said() {
    let app = TestApp::start_with(places()[0], &["mail.transport=off", "plugins.enabled=people"]).await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    mia.get("/account/notices").await.has_status(StatusCode::OK).shows("Your account").hides("A certificate expires");
    app.stop().await;
    let app = TestApp::start_with(places()[0], &["mail.transport=off"]).await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    mia.get("/account/notices").await.shows("No mail is sent from here").shows("A certificate expires");
    app.stop().await;
}
