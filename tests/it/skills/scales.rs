//! The scales: looked at, made, described, deleted; and what their levels mean for a single skill.

use super::skill;
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::plugins::skills::scales::{self, Scales};
use quarterdeck::sql;
use std::sync::Arc;

const HERE: &str = "/skills/scales";

async fn all(app: &TestApp) -> Arc<Scales> {
    scales::all(&app.app).await.unwrap()
}

async fn id_of(app: &TestApp, name: &str) -> i64 {
    all(app).await.named(name).unwrap_or_else(|| panic!("no scale {name}")).id
}

#[tokio::test]
async fn the_presets_are_there() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let page = mia.get(HERE).await;
        page.has_status(StatusCode::OK).is_page().hides("New scale").hides("/edit");
        for name in ["Yes/No", "ILUO", "Dreyfus 1–5", "0–4", "SFIA 1–7", "0–10", "O*NET 0–7"] {
            page.shows(name);
        }
        page.shows("Advanced beginner").shows("Initiate, influence").shows("in steps of 0.01");
        mia.fragment(HERE).await.is_fragment().shows("ILUO");
    })
    .await;
}

#[tokio::test]
async fn a_scale_is_made_described_and_deleted() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        lead.get("/skills/scales/new").await.has_status(StatusCode::OK).shows("Lowest level");
        let form = [("name", "Belts"), ("lowest", "0"), ("highest", "2"), ("step", "0.5")];
        let made = lead.post(HERE, &form).await;
        let id = id_of(app, "Belts").await;
        made.leads_to(&format!("{HERE}/{id}/edit"));
        lead.get(&format!("{HERE}/{id}/edit")).await.shows("name-150").shows("in steps of 0.5");
        let form = [
            ("name", "Judo belts"),
            ("version", "1"),
            ("code-0", "W"),
            ("name-0", "White"),
            ("description-0", "Falls well."),
            ("code-150", ""),
            ("name-150", "Brown"),
            ("name-200", ""),
        ];
        lead.post(&format!("{HERE}/{id}"), &form).await.leads_to(HERE);
        let scales = all(app).await;
        let belts = scales.get(id).unwrap();
        let levels: Vec<(&str, &str)> = belts.levels.iter().map(|l| (l.code.as_str(), l.name.as_str())).collect();
        assert_eq!((belts.name.as_str(), levels), ("Judo belts", vec![("W", "White"), ("1.5", "Brown")]));
        skill(app, "Sport", "Judo", "Judo belts").await;
        let refused = lead.post(&format!("{HERE}/{id}/deletion"), &[]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("1 skills stand on “Judo belts”");
        app.app.db.q(sql!("DELETE FROM skills")).execute().await.unwrap();
        lead.post(&format!("{HERE}/{id}/deletion"), &[]).await.leads_to(HERE);
        assert!(all(app).await.get(id).is_none());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_said() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        for (form, text) in [
            ([("name", ""), ("lowest", "0"), ("highest", "4"), ("step", "1")], "Give the scale a name"),
            ([("name", "A\u{0}"), ("lowest", "0"), ("highest", "4"), ("step", "1")], "Control characters"),
            ([("name", "ILUO"), ("lowest", "0"), ("highest", "4"), ("step", "1")], "There is a scale “ILUO” already"),
            ([("name", "X"), ("lowest", "-1"), ("highest", "4"), ("step", "1")], "a number from 0 on"),
            ([("name", "X"), ("lowest", "4"), ("highest", "4"), ("step", "1")], "above the lowest"),
            ([("name", "X"), ("lowest", "0"), ("highest", "1001"), ("step", "1")], "up to 1000"),
            ([("name", "X"), ("lowest", "0"), ("highest", "1.5"), ("step", "1")], "not reached in such steps"),
            ([("name", "X"), ("lowest", "0"), ("highest", "11"), ("step", "0.01")], "at most 1001"),
            ([("name", "X"), ("lowest", "0"), ("highest", "4"), ("step", "3")], "Choose the step"),
        ] {
            lead.post(HERE, &form).await.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(text);
        }
        let id = id_of(app, "0–4").await;
        let path = format!("{HERE}/{id}");
        for (field, value, text) in [
            ("code-100", "2", "“2” is read as level 2"),
            ("name-100", "n/a", "means not applicable"),
            ("name-450", "Beyond", "4.5 is no level"),
            ("name-100", "a\u{7}b", "Control characters"),
        ] {
            let form = [("name", "0–4"), ("version", "1"), (field, value)];
            lead.post(&path, &form).await.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(text);
        }
        let preset = lead.post(&format!("{path}/deletion"), &[]).await;
        preset.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("can be renamed, but not deleted");
        lead.get(&format!("{HERE}/999/edit")).await.has_status(StatusCode::NOT_FOUND);
        lead.post(&format!("{HERE}/999"), &[("name", "X")]).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_renamed_preset_is_found_by_both_names_and_not_made_again() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        let id = id_of(app, "ILUO").await;
        let form = [("name", "Workshop letters"), ("version", "1"), ("code-100", "I"), ("name-100", "Learning")];
        lead.post(&format!("{HERE}/{id}"), &form).await.leads_to(HERE);
        assert_eq!((id_of(app, "ILUO").await, id_of(app, "workshop letters").await), (id, id));
        let mut tx = app.app.db.begin().await.unwrap();
        scales::add_presets(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM scales WHERE name = 'ILUO'")).await, 0);
        let late = lead.post(&format!("{HERE}/{id}"), &[("name", "Letters"), ("version", "1")]).await;
        late.has_status(StatusCode::CONFLICT)
            .shows("value=\"Letters\"")
            .shows("It is called “Workshop letters” now")
            .shows("name=\"version\" value=\"2\"");
    })
    .await;
}

