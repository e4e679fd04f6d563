//! Two skills become one, and two again.

use super::skill;
use crate::support::{Answer, TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

/// What the last field of that name holds: the one in the form that is sent.
fn hidden(answer: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = answer
        .text()
        .rsplit_once(&start)
        .map(|(_, rest)| rest)
        .unwrap_or_else(|| panic!("no field {name} in {}", answer.text()));
    rest.split('"').next().unwrap().to_owned()
}

async fn rate(visitor: &Visitor<'_>, person: i64, skill: i64, level: &str) {
    let path = format!("/skills/ratings/{person}/{skill}");
    let version = visitor.fragment(&format!("{path}/edit")).await;
    let version = hidden(&version, "version");
    let saved = visitor.post_fragment(&path, &[("level", level), ("version", &version)]).await;
    saved.has_status(StatusCode::OK);
}

async fn level(app: &TestApp, person: i64, skill: i64) -> Option<i64> {
    let query = app.app.db.q(sql!("SELECT level FROM ratings WHERE person_id = ? AND skill_id = ?"));
    query.bind(person).bind(skill).optional::<(Option<i64>,)>().await.unwrap().and_then(|(level,)| level)
}

/// Previews and merges.
async fn merge(visitor: &Visitor<'_>, merged: i64, into: &str) -> Answer {
    let path = format!("/skills/catalogue/{merged}/merger");
    let query = serde_urlencoded::to_string([("into", into)]).unwrap();
    let preview = visitor.get(&format!("{path}?{query}")).await;
    preview.has_status(StatusCode::OK);
    visitor.post(&path, &[("into", &hidden(&preview, "into")), ("seen", &hidden(&preview, "seen"))]).await
}

#[tokio::test]
async fn the_newer_rating_wins_both_stay_in_history_and_it_is_undone() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let kept = skill(app, "Workshop", "Welding", "0–4").await;
        let merged = skill(app, "Hall", "Arc welding", "0–4").await;
        let form = [
            ("name", "Arc welding"),
            ("category", "Hall"),
            ("scale", "0–4"),
            ("version", "1"),
            ("aliases", "MMA"),
            ("tags", "Hot"),
        ];
        ada.post(&format!("/skills/catalogue/{merged}"), &form).await.has_status(StatusCode::SEE_OTHER);
        let (old, new, only, gone) = (
            app.person("Old Winner", None).await,
            app.person("New Winner", None).await,
            app.person("Only Merged", None).await,
            app.person("Only Kept", None).await,
        );
        rate(&ada, old, merged, "1").await;
        rate(&ada, new, kept, "2").await;
        rate(&ada, gone, kept, "4").await;
        app.app.clock.advance(60_000);
        rate(&ada, old, kept, "2").await;
        rate(&ada, new, merged, "3").await;
        rate(&ada, only, merged, "4").await;
        app.app.clock.advance(60_000);
        let preview = ada.get(&format!("/skills/catalogue/{merged}/merger?into=welding")).await;
        preview.has_status(StatusCode::OK).shows("Workshop › Welding");
        let preview = ada.get(&format!("/skills/catalogue/{merged}/merger?into=Workshop+%E2%80%BA+Welding")).await;
        preview.has_status(StatusCode::OK).is_page().shows("1 – “Welding” has none").shows("the newer rating wins");
        preview.shows("2 – 1 of “Arc welding” are newer and win, 1 of “Welding” are newer and stay");
        let events = app.count(sql!("SELECT COUNT(*) FROM rating_events")).await;
        merge(&ada, merged, "Workshop › Welding").await.leads_to(&format!("/skills/catalogue/{kept}"));
        let levels = async || {
            let mut levels = Vec::new();
            for person in [old, new, only, gone] {
                levels.push(level(app, person, kept).await);
            }
            levels
        };
        assert_eq!(levels().await, [Some(200), Some(300), Some(400), Some(400)]);
        assert_eq!(level(app, new, merged).await, Some(300), "the merged skill keeps its ratings");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM rating_events")).await, events + 2);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM rating_events WHERE origin = 'merge'")).await, 2);
        assert_eq!(
            app.count(sql!("SELECT able FROM skill_summaries WHERE skill_id = (SELECT MIN(id) FROM skills)")).await,
            4
        );
        let page = ada.get(&format!("/skills/catalogue/{kept}")).await;
        page.shows("“Arc welding”")
            .shows("was merged into this skill")
            .shows("Arc welding, MMA")
            .shows("Hot")
            .shows("Undo");
        ada.fragment("/skills/window").await.hides("Arc welding");
        let archived = ada.get(&format!("/skills/catalogue/{merged}")).await;
        archived.shows("This skill was merged into").shows("“Welding”");
        let back = ada.post(&format!("/skills/catalogue/{merged}/reactivation"), &[]).await;
        back.has_status(StatusCode::CONFLICT).shows("Undo that instead");
        // The last change of all, which a key takes back, is not a merge.
        let id = app.count(sql!("SELECT id FROM skill_merges")).await;
        rate(&ada, gone, kept, "1").await;
        ada.post(&format!("/skills/catalogue/mergers/{id}/reversal"), &[])
            .await
            .leads_to(&format!("/skills/catalogue/{merged}"));
        assert_eq!(levels().await, [Some(200), Some(200), None, Some(100)]);
        let page = ada.get(&format!("/skills/catalogue/{kept}")).await;
        page.hides("was merged into").hides("MMA").hides("Hot");
        ada.fragment("/skills/window").await.shows("Arc welding").shows("Welding");
        let again = ada.post(&format!("/skills/catalogue/mergers/{id}/reversal"), &[]).await;
        again.has_status(StatusCode::CONFLICT).shows("undone already");
    })
    .await;
}

