//! People as administrators see them: the list, changes of one and of many, their undo, and the last administrator.

use crate::skills::skill;
use crate::support::{NOW_MS, TestApp, Visitor, everywhere, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::administration::{self, Change, Chosen};
use quarterdeck::error::{Error, Result};
use quarterdeck::sql;

async fn version(app: &TestApp, id: i64) -> i64 {
    let query = app.app.db.q(sql!("SELECT version FROM people WHERE id = ?"));
    query.bind(id).one::<(i64,)>().await.unwrap().0
}

async fn is_active(app: &TestApp, id: i64) -> bool {
    let query = app.app.db.q(sql!("SELECT active FROM people WHERE id = ?"));
    query.bind(id).one::<(bool,)>().await.unwrap().0
}

async fn role_id(app: &TestApp, name: &str) -> i64 {
    let query = app.app.db.q(sql!("SELECT id FROM roles WHERE name = ?"));
    query.bind(name.to_owned()).one::<(i64,)>().await.unwrap().0
}

async fn chosen(app: &TestApp, id: i64) -> String {
    format!("{id}:{}", version(app, id).await)
}

/// Sends the form of the list about these people.
async fn send(app: &TestApp, visitor: &Visitor<'_>, people: &[i64], fields: &[(&str, &str)]) -> crate::support::Answer {
    let mut all: Vec<(&str, String)> = Vec::new();
    for id in people {
        all.push(("person", chosen(app, *id).await));
    }
    all.extend(fields.iter().map(|(name, value)| (*name, value.to_string())));
    let fields: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visitor.post("/admin/people/batches", &fields).await
}

/// Whether everything that `doctor` looks for is as it should be.
async fn is_sound(app: &TestApp) {
    let mut found = quarterdeck::accounts::examination::examine(&app.app.db).await.unwrap();
    for examine in app.app.plugins.iter().filter_map(|plugin| plugin.examine) {
        found.extend(examine(&app.app).await.unwrap());
    }
    assert!(found.len() > 8 && found.iter().all(|(_, count)| *count == 0), "{found:?}");
}

async fn last_batch(app: &TestApp) -> i64 {
    app.count(sql!("SELECT MAX(id) FROM people_batches")).await
}

#[tokio::test]
async fn the_list_finds_people_by_name_team_role_and_state() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let team = app.team("Yard").await;
        let ben = app.sign_in("lead", "Ben Lead", Some(team)).await;
        let cleo = app.person("Cleo Gone", None).await;
        app.app.db.q(sql!("UPDATE people SET active = FALSE WHERE id = ?")).bind(cleo).execute().await.unwrap();
        let lead = role_id(app, "lead").await;
        for (query, shown) in [
            (String::new(), [true, true, false]),
            ("state=all".to_owned(), [true, true, true]),
            ("state=inactive".to_owned(), [false, false, true]),
            ("state=no-password&text=b".to_owned(), [false, true, false]),
            (format!("team={team}"), [false, true, false]),
            (format!("role={lead}"), [false, true, false]),
            ("text=ADMIN".to_owned(), [true, false, false]),
            ("text=nobody+is+called+so".to_owned(), [false, false, false]),
            ("page=99&team=x".to_owned(), [false, false, false]),
        ] {
            let page = ada.fragment(&format!("/admin/people?{query}")).await;
            for (name, is_shown) in ["Ada Admin</a>", "Ben Lead</a>", "Cleo Gone</a>"].into_iter().zip(shown) {
                assert_eq!(page.text().contains(name), is_shown, "{query}: {name}");
            }
        }
        ada.get("/admin/people").await.is_page().shows("Team lead").shows("Administrator").shows("Deactivate");
        let own = ada.get(&format!("/admin/people/{}", ada.person_id)).await;
        own.has_status(StatusCode::OK).shows("This is you").hides("value=\"deactivate\"");
        ada.get(&format!("/admin/people/{cleo}")).await.shows("is deactivated").shows("Bring back");
        ada.get("/admin/people/99999").await.has_status(StatusCode::NOT_FOUND);
        for path in ["/admin/people", "/admin/people/batches", &format!("/admin/people/{cleo}")] {
            ben.get(path).await.has_status(StatusCode::FORBIDDEN);
        }
        send(app, &ben, &[cleo], &[("do", "reactivate")]).await.has_status(StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn who_is_deactivated_is_out_at_once_and_comes_back_with_everything() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let team = app.team("Yard").await;
        let ben = app.sign_in("member", "Ben Member", Some(team)).await;
        ben.get("/people").await.has_status(StatusCode::OK);
        let done = send(app, &ada, &[ben.person_id], &[("do", "deactivate")]).await;
        let batch = last_batch(app).await;
        done.leads_to(&format!("/admin/people?text=&team=&role=&state=&page=&done={batch}"));
        ben.get("/people").await.leads_to("/login?next=%2Fpeople");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM sessions")).await, 1);
        ada.get("/people").await.hides("Ben Member");
        ada.get(&format!("/admin/people?done={batch}")).await.shows("1 person deactivated").shows("Undo");
        let path = format!("/admin/people/{}/changes", ben.person_id);
        let person = chosen(app, ben.person_id).await;
        ada.post(&path, &[("person", &person), ("do", "reactivate")]).await.leads_to(path.trim_end_matches("/changes"));
        ada.get("/people").await.shows("Ben Member").shows("Yard");
        let actor = app.actor(ben.person_id).await;
        assert_eq!((actor.role.as_str(), actor.team_id), ("Member", Some(team)));
        ben.get("/people").await.leads_to("/login?next=%2Fpeople");
        let log = ada.get(&format!("/admin/audit?subject=person%3A{}", ben.person_id)).await;
        log.shows("People: deactivated").shows("People: reactivated").shows("active");
    })
    .await;
}

