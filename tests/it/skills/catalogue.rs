//! The catalogue of skills.

use super::skill;
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

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
        let id = app.count(sql!("SELECT id FROM skills")).await;
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
    refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Change its scale on its page");
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

#[tokio::test]
async fn a_skill_has_a_page_with_all_that_is_known_of_it() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        let mia = app.sign_in("member", "Mia Member", None).await;
        let form = [
            ("name", "Welding"),
            ("category", "Workshop › Joining"),
            ("scale", "ILUO"),
            ("description", "MIG\r\nand TIG"),
            ("uri", "https://example.org/welding"),
            ("aliases", "MIG\r\nmig\r\n Brazing "),
            ("tags", "Hot work, Safety"),
            ("owner", "mia"),
        ];
        lead.post("/skills/catalogue", &form).await.has_status(StatusCode::SEE_OTHER);
        let id = app.count(sql!("SELECT id FROM skills")).await;
        let page = mia.get(&format!("/skills/catalogue/{id}")).await;
        page.has_status(StatusCode::OK).is_page();
        for text in
            ["Workshop › Joining", "Brazing, MIG", "Hot work", "Mia Member", "Under supervision", "example.org/welding"]
        {
            page.shows(text);
        }
        mia.fragment(&format!("/skills/catalogue/{id}")).await.is_fragment().shows("Workshop › Joining");
        mia.get("/skills/catalogue/999").await.has_status(StatusCode::NOT_FOUND);
        // The form brings all of it back, and saving it unchanged changes nothing.
        let edit = lead.get(&format!("/skills/catalogue/{id}/edit")).await;
        edit.shows("value=\"Mia Member\"").shows("Brazing\nMIG").shows("Hot work, Safety");
        // Found by an alias, and by a tag in any case.
        lead.fragment("/skills/catalogue?skill=braz").await.shows("Welding").shows("also Brazing, MIG");
        lead.fragment("/skills/catalogue?tag=SAFETY").await.shows("Welding");
        lead.fragment("/skills/catalogue?tag=other").await.hides("Welding").shows("Nothing fits");
        let form = [("name", "Welding"), ("category", "Joining"), ("scale", "ILUO"), ("version", "1")];
        lead.post(&format!("/skills/catalogue/{id}"), &form).await.has_status(StatusCode::SEE_OTHER);
        let page = mia.get(&format!("/skills/catalogue/{id}")).await;
        page.shows("nobody yet").hides("Brazing").hides("Hot work").shows("Workshop › Joining");
    })
    .await;
}

#[tokio::test]
async fn labels_and_owners_that_cannot_be_taken_are_said() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        app.person("Anna Berg", None).await;
        app.person("Anna Zorn", None).await;
        skill(app, "Office", "Brazing", "0–4").await;
        let refused = async |field: &str, value: &str, text: &str| {
            let form = [("name", "Welding"), ("category", "Workshop"), ("scale", "0–4"), (field, value)];
            let answer = lead.post("/skills/catalogue", &form).await;
            answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(text);
        };
        refused("owner", "nobody at all", "There is nobody called “nobody at all”.").await;
        refused("owner", "anna", "2 people fit “anna”: Anna Berg, Anna Zorn. Type one of them.").await;
        refused("aliases", "welding", "is no alias").await;
        refused("aliases", &"x".repeat(191), "at most 190").await;
        refused("aliases", "a\u{7}b", "Control characters").await;
        refused("tags", &"x".repeat(61), "at most 60").await;
        refused("tags", &(0..41).map(|n| n.to_string()).collect::<Vec<_>>().join(","), "At most 40").await;
        lead.fragment("/skills/catalogue/owners?owner=anna").await.is_fragment().shows("Anna Berg").shows("Anna Zorn");
        // An alias that is another skill's name is taken, and said.
        let form = [
            ("name", "Welding"),
            ("category", "Workshop"),
            ("scale", "0–4"),
            ("aliases", "brazing"),
            ("owner", "anna z"),
        ];
        let made = lead.post("/skills/catalogue", &form).await;
        made.has_status(StatusCode::SEE_OTHER);
        let page = lead.get(made.header("location")).await;
        page.shows("Anna Zorn");
        let list = lead.get("/skills/catalogue").await;
        list.shows("also brazing");
    })
    .await;
}

#[tokio::test]
async fn two_of_the_same_name_are_told_apart_by_their_addresses() {
    let app = TestApp::sqlite().await;
    let lead = app.sign_in("lead", "Lea Lead", None).await;
    app.person("Anna Berg", None).await;
    let other = app.person("Anna  Berg", None).await;
    let query = app.app.db.q(sql!("UPDATE people SET name = 'Anna Berg', name_key = 'anna berg' WHERE id = ?"));
    query.bind(other).execute().await.unwrap();
    let form = [("name", "Welding"), ("scale", "0–4"), ("owner", "Anna Berg")];
    lead.post("/skills/catalogue", &form).await.shows("2 people are called “Anna Berg”").shows("anna.berg@example.org");
    let choices = lead.fragment("/skills/catalogue/owners?owner=anna+b").await;
    choices.shows("Anna Berg &lt;anna..berg@example.org&gt;");
    let form = [("name", "Welding"), ("scale", "0–4"), ("owner", "Anna Berg <anna..berg@example.org>")];
    lead.post("/skills/catalogue", &form).await.has_status(StatusCode::SEE_OTHER);
    let id = app.count(sql!("SELECT id FROM skills")).await;
    assert_eq!(app.count(sql!("SELECT owner_id FROM skills")).await, other);
    lead.get(&format!("/skills/catalogue/{id}/edit")).await.shows("anna..berg@example.org");
    app.stop().await;
}

