//! A draft: what it is filled in with, and how several write into it.

use super::{accept, draft, sent, yard};
use crate::projects::{join, project, task};
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::plugins::projects::model::Role;
use quarterdeck::sql;

#[tokio::test]
async fn a_handoff_is_filled_in_from_what_changed_and_what_is_open() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        project(app, &yard.lea, "QD").await;
        join(app, &yard.lea, "QD", yard.ina.person_id, Role::Member).await;
        task(app, &yard.lea, "QD", "Fix pump @ina").await;
        task(app, &yard.lea, "QD", "Nobody works on this").await;
        yard.ina.get("/handoffs/new").await.has_status(StatusCode::OK).is_page().shows("Yard, ");
        let fields =
            [("team_id", yard.team.to_string()), ("title", "Night".to_owned()), ("submission", "f1".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let begun = yard.ina.post("/handoffs", &fields).await;
        yard.ina.post("/handoffs", &fields).await.leads_to(begun.header("location"));
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM handoffs")).await, 1);
        let page = yard.ina.get(begun.header("location")).await;
        page.has_status(StatusCode::OK).is_page().shows("QD-1 Fix pump").hides("Nobody works on this");
        page.shows("Summary").shows("Situation awareness").shows("Ina Out</strong> is responsible");
        // What is closed is told, what is open and was handed on comes along.
        let id: i64 = begun.header("location").rsplit('/').next().unwrap().parse().unwrap();
        super::send(&yard, id, &format!("t{}", yard.team)).await;
        accept(&yard.max, id).await.leads_to(&format!("/handoffs/{id}"));
        let second = draft(app, &yard, "Day").await;
        let page = yard.ina.get(&format!("/handoffs/{second}")).await;
        page.shows("QD-1 Fix pump").shows("open since");
        let items = app.count(sql!("SELECT COUNT(*) FROM handoff_items")).await;
        assert_eq!(items, 1, "the task is carried over, not told anew");
    })
    .await;
}

#[tokio::test]
async fn who_is_of_no_team_and_who_may_not_are_told_so() {
    let app = TestApp::sqlite().await;
    let yard = yard(&app).await;
    let eva = app.sign_in("member", "Eva Alone", None).await;
    eva.get("/handoffs/new").await.has_status(StatusCode::OK).shows("You are in no team");
    let vic = app.sign_in("viewer", "Vic Viewer", Some(yard.team)).await;
    vic.get("/handoffs/new").await.has_status(StatusCode::FORBIDDEN);
    vic.get("/handoffs").await.has_status(StatusCode::OK).shows("Nothing was handed off yet");
    let foreign = [("team_id", yard.team.to_string()), ("title", "Not mine".to_owned())];
    let foreign: Vec<(&str, &str)> = foreign.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused = yard.olga.post("/handoffs", &foreign).await;
    refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("value=\"Not mine\"");
    let team = yard.team.to_string();
    for (title, receiver, problem) in [
        ("", "", "Say in a few words"),
        ("Night", "p999", "Choose somebody who is here"),
        ("Night", "x1", "Choose somebody who is here"),
        ("Night", "ü", "Choose somebody who is here"),
        ("Night", &format!("p{}", yard.ina.person_id), "goes to somebody else"),
    ] {
        let fields = [("team_id", team.as_str()), ("title", title), ("receiver", receiver)];
        yard.ina.post("/handoffs", &fields).await.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(problem);
    }
    app.stop().await;
}

