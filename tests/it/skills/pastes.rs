//! Levels pasted into the matrix: the preview that marks each cell, what is decided, and what is written.

use super::skill;
use crate::support::{Answer, TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

/// Two people and two skills, in the order of the matrix.
struct Sheet {
    people: [i64; 2],
    skills: [i64; 2],
}

async fn sheet(app: &TestApp) -> Sheet {
    let yard = app.team("Yard").await;
    let people = [app.person("Ann", Some(yard)).await, app.person("Bob", Some(yard)).await];
    let skills = [skill(app, "Workshop", "Drilling", "0–4").await, skill(app, "Workshop", "Welding", "0–4").await];
    Sheet { people, skills }
}

async fn paste(visitor: &Visitor<'_>, sheet: &Sheet, text: &str) -> Answer {
    let (person, skill) = (sheet.people[0].to_string(), sheet.skills[0].to_string());
    visitor
        .post_fragment("/skills/pastes?team=1", &[("person_id", &person), ("skill_id", &skill), ("text", text)])
        .await
}

/// Sends the preview's form as a browser would, with what was decided.
async fn accept(visitor: &Visitor<'_>, preview: &Answer, decided: &[(&str, &str)]) -> Answer {
    let hidden = |name: &str| {
        let start = preview.text().split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
        start.split_once('"').unwrap().0.to_owned()
    };
    let text = preview.text().split_once("<textarea name=\"text\"").unwrap().1;
    let text = text.split_once(">\n").unwrap().1.split_once("</textarea>").unwrap().0.to_owned();
    let names = ["people", "skills", "versions", "contested"];
    let values: Vec<String> = names.iter().map(|name| hidden(name)).collect();
    let mut fields: Vec<(&str, &str)> = names.into_iter().zip(values.iter().map(String::as_str)).collect();
    fields.push(("text", &text));
    fields.extend(decided);
    visitor.post_fragment("/skills/pastes/acceptance?team=1", &fields).await
}

async fn levels(app: &TestApp) -> i64 {
    app.count(sql!("SELECT CAST(COALESCE(SUM(level), 0) AS {i64}) FROM ratings")).await
}

#[tokio::test]
async fn a_block_is_previewed_written_and_taken_back() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let sheet = sheet(app).await;
        ada.post_fragment(
            &format!("/skills/ratings/{}/{}", sheet.people[0], sheet.skills[0]),
            &[("level", "1"), ("was", "")],
        )
        .await;
        let preview = paste(&ada, &sheet, "1\t2\r\n3\tn/a\r\n").await;
        preview
            .has_status(StatusCode::OK)
            .is_fragment()
            .shows("3 ok")
            .shows("1 as they are")
            .shows("Nothing is written yet");
        preview.shows("<td class=\"quiet\">1</td>").shows("<s>–</s> <strong>2</strong>").shows("<strong>n/a</strong>");
        assert_eq!(levels(app).await, 100, "nothing is written yet");
        let written = accept(&ada, &preview, &[]).await;
        written
            .has_status(StatusCode::OK)
            .is_fragment()
            .shows("3 ratings were changed")
            .shows("/skills/batches/1/reversal");
        assert_eq!(levels(app).await, 600);
        let batched =
            app.count(sql!("SELECT COUNT(*) FROM rating_events WHERE batch_id = 1 AND origin = 'paste'")).await;
        assert_eq!(batched, 3);
        ada.post_fragment("/skills/batches/1/reversal", &[]).await.has_status(StatusCode::OK);
        assert_eq!(levels(app).await, 100);
    })
    .await;
}

#[tokio::test]
async fn a_cell_that_changed_meanwhile_must_be_decided_before_anything_is_written() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let lead = app.sign_in("lead", "Lea Lead", Some(app.team("Yard").await)).await;
        let sheet = sheet(app).await;
        let cell = format!("/skills/ratings/{}/{}", sheet.people[0], sheet.skills[0]);
        let preview = paste(&ada, &sheet, "4\t2").await;
        lead.post_fragment(&cell, &[("level", "3"), ("was", "")]).await.has_status(StatusCode::OK);
        let stale = accept(&ada, &preview, &[]).await;
        stale
            .has_status(StatusCode::CONFLICT)
            .shows("Somebody was quicker")
            .shows("1 changed meanwhile")
            .shows("by Lea Lead");
        assert_eq!(levels(app).await, 300, "nothing of it was written");
        accept(&ada, &stale, &[]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("decide about each cell");
        let decide = format!("decide-{}-{}", sheet.people[0], sheet.skills[0]);
        // A decision counts for what was seen, not for what came after it.
        lead.post_fragment(&cell, &[("level", "1"), ("was", "3")]).await.has_status(StatusCode::OK);
        let stale = accept(&ada, &stale, &[(&decide, "mine")]).await;
        stale.has_status(StatusCode::CONFLICT);
        assert_eq!(levels(app).await, 100);
        accept(&ada, &stale, &[(&decide, "theirs")]).await.has_status(StatusCode::OK).shows("1 rating was changed");
        assert_eq!(levels(app).await, 300, "theirs stayed at 1, and the other cell became 2");

        let preview = paste(&ada, &sheet, "4\t0").await;
        lead.post_fragment(&cell, &[("level", "2"), ("was", "1")]).await;
        let stale = accept(&ada, &preview, &[]).await;
        accept(&ada, &stale, &[("decide", "mine")]).await.has_status(StatusCode::OK).shows("2 ratings were changed");
        assert_eq!(levels(app).await, 400);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_the_reason() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let sheet = sheet(app).await;
        let preview = paste(&ada, &sheet, "1\t9\t3\nx\t2\n4\t4").await;
        preview
            .shows("2 ok")
            .shows("5 refused")
            .shows("“9” is not a level of the scale 0–4")
            .shows("This lies outside of the matrix");
        let refused = accept(&ada, &preview, &[]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("some cells cannot be taken");
        assert_eq!(levels(app).await, 0, "nothing of it was written");
        accept(&ada, &preview, &[("without_refused", "yes")])
            .await
            .has_status(StatusCode::OK)
            .shows("2 ratings were changed");
        assert_eq!(levels(app).await, 300);
        // Between the preview and the acceptance a skill is archived, and a person leaves.
        let preview = paste(&ada, &sheet, "4\t4\n4\t4").await;
        preview.shows("4 ok");
        let (skill, person) = (sheet.skills[1], sheet.people[1]);
        app.app.db.q(sql!("UPDATE skills SET active = FALSE WHERE id = ?")).bind(skill).execute().await.unwrap();
        app.app.db.q(sql!("UPDATE people SET active = FALSE WHERE id = ?")).bind(person).execute().await.unwrap();
        let late = accept(&ada, &preview, &[]).await;
        late.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("This skill is archived").shows("not here any more");
        assert_eq!(levels(app).await, 300);
    })
    .await;
}