#[tokio::test]
async fn many_are_changed_together_and_taken_back_together() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (yard, dock) = (app.team("Yard").await, app.team("Dock").await);
        let ben = app.sign_in("member", "Ben Member", Some(yard)).await.person_id;
        let cleo = app.sign_in("viewer", "Cleo Viewer", None).await.person_id;
        let lead = role_id(app, "lead").await.to_string();
        send(app, &ada, &[ben, cleo], &[("do", "move"), ("team_id", &dock.to_string())]).await;
        send(app, &ada, &[ben, cleo], &[("do", "give"), ("role_id", &lead)]).await;
        for (id, role) in [(ben, "Team lead"), (cleo, "Team lead")] {
            let actor = app.actor(id).await;
            assert_eq!((actor.team_id, actor.role.as_str()), (Some(dock), role));
        }
        let given = last_batch(app).await;
        // The move lies below the role, so it can only be taken back after that.
        let early = ada.post(&format!("/admin/people/batches/{}/reversal", given - 1), &[]).await;
        early.leads_to("/admin/people/batches");
        assert_eq!(app.actor(ben).await.team_id, Some(dock));
        for batch in [given, given - 1] {
            ada.post(&format!("/admin/people/batches/{batch}/reversal"), &[]).await.leads_to("/admin/people/batches");
        }
        let (ben, cleo) = (app.actor(ben).await, app.actor(cleo).await);
        assert_eq!((ben.team_id, ben.role.as_str()), (Some(yard), "Member"));
        assert_eq!((cleo.team_id, cleo.role.as_str()), (None, "Viewer"));
        ada.get("/admin/people/batches").await.shows("2 people moved to Dock").shows("taken back");
        let again = ada.post(&format!("/admin/people/batches/{given}/reversal"), &[]).await;
        again.leads_to("/admin/people/batches");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people_batches WHERE undone_at IS NULL")).await, 0);
        ada.post("/admin/people/batches/999/reversal", &[]).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_changes_nobody_and_says_why() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let ben = app.person("Ben Member", None).await;
        for (people, fields, problem) in [
            (vec![], vec![("do", "deactivate")], "Choose somebody first."),
            (vec![ben], vec![("do", "give")], "Choose a role first."),
            (vec![ben], vec![("do", "give"), ("role_id", "9999")], "There is no such role any more."),
            (vec![ben], vec![("do", "move"), ("team_id", "9999")], "There is no such team any more."),
            (vec![ben], vec![("do", "move"), ("team_id", "")], "Choose a team first."),
            (vec![ben], vec![("do", "drop")], "Choose what is to be done."),
            (vec![ben, ada.person_id], vec![("do", "deactivate")], "Nobody deactivates themselves"),
        ] {
            let refused = send(app, &ada, &people, &fields).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(problem);
        }
        let late = [("person", format!("{ben}:0")), ("do", "deactivate".to_owned())];
        let late: Vec<(&str, &str)> = late.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = ada.post("/admin/people/batches", &late).await;
        refused.has_status(StatusCode::CONFLICT).shows("Ben Member was changed by somebody else");
        let on_page = ada.post(&format!("/admin/people/{ben}/changes"), &late).await;
        on_page
            .has_status(StatusCode::CONFLICT)
            .shows("Ben Member was changed by somebody else")
            .shows("<dt>State</dt><dd>active</dd>");
        assert!(is_active(app, ben).await);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people_batches")).await, 0);
        // Who is like that already is no mistake, and nothing to take back.
        send(app, &ada, &[ben], &[("do", "reactivate")])
            .await
            .leads_to("/admin/people?text=&team=&role=&state=&page=&done=");
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let eve = app.sign_in("administrator", "Eve Admin", None).await;
        let administrator = role_id(app, "administrator").await.to_string();
        send(app, &ada, &[eve.person_id], &[("do", "deactivate")]).await.has_status(StatusCode::SEE_OTHER);
        let role = [("do", "take"), ("role_id", administrator.as_str())];
        let refused = send(app, &ada, &[ada.person_id], &role).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Make somebody else an administrator first");
        assert!(app.actor(ada.person_id).await.is_administrator());
    })
    .await;
}