#[tokio::test]
async fn a_skill_is_renamed_in_its_row() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        let id = skill(app, "Workshop", "Welding", "0–4").await;
        skill(app, "Workshop", "Sawing", "0–4").await;
        let path = format!("/skills/catalogue/{id}/name");
        let form = lead.fragment(&format!("{path}/edit")).await;
        form.has_status(StatusCode::OK).is_fragment().shows("value=\"Welding\"").shows("data-cancel");
        lead.get(&format!("{path}/edit")).await.is_page().shows("value=\"Welding\"");
        lead.fragment(&path).await.is_fragment().shows("Welding").hides("<form");
        let saved = lead.post_fragment(&path, &[("name", " Arc welding "), ("version", "1")]).await;
        saved.has_status(StatusCode::OK).is_fragment().shows("Arc welding").hides("<form");
        for (name, text) in [
            ("Sawing", "has a skill “Sawing” already"),
            ("", "Give the skill a name"),
            ("a\u{7}", "Control characters"),
        ] {
            let refused = lead.post_fragment(&path, &[("name", name), ("version", "2")]).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_fragment().shows(text).shows("aria-invalid");
        }
        let late = lead.post_fragment(&path, &[("name", "TIG"), ("version", "1")]).await;
        late.has_status(StatusCode::CONFLICT)
            .is_fragment()
            .shows("it is called “Arc welding” now")
            .shows("value=\"TIG\"")
            .shows("name=\"version\" value=\"2\"");
        lead.post(&path, &[("name", "TIG"), ("version", "2")]).await.leads_to("/skills/catalogue");
        lead.post(&path, &[("name", ""), ("version", "3")])
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .is_page();
        let mia = app.sign_in("member", "Mia Member", None).await;
        mia.fragment(&format!("{path}/edit")).await.has_status(StatusCode::FORBIDDEN);
        mia.post(&path, &[("name", "X"), ("version", "3")]).await.has_status(StatusCode::FORBIDDEN);
        lead.fragment("/skills/catalogue/999/name/edit").await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn what_is_archived_is_left_out_and_comes_back_with_its_ratings() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let id = skill(app, "Workshop", "Welding", "0–4").await;
        skill(app, "Workshop", "Sawing", "0–4").await;
        let cell = format!("/skills/ratings/{}/{id}", ada.person_id);
        ada.post_fragment(&cell, &[("level", "3"), ("version", "0")]).await.has_status(StatusCode::OK);
        let page = format!("/skills/catalogue/{id}");
        ada.post(&format!("{page}/archival"), &[]).await.leads_to(&page);
        ada.get(&page).await.shows("This skill is archived").shows("Use it again");
        ada.fragment("/skills/window").await.hides("Welding").shows("Sawing");
        ada.fragment("/skills/catalogue").await.hides("Welding").shows("Sawing");
        ada.fragment("/skills/catalogue?state=archived").await.shows("Welding").hides("Sawing");
        ada.get("/skills/exports/ratings.csv?form=wide").await.hides("Welding");
        ada.get(&format!("/skills/people/{}", ada.person_id)).await.hides("Welding");
        let able = sql!("SELECT CAST(COALESCE(SUM(able), 0) AS {i64}) FROM person_summaries");
        assert_eq!(app.count(able).await, 0, "it counts for nobody");
        assert_eq!(app.count(sql!("SELECT level FROM ratings")).await, 300, "and the rating is kept");
        let refused = ada.post_fragment(&cell, &[("level", "4"), ("version", "1")]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("archived");
        ada.post(&format!("{page}/reactivation"), &[]).await.leads_to(&page);
        ada.fragment("/skills/window").await.shows("Welding");
        assert_eq!(app.count(able).await, 1);
        let mia = app.sign_in("member", "Mia Member", None).await;
        mia.post(&format!("{page}/archival"), &[]).await.has_status(StatusCode::FORBIDDEN);
        mia.post(&format!("{page}/reactivation"), &[]).await.has_status(StatusCode::FORBIDDEN);
        ada.post("/skills/catalogue/999/archival", &[]).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_catalogue_of_thousands_comes_in_pages() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let mut csv = String::from("name,category,scale\r\n");
    (0..250).for_each(|n| csv.push_str(&format!("Skill {n:04},Group {},0-4\r\n", n % 7)));
    let upload = ada.upload("/skills/imports", &[("kind", "skills")], "skills.csv", csv.as_bytes()).await;
    let preview = ada.get(upload.header("location")).await;
    let fingerprint = preview.text().split("name=\"fingerprint\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    ada.post(&format!("{}/acceptance", upload.header("location")), &[("fingerprint", fingerprint)]).await;
    let page = ada.fragment("/skills/catalogue?skill=skill").await;
    page.shows("1–100 of 250").shows("skill=skill&amp;offset=100");
    assert_eq!(page.text().matches("class=\"named\"").count(), 100);
    ada.fragment("/skills/catalogue?skill=skill&offset=200").await.shows("201–250 of 250");
    app.stop().await;
}
