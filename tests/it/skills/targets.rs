//! Targets: set, edited in place, deleted and brought back; and what they ask of each person.

use super::skill;
use crate::support::{Answer, TestApp, Visitor, everywhere, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::Actor;
use quarterdeck::accounts::people::{self, NewPerson};
use quarterdeck::events::News;
use quarterdeck::plugins::skills::imports::{self, Order, Progress};
use quarterdeck::plugins::skills::targets::{Fit, Reason, reasons};
use quarterdeck::sql;

/// What is required of a person in a skill, in hundredths.
pub async fn required(app: &TestApp, person: i64, skill: i64) -> Option<i64> {
    let query = app.app.db.q(sql!("SELECT level FROM requirements WHERE person_id = ? AND skill_id = ?"));
    query.bind(person).bind(skill).optional::<(i64,)>().await.unwrap().map(|(level,)| level)
}

/// The counters of gaps: the column's, the row's.
pub async fn gaps(app: &TestApp, person: i64, skill: i64) -> (i64, i64) {
    let query = app.app.db.q(sql!("SELECT gaps FROM skill_summaries WHERE skill_id = ?"));
    let column: Option<(i64,)> = query.bind(skill).optional().await.unwrap();
    let query = app.app.db.q(sql!("SELECT gaps FROM person_summaries WHERE person_id = ?"));
    let row: Option<(i64,)> = query.bind(person).optional().await.unwrap();
    (column.unwrap_or_default().0, row.unwrap_or_default().0)
}

pub async fn rate(visitor: &Visitor<'_>, person: i64, skill: i64, level: &str, version: &str) {
    let form = [("level", level), ("version", version)];
    visitor.post_fragment(&format!("/skills/ratings/{person}/{skill}"), &form).await.has_status(StatusCode::OK);
}

async fn set(visitor: &Visitor<'_>, address: &str, skill: &str, level: &str, at_least: &str) -> Answer {
    visitor.post_fragment(address, &[("skill", skill), ("level", level), ("at_least", at_least)]).await
}

async fn why(app: &TestApp, person: i64, skill: i64) -> Reason {
    reasons(&app.app, &Actor::system(), person, skill).await.unwrap().unwrap()
}

async fn only_target(app: &TestApp) -> i64 {
    app.count(sql!("SELECT id FROM targets")).await
}

/// Moves a person as the form of people does.
async fn move_to(ada: &Visitor<'_>, app: &TestApp, person: i64, team: Option<i64>) {
    let saved = people::get(&app.app.db, &Actor::system(), person).await.unwrap();
    let (team, version) = (team.map(|id| id.to_string()).unwrap_or_default(), saved.version.to_string());
    let form = [("name", saved.name.as_str()), ("team_id", &team), ("version", &version)];
    ada.post(&format!("/people/{person}"), &form).await.leads_to("/people");
}

#[tokio::test]
async fn a_lead_sets_a_target_for_the_own_team() {
    on_every_database(async |app| {
        let yard = app.team("Yard").await;
        let lea = app.sign_in("lead", "Lea Lead", Some(yard)).await;
        let ben = app.person("Ben Brook", Some(yard)).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let page = lea.get(&format!("/skills/targets/teams/{yard}")).await;
        page.has_status(StatusCode::OK)
            .is_page()
            .shows("Team Yard")
            .shows("No targets here yet")
            .shows("value=\"Welding\"");
        let address = format!("/skills/targets/teams/{yard}");
        let part = set(&lea, &address, "welding", "3", "").await;
        part.has_status(StatusCode::OK)
            .is_fragment()
            .shows("id=\"targets\"")
            .shows("Welding")
            .shows("0 of 2")
            .shows("2 gaps");
        part.hides("value=\"welding\"");
        assert_eq!(required(app, ben, welding).await, Some(300));
        assert_eq!(gaps(app, ben, welding).await, (2, 1));
        lea.get("/skills/targets").await.has_status(StatusCode::OK).is_page().shows("Yard").shows(&address);
        let without_scripts = lea.post(&address, &[("skill", "Welding"), ("level", "4"), ("at_least", "1")]).await;
        without_scripts.leads_to(&address);
        lea.get(&address).await.shows("at least 1").shows("Nobody");
        assert_eq!(required(app, ben, welding).await, Some(300), "a minimum asks nobody in particular");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'skills.target_set'")).await, 2);
    })
    .await;
}

#[tokio::test]
async fn of_several_targets_the_highest_is_required() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let yard = app.team("Yard").await;
        let ben = app.person("Ben Brook", Some(yard)).await;
        let zoe = app.person("Zoe Zander", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        ada.post("/skills/job-roles", &[("name", "Welder")]).await.has_status(StatusCode::SEE_OTHER);
        let welder = app.count(sql!("SELECT id FROM job_roles")).await;
        set(&ada, "/skills/targets/everybody", "Welding", "1", "").await.has_status(StatusCode::OK);
        set(&ada, &format!("/skills/targets/teams/{yard}"), "Welding", "3", "").await.has_status(StatusCode::OK);
        set(&ada, &format!("/skills/targets/job-roles/{welder}"), "Welding", "4", "").await.has_status(StatusCode::OK);
        assert_eq!((required(app, ben, welding).await, required(app, zoe, welding).await), (Some(300), Some(100)));
        let people = format!("/skills/job-roles/{welder}/people");
        ada.post_fragment(&people, &[("person", "zoe zander")]).await.has_status(StatusCode::OK).shows("Zoe Zander");
        assert_eq!(required(app, zoe, welding).await, Some(400));
        ada.post_fragment(&format!("{people}/{zoe}/removal"), &[])
            .await
            .has_status(StatusCode::OK)
            .shows("Nobody has it yet");
        assert_eq!(required(app, zoe, welding).await, Some(100));
        assert_eq!(gaps(app, zoe, welding).await, (3, 1), "Ada, Ben and Zoe");
    })
    .await;
}