#[tokio::test]
async fn others_see_nothing_of_it() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let id = draft(app, &yard, "Night").await;
        yard.max.get(&format!("/handoffs/{id}")).await.has_status(StatusCode::OK);
        for path in ["", "/print", "/items/1/edit"] {
            yard.olga.get(&format!("/handoffs/{id}{path}")).await.has_status(StatusCode::NOT_FOUND);
        }
        yard.olga.get("/handoffs").await.hides("Night");
        yard.olga.post(&format!("/handoffs/{id}/sections/0"), &[("body", "x")]).await.has_status(StatusCode::NOT_FOUND);
        // Who is to receive it sees it.
        super::send(&yard, id, &format!("p{}", yard.olga.person_id)).await;
        yard.olga.get(&format!("/handoffs/{id}")).await.has_status(StatusCode::OK).shows("What you take over");
        yard.olga.get("/handoffs?text=night&state=sent").await.shows("Night").shows("hands off to you");
        yard.olga.get("/handoffs?text=nothing").await.shows("Nothing fits");
    })
    .await;
}

#[tokio::test]
async fn two_write_in_one_part_and_neither_is_lost() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let id = draft(app, &yard, "Night").await;
        let path = format!("/handoffs/{id}/sections/0");
        let mine = [("body", "**Crane 3** is down"), ("version", "1"), ("writer", "page-a")];
        let saved = yard.ina.post_fragment(&path, &mine).await;
        saved.has_status(StatusCode::OK).is_fragment().shows("Saved by Ina Out");
        let theirs = [("body", "Crane 4 too"), ("version", "1"), ("writer", "page-b")];
        let refused = yard.max.post_fragment(&path, &theirs).await;
        refused
            .has_status(StatusCode::CONFLICT)
            .shows("<strong>Crane 3</strong>")
            .shows("Crane 4 too")
            .shows("Save mine");
        // The answer to the first save was lost, so the page still says version 1: its own words are no conflict.
        let again = [("body", "Crane 3 is down, crane 4 is slow"), ("version", "1"), ("writer", "page-a")];
        yard.ina.post_fragment(&path, &again).await.has_status(StatusCode::OK);
        let version = refused.hidden("version");
        assert_eq!(version, "2");
        let plain = [("body", "Both"), ("version", "3")];
        yard.max.post(&path, &plain).await.leads_to(&format!("/handoffs/{id}#section-0"));
        let long = "x".repeat(200 * 1024);
        let refused = yard.max.post_fragment(&path, &[("body", long.as_str()), ("version", "4")]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("At most 100000 characters").shows(&long[..1000]);
        yard.max.post(&format!("/handoffs/{id}/sections/99"), &plain).await.has_status(StatusCode::NOT_FOUND);
        let script = [("body", "<script>alert(1)</script> [x](javascript:alert(1))"), ("version", "4")];
        yard.max.post(&path, &script).await.has_status(StatusCode::SEE_OTHER);
        super::send(&yard, id, &format!("t{}", yard.team)).await;
        yard.max.get(&format!("/handoffs/{id}")).await.hides("<script>alert").hides("javascript:");
        yard.ina.post(&path, &plain).await.has_status(StatusCode::CONFLICT).shows("has been sent already");
    })
    .await;
}