#[tokio::test]
async fn members_change_no_scale() {
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    let id = id_of(&app, "ILUO").await;
    mia.get("/skills/scales/new").await.has_status(StatusCode::FORBIDDEN);
    mia.post(HERE, &[("name", "X")]).await.has_status(StatusCode::FORBIDDEN);
    mia.get(&format!("{HERE}/{id}/edit")).await.has_status(StatusCode::FORBIDDEN);
    mia.post(&format!("{HERE}/{id}"), &[("name", "X")]).await.has_status(StatusCode::FORBIDDEN);
    mia.post(&format!("{HERE}/{id}/deletion"), &[]).await.has_status(StatusCode::FORBIDDEN);
    app.stop().await;
}

#[tokio::test]
async fn the_owner_of_a_skill_says_what_its_levels_mean() {
    on_every_database(async |app| {
        let id = skill(app, "Workshop", "Welding", "0–4").await;
        let mia = app.sign_in("member", "Mia Member", None).await;
        let path = format!("/skills/catalogue/{id}/definition");
        let form = [
            ("version", "1"),
            ("description", "MIG and TIG"),
            ("name-100", "Tack welder"),
            ("description-100", "Tacks under guidance."),
            ("name-200", ""),
            ("description-200", ""),
        ];
        mia.get(&format!("{path}/edit")).await.has_status(StatusCode::FORBIDDEN);
        mia.post(&path, &form).await.has_status(StatusCode::FORBIDDEN);
        let query = app.app.db.q(sql!("UPDATE skills SET owner_id = ? WHERE id = ?"));
        query.bind(mia.person_id).bind(id).execute().await.unwrap();
        mia.get(&format!("/skills/catalogue/{id}")).await.shows("Describe the levels").hides("Archive");
        mia.get(&format!("{path}/edit")).await.has_status(StatusCode::OK).shows("placeholder=\"Basic\"");
        mia.post(&path, &form).await.leads_to(&format!("/skills/catalogue/{id}"));
        let page = mia.get(&format!("/skills/catalogue/{id}")).await;
        page.shows("Tack welder").shows("Tacks under guidance.").shows("Working").shows("MIG and TIG");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skill_levels")).await, 1, "empty texts are not kept");
        // Only what is theirs: not the name, nor other skills.
        mia.get(&format!("/skills/catalogue/{id}/edit")).await.has_status(StatusCode::FORBIDDEN);
        let late = mia.post(&path, &[("version", "1"), ("description", "Arc")]).await;
        late.has_status(StatusCode::CONFLICT).shows("Arc").shows("“MIG and TIG”").shows("value=\"2\"");
        for (field, value, text) in [
            ("name-100", "2", "is read as level 2"),
            ("name-900", "Beyond", "9 is no level"),
            ("description-100", "a\u{7}", "Control characters"),
        ] {
            let refused = mia.post(&path, &[("version", "2"), (field, value)]).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(text);
        }
        // The skill's own words show where somebody is rated on it, too.
        let page = mia.get(&format!("/skills/people/{}", mia.person_id)).await;
        page.shows("Tack welder");
    })
    .await;
}
