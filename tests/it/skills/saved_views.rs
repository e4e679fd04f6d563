//! Views of the matrix under a name: one's own and shared ones, and the one that the matrix opens with.

use super::skill;
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;

#[tokio::test]
async fn a_view_is_saved_opened_renamed_and_deleted() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        skill(app, "Workshop", "Welding", "0–4").await;
        let saved = ada
            .post("/skills/views", &[("name", " Gaps of welders "), ("query", "skill=weld&mode=gap&line=40&x=y")])
            .await;
        saved.leads_to("/skills?skill=weld&mode=gap");
        ada.get("/skills").await.is_page().shows("href=\"/skills?skill=weld&amp;mode=gap\">Gaps of welders");
        let list = ada.get("/skills/views").await;
        list.has_status(StatusCode::OK).is_page().shows("Gaps of welders").shows("Gaps · Skill: weld");
        ada.fragment("/skills/views").await.is_fragment().shows("Gaps of welders");
        ada.get("/skills/views/1/edit").await.has_status(StatusCode::OK).shows("value=\"Gaps of welders\"");
        ada.post("/skills/views/1", &[("name", "Welders"), ("version", "1")]).await.leads_to("/skills/views");
        let late = ada.post("/skills/views/1", &[("name", "Mine"), ("version", "1")]).await;
        late.has_status(StatusCode::CONFLICT)
            .shows("named this view “Welders” in the meantime")
            .shows("value=\"Mine\"");
        ada.post("/skills/views/1/deletion", &[]).await.leads_to("/skills/views");
        ada.get("/skills/views").await.shows("No view yet");
        ada.get("/skills/views/1/edit").await.has_status(StatusCode::NOT_FOUND);
        ada.post("/skills/views/1/deletion", &[]).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_matrix_opens_with_the_view_that_was_chosen() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        skill(app, "Workshop", "Welding", "0–4").await;
        ada.post("/skills/views", &[("name", "Interest"), ("query", "mode=interest")]).await;
        ada.get("/skills").await.has_status(StatusCode::OK);
        ada.post("/skills/views/default", &[("view", "1")]).await.leads_to("/skills/views");
        ada.get("/skills").await.leads_to("/skills?mode=interest");
        ada.get("/skills?all=yes").await.has_status(StatusCode::OK).shows("aria-current=\"true\">Level");
        ada.get("/skills/views").await.shows("opens first");
        ada.post("/skills/views/default", &[("view", "")]).await.leads_to("/skills/views");
        ada.get("/skills").await.has_status(StatusCode::OK);
        ada.post("/skills/views/default", &[("view", "77")]).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn who_may_edit_the_catalogue_shares_a_view_with_everybody() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        let member = app.sign_in("member", "Mia Member", None).await;
        skill(app, "Workshop", "Welding", "0–4").await;
        lead.post("/skills/views", &[("name", "Hidden"), ("query", "")]).await.leads_to("/skills?all=yes");
        lead.post("/skills/views", &[("name", "For all"), ("query", "gaps=yes"), ("shared", "yes")])
            .await
            .leads_to("/skills?gaps=yes");
        member.get("/skills/views").await.shows("For all").shows("by Lea Lead").hides("Hidden").hides("Rename For all");
        member.post("/skills/views/2", &[("name", "Mine"), ("version", "1")]).await.has_status(StatusCode::FORBIDDEN);
        member.post("/skills/views/2/deletion", &[]).await.has_status(StatusCode::FORBIDDEN);
        member.get("/skills/views/1/edit").await.has_status(StatusCode::NOT_FOUND);
        member.post("/skills/views/default", &[("view", "2")]).await.leads_to("/skills/views");
        member.get("/skills").await.leads_to("/skills?gaps=yes");
        let refused = member.post("/skills/views", &[("name", "X"), ("query", ""), ("shared", "yes")]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        // What is not shared any more opens nobody else's matrix.
        lead.post("/skills/views/2", &[("name", "For all"), ("version", "1")]).await.leads_to("/skills/views");
        member.get("/skills").await.has_status(StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_name_that_cannot_be_taken_comes_back_with_the_reason() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    for (name, reason) in
        [(" ", "Give the view a name"), (&"x".repeat(81), "At most 80 characters"), ("a\u{7}b", "Control characters")]
    {
        let answer = ada.post("/skills/views", &[("name", name), ("query", "mode=gap")]).await;
        answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(reason).shows("value=\"mode=gap\"");
    }
    ada.post("/skills/views", &[("name", "Gaps"), ("query", "mode=gap")]).await.has_status(StatusCode::SEE_OTHER);
    let again = ada.post("/skills/views", &[("name", "gaps"), ("query", "")]).await;
    again.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("There is a view “gaps” already");
    let outsider = app.person("Out Sider", None).await;
    app.visit_as(outsider).await.get("/skills/views").await.has_status(StatusCode::FORBIDDEN);
    app.stop().await;
}
