//! The tree of categories, and what a filter by one of them leaves.

use super::skill;
use crate::support::{TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::Actor;
use quarterdeck::plugins::skills::categories::model;
use quarterdeck::sql;

const HERE: &str = "/skills/catalogue/categories";

/// The id of a category by its path.
async fn category(app: &TestApp, path: &str) -> i64 {
    let tree = model::tree(&app.app, &Actor::system()).await.unwrap();
    tree.named(path).unwrap_or_else(|| panic!("{path} is not there: {tree:?}")).id
}

async fn version(app: &TestApp, id: i64) -> String {
    let tree = model::tree(&app.app, &Actor::system()).await.unwrap();
    tree.get(id).unwrap().version.to_string()
}

/// The skills of the matrix, from left to right.
async fn columns(visitor: &Visitor<'_>, query: &str) -> Vec<String> {
    let window = visitor.fragment(&format!("/skills/window?{query}")).await;
    let head = window.text().split("<tr class=\"skills\">").nth(1).unwrap().split("</tr>").next().unwrap().to_owned();
    let names = head.split("<span>").skip(1).map(|rest| rest.split("</span>").next().unwrap().to_owned());
    names.collect()
}

#[tokio::test]
async fn a_lead_makes_renames_moves_and_deletes() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        lead.get(HERE).await.has_status(StatusCode::OK).is_page().shows("Uncategorised").shows("New category");
        lead.post(HERE, &[("name", "Workshop › Welding")]).await.leads_to(HERE);
        let welding = category(app, "Workshop › Welding").await;
        let workshop = category(app, "Workshop").await.to_string();
        let made = lead.post_fragment(HERE, &[("name", "Paint"), ("parent", &workshop)]).await;
        made.has_status(StatusCode::OK).is_fragment().shows("Paint").shows("depth-1");
        lead.fragment(&format!("{HERE}/{welding}/edit"))
            .await
            .has_status(StatusCode::OK)
            .is_fragment()
            .shows("value=\"Welding\"")
            .shows("data-cancel");
        lead.get(&format!("{HERE}/{welding}/edit")).await.is_page().shows("value=\"Welding\"");
        let form = [("name", "Joining"), ("parent", workshop.as_str()), ("version", "1")];
        lead.post(&format!("{HERE}/{welding}"), &form).await.leads_to(HERE);
        assert_eq!(category(app, "Workshop › Joining").await, welding);
        let id = category(app, "Workshop › Paint").await;
        let form = [("name", "Paint"), ("parent", ""), ("version", "1")];
        lead.post(&format!("{HERE}/{id}"), &form).await.leads_to(HERE);
        assert_eq!(category(app, "Paint").await, id);
        lead.post(&format!("{HERE}/{id}/deletion"), &[]).await.leads_to(HERE);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skill_categories WHERE name LIKE '%Paint%'")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_below_follows_and_the_columns_stand_depth_first() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        skill(app, "Workshop", "Filing", "0–4").await;
        skill(app, "Zoo", "Feeding", "0–4").await;
        skill(app, "Workshop › Welding › TIG", "Thin sheet", "0–4").await;
        skill(app, "Workshop › Bench", "Sawing", "0–4").await;
        skill(app, "", "Whistling", "0–4").await;
        assert_eq!(columns(&lead, "").await, ["Filing", "Sawing", "Thin sheet", "Feeding", "Whistling"]);
        let workshop = category(app, "Workshop").await;
        assert_eq!(columns(&lead, &format!("category={workshop}")).await, ["Filing", "Sawing", "Thin sheet"]);
        let welding = category(app, "Workshop › Welding").await;
        assert_eq!(columns(&lead, &format!("category={welding}")).await, ["Thin sheet"]);
        lead.fragment(&format!("/skills/catalogue?category={workshop}"))
            .await
            .shows("Thin sheet")
            .shows("Workshop › Welding › TIG")
            .hides("Feeding");
        let file = lead.get(&format!("/skills/exports/skills.csv?category={welding}")).await;
        file.shows("Thin sheet,Workshop › Welding › TIG").hides("Filing");
        // Below the zoo, under another name: paths, order and filters follow.
        let zoo = category(app, "Zoo").await;
        let form = [("name", "Joining"), ("parent", &zoo.to_string()), ("version", &version(app, welding).await)];
        lead.post(&format!("{HERE}/{welding}"), &form).await.has_status(StatusCode::SEE_OTHER);
        category(app, "Zoo › Joining › TIG").await;
        assert_eq!(columns(&lead, "").await, ["Filing", "Sawing", "Feeding", "Thin sheet", "Whistling"]);
        assert_eq!(columns(&lead, &format!("category={zoo}")).await, ["Feeding", "Thin sheet"]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_said() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        skill(app, "Workshop › Welding", "Thin sheet", "0–4").await;
        let (workshop, welding) = (category(app, "Workshop").await, category(app, "Workshop › Welding").await);
        let refused = async |path: String, form: &[(&str, &str)], text: &str| {
            lead.post(&path, form).await.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(text);
            lead.post_fragment(&path, form)
                .await
                .has_status(StatusCode::UNPROCESSABLE_ENTITY)
                .is_fragment()
                .shows(text);
        };
        let within = welding.to_string();
        let cycle = [("name", "Workshop"), ("parent", within.as_str()), ("version", "1")];
        refused(format!("{HERE}/{workshop}"), &cycle, "cannot stand below itself").await;
        refused(HERE.to_owned(), &[("name", " ")], "Give the category a name").await;
        refused(HERE.to_owned(), &[("name", "Workshop › ")], "Give the category a name").await;
        refused(HERE.to_owned(), &[("name", "Work\u{7}shop")], "Control characters").await;
        refused(HERE.to_owned(), &[("name", "Workshop")], "“Workshop” already").await;
        refused(HERE.to_owned(), &[("name", "X"), ("parent", "999")], "no longer there").await;
        refused(HERE.to_owned(), &[("name", &"x".repeat(191))], "at most 190").await;
        refused(format!("{HERE}/{workshop}/deletion"), &[], "is not empty").await;
        refused(format!("{HERE}/{welding}/deletion"), &[], "is not empty").await;
        let nameless = category(app, "").await;
        refused(format!("{HERE}/{nameless}/deletion"), &[], "cannot be changed").await;
        // A long name far below makes the paths under it too long.
        let form = [("name", &*"w".repeat(185)), ("parent", ""), ("version", "1")];
        refused(format!("{HERE}/{workshop}"), &form, "at most 190").await;
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_sees_what_the_first_one_saved() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        skill(app, "Workshop", "Filing", "0–4").await;
        let path = format!("{HERE}/{}", category(app, "Workshop").await);
        lead.post(&path, &[("name", "Hall"), ("version", "1")]).await.has_status(StatusCode::SEE_OTHER);
        let late = lead.post_fragment(&path, &[("name", "Yard"), ("version", "1")]).await;
        late.has_status(StatusCode::CONFLICT)
            .is_fragment()
            .shows("it is called “Hall” now")
            .shows("value=\"Yard\"")
            .shows("name=\"version\" value=\"2\"")
            .shows("Save mine");
        lead.post(&path, &[("name", "Yard"), ("version", "2")]).await.has_status(StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_category_is_typed_in_several_ways() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        skill(app, "Workshop › Welding", "Thin sheet", "0–4").await;
        for (name, typed) in [("A", "Workshop > Welding"), ("B", "Workshop / Welding"), ("C", "Welding"), ("D", "Workshop ›Welding")] {
            let form = [("name", name), ("category", typed), ("scale", "0–4")];
            lead.post("/skills/catalogue", &form).await.has_status(StatusCode::SEE_OTHER);
        }
        let welding = sql!("SELECT COUNT(*) FROM skills s JOIN skill_categories c ON c.id = s.category_id WHERE c.name = 'Workshop › Welding'");
        assert_eq!(app.count(welding).await, 5);
        skill(app, "Office › Welding", "Paper", "0–4").await;
        let form = [("name", "E"), ("category", "Welding"), ("scale", "0–4")];
        lead.post("/skills/catalogue", &form)
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("Several categories are called “Welding”: Office › Welding, Workshop › Welding.");
        // A file means the same.
        let csv = "name,category,scale\r\nF,Workshop > Welding,0-4\r\nG,Yard › Gate,0-4\r\nH,Yard,0-4\r\n";
        let ada = app.administrator().await;
        let upload = ada.upload("/skills/imports", &[("kind", "skills")], "skills.csv", csv.as_bytes()).await;
        upload.has_status(StatusCode::SEE_OTHER);
        let preview = ada.get(upload.header("location")).await;
        preview.has_status(StatusCode::OK).shows("Yard › Gate");
        let fingerprint = preview.text().split("name=\"fingerprint\" value=\"").nth(1).unwrap();
        let fingerprint = fingerprint.split('"').next().unwrap().to_owned();
        let acceptance = format!("{}/acceptance", upload.header("location"));
        let accepted = ada.post(&acceptance, &[("fingerprint", &fingerprint)]).await;
        accepted.has_status(StatusCode::SEE_OTHER);
        assert_eq!(app.count(welding).await, 6);
        let gate = category(app, "Yard › Gate").await;
        assert_eq!(model::tree(&app.app, &Actor::system()).await.unwrap().get(gate).unwrap().parent_id, Some(category(app, "Yard").await));
        // Twice the same skill in one file, where the category is written in two ways.
        let csv = "name,category,scale\r\nJ,Workshop > Welding,0-4\r\nJ,Workshop › Welding,0-4\r\nK,Welding,0-4\r\n";
        let refused = ada.upload("/skills/imports", &[("kind", "skills")], "skills.csv", csv.as_bytes()).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("is meant in row 2 already").shows("Several categories");
    })
    .await;
}