#[tokio::test]
async fn who_may_rate_some_pastes_into_those_alone() {
    let app = TestApp::sqlite().await;
    let sheet = sheet(&app).await;
    let member = sheet.people[0];
    app.give_role(member, "member").await;
    let ann = app.visit_as(member).await;
    let preview = paste(&ann, &sheet, "1\t2\n3\t4").await;
    preview.has_status(StatusCode::OK).shows("2 ok").shows("2 refused").shows("You may not rate this");
    accept(&ann, &preview, &[("without_refused", "yes")]).await.has_status(StatusCode::OK);
    assert_eq!(levels(&app).await, 300);
    let viewer = app.sign_in("viewer", "Vic Viewer", None).await;
    paste(&viewer, &sheet, "1").await.shows("1 refused").hides("type=\"submit\"");
    let outsider = app.person("Out Sider", None).await;
    let outsider = app.visit_as(outsider).await;
    paste(&outsider, &sheet, "1").await.has_status(StatusCode::FORBIDDEN);
    app.stop().await;
}

#[tokio::test]
async fn one_level_for_a_range_is_written_at_once_unless_something_must_be_decided() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let sheet = sheet(app).await;
        let (person, skill) = (sheet.people[0].to_string(), sheet.skills[0].to_string());
        let send = async |text: &str, was: &str| {
            let fields = [
                ("person_id", person.as_str()),
                ("skill_id", &skill),
                ("text", text),
                ("was", was),
                ("at_once", "yes"),
            ];
            ada.post_fragment("/skills/pastes", &fields).await
        };
        send("2\t2\n2\t2", "\t\n\t")
            .await
            .has_status(StatusCode::OK)
            .hides("<form class=\"paste\"")
            .shows("4 ratings were changed");
        assert_eq!(levels(app).await, 800);
        // The grid still showed nothing in one of the cells.
        let stale = send("1\t1\n1\t1", "2\t\n2\t2").await;
        stale.has_status(StatusCode::CONFLICT).shows("1 changed meanwhile").shows("3 ok");
        assert_eq!(levels(app).await, 800);
        send("9\t9", "2\t2").await.has_status(StatusCode::OK).shows("2 refused");
        send(" \t \n \t ", "2\t2\n2\t2").await.shows("4 ratings were changed");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings WHERE level IS NOT NULL")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn without_scripts_a_page_takes_the_text() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let sheet = sheet(&app).await;
    let (person, skill) = (sheet.people[1].to_string(), sheet.skills[1].to_string());
    let page = ada.get("/skills/pastes?skill=weld").await;
    page.has_status(StatusCode::OK)
        .is_page()
        .shows("First person")
        .shows(">Welding</option>")
        .hides(">Drilling</option>");
    let empty = ada.post("/skills/pastes", &[("person_id", &person), ("skill_id", &skill), ("text", "")]).await;
    empty.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows("nothing to paste");
    let nowhere = ada.post("/skills/pastes", &[("person_id", "77"), ("skill_id", &skill), ("text", "1")]).await;
    nowhere.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Choose a cell of the matrix");
    let large = "1\t".repeat(10_000);
    let refused = ada.post("/skills/pastes", &[("person_id", &person), ("skill_id", &skill), ("text", &large)]).await;
    refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("At most 10000 cells");
    let preview = ada.post("/skills/pastes", &[("person_id", &person), ("skill_id", &skill), ("text", "3")]).await;
    preview.has_status(StatusCode::OK).is_page().shows("Paste 1 rating");
    let fields = [("people", person.as_str()), ("skills", &skill), ("versions", "0"), ("text", "3")];
    ada.post("/skills/pastes/acceptance", &fields).await.leads_to("/skills?all=yes");
    assert_eq!(levels(&app).await, 300);
    app.stop().await;
}
