//! A skill is given another scale, level by level, and its former one again.

use super::skill;
use crate::support::{TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

async fn rate(visitor: &Visitor<'_>, person: i64, skill: i64, level: &str) {
    let path = format!("/skills/ratings/{person}/{skill}");
    let saved = visitor.post_fragment(&path, &[("level", level), ("version", "0")]).await;
    saved.has_status(StatusCode::OK);
}

type Row = (i64, Option<i64>, bool, Option<i64>, Option<i64>);

async fn ratings(app: &TestApp) -> Vec<Row> {
    let query = app.app.db.q(sql!(
        "SELECT person_id, level, not_applicable, self_level, validated_level FROM ratings ORDER BY person_id"
    ));
    query.all().await.unwrap()
}

#[tokio::test]
async fn every_level_becomes_one_of_the_new_scale_and_it_is_undone() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let id = skill(app, "Workshop", "Welding", "0–4").await;
        let (ben, cleo) = (app.person("Ben", None).await, app.person("Cleo", None).await);
        rate(&ada, ada.person_id, id, "2").await;
        rate(&ada, ben, id, "3").await;
        rate(&ada, cleo, id, "n/a").await;
        let query = app.app.db.q(sql!(
            "INSERT INTO targets (skill_id, ask, level, created_at, updated_at) VALUES (?, 'everybody/all', 100, 0, 0)"
        ));
        query.bind(id).execute().await.unwrap();
        let definition = [("version", "1"), ("description", ""), ("name-200", "Halfway")];
        ada.post(&format!("/skills/catalogue/{id}/definition"), &definition).await.has_status(StatusCode::SEE_OTHER);
        let before = ratings(app).await;
        let path = format!("/skills/catalogue/{id}/rescaling");
        ada.get(&path).await.has_status(StatusCode::OK).is_page().shows("New scale").hides("map-");
        let form = ada.fragment(&format!("{path}?scale=0%E2%80%9310")).await;
        form.has_status(StatusCode::OK)
            .is_fragment()
            .shows("map-100")
            .shows("map-200")
            .shows("map-300")
            .hides("map-400");
        form.shows("Halfway");
        // One that is not mapped is named, and what was typed stays.
        let form = [("scale", "0–10"), ("version", "2"), ("map-100", "3"), ("map-200", ""), ("map-300", "7")];
        let refused = ada.post(&path, &form).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Say what level 2 becomes: 1 ratings have it.");
        refused.shows("<option value=\"7\" selected>");
        assert_eq!(ratings(app).await, before, "nothing was written");
        let form = [("scale", "0–10"), ("version", "2"), ("map-100", "3"), ("map-200", "11"), ("map-300", "7")];
        ada.post(&path, &form).await.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("“11” is not a level");
        let form = [("scale", "0–10"), ("version", "2"), ("map-100", "3"), ("map-200", "5"), ("map-300", "7")];
        ada.post(&path, &form).await.leads_to(&format!("/skills/catalogue/{id}"));
        assert_eq!(
            ratings(app).await,
            [
                (ada.person_id, Some(500), false, Some(500), None),
                (ben, Some(700), false, None, Some(700)),
                (cleo, None, true, None, None)
            ]
        );
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM rating_events WHERE origin = 'scale'")).await, 3);
        assert_eq!(app.count(sql!("SELECT level_sum FROM skill_summaries")).await, 1200);
        assert_eq!(app.count(sql!("SELECT level FROM targets")).await, 300);
        assert_eq!(app.count(sql!("SELECT MAX(level) FROM requirements")).await, 300);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skill_levels")).await, 0);
        let page = ada.get(&format!("/skills/catalogue/{id}")).await;
        page.shows("The scale was changed from 0–4 to 0–10").shows("Undo");
        let rescaling = app.count(sql!("SELECT id FROM skill_rescalings")).await;
        let undo = format!("/skills/catalogue/rescalings/{rescaling}/reversal");
        ada.post(&undo, &[]).await.leads_to(&format!("/skills/catalogue/{id}"));
        assert_eq!(ratings(app).await, before);
        assert_eq!(app.count(sql!("SELECT level FROM targets")).await, 100);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skill_levels WHERE name = 'Halfway'")).await, 1);
        ada.post(&undo, &[]).await.has_status(StatusCode::CONFLICT).shows("undone already");
    })
    .await;
}

#[tokio::test]
async fn who_has_rated_since_keeps_it_from_being_undone() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let id = skill(app, "Workshop", "Welding", "0–4").await;
        let ben = app.person("Ben", None).await;
        rate(&ada, ada.person_id, id, "2").await;
        let form = [("scale", "ILUO"), ("version", "1"), ("map-200", "U")];
        let path = format!("/skills/catalogue/{id}/rescaling");
        ada.post(&path, &form).await.has_status(StatusCode::SEE_OTHER);
        app.app.clock.advance(1000);
        // A key takes back what was done last; a change of scale is not that.
        rate(&ada, ben, id, "O").await;
        let rescaling = app.count(sql!("SELECT id FROM skill_rescalings")).await;
        let refused = ada.post(&format!("/skills/catalogue/rescalings/{rescaling}/reversal"), &[]).await;
        refused.has_status(StatusCode::CONFLICT).shows("was rated 1 times since");
        let batch = app.count(sql!("SELECT batch_id FROM skill_rescalings")).await;
        let refused = ada.post(&format!("/skills/batches/{batch}/reversal"), &[]).await;
        refused.has_status(StatusCode::CONFLICT).shows("Undo it on the page of the skill");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings WHERE level IN (300, 400)")).await, 2);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_said() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        let id = skill(app, "Workshop", "Welding", "0–4").await;
        let path = format!("/skills/catalogue/{id}/rescaling");
        for (scale, text) in [("stars", "There is no scale “stars”"), ("0-4", "stands on the scale 0–4 already")]
        {
            let answer = lead.get(&format!("{path}?scale={scale}")).await;
            answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(text);
            let answer = lead.post(&path, &[("scale", scale), ("version", "1")]).await;
            answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(text);
        }
        // Somebody else was quicker.
        let late = lead.post(&path, &[("scale", "ILUO"), ("version", "0")]).await;
        late.has_status(StatusCode::CONFLICT)
            .shows("was changed by somebody else")
            .shows("name=\"version\" value=\"1\"");
        lead.post(&path, &[("scale", "ILUO"), ("version", "1")]).await.has_status(StatusCode::SEE_OTHER);
        lead.get("/skills/catalogue/999/rescaling").await.has_status(StatusCode::NOT_FOUND);
        lead.post("/skills/catalogue/rescalings/999/reversal", &[]).await.has_status(StatusCode::NOT_FOUND);
        let mia = app.sign_in("member", "Mia Member", None).await;
        mia.get(&path).await.has_status(StatusCode::FORBIDDEN);
        mia.post(&path, &[("scale", "ILUO")]).await.has_status(StatusCode::FORBIDDEN);
        mia.post("/skills/catalogue/rescalings/1/reversal", &[]).await.has_status(StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn a_skill_that_only_targets_name_keeps_its_scale_in_the_form_too() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let id = skill(app, "Workshop", "Welding", "0–4").await;
        let target = [("skill", "Welding"), ("level", "2"), ("at_least", "")];
        ada.post_fragment("/skills/targets/everybody", &target).await.has_status(StatusCode::OK);
        let form = [("name", "Welding"), ("category", "Workshop"), ("scale", "ILUO"), ("version", "1")];
        let refused = ada.post(&format!("/skills/catalogue/{id}"), &form).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("ratings or targets");
    })
    .await;
}