#[tokio::test]
async fn items_are_added_changed_struck_out_and_closed() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let id = draft(app, &yard, "Night").await;
        let items = format!("/handoffs/{id}/items");
        yard.ina
            .post_fragment(&items, &[("title", "")])
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("Say what is");
        yard.ina
            .post_fragment(&items, &[("title", "Watch the pump"), ("detail", "Every hour")])
            .await
            .shows("Watch the pump");
        yard.ina.post(&items, &[("title", "Strike me")]).await.leads_to(&format!("/handoffs/{id}#items"));
        let newest = app.count(sql!("SELECT MAX(id) FROM handoff_items")).await;
        let pump = newest - 1;
        yard.ina.fragment(&format!("{items}/{pump}/edit")).await.is_fragment().shows("Every hour");
        let changed = [("title", "Watch both pumps"), ("version", "1")];
        yard.ina.post_fragment(&format!("{items}/{pump}"), &changed).await.shows("Watch both pumps");
        let late = yard.max.post_fragment(&format!("{items}/{pump}"), &[("title", "Mine"), ("version", "1")]).await;
        late.has_status(StatusCode::CONFLICT).shows("Watch both pumps").shows("value=\"Mine\"");
        yard.ina.post_fragment(&format!("{items}/{newest}/deletion"), &[]).await.hides("Strike me");
        let unknown = yard.ina.post_fragment(&format!("{items}/{pump}/skills"), &[("skill", "Juggling")]).await;
        unknown.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("There is no skill").shows("value=\"Juggling\"");
        super::send(&yard, id, &format!("t{}", yard.team)).await;
        yard.max.post(&format!("{items}/{pump}/closure"), &[]).await.has_status(StatusCode::SEE_OTHER);
        yard.max.get(&format!("/handoffs/{id}")).await.shows("closed by Max In");
        yard.max.post_fragment(&format!("{items}/{pump}/reopening"), &[]).await.hides("closed by");
        yard.ina.post(&items, &[("title", "Too late")]).await.has_status(StatusCode::CONFLICT);
        yard.olga.get(&format!("/handoffs/items/{pump}")).await.has_status(StatusCode::NOT_FOUND);
        yard.max
            .get(&format!("/handoffs/items/{pump}"))
            .await
            .has_status(StatusCode::OK)
            .shows("Nobody has taken it over yet");
    })
    .await;
}

#[tokio::test]
async fn a_skill_that_no_receiver_has_is_warned_of() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let skill = crate::skills::skill(app, "Metal", "Welding", "0–4").await;
        let rate = async |who: &crate::support::Visitor<'_>, level: &str| {
            let path = format!("/skills/ratings/{}/{skill}", who.person_id);
            let rated = who.post(&path, &[("level", level), ("version", "0")]).await;
            assert!(rated.status < 400, "{}", rated.text());
        };
        rate(&yard.olga, "4").await;
        rate(&yard.max, "1").await;
        let id = draft(app, &yard, "Night").await;
        yard.ina.post(&format!("/handoffs/{id}/items"), &[("title", "Weld the rail")]).await;
        let item = app.count(sql!("SELECT MAX(id) FROM handoff_items")).await;
        let needed = [("skill", "welding"), ("level", "3")];
        yard.ina.post_fragment(&format!("/handoffs/{id}/items/{item}/skills"), &needed).await.shows("Welding 3");
        super::send(&yard, id, &format!("t{}", yard.team)).await;
        let page = yard.max.get(&format!("/handoffs/{id}")).await;
        page.shows("None of the receivers has").shows("Weld the rail").shows("Olga Outside does.");
        let update = [("level", "3"), ("version", "1")];
        yard.max.post(&format!("/skills/ratings/{}/{skill}", yard.max.person_id), &update).await;
        yard.max.get(&format!("/handoffs/{id}")).await.hides("None of the receivers has");
    })
    .await;
}

#[tokio::test]
async fn an_item_tells_through_whose_hands_it_went_and_outlives_its_task() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let first = draft(app, &yard, "Night").await;
        yard.ina.post(&format!("/handoffs/{first}/items"), &[("title", "Watch the pump")]).await;
        let item = app.count(sql!("SELECT MAX(id) FROM handoff_items")).await;
        super::send(&yard, first, &format!("t{}", yard.team)).await;
        accept(&yard.max, first).await;
        let second = sent(app, &yard, "Day").await;
        accept(&yard.noa, second).await;
        let page = yard.lea.get(&format!("/handoffs/items/{item}")).await;
        page.shows("It went through 2 handoffs.").shows("Max In").shows("Noa In");
        yard.ina.post(&format!("/handoffs/{second}/items/{item}/deletion"), &[]).await.has_status(StatusCode::CONFLICT);
        let third = draft(app, &yard, "Evening").await;
        let kept = yard.ina.post(&format!("/handoffs/{third}/items/{item}/deletion"), &[]).await;
        kept.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("until somebody closes it");
        yard.ina.get(&format!("/handoffs/{third}/print")).await.has_status(StatusCode::OK).shows("Watch the pump");
    })
    .await;
}
