//! The printable matrix.

use super::finder::{in_order, rate};
use super::skill;
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

#[tokio::test]
async fn every_team_has_its_own_tables_with_their_heads() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (yard, office) = (app.team("Yard").await, app.team("Office").await);
        let yara = app.person("Yara", Some(yard)).await;
        app.person("Olaf", Some(office)).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        skill(app, "Workshop", "Weighing", "ILUO").await;
        rate(&ada, yara, welding, "3", "2").await;
        let page = ada.get("/skills/print").await;
        page.has_status(StatusCode::OK).is_page();
        in_order(
            &page,
            &["print-legend", "ILUO", "0–4", ">Office</span>", "20 November 2026", "Olaf", ">Yard</span>", "Yara"],
        );
        page.shows("class=\"lq3 in2\">3</td>");
        assert_eq!(page.text().matches("<table class=\"print-grid\"").count(), 3, "one for those without a team");
        let flowing = ada.get("/skills/print?pages=flow").await;
        assert_eq!(flowing.text().matches("<table class=\"print-grid\"").count(), 1);
        in_order(&flowing, &["<th colspan=\"3\" scope=\"rowgroup\">Office", "Olaf", "Yard", "Yara"]);
        let filtered = ada.get(&format!("/skills/print?team={yard}&skill=weld")).await;
        filtered.shows("team Yard").shows("skill “weld”").hides("Olaf").hides(">Weighing<");
        ada.fragment("/skills/print").await.is_fragment().shows("print-grid");
        app.app.db.q(sql!("UPDATE ratings SET lapsed = TRUE")).execute().await.unwrap();
        let narrowed = ada.get(&format!("/skills/print?team={yard}&level=2&gaps=&as_of=")).await;
        narrowed.shows("class=\"lq3 in2 lapsed\">3</td>").shows("level 2 or more");
        let earlier = ada.get("/skills/print?as_of=2026-11-19").await;
        earlier.has_status(StatusCode::OK).shows("19 November 2026").hides("class=\"lq3");
        ada.get("/skills/print?as_of=never").await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn a_wide_matrix_is_cut_into_blocks_that_miss_no_skill_and_nobody() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    for number in 0..260 {
        app.person(&format!("Person {number:03}"), None).await;
    }
    for number in 0..30 {
        skill(&app, "Workshop", &format!("Skill {number:03}"), "0–4").await;
    }
    let page = ada.get("/skills/print").await;
    page.shows("skills 1–28 of 30").shows("skills 29–30 of 30");
    for name in ["Person 000", "Person 239", "Person 240", "Person 259"] {
        assert_eq!(page.text().matches(&format!(">{name}</th>")).count(), 2, "{name} stands in each block");
    }
    for number in 0..30 {
        assert_eq!(page.text().matches(&format!("<span>Skill {number:03}</span>")).count(), 1);
    }
    app.stop().await;
}

#[tokio::test]
async fn what_is_too_large_asks_for_a_filter() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    ada.get("/skills/print").await.has_status(StatusCode::OK).is_page().shows("Nothing to print");
    for number in 0..200 {
        app.person(&format!("Person {number:03}"), None).await;
    }
    for number in 0..100 {
        skill(&app, "Workshop", &format!("Skill {number:03}"), "0–4").await;
    }
    let page = ada.get("/skills/print").await;
    page.has_status(StatusCode::OK).shows("Too large for paper").shows("201 people × 100 skills are 20100 cells");
    page.hides("print-grid");
    ada.get("/skills/print?skill=09").await.shows("print-grid");
    app.stop().await;
}

#[tokio::test]
async fn paper_is_for_those_who_may_see_the_matrix() {
    let app = TestApp::sqlite().await;
    let outsider = app.person("Out Sider", None).await;
    let outsider = app.visit_as(outsider).await;
    outsider.get("/skills/print").await.has_status(StatusCode::FORBIDDEN).is_page();
    outsider.fragment("/skills/print").await.has_status(StatusCode::FORBIDDEN).is_fragment();
    app.stranger().get("/skills/print").await.leads_to("/login?next=%2Fskills%2Fprint");
    app.stop().await;
}