#[tokio::test]
async fn what_was_changed_since_stays_when_a_merge_is_undone() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let kept = skill(app, "Workshop", "Welding", "0–4").await;
        let merged = skill(app, "Workshop", "Arc", "0–4").await;
        let (one, other) = (app.person("One", None).await, app.person("Other", None).await);
        rate(&ada, one, merged, "3").await;
        rate(&ada, other, merged, "2").await;
        merge(&ada, merged, "Welding").await.has_status(StatusCode::SEE_OTHER);
        rate(&ada, one, kept, "4").await;
        let id = app.count(sql!("SELECT id FROM skill_merges")).await;
        ada.post(&format!("/skills/catalogue/mergers/{id}/reversal"), &[]).await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(level(app, one, kept).await, Some(400));
        assert_eq!(level(app, other, kept).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_batch_of_a_merge_is_not_taken_back_without_the_skill() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let kept = skill(app, "Workshop", "Welding", "0–4").await;
        let merged = skill(app, "Workshop", "Arc", "0–4").await;
        rate(&ada, ada.person_id, merged, "3").await;
        merge(&ada, merged, "Welding").await.has_status(StatusCode::SEE_OTHER);
        let batch = app.count(sql!("SELECT batch_id FROM skill_merges")).await;
        let refused = ada.post(&format!("/skills/batches/{batch}/reversal"), &[]).await;
        refused.has_status(StatusCode::CONFLICT).shows("Undo it on the page of the skill");
        ada.post_fragment("/skills/reversals", &[]).await.has_status(StatusCode::OK);
        assert_eq!(level(app, ada.person_id, kept).await, Some(300), "the rating before the merge was taken back");
        assert_eq!(level(app, ada.person_id, merged).await, None);
    })
    .await;
}