#[tokio::test]
async fn who_comes_or_moves_is_asked_for_what_the_new_team_wants() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (yard, quay) = (app.team("Yard").await, app.team("Quay").await);
        let ben = app.person("Ben Brook", Some(yard)).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let lashing = skill(app, "Workshop", "Lashing", "0–4").await;
        set(&ada, &format!("/skills/targets/teams/{yard}"), "Welding", "3", "").await.has_status(StatusCode::OK);
        set(&ada, &format!("/skills/targets/teams/{quay}"), "Lashing", "2", "").await.has_status(StatusCode::OK);
        rate(&ada, ben, lashing, "2", "0").await;
        assert_eq!((gaps(app, ben, welding).await, gaps(app, ben, lashing).await), ((1, 1), (0, 1)));
        move_to(&ada, app, ben, Some(quay)).await;
        assert_eq!((required(app, ben, welding).await, required(app, ben, lashing).await), (None, Some(200)));
        assert_eq!((gaps(app, ben, welding).await, gaps(app, ben, lashing).await), ((0, 0), (0, 0)));
        move_to(&ada, app, ben, None).await;
        assert_eq!(required(app, ben, lashing).await, None);
        let new = NewPerson { name: "Ann New".into(), team_id: Some(yard), ..NewPerson::default() };
        let system = Actor::system();
        let ann = people::create(&app.app.db, &app.app.followers, &system, &new, "member", 0).await.unwrap();
        assert_eq!(required(app, ann.id, welding).await, Some(300));
        assert_eq!(gaps(app, ann.id, welding).await, (1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_file_that_moves_people_changes_what_is_asked_of_them() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let yard = app.team("Yard").await;
        let ben = app.person("Ben Brook", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        set(&ada, &format!("/skills/targets/teams/{yard}"), "Welding", "3", "").await.has_status(StatusCode::OK);
        let path = app.folder.join("ratings.csv");
        std::fs::write(
            &path,
            "name,email,team,category,skill,level\nBen Brook,ben.brook@example.org,Yard,Workshop,Welding,2\n",
        )
        .unwrap();
        let kind = quarterdeck::plugins::skills::imports::Kind::Ratings;
        let order = Order { kind, path: &path, scale: None, dry_run: false };
        let done = imports::run(&app.app, &order, &Progress::default()).await.unwrap();
        assert!(done.is_done && !done.changes_nothing(), "{done}");
        assert_eq!(required(app, ben, welding).await, Some(300));
        assert_eq!(gaps(app, ben, welding).await, (1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_save_moves_the_counters_of_gaps() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let yard = app.team("Yard").await;
        let ben = app.person("Ben Brook", Some(yard)).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        set(&ada, &format!("/skills/targets/teams/{yard}"), "Welding", "3", "").await.has_status(StatusCode::OK);
        for (version, (level, expected)) in [("2", 1), ("3", 0), ("n/a", 0), ("", 1), ("4", 0)].into_iter().enumerate()
        {
            rate(&ada, ben, welding, level, &version.to_string()).await;
            assert_eq!(gaps(app, ben, welding).await, (expected, expected), "at “{level}”");
        }
    })
    .await;
}

#[tokio::test]
async fn a_reason_says_who_asks_and_where_the_person_stands() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let yard = app.team("Yard").await;
        let ben = app.person("Ben", Some(yard)).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        assert_eq!(reasons(&app.app, &Actor::system(), ben, welding).await.unwrap(), None);
        set(&ada, &format!("/skills/targets/teams/{yard}"), "Welding", "3", "").await.has_status(StatusCode::OK);
        let nothing = why(app, ben, welding).await;
        assert_eq!(
            (nothing.fit, nothing.text.as_str()),
            (Fit::Gap, "Team Yard asks for 3; nothing is said of Ben yet.")
        );
        rate(&ada, ben, welding, "2", "0").await;
        app.app.clock.advance(40 * 24 * 3600 * 1000);
        let ada = app.visit_as(ada.person_id).await;
        let noted = [("level", "2"), ("note", "later"), ("version", "1")];
        ada.post_fragment(&format!("/skills/ratings/{ben}/{welding}"), &noted).await.has_status(StatusCode::OK);
        let near = why(app, ben, welding).await;
        let day = quarterdeck::web::times::day(crate::support::NOW_MS);
        assert_eq!((near.fit, near.text), (Fit::Near, format!("Team Yard asks for 3; Ben is at 2 since {day}.")));
        let query = app
            .app
            .db
            .q(sql!("UPDATE ratings SET level = 300, lapsed = TRUE, valid_until = '2026-05-02' WHERE person_id = ?"));
        query.bind(ben).execute().await.unwrap();
        let lapsed = why(app, ben, welding).await;
        assert_eq!(lapsed.fit, Fit::Gap);
        assert!(lapsed.text.contains("was at 3, which was valid until 2 May 2026"), "{}", lapsed.text);
        let vic = app.sign_in("viewer", "Vic Viewer", None).await;
        assert!(reasons(&app.app, &app.actor(vic.person_id).await, 999, welding).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_told_at_its_field() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        skill(app, "Workshop", "Welding", "0–4").await;
        skill(app, "Office", "Welding", "ILUO").await;
        let filing = skill(app, "Workshop", "Filing", "ILUO").await;
        skill(app, "Workshop", "Reading", "O*NET 0–7").await;
        let everybody = "/skills/targets/everybody";
        for (typed, level, at_least, complaint) in [
            ("Filing", "5", "", "“5” is not a level of the scale ILUO, which goes from I to O."),
            ("Filing", "2.5", "", "“2.5” is not a level of the scale ILUO"),
            ("Reading", "7.01", "", "“7.01” is not a level of the scale O*NET 0–7, which goes from 0 to 7."),
            ("Filing", "", "", "is not a level of the scale ILUO"),
            ("Reading", "0", "", "Level 0 asks for nothing."),
            ("Filing", "L", "0", "At least one person; or leave it empty for all of them."),
            ("Filing", "L", "-2", "At least one person"),
            ("Filing", "L", "two", "At least one person"),
            ("Filling", "L", "", "There is no skill “Filling”. Choose one of the suggestions"),
            ("", "L", "", "Choose a skill."),
            ("Welding", "1", "", "Several skills are called “Welding”. Write Welding (Office) or Welding (Workshop)."),
        ] {
            let refused = set(&ada, everybody, typed, level, at_least).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_fragment().shows(complaint);
            refused.shows(&format!("name=\"skill\" type=\"text\" value=\"{typed}\""));
            let page = ada.post(everybody, &[("skill", typed), ("level", level), ("at_least", at_least)]).await;
            page.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(complaint);
        }
        set(&ada, everybody, "Welding (Workshop)", "2", "").await.has_status(StatusCode::OK).shows("Workshop");
        set(&ada, everybody, "Filing", "Trainer", "").await.has_status(StatusCode::OK);
        let twice = set(&ada, everybody, "Filing", "L", "").await;
        twice
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("“Filing” is asked for here already. Change that target instead.");
        app.app.db.q(sql!("UPDATE skills SET active = FALSE WHERE id = ?")).bind(filing).execute().await.unwrap();
        let archived = set(&ada, everybody, "Filing", "L", "1").await;
        archived.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("“Filing” is archived. Use it again first.");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM targets")).await, 2);
    })
    .await;
}