/// Two administrators who remove each other at the same moment.
#[tokio::test]
async fn nor_do_two_who_remove_each_other_leave_nobody() {
    on_every_database(async |app| {
        for round in 0..4 {
            let name = |letter: char| format!("Admin {letter}{round}");
            let one = app.sign_in("administrator", &name('a'), None).await.person_id;
            let two = app.sign_in("administrator", &name('b'), None).await.person_id;
            let administrator = role_id(app, "administrator").await;
            let remove = async |by: i64, whom: i64| -> Result<()> {
                let change = if round % 2 == 0 { Change::Deactivate } else { Change::TakeRole(administrator) };
                let (actor, whom) = (app.actor(by).await, Chosen { id: whom, version: version(app, whom).await });
                let parts = (&app.app.db, &app.app.followers, &app.app.sessions);
                administration::apply(parts, &actor, &[whom], change, NOW_MS).await.map(drop)
            };
            let (first, second) = tokio::join!(remove(one, two), remove(two, one));
            let succeeded = [&first, &second].iter().filter(|done| done.is_ok()).count();
            assert_eq!(succeeded, 1, "{first:?} {second:?}");
            for failed in [first, second].into_iter().filter_map(Result::err) {
                assert!(matches!(failed, Error::Invalid(_) | Error::Unavailable { .. }), "{failed:?}");
            }
            let left = app
                .count(sql!(
                    "SELECT COUNT(*) FROM people p JOIN person_roles pr ON pr.person_id = p.id JOIN roles r ON r.id = pr.role_id
                     WHERE p.active = TRUE AND r.name = 'administrator'"
                ))
                .await;
            assert_eq!(left, 1);
            app.app.db.q(sql!("UPDATE people SET active = FALSE")).execute().await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn the_counters_leave_out_who_is_deactivated_and_take_them_in_again() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let ben = app.sign_in("member", "Ben Member", None).await;
        let welding = skill(app, "Metal", "Welding", "0–4").await;
        let rating = format!("/skills/ratings/{}/{welding}", ben.person_id);
        assert!(ben.post(&rating, &[("level", "2"), ("version", "0")]).await.status < 400);
        let asked = ada.post("/skills/targets", &[("scope", "everybody"), ("skill", "Welding"), ("level", "3")]).await;
        assert!(asked.status < 500);
        let counters = async || {
            let query = app.app.db.q(sql!("SELECT able, rated FROM skill_summaries WHERE skill_id = ?"));
            query.bind(welding).one::<(i64, i64)>().await.unwrap()
        };
        assert_eq!(counters().await, (1, 1));
        send(app, &ada, &[ben.person_id], &[("do", "deactivate")]).await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(counters().await, (0, 0));
        is_sound(app).await;
        let batch = last_batch(app).await;
        ada.post(&format!("/admin/people/batches/{batch}/reversal"), &[]).await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(counters().await, (1, 1));
        is_sound(app).await;
    })
    .await;
}

#[tokio::test]
async fn who_may_deactivate_people_but_not_everything_does_nothing_to_administrators() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let eve = app.sign_in("lead", "Eve Lead", None).await;
    let ben = app.sign_in("member", "Ben Member", None).await;
    let grant = sql!(
        "INSERT INTO role_permissions (role_id, permission) SELECT id, 'people.administer' FROM roles WHERE name = 'lead'"
    );
    app.app.db.q(grant).execute().await.unwrap();
    app.app.db.q(sql!("UPDATE access_versions SET version = version + 1")).execute().await.unwrap();
    app.app.publish(quarterdeck::accounts::ACCESS_TOPIC, "*").await;
    let page = eve.get("/admin/people").await;
    page.has_status(StatusCode::OK).hides("value=\"give\"");
    send(&app, &eve, &[ada.person_id], &[("do", "deactivate")]).await.has_status(StatusCode::FORBIDDEN);
    let administrator = role_id(&app, "administrator").await.to_string();
    let given = send(&app, &eve, &[eve.person_id], &[("do", "give"), ("role_id", &administrator)]).await;
    given.has_status(StatusCode::FORBIDDEN);
    send(&app, &eve, &[ben.person_id], &[("do", "deactivate")]).await.has_status(StatusCode::SEE_OTHER);
    assert!(is_active(&app, ada.person_id).await && !is_active(&app, ben.person_id).await);
    // Nor do they take an administrator's address over, to have a password sent there.
    let grant = sql!(
        "INSERT INTO role_permissions (role_id, permission) SELECT id, 'people.write' FROM roles WHERE name = 'lead'"
    );
    app.app.db.q(grant).execute().await.unwrap();
    app.app.db.q(sql!("UPDATE access_versions SET version = version + 1")).execute().await.unwrap();
    app.app.publish(quarterdeck::accounts::ACCESS_TOPIC, "*").await;
    let version = version(&app, ada.person_id).await.to_string();
    let path = format!("/people/{}", ada.person_id);
    let taken = [("name", "Ada Admin"), ("email", "eve@example.org"), ("version", version.as_str())];
    let refused = eve.post(&path, &taken).await;
    refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Only an administrator changes the address");
    let titled =
        [("name", "Ada Admin"), ("email", "ada.admin@example.org"), ("title", "Boss"), ("version", version.as_str())];
    eve.post(&path, &titled).await.leads_to("/people");
    app.stop().await;
}