#[tokio::test]
async fn members_look_and_change_nothing() {
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    skill(&app, "Workshop", "Filing", "0–4").await;
    let id = category(&app, "Workshop").await;
    mia.get(HERE).await.has_status(StatusCode::OK).shows("Workshop").hides("New category").hides("/edit");
    mia.post(HERE, &[("name", "X")]).await.has_status(StatusCode::FORBIDDEN);
    mia.get(&format!("{HERE}/{id}/edit")).await.has_status(StatusCode::FORBIDDEN);
    mia.post(&format!("{HERE}/{id}"), &[("name", "X")]).await.has_status(StatusCode::FORBIDDEN);
    mia.post(&format!("{HERE}/{id}/deletion"), &[]).await.has_status(StatusCode::FORBIDDEN);
    let lead = app.sign_in("lead", "Lea Lead", None).await;
    lead.get(&format!("{HERE}/999/edit")).await.has_status(StatusCode::NOT_FOUND);
    lead.post(&format!("{HERE}/999"), &[("name", "X")]).await.has_status(StatusCode::NOT_FOUND);
    lead.post(&format!("{HERE}/999/deletion"), &[]).await.has_status(StatusCode::NOT_FOUND);
    app.stop().await;
}

/// Two who move two categories below each other at the same time: one of them is refused.
#[tokio::test]
async fn two_moves_that_meet_make_no_loop() {
    on_every_database(async |app| {
        skill(app, "A", "a", "0–4").await;
        skill(app, "B", "b", "0–4").await;
        let (a, b) = (category(app, "A").await, category(app, "B").await);
        let below = |name: &str, parent| model::NewCategory { name: name.to_owned(), parent_id: Some(parent) };
        let (under_b, under_a) = (below("A", b), below("B", a));
        let system = Actor::system();
        let (one, other) = tokio::join!(
            model::update(&app.app, &system, a, 1, &under_b),
            model::update(&app.app, &system, b, 1, &under_a)
        );
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        let tree = model::tree(&app.app, &system).await.unwrap();
        assert!(tree.get(a).is_some() && tree.get(b).is_some(), "neither is lost in a loop");
    })
    .await;
}
