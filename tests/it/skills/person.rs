//! A person's own page, which works without any script.

use super::skill;
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

#[tokio::test]
async fn a_member_rates_themselves_without_scripts() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let forklift = skill(app, "Workshop", "Forklift licence", "Yes/No").await;
        let page = mia.get(&format!("/skills/people/{}", mia.person_id)).await;
        page.has_status(StatusCode::OK)
            .is_page()
            .shows("Welding")
            .shows("Forklift licence")
            .shows("Save this category");
        let action = format!("/skills/people/{}/ratings?category={}", mia.person_id, category(app).await);
        page.shows(&action.replace('&', "&amp;"));
        let fields = [
            (format!("level-{welding}"), "3"),
            (format!("interest-{welding}"), "2"),
            (format!("note-{welding}"), "MIG"),
            (format!("version-{welding}"), "0"),
            (format!("was-{welding}"), "||"),
            (format!("level-{forklift}"), ""),
            (format!("interest-{forklift}"), ""),
            (format!("note-{forklift}"), ""),
            (format!("version-{forklift}"), "0"),
            (format!("was-{forklift}"), "||"),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        mia.post(&action, &fields).await.has_status(StatusCode::SEE_OTHER);
        // What was not touched is not written.
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings")).await, 1);
        mia.get(&format!("/skills/people/{}", mia.person_id)).await.shows("MIG").shows("3|2|MIG");
    })
    .await;
}

#[tokio::test]
async fn a_conflict_keeps_what_was_typed_and_saves_the_rest() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let mia = app.sign_in("member", "Mia Member", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let filing = skill(app, "Workshop", "Filing", "0–4").await;
        ada.post_fragment(&format!("/skills/ratings/{}/{welding}", mia.person_id), &[("level", "1"), ("version", "0")])
            .await;
        let action = format!("/skills/people/{}/ratings?category={}", mia.person_id, category(app).await);
        let fields = [
            (format!("level-{welding}"), "4"),
            (format!("interest-{welding}"), ""),
            (format!("note-{welding}"), "typed"),
            (format!("version-{welding}"), "0"),
            (format!("was-{welding}"), "||"),
            (format!("level-{filing}"), "2"),
            (format!("interest-{filing}"), ""),
            (format!("note-{filing}"), ""),
            (format!("version-{filing}"), "0"),
            (format!("was-{filing}"), "||"),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let answer = mia.post(&action, &fields).await;
        answer.has_status(StatusCode::CONFLICT).shows("Ada Admin saved meanwhile").shows("typed");
        answer.shows(&format!("name=\"version-{welding}\" value=\"1\""));
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings WHERE level = 200")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn others_may_look_but_not_write() {
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    let ben = app.person("Ben Berg", None).await;
    skill(&app, "Workshop", "Welding", "0–4").await;
    mia.get(&format!("/skills/people/{ben}"))
        .await
        .has_status(StatusCode::OK)
        .shows("Welding")
        .hides("Save this category");
    mia.post(&format!("/skills/people/{ben}/ratings?category=1"), &[]).await.has_status(StatusCode::FORBIDDEN);
    mia.get("/skills/people/999").await.has_status(StatusCode::NOT_FOUND).is_page().shows("Not found");
    mia.fragment("/skills/people/999").await.has_status(StatusCode::NOT_FOUND).is_fragment();
    app.stop().await;
}

#[tokio::test]
async fn a_fraction_that_the_scale_lacks_is_refused_and_kept() {
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    let reading = skill(&app, "Workshop", "Reading", "O*NET 0–7").await;
    let action = format!("/skills/people/{}/ratings?category={}", mia.person_id, category(&app).await);
    let fields = [
        (format!("level-{reading}"), "7.5"),
        (format!("interest-{reading}"), ""),
        (format!("note-{reading}"), "kept"),
        (format!("version-{reading}"), "0"),
        (format!("was-{reading}"), "||"),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let answer = mia.post(&action, &fields).await;
    answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("7.5").shows("kept").shows("from 0 to 7");
    app.stop().await;
}

async fn category(app: &TestApp) -> i64 {
    app.count(sql!("SELECT id FROM skill_categories WHERE name = 'Workshop'")).await
}