#[tokio::test]
async fn more_people_may_be_wanted_than_there_are_and_that_is_said() {
    let app = TestApp::sqlite().await;
    let yard = app.team("Yard").await;
    let lea = app.sign_in("lead", "Lea Lead", Some(yard)).await;
    skill(&app, "Workshop", "Welding", "0–4").await;
    let part = set(&lea, &format!("/skills/targets/teams/{yard}"), "Welding", "2", "3").await;
    part.has_status(StatusCode::OK).shows("at least 3").shows("only 1 person here").shows("Nobody");
    app.stop().await;
}

#[tokio::test]
async fn a_target_is_edited_in_its_row_and_of_two_the_second_sees_both() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        set(&ada, "/skills/targets/everybody", "Welding", "2", "").await.has_status(StatusCode::OK);
        let path = format!("/skills/targets/{}", only_target(app).await);
        ada.fragment(&format!("{path}/edit"))
            .await
            .has_status(StatusCode::OK)
            .is_fragment()
            .shows("<option value=\"2\" selected>");
        ada.get(&format!("{path}/edit"))
            .await
            .is_page()
            .shows("<option value=\"2\" selected>")
            .shows("name=\"version\" value=\"1\"");
        ada.fragment(&path).await.is_fragment().shows("<tr>").shows("Edit the target for Welding");
        ada.get(&path).await.leads_to("/skills/targets/everybody");
        let form = |level, at_least, version| [("level", level), ("at_least", at_least), ("version", version)];
        let row = ada.post_fragment(&path, &form("3", "", "1")).await;
        row.has_status(StatusCode::OK).is_fragment().shows("<tr>").shows("1 gap");
        assert_eq!(required(app, ada.person_id, welding).await, Some(300));
        let late = ada.post_fragment(&path, &form("4", "2", "1")).await;
        late.has_status(StatusCode::CONFLICT).is_fragment().shows("Somebody else saved meanwhile").shows("Save mine");
        late.shows("at least 2").shows("name=\"version\" value=\"2\"");
        ada.post(&path, &form("4", "2", "1")).await.has_status(StatusCode::CONFLICT).is_page().shows("Keep theirs");
        let outside = ada.post_fragment(&path, &form("9", "", "2")).await;
        outside.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_fragment().shows("the scale 0–4").shows("value=\"9\"");
        outside.shows("name=\"version\" value=\"2\"");
        assert_eq!(required(app, ada.person_id, welding).await, Some(300));
        ada.post(&path, &form("4", "2", "2")).await.leads_to("/skills/targets/everybody");
        assert_eq!(
            required(app, ada.person_id, welding).await,
            None,
            "now at least two are wanted, nobody in particular"
        );
        assert_eq!(gaps(app, ada.person_id, welding).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_target_that_was_deleted_comes_back() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        set(&ada, "/skills/targets/everybody", "Welding", "2", "").await.has_status(StatusCode::OK);
        let id = only_target(app).await;
        let late = ada.post_fragment(&format!("/skills/targets/{id}/deletion"), &[("version", "0")]).await;
        late.has_status(StatusCode::CONFLICT).is_fragment().shows("Welding");
        let gone = ada.post_fragment(&format!("/skills/targets/{id}/deletion"), &[("version", "1")]).await;
        gone.has_status(StatusCode::OK)
            .is_fragment()
            .shows("The target for Welding (level 2 of all) was deleted.")
            .shows("Undo");
        assert_eq!(
            (required(app, ada.person_id, welding).await, gaps(app, ada.person_id, welding).await),
            (None, (0, 0))
        );
        let back = ada.post_fragment(&format!("/skills/targets/{id}/restoration"), &[]).await;
        back.has_status(StatusCode::OK).is_fragment().shows("Welding").shows("1 gap");
        assert_eq!(
            (required(app, ada.person_id, welding).await, gaps(app, ada.person_id, welding).await),
            (Some(200), (1, 1))
        );
        let twice = ada.post_fragment(&format!("/skills/targets/{id}/restoration"), &[]).await;
        twice.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("is asked for here already");
        // Without scripts the way back stands at the head of the page.
        let id = only_target(app).await;
        let gone = ada.post(&format!("/skills/targets/{id}/deletion"), &[("version", "1")]).await;
        gone.leads_to(&format!("/skills/targets/everybody?deleted={id}"));
        ada.get(&format!("/skills/targets/everybody?deleted={id}")).await.shows("was deleted.").shows("Undo");
        ada.post(&format!("/skills/targets/{id}/restoration"), &[]).await.leads_to("/skills/targets/everybody");
        ada.get(&format!("/skills/targets/everybody?deleted={}", id + 99))
            .await
            .has_status(StatusCode::OK)
            .hides("Undo");
    })
    .await;
}

