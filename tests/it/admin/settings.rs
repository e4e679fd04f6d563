//! Options that are set while the portal runs.

use crate::support::{TestApp, everywhere};
use poem::http::StatusCode;

const NAME: &str = "/admin/settings/portal.name";

#[tokio::test]
async fn an_option_holds_in_every_process_and_goes_back_to_what_the_configuration_says() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let replica = app.replica().await;
        let elsewhere = replica.visitor(&ada);
        ada.get("/admin/settings").await.has_status(StatusCode::OK).shows("“Quarterdeck”, from default");
        ada.post(NAME, &[("value", " Harbour <i> "), ("version", "0")]).await.leads_to("/admin/settings");
        app.heard_by(&replica).await;
        for visitor in [&ada, &elsewhere] {
            visitor.get("/people").await.shows("<title>People · Harbour &lt;i&gt;</title>").hides("<i>");
        }
        app.stranger().get("/login").await.shows("Harbour &lt;i&gt;");
        ada.get("/admin/settings").await.shows("from administration").shows("Back to “Quarterdeck” (default)");
        ada.post(&format!("{NAME}/reset"), &[("version", "1")]).await.leads_to("/admin/settings");
        app.heard_by(&replica).await;
        elsewhere.get("/people").await.shows("<title>People · Quarterdeck</title>");
        ada.get("/admin/audit?kind=admin.option_set").await.shows("Harbour &lt;i&gt;").shows("option:portal.name");
        replica.app.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_announcement_stands_above_every_page_until_it_is_emptied() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let path = "/admin/settings/portal.announcement";
    ada.post(path, &[("value", "Away on Sunday"), ("version", "0")]).await.leads_to("/admin/settings");
    ada.get("/people").await.shows("Away on Sunday");
    app.stranger().get("/login").await.shows("Away on Sunday");
    ada.fragment("/people").await.hides("Away on Sunday");
    ada.post(path, &[("value", ""), ("version", "1")]).await.leads_to("/admin/settings");
    ada.get("/people").await.hides("Away on Sunday");
    app.stop().await;
}

#[tokio::test]
async fn what_the_configuration_would_refuse_is_refused_with_what_was_typed() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    for (option, value, problem) in [
        ("portal.name", "", "a line of 1 to 40 characters"),
        ("portal.name", &"x".repeat(41), "At most 40 characters"),
        ("log.filter", "info,=,=", "a log filter such as"),
        ("skills.visibility", "nobody", "everybody"),
    ] {
        let refused = ada.post(&format!("/admin/settings/{option}"), &[("value", value), ("version", "0")]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(problem);
        if option != "skills.visibility" {
            refused.shows(&format!("value=\"{value}\""));
        }
    }
    for option in ["secret", "database.url", "no.such", "http.port"] {
        let hidden = ada.post(&format!("/admin/settings/{option}"), &[("value", "1"), ("version", "0")]).await;
        hidden.has_status(StatusCode::NOT_FOUND);
    }
    ada.get("/people").await.shows("<title>People · Quarterdeck</title>");
    app.stop().await;
}

#[tokio::test]
async fn of_two_who_set_an_option_the_second_sees_both() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        ada.post(NAME, &[("value", "First"), ("version", "0")]).await.leads_to("/admin/settings");
        let late = ada.post(NAME, &[("value", "Second"), ("version", "0")]).await;
        late.has_status(StatusCode::CONFLICT)
            .shows("“First”")
            .shows("value=\"Second\"")
            .shows("name=\"version\" value=\"1\"");
        ada.post(NAME, &[("value", "Second"), ("version", "1")]).await.leads_to("/admin/settings");
        ada.get("/people").await.shows("<title>People · Second</title>");
        let olga = app.sign_in("auditor", "Olga Auditor", None).await;
        olga.get("/admin/settings").await.has_status(StatusCode::FORBIDDEN);
        olga.post(NAME, &[("value", "Third"), ("version", "2")]).await.has_status(StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn who_sees_whose_ratings_changes_while_the_portal_runs() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let team = app.team("Yard").await;
        let ben = app.sign_in("member", "Ben Member", Some(team)).await;
        let cleo = app.person("Cleo Elsewhere", None).await;
        let path = format!("/skills/people/{cleo}");
        ben.get(&path).await.has_status(StatusCode::OK);
        let option = "/admin/settings/skills.visibility";
        ada.post(option, &[("value", "team"), ("version", "0")]).await.leads_to("/admin/settings");
        ben.get(&path).await.has_status(StatusCode::NOT_FOUND);
        ada.post(&format!("{option}/reset"), &[("version", "1")]).await.leads_to("/admin/settings");
        ben.get(&path).await.has_status(StatusCode::OK);
    })
    .await;
}
