//! People and teams: pages and fragments, who may what, and what happens when two edit the same.

use crate::support::{Answer, TestApp, Visitor, everywhere, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::people::{self, Person};
use quarterdeck::accounts::{Actor, teams};
use quarterdeck::events::News;
use quarterdeck::sql;

async fn person(app: &TestApp, id: i64) -> Person {
    people::get(&app.app.db, &Actor::system(), id).await.unwrap()
}

async fn id_of(app: &TestApp, name: &str) -> i64 {
    let (id,) = app.app.db.q(sql!("SELECT id FROM people WHERE name = ?")).bind(name).one::<(i64,)>().await.unwrap();
    id
}

fn fields<'a>(name: &'a str, email: &'a str, team_id: &'a str, version: &'a str) -> [(&'a str, &'a str); 5] {
    [("name", name), ("email", email), ("title", "Engineer"), ("team_id", team_id), ("version", version)]
}

#[tokio::test]
async fn people_are_listed_by_team_and_filtered() {
    on_every_database(async |app| {
        let (water, air) = (app.team("Water").await, app.team("Air").await);
        app.person("Zoe Zander", Some(air)).await;
        let ben = app.person("Ben Brook", Some(water)).await;
        let mia = app.sign_in("viewer", "Mia <b>Miller", None).await;
        let page = mia.get("/people").await;
        page.has_status(StatusCode::OK).is_page().shows("1–3 of 3").shows(&format!("href=\"/skills/people/{ben}\""));
        page.shows("Mia &lt;b&gt;Miller").hides("Mia <b>Miller").hides("Add a person").hides("/edit");
        // The last time, because the navigation shows the name of who is signed in.
        let at = |name: &str| page.text().rfind(name).unwrap();
        assert!(
            at("Zoe Zander") < at("Ben Brook") && at("Ben Brook") < at(">Mia &lt;"),
            "by team, then those without one"
        );
        let filtered = mia.fragment(&format!("/people?text=&team={water}&page=")).await;
        filtered.has_status(StatusCode::OK).is_fragment().shows("Ben Brook").hides("Zoe Zander");
        mia.get("/people?text=zAND").await.shows("Zoe Zander").hides("Ben Brook");
        mia.get("/people?text=%25").await.has_status(StatusCode::OK).shows("Nobody matches");
        mia.get("/people?team=nonsense&page=-3").await.has_status(StatusCode::OK).shows("1–3 of 3");
    })
    .await;
}

#[tokio::test]
async fn a_long_list_comes_in_pages_of_fifty() {
    let app = TestApp::sqlite().await;
    for number in 0..51 {
        app.person(&format!("Person {number:02}"), None).await;
    }
    let viewer = app.sign_in("viewer", "Vic Viewer", None).await;
    viewer.get("/people").await.shows("1–50 of 52").shows("Person 49").hides("Person 50").shows("page=2");
    viewer.get("/people?page=2").await.shows("51–52 of 52").shows("Person 50").hides("Person 49");
    viewer.get("/people?text=person&page=9").await.leads_to("/people?team=&text=person&page=2");
    app.stop().await;
}

#[tokio::test]
async fn only_those_who_may_write_change_people_and_teams() {
    let app = TestApp::sqlite().await;
    let team = app.team("Water").await;
    let ben = app.person("Ben Brook", Some(team)).await;
    for role in ["lead", "member", "viewer"] {
        let visitor = app.sign_in(role, &format!("Some {role}"), None).await;
        visitor.get("/people/new").await.has_status(StatusCode::FORBIDDEN).is_page();
        visitor.get(&format!("/people/{ben}/edit")).await.has_status(StatusCode::FORBIDDEN);
        visitor.fragment(&format!("/people/teams/{team}/edit")).await.has_status(StatusCode::FORBIDDEN).is_fragment();
        let form = fields("New Name", "", "", "1");
        visitor.post("/people", &form).await.has_status(StatusCode::FORBIDDEN);
        visitor.post(&format!("/people/{ben}"), &form).await.has_status(StatusCode::FORBIDDEN);
        visitor.post("/people/teams", &[("name", "New")]).await.has_status(StatusCode::FORBIDDEN);
        visitor
            .post(&format!("/people/teams/{team}"), &[("name", "New"), ("version", "1")])
            .await
            .has_status(StatusCode::FORBIDDEN);
        visitor.get("/people/teams").await.has_status(StatusCode::OK).shows("Water").hides("Rename").hides("New team");
    }
    app.stranger().get("/people").await.leads_to("/login?next=%2Fpeople");
    assert_eq!(person(&app, ben).await.version, 1);
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM teams")).await, 1);
    app.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_missing() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    for path in ["/people/999/edit", "/people/nobody/edit", "/people/teams/999/edit", "/people/teams/none"] {
        ada.get(path).await.has_status(StatusCode::NOT_FOUND).is_page();
    }
    ada.post("/people/999", &fields("Ann", "", "", "1")).await.has_status(StatusCode::NOT_FOUND);
    ada.post("/people/teams/999", &[("name", "Air"), ("version", "1")]).await.has_status(StatusCode::NOT_FOUND);
    app.stop().await;
}