#[tokio::test]
async fn others_look_at_targets_and_set_none() {
    let app = TestApp::sqlite().await;
    let (yard, quay) = (app.team("Yard").await, app.team("Quay").await);
    let ada = app.administrator().await;
    skill(&app, "Workshop", "Welding", "0–4").await;
    set(&ada, &format!("/skills/targets/teams/{quay}"), "Welding", "2", "").await.has_status(StatusCode::OK);
    let id = only_target(&app).await;
    let lea = app.sign_in("lead", "Lea Lead", Some(yard)).await;
    let mia = app.sign_in("member", "Mia Member", Some(quay)).await;
    for visitor in [&lea, &mia] {
        let page = visitor.get(&format!("/skills/targets/teams/{quay}")).await;
        page.has_status(StatusCode::OK)
            .shows("Welding")
            .hides("New target")
            .hides("Delete the target")
            .hides("Edit the target");
        for (path, form) in [
            (format!("/skills/targets/teams/{quay}"), vec![("skill", "Welding"), ("level", "3")]),
            ("/skills/targets/everybody".to_owned(), vec![("skill", "Welding"), ("level", "3")]),
            (format!("/skills/targets/{id}"), vec![("level", "3"), ("version", "1")]),
            (format!("/skills/targets/{id}/deletion"), vec![("version", "1")]),
        ] {
            visitor.post(&path, &form).await.has_status(StatusCode::FORBIDDEN);
            visitor.post_fragment(&path, &form).await.has_status(StatusCode::FORBIDDEN).is_fragment();
        }
        visitor.get(&format!("/skills/targets/{id}/edit")).await.has_status(StatusCode::FORBIDDEN);
    }
    ada.post(&format!("/skills/targets/{id}/deletion"), &[("version", "1")]).await.has_status(StatusCode::SEE_OTHER);
    lea.post(&format!("/skills/targets/{id}/restoration"), &[]).await.has_status(StatusCode::FORBIDDEN);
    app.stranger().get("/skills/targets").await.leads_to("/login?next=%2Fskills%2Ftargets");
    for path in
        ["/skills/targets/teams/999", "/skills/targets/job-roles/999", "/skills/targets/999/edit", "/skills/targets/x"]
    {
        ada.get(path).await.has_status(StatusCode::NOT_FOUND).is_page();
    }
    let gone = [("skill", "Welding"), ("level", "3")];
    ada.post("/skills/targets/teams/999", &gone).await.has_status(StatusCode::NOT_FOUND);
    ada.post("/skills/targets/999/restoration", &[]).await.has_status(StatusCode::NOT_FOUND);
    app.stop().await;
}

