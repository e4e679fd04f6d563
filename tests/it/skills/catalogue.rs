//! The catalogue of skills.

use super::skill;
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;

#[tokio::test]
async fn a_lead_adds_and_changes_a_skill() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        lead.get("/skills/catalogue")
            .await
            .has_status(StatusCode::OK)
            .is_page()
            .shows("No skills here")
            .shows("Add a skill");
        lead.get("/skills/catalogue/new").await.has_status(StatusCode::OK).shows("SFIA 1–7");
        let form = [
            ("name", "Welding"),
            ("category", "Workshop"),
            ("scale", "ILUO"),
            ("description", "MIG\r\nand TIG"),
            ("uri", ""),
        ];
        lead.post("/skills/catalogue", &form).await.has_status(StatusCode::SEE_OTHER);
        let list = lead.fragment("/skills/catalogue?skill=WELD").await;
        list.has_status(StatusCode::OK).is_fragment().shows("Welding").shows("Workshop").shows("ILUO");
        let id = app.count(quarterdeck::sql!("SELECT id FROM skills")).await;
        lead.get(&format!("/skills/catalogue/{id}/edit"))
            .await
            .has_status(StatusCode::OK)
            .shows("name=\"version\" value=\"1\"");
        let form = [("name", "Welding MIG"), ("category", "Workshop"), ("scale", "ILUO"), ("version", "1")];
        lead.post(&format!("/skills/catalogue/{id}"), &form).await.has_status(StatusCode::SEE_OTHER);
        let late = [("name", "Welding TIG"), ("category", "Workshop"), ("scale", "ILUO"), ("version", "1")];
        let late = lead.post(&format!("/skills/catalogue/{id}"), &late).await;
        late.has_status(StatusCode::CONFLICT)
            .shows("Welding TIG")
            .shows("It now reads “Welding MIG”")
            .shows("name=\"version\" value=\"2\"");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_at_its_field() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        skill(app, "Workshop", "Welding", "0–4").await;
        let again =
            lead.post("/skills/catalogue", &[("name", "Welding"), ("category", "Workshop"), ("scale", "0-4")]).await;
        again.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("has a skill “Welding” already");
        lead.post("/skills/catalogue", &[("name", ""), ("scale", "0-4")]).await.shows("Give the skill a name.");
        lead.post("/skills/catalogue", &[("name", "X"), ("scale", "stars")]).await.shows("There is no scale “stars”");
        let long = "x".repeat(191);
        let refused = lead.post("/skills/catalogue", &[("name", &long), ("scale", "0-4")]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("At most 190 characters").shows(&long);
        // The same name in another category, or in another case, is another skill.
        lead.post("/skills/catalogue", &[("name", "Welding"), ("category", "Office"), ("scale", "0-4")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        lead.post("/skills/catalogue", &[("name", "welding"), ("category", "Workshop"), ("scale", "0-4")])
            .await
            .has_status(StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn the_scale_of_a_skill_with_ratings_stays() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let id = skill(&app, "Workshop", "Welding", "0–4").await;
    ada.post_fragment(&format!("/skills/ratings/{}/{id}", ada.person_id), &[("level", "1"), ("version", "0")]).await;
    let form = [("name", "Welding"), ("category", "Workshop"), ("scale", "ILUO"), ("version", "1")];
    let refused = ada.post(&format!("/skills/catalogue/{id}"), &form).await;
    refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("its scale cannot be changed");
    app.stop().await;
}

#[tokio::test]
async fn members_read_the_catalogue_and_change_nothing() {
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    let id = skill(&app, "Workshop", "Welding", "0–4").await;
    mia.get("/skills/catalogue").await.has_status(StatusCode::OK).shows("Welding").hides("New skill");
    mia.get("/skills/catalogue/new").await.has_status(StatusCode::FORBIDDEN);
    mia.get(&format!("/skills/catalogue/{id}/edit")).await.has_status(StatusCode::FORBIDDEN);
    mia.post(&format!("/skills/catalogue/{id}"), &[("name", "X")]).await.has_status(StatusCode::FORBIDDEN);
    let lead = app.sign_in("lead", "Lea Lead", None).await;
    lead.get("/skills/catalogue/999/edit").await.has_status(StatusCode::NOT_FOUND);
    app.stop().await;
}
