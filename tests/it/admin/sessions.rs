//! Everybody's sessions: listed and ended by who may, in every process.

use crate::support::{TestApp, everywhere};
use poem::http::StatusCode;
use quarterdeck::sql;

#[tokio::test]
async fn a_session_of_somebody_else_is_ended_everywhere_at_once() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let ben = app.sign_in("member", "Ben Member", None).await;
        let cleo = app.sign_in("member", "Cleo Member", None).await;
        ben.get("/people").await.has_status(StatusCode::OK);
        let page = ada.get("/admin/sessions").await;
        page.has_status(StatusCode::OK).is_page().shows("Ben Member").shows("Cleo Member").shows("this one");
        let of_ben = ada.get(&format!("/admin/sessions?person={}", ben.person_id)).await;
        of_ben.shows("Where Ben Member is logged in").hides("Cleo Member");
        let query = app.app.db.q(sql!("SELECT id FROM sessions WHERE person_id = ?"));
        let (session,) = query.bind(ben.person_id).one::<(i64,)>().await.unwrap();
        ada.post(&format!("/admin/sessions/{session}/revocation"), &[]).await.leads_to("/admin/sessions");
        ben.get("/people").await.leads_to("/login?next=%2Fpeople");
        ada.post(&format!("/admin/sessions/{session}/revocation"), &[]).await.has_status(StatusCode::NOT_FOUND);
        ada.post("/admin/sessions/revocation", &[]).await.leads_to("/admin/sessions");
        cleo.get("/people").await.leads_to("/login?next=%2Fpeople");
        ada.get("/admin/sessions").await.has_status(StatusCode::OK).hides("Cleo Member");
    })
    .await;
}

#[tokio::test]
async fn a_persons_sessions_are_ended_together_and_only_by_who_may() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let ben = app.sign_in("lead", "Ben Lead", None).await;
    let again = app.visit_as(ben.person_id).await;
    let cleo = app.sign_in("member", "Cleo Member", None).await;
    for visitor in [&ben, &cleo] {
        visitor.get("/admin/sessions").await.has_status(StatusCode::FORBIDDEN);
        visitor.post("/admin/sessions/revocation", &[]).await.has_status(StatusCode::FORBIDDEN);
    }
    let person = ben.person_id.to_string();
    ada.post("/admin/sessions/revocation", &[("person", &person)]).await.leads_to("/admin/sessions");
    for visitor in [&ben, &again] {
        visitor.get("/people").await.leads_to("/login?next=%2Fpeople");
    }
    cleo.get("/people").await.has_status(StatusCode::OK);
    let none = ada.get(&format!("/admin/sessions?person={person}")).await;
    none.has_status(StatusCode::OK).shows("No open sessions");
    app.stop().await;
}