#[tokio::test]
async fn suggestions_come_while_a_skill_is_typed() {
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    skill(&app, "Workshop", "Hand welding", "0–4").await;
    skill(&app, "Workshop", "Welding", "ILUO").await;
    let some = mia.fragment("/skills/targets/skills?skill=WELD").await;
    some.has_status(StatusCode::OK).is_fragment().hides("hx-partial");
    let at = |name: &str| some.text().find(&format!("value=\"{name}\"")).unwrap();
    assert!(at("Welding") < at("Hand welding"), "those that begin with it come first");
    let one = mia.fragment("/skills/targets/skills?skill=Welding").await;
    one.shows("hx-partial").shows("<option value=\"L\">L – Under supervision</option>");
    skill(&app, "Office", "Welding", "0–4").await;
    mia.fragment("/skills/targets/skills?skill=welding").await.shows("value=\"Welding (Office)\"").hides("hx-partial");
    app.stop().await;
}

#[tokio::test]
async fn a_target_is_told_to_everybody_who_listens() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        skill(app, "Workshop", "Welding", "0–4").await;
        let mut heard = app.app.bus.subscribe();
        set(&ada, "/skills/targets/everybody", "Welding", "2", "").await.has_status(StatusCode::OK);
        let mut told = Vec::new();
        while told.len() < 2 {
            if let News::Changed(message) = heard.recv().await.unwrap() {
                told.push((message.change.topic.clone(), message.change.id.clone()));
            }
        }
        assert_eq!(told, [("skills.targets".into(), "*".into()), ("skills".to_owned(), "*".to_owned())]);
    })
    .await;
}