#[tokio::test]
async fn a_person_is_added_with_a_role() {
    on_every_database(async |app| {
        let team = app.team("Water").await.to_string();
        let ada = app.administrator().await;
        ada.get("/people/new").await.has_status(StatusCode::OK).shows("<option value=\"member\" selected>Member");
        for (name, role, may_rate) in [("Ann Member", "member", true), ("Vic Viewer", "viewer", false)] {
            let form = [fields(name, "", &team, "0").as_slice(), &[("role", role)]].concat();
            ada.post("/people", &form).await.leads_to("/people");
            let id = id_of(app, name).await;
            assert_eq!(person(app, id).await.team.as_deref(), Some("Water"));
            assert_eq!(app.actor(id).await.may(quarterdeck::plugins::skills::RATE_OWN), may_rate, "{role}");
        }
        let events = app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'people.created'")).await;
        assert_eq!(events, 2);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_stays_in_the_form() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let ben = app.person("Ben Brook", None).await;
        let long = "x".repeat(191);
        for (form, complaint) in [
            (fields(" ", "typed@example.org", "", "1"), "Give the person a name."),
            (fields("Typed Name", "no address", "", "1"), "That is not an e-mail address."),
            (
                fields("Typed Name", "ADA.ADMIN@example.org", "", "1"),
                "Somebody has the address ADA.ADMIN@example.org already.",
            ),
            (fields("Typed Name", "", "999", "1"), "There is no such team."),
            (fields("Typed Name", "", "x", "1"), "There is no such team."),
            (fields(&long, "", "", "1"), "At most 190 characters fit here."),
            (fields("Bell\u{7}", "", "", "1"), "Control characters are not allowed here."),
        ] {
            let with_role = [form.as_slice(), &[("role", "viewer")]].concat();
            let answer = ada.post("/people", &with_role).await;
            answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(complaint).shows("value=\"Engineer\"");
            answer.shows("<option value=\"viewer\" selected>");
            let answer = ada.post(&format!("/people/{ben}"), &form).await;
            answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(complaint).shows("value=\"Engineer\"");
        }
        let grand = [fields("Eve", "", "", "0").as_slice(), &[("role", "administrator")]].concat();
        ada.post("/people", &grand)
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("one of: member, lead, auditor, viewer");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people")).await, 2);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_edit_a_person_the_second_sees_both_values() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (water, air) = (app.team("Water").await.to_string(), app.team("Air").await.to_string());
        let ben = app.person("Ben Brook", None).await;
        let path = format!("/people/{ben}");
        ada.get(&format!("{path}/edit")).await.shows("name=\"version\" value=\"1\"");
        ada.post(&path, &fields("Ben River", "", &water, "1")).await.leads_to("/people");
        let second = ada.post(&path, &fields("Ben Stream", "", &air, "1")).await;
        second.has_status(StatusCode::CONFLICT).is_page().shows("<td>Ben River</td><td>Ben Stream</td>");
        second.shows("<td>Water</td><td>Air</td>").shows("value=\"Ben Stream\"").shows("name=\"version\" value=\"2\"");
        second.hides("<td>Engineer</td>");
        assert_eq!(person(app, ben).await.name, "Ben River");
        ada.post(&path, &fields("Ben Stream", "", &air, "2")).await.leads_to("/people");
        let saved = person(app, ben).await;
        assert_eq!((saved.name.as_str(), saved.team.as_deref(), saved.version), ("Ben Stream", Some("Air"), 3));
    })
    .await;
}

