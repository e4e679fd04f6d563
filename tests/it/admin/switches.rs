//! Plugins that are switched while the portal runs.

use crate::support::{TestApp, everywhere};
use poem::http::StatusCode;
use quarterdeck::sql;

async fn switch(app: &TestApp, visitor: &crate::support::Visitor<'_>, on: &str) {
    let version = app.count(sql!("SELECT COALESCE(MAX(version), 0) FROM plugin_switches")).await.to_string();
    let fields = [("on", on), ("version", version.as_str())];
    visitor.post("/admin/plugins/skills", &fields).await.leads_to("/admin/plugins");
}

#[tokio::test]
async fn a_plugin_that_is_switched_off_is_gone_everywhere_with_the_next_request_and_comes_back_with_its_data() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let replica = app.replica().await;
        let elsewhere = replica.visitor(&ada);
        elsewhere.get("/skills").await.has_status(StatusCode::OK).shows("Skills matrix");
        elsewhere.get("/api/openapi.json").await.shows("/skills");
        let skills = app.count(sql!("SELECT COUNT(*) FROM scales")).await;
        switch(app, &ada, "false").await;
        app.heard_by(&replica).await;
        for visitor in [&ada, &elsewhere] {
            for path in ["/skills", "/skills/finder", "/api/v1/skills", "/live?topic=skills"] {
                visitor.get(path).await.has_status(StatusCode::NOT_FOUND);
            }
            visitor.get("/").await.has_status(StatusCode::OK).hides("href=\"/skills\"");
            visitor.get("/api/openapi.json").await.hides("\"/skills").shows("\"/people");
            visitor.get("/people").await.has_status(StatusCode::OK);
        }
        ada.get("/admin/plugins").await.shows("Switch on").shows("cannot be switched off");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM scales")).await, skills);
        switch(app, &ada, "true").await;
        app.heard_by(&replica).await;
        for visitor in [&ada, &elsewhere] {
            visitor.get("/skills").await.has_status(StatusCode::OK);
            visitor.get("/api/openapi.json").await.shows("\"/skills");
        }
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'admin.plugin_switched'")).await, 2);
        ada.get("/admin/audit?kind=admin.plugin_switched").await.shows("Admin: plugin switched").shows("yes");
        replica.app.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn of_two_who_switch_at_once_the_second_is_told() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        ada.post("/admin/plugins/skills", &[("on", "false"), ("version", "0")]).await.leads_to("/admin/plugins");
        for on in ["true", "false"] {
            let late = ada.post("/admin/plugins/skills", &[("on", on), ("version", "0")]).await;
            late.has_status(StatusCode::CONFLICT)
                .is_page()
                .shows("Somebody else switched this plugin")
                .shows("Switch on");
        }
        assert_eq!(app.count(sql!("SELECT version FROM plugin_switches WHERE plugin = 'skills'")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_the_portal_cannot_do_without_stays_on() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    for plugin in ["admin", "people"] {
        let refused = ada.post(&format!("/admin/plugins/{plugin}"), &[("on", "false"), ("version", "0")]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("cannot be switched off");
    }
    ada.post("/admin/plugins/wiki", &[("on", "false"), ("version", "0")]).await.has_status(StatusCode::NOT_FOUND);
    let unreadable = ada.post("/admin/plugins/skills", &[("on", "perhaps"), ("version", "0")]).await;
    unreadable.has_status(StatusCode::UNPROCESSABLE_ENTITY);
    let olga = app.sign_in("auditor", "Olga Auditor", None).await;
    olga.get("/admin/plugins").await.has_status(StatusCode::FORBIDDEN);
    olga.post("/admin/plugins/skills", &[("on", "false"), ("version", "0")]).await.has_status(StatusCode::FORBIDDEN);
    ada.get("/skills").await.has_status(StatusCode::OK);
    app.stop().await;
}

#[tokio::test]
async fn what_the_configuration_leaves_out_cannot_be_switched_on() {
    let place = crate::support::places()[0];
    let app = TestApp::start_with(place, &["plugins.enabled=people,admin"]).await;
    let ada = app.administrator().await;
    ada.get("/admin/plugins").await.shows("left out").hides("Switch on");
    ada.post("/admin/plugins/skills", &[("on", "true"), ("version", "0")]).await.has_status(StatusCode::NOT_FOUND);
    app.stop().await;
}
