//! The first page of the administration, and the sub-navigation that all of its pages share.

use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;

#[tokio::test]
async fn the_overview_counts_people_and_names_what_runs() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        app.person("Ben Member", None).await;
        app.team("Yard").await;
        let page = ada.get("/admin").await;
        page.has_status(StatusCode::OK).is_page().shows("<p class=\"figure-big\">2</p>");
        page.shows("<dt>Administrators</dt><dd>1</dd>");
        page.shows("<dt>Open sessions</dt><dd>1</dd>").shows("<dt>Profile</dt><dd>test</dd>");
        page.shows(env!("CARGO_PKG_VERSION")).shows("aria-current=\"page\">Overview</a>");
        ada.fragment("/admin").await.has_status(StatusCode::OK).is_fragment().shows("Installation");
    })
    .await;
}

#[tokio::test]
async fn auditors_come_in_and_others_do_not() {
    let app = TestApp::sqlite().await;
    let auditor = app.sign_in("auditor", "Olga Auditor", None).await;
    auditor.get("/admin").await.has_status(StatusCode::OK);
    auditor.get("/").await.shows("href=\"/admin\"");
    for role in ["lead", "member", "viewer"] {
        let visitor = app.sign_in(role, &format!("Some {role}"), None).await;
        visitor.get("/admin").await.has_status(StatusCode::FORBIDDEN);
        visitor.get("/").await.hides("href=\"/admin\"");
    }
    app.stranger().get("/admin").await.leads_to("/login?next=%2Fadmin");
    app.stop().await;
}