#[tokio::test]
async fn a_change_is_told_to_everybody_who_listens() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let mut heard = app.app.bus.subscribe();
        ada.post("/people/teams", &[("name", "Water")]).await.leads_to("/people/teams");
        let change = loop {
            if let News::Changed(message) = heard.recv().await.unwrap() {
                break message.change.clone();
            }
        };
        assert_eq!((change.topic.as_str(), change.id.as_str()), ("people", "*"));
    })
    .await;
}

async fn teams_in_order(app: &TestApp) -> Vec<(String, i64)> {
    let teams = teams::list(&app.app.db, &Actor::system()).await.unwrap();
    teams.into_iter().map(|team| (team.name, team.people)).collect()
}

#[tokio::test]
async fn teams_are_added_in_place_and_without_scripts() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        ada.get("/people/teams").await.has_status(StatusCode::OK).is_page().shows("No teams yet");
        ada.post("/people/teams", &[("name", "Water")]).await.leads_to("/people/teams");
        let part = ada.post_fragment("/people/teams", &[("name", " Air ")]).await;
        part.has_status(StatusCode::OK)
            .is_fragment()
            .shows("id=\"teams\"")
            .shows("Water")
            .shows(">Air<")
            .hides("value=\"Air\"");
        app.person("Ben Brook", Some(app.team("Water").await)).await;
        assert_eq!(teams_in_order(app).await, [("Air".to_owned(), 0), ("Water".to_owned(), 1)]);
        for (name, complaint) in [("Air", "There is a team named “Air” already."), (" ", "Give the team a name.")] {
            let fragment = ada.post_fragment("/people/teams", &[("name", name)]).await;
            fragment.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_fragment().shows(complaint);
            fragment.shows(&format!("value=\"{name}\""));
            ada.post("/people/teams", &[("name", name)])
                .await
                .has_status(StatusCode::UNPROCESSABLE_ENTITY)
                .is_page()
                .shows(complaint);
        }
    })
    .await;
}

async fn rename(visitor: &Visitor<'_>, team: i64, name: &str, version: &str) -> Answer {
    visitor.post_fragment(&format!("/people/teams/{team}"), &[("name", name), ("version", version)]).await
}

#[tokio::test]
async fn a_team_is_renamed_in_its_row() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (water, air) = (app.team("Water").await, app.team("Air").await);
        let ben = app.person("Ben Brook", Some(water)).await;
        app.person("Zoe Zander", Some(air)).await;
        let path = format!("/people/teams/{water}");
        ada.fragment(&format!("{path}/edit")).await.has_status(StatusCode::OK).is_fragment().shows("value=\"Water\"");
        ada.get(&format!("{path}/edit")).await.is_page().shows("value=\"Water\"").shows(">Air<");
        ada.fragment(&path).await.is_fragment().shows("<tr>").shows("Rename Water");
        ada.get(&path).await.leads_to("/people/teams");
        rename(&ada, water, "Aardvark", "1").await.has_status(StatusCode::OK).is_fragment().shows("Aardvark</a>");
        assert_eq!(teams_in_order(app).await, [("Aardvark".to_owned(), 1), ("Air".to_owned(), 1)]);
        let (listed, _) = people::list(&app.app.db, &Actor::system(), &Default::default(), 1, 0).await.unwrap();
        assert_eq!(listed[0].id, ben, "people follow their team");
        let conflict = rename(&ada, water, "Mine", "1").await;
        conflict
            .has_status(StatusCode::CONFLICT)
            .is_fragment()
            .shows("“Aardvark”")
            .shows("value=\"Mine\"")
            .shows("value=\"2\"");
        let taken = rename(&ada, water, "Air", "2").await;
        taken
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("There is a team named “Air” already.")
            .shows("value=\"2\"");
        let page = ada.post(&path, &[("name", "Mine"), ("version", "1")]).await;
        page.has_status(StatusCode::CONFLICT).is_page().shows("value=\"Mine\"");
        ada.post(&path, &[("name", "Mine"), ("version", "2")]).await.leads_to("/people/teams");
    })
    .await;
}