/// Everything that is required, and the counters of gaps.
async fn worked_out(app: &TestApp) -> (Vec<(i64, i64, i64)>, Vec<(i64, i64)>, Vec<(i64, i64)>) {
    let db = &app.app.db;
    let required = db.q(sql!("SELECT person_id, skill_id, level FROM requirements ORDER BY person_id, skill_id"));
    let columns = db.q(sql!("SELECT skill_id, gaps FROM skill_summaries ORDER BY skill_id"));
    let rows = db.q(sql!("SELECT person_id, gaps FROM person_summaries ORDER BY person_id"));
    (required.all().await.unwrap(), columns.all().await.unwrap(), rows.all().await.unwrap())
}

#[tokio::test]
async fn who_moves_while_a_target_is_set_is_not_overlooked() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (yard, quay) = (app.team("Yard").await, app.team("Quay").await);
        let ben = app.person("Ben Brook", Some(yard)).await;
        let eve = app.person("Eve Early", Some(quay)).await;
        skill(app, "Workshop", "Welding", "0–4").await;
        let moves = async {
            for turn in 0..12 {
                let (to, from) = if turn % 2 == 0 { (quay, yard) } else { (yard, quay) };
                move_to(&ada, app, ben, Some(to)).await;
                move_to(&ada, app, eve, Some(from)).await;
            }
        };
        let targets = async {
            for turn in 0..12 {
                let team = if turn % 2 == 0 { yard } else { quay };
                let address = format!("/skills/targets/teams/{team}");
                set(&ada, &address, "Welding", if turn % 4 < 2 { "2" } else { "3" }, "")
                    .await
                    .has_status(StatusCode::OK);
                let id = app.count(sql!("SELECT MAX(id) FROM targets")).await;
                if turn < 10 {
                    let deletion = format!("/skills/targets/{id}/deletion");
                    ada.post_fragment(&deletion, &[("version", "1")]).await.has_status(StatusCode::OK);
                }
            }
        };
        tokio::join!(moves, targets);
        let found = worked_out(app).await;
        assert!(!found.0.is_empty());
        let mut tx = app.app.db.begin().await.unwrap();
        quarterdeck::plugins::skills::requirements::of_everybody(&mut tx, crate::support::NOW_MS).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found, worked_out(app).await);
    })
    .await;
}

#[tokio::test]
async fn the_counters_of_gaps_are_right_again_after_a_day() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        skill(app, "Workshop", "Welding", "0–4").await;
        set(&ada, "/skills/targets/everybody", "Welding", "2", "").await.has_status(StatusCode::OK);
        let right = worked_out(app).await;
        app.app.db.q(sql!("UPDATE skill_summaries SET gaps = 7")).execute().await.unwrap();
        app.app.db.q(sql!("DELETE FROM requirements")).execute().await.unwrap();
        let jobs = quarterdeck::plugins::skills::PLUGIN.jobs;
        let job = jobs.iter().find(|job| job.name == "skills.work_out_requirements").unwrap();
        (job.run)(&app.app).await.unwrap();
        assert_eq!(worked_out(app).await, right);
    })
    .await;
}