#[tokio::test]
async fn targets_move_or_raise_and_come_back() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let kept = skill(app, "Workshop", "Welding", "0–4").await;
        let merged = skill(app, "Workshop", "Arc", "0–4").await;
        for (skill, ask, level) in
            [(kept, "everybody/all", 100i64), (merged, "everybody/all", 300), (merged, "everybody/some", 200)]
        {
            let query = app
                .app
                .db
                .q(sql!("INSERT INTO targets (skill_id, ask, level, created_at, updated_at) VALUES (?, ?, ?, 0, 0)"));
            query.bind(skill).bind(ask).bind(level).execute().await.unwrap();
        }
        let preview = ada.get(&format!("/skills/catalogue/{merged}/merger?into=Welding")).await;
        preview.shows("1, and 1 of “Welding” are raised");
        merge(&ada, merged, "Welding").await.has_status(StatusCode::SEE_OTHER);
        let targets = async || {
            let query = app.app.db.q(sql!("SELECT skill_id, ask, level FROM targets ORDER BY skill_id, ask, level"));
            query.all::<(i64, String, i64)>().await.unwrap()
        };
        let (all, some) = ("everybody/all".to_owned(), "everybody/some".to_owned());
        assert_eq!(targets().await, [(kept, all.clone(), 300), (kept, some.clone(), 200), (merged, all.clone(), 300)]);
        let asked =
            sql!("SELECT COALESCE(MAX(level), 0) FROM requirements WHERE skill_id = (SELECT MIN(id) FROM skills)");
        assert_eq!(app.count(asked).await, 300);
        let id = app.count(sql!("SELECT id FROM skill_merges")).await;
        ada.post(&format!("/skills/catalogue/mergers/{id}/reversal"), &[]).await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(targets().await, [(kept, all.clone(), 100), (merged, all, 300), (merged, some, 200)]);
        assert_eq!(app.count(asked).await, 100);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_merged_is_said() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let letters = skill(app, "Workshop", "Sawing", "ILUO").await;
        let old = skill(app, "Workshop", "Riveting", "0–4").await;
        skill(app, "Office", "Sawing", "ILUO").await;
        lead.post(&format!("/skills/catalogue/{old}/archival"), &[]).await.has_status(StatusCode::SEE_OTHER);
        let path = format!("/skills/catalogue/{welding}/merger");
        lead.get(&path).await.has_status(StatusCode::OK).is_page().shows("Merge into").hides("name=\"seen\"");
        lead.fragment(&path).await.is_fragment();
        let into = async |typed: &str, text: &str| {
            let query = serde_urlencoded::to_string([("into", typed)]).unwrap();
            let answer = lead.get(&format!("{path}?{query}")).await;
            answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(text).shows(&format!("value=\"{typed}\""));
        };
        into("Welding", "cannot be merged with itself").await;
        into("Riveting", "“Workshop › Riveting” is archived").await;
        into("Workshop › Sawing", "Change the scale of one of them first").await;
        into("Sawing", "Several skills fit “Sawing”: Office › Sawing, Workshop › Sawing").await;
        into("Juggling", "There is no skill “Juggling”").await;
        // The same when a form is sent that nobody was shown.
        for (id, text) in [(welding, "with itself"), (old, "is archived"), (letters, "Change the scale")] {
            let refused = lead.post(&path, &[("into", &id.to_string()), ("seen", "")]).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(text);
        }
        let archived = lead.post(&format!("/skills/catalogue/{old}/merger"), &[("into", &welding.to_string())]).await;
        archived.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("is archived");
        lead.post(&path, &[("into", "999")]).await.has_status(StatusCode::NOT_FOUND);
        lead.get("/skills/catalogue/999/merger").await.has_status(StatusCode::NOT_FOUND);
        lead.post("/skills/catalogue/mergers/999/reversal", &[]).await.has_status(StatusCode::NOT_FOUND);
        lead.fragment("/skills/catalogue/choices?into=saw").await.is_fragment().shows("Office › Sawing");
        let mia = app.sign_in("member", "Mia Member", None).await;
        mia.get(&path).await.has_status(StatusCode::FORBIDDEN);
        mia.post(&path, &[("into", "1")]).await.has_status(StatusCode::FORBIDDEN);
        mia.post("/skills/catalogue/mergers/1/reversal", &[]).await.has_status(StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn a_merge_that_would_do_something_else_asks_again() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        skill(app, "Workshop", "Welding", "0–4").await;
        let merged = skill(app, "Workshop", "Arc", "0–4").await;
        let path = format!("/skills/catalogue/{merged}/merger");
        let preview = ada.get(&format!("{path}?into=Welding")).await;
        let (into, seen) = (hidden(&preview, "into"), hidden(&preview, "seen"));
        rate(&ada, ada.person_id, merged, "3").await;
        let outdated = ada.post(&path, &[("into", &into), ("seen", &seen)]).await;
        outdated.has_status(StatusCode::CONFLICT).shows("Nothing was merged").shows("1 – “Welding” has none");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skill_merges")).await, 0);
        let seen = hidden(&outdated, "seen");
        ada.post(&path, &[("into", &into), ("seen", &seen)]).await.has_status(StatusCode::SEE_OTHER);
    })
    .await;
}
