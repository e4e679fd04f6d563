//! The example organisation: what it holds, that nothing in it points nowhere, and who can log in.

use crate::support::{NOW_MS, TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::Actor;
use quarterdeck::accounts::people::{self, NewPerson};
use quarterdeck::plugins::skills::coverage::{self, CoverageStatus};
use quarterdeck::{demo, sql};

#[tokio::test]
async fn it_is_a_whole_organisation() {
    on_every_database(async |app| {
        demo::open(&app.app).await.unwrap();
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people WHERE active = TRUE")).await, 60);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM teams")).await, 5);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skills")).await, 80);
        assert_eq!(app.count(sql!("SELECT COUNT(DISTINCT category_id) FROM skills")).await, 10);
        assert!(app.count(sql!("SELECT COUNT(DISTINCT scale_id) FROM skills")).await >= 4);
        let rated = app.count(sql!("SELECT COUNT(level) FROM ratings")).await;
        assert!((2400..2900).contains(&rated), "{rated} of 4800");
        for of_each in [
            sql!("SELECT COUNT(*) FROM ratings WHERE not_applicable = TRUE"),
            sql!("SELECT COUNT(*) FROM ratings WHERE note <> ''"),
            sql!("SELECT COUNT(*) FROM ratings WHERE level IS NULL AND interest IS NOT NULL"),
            sql!("SELECT COUNT(*) FROM ratings WHERE level = 0"),
        ] {
            assert!(app.count(of_each).await >= 20, "{}", of_each.sqlite);
        }
    })
    .await;
}

#[tokio::test]
async fn things_are_going_on_in_it() {
    on_every_database(async |app| {
        demo::open(&app.app).await.unwrap();
        for (expected, of_each) in [
            (4, sql!("SELECT COUNT(*) FROM ratings WHERE valid_until IS NOT NULL AND evidence <> '' AND level > 0")),
            (1, sql!("SELECT COUNT(*) FROM ratings WHERE lapsed = TRUE AND suspension_reason <> ''")),
            (1, sql!("SELECT COUNT(*) FROM assessments WHERE state = 'asked'")),
            (1, sql!("SELECT COUNT(*) FROM assessments WHERE state = 'filled'")),
            (1, sql!("SELECT COUNT(*) FROM training_plans WHERE state = 'planned' AND trainer_id IS NOT NULL")),
        ] {
            assert_eq!(app.count(of_each).await, expected, "{}", of_each.sqlite);
        }
        assert!(app.count(sql!("SELECT COUNT(*) FROM notices")).await >= 4);
    })
    .await;
}

#[tokio::test]
async fn its_history_leads_to_its_ratings() {
    on_every_database(async |app| {
        demo::open(&app.app).await.unwrap();
        let nine_months_ms = 270 * 24 * 3600 * 1000;
        let query = app.app.db.q(sql!("SELECT COUNT(*) FROM rating_events WHERE at > ? OR at < ?"));
        let (outside,) = query.bind(NOW_MS).bind(NOW_MS - nine_months_ms).one::<(i64,)>().await.unwrap();
        assert_eq!(outside, 0);
        let (first, last): (i64, i64) =
            app.app.db.q(sql!("SELECT MIN(at), MAX(at) FROM rating_events")).one().await.unwrap();
        assert!(last - first > nine_months_ms * 9 / 10);
        for nothing in [
            sql!("SELECT COUNT(*) FROM rating_events e JOIN rating_events f ON f.id = e.id + 1 WHERE f.at < e.at"),
            sql!(
                "SELECT COUNT(*) FROM ratings r WHERE r.version <>
                 (SELECT COUNT(*) FROM rating_events e WHERE e.person_id = r.person_id AND e.skill_id = r.skill_id)"
            ),
            sql!(
                "SELECT COUNT(*) FROM ratings r WHERE NOT EXISTS
                 (SELECT 1 FROM rating_events e WHERE e.person_id = r.person_id AND e.skill_id = r.skill_id
                  AND e.at = r.updated_at AND COALESCE(e.level, -1) = COALESCE(r.level, -1) AND e.note = r.note)"
            ),
        ] {
            assert_eq!(app.count(nothing).await, 0, "{}", nothing.sqlite);
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_in_it_points_nowhere_or_breaks_a_rule() {
    on_every_database(async |app| {
        demo::open(&app.app).await.unwrap();
        for nothing in [
            sql!("SELECT COUNT(*) FROM people p LEFT JOIN teams t ON t.id = p.team_id WHERE t.id IS NULL OR t.position <> p.team_position"),
            sql!("SELECT COUNT(*) FROM people p WHERE NOT EXISTS (SELECT 1 FROM person_roles r WHERE r.person_id = p.id)"),
            sql!("SELECT COUNT(*) FROM skills s JOIN skill_categories c ON c.id = s.category_id WHERE c.position <> s.category_position"),
            sql!("SELECT COUNT(*) FROM rating_events e LEFT JOIN people p ON p.id = e.person_id WHERE p.id IS NULL"),
            sql!("SELECT COUNT(*) FROM rating_events e LEFT JOIN people p ON p.id = e.actor_id WHERE p.id IS NULL"),
            sql!("SELECT COUNT(*) FROM rating_events e LEFT JOIN skills s ON s.id = e.skill_id WHERE s.id IS NULL"),
            sql!(
                "SELECT COUNT(*) FROM rating_events e JOIN skills s ON s.id = e.skill_id JOIN scales c ON c.id = s.scale_id
                 WHERE e.level < c.lowest OR e.level > c.highest OR (e.level - c.lowest) % c.step <> 0"
            ),
            sql!("SELECT COUNT(*) FROM ratings WHERE not_applicable = TRUE AND level IS NOT NULL"),
            sql!("SELECT COUNT(*) FROM ratings WHERE interest < 0 OR interest > 3"),
            sql!(
                "SELECT COUNT(*) FROM skills s LEFT JOIN skill_summaries m ON m.skill_id = s.id
                 WHERE m.rated <> (SELECT COUNT(level) FROM ratings r WHERE r.skill_id = s.id AND r.lapsed = FALSE) OR m.rated IS NULL"
            ),
            sql!(
                "SELECT COUNT(*) FROM people p LEFT JOIN person_summaries m ON m.person_id = p.id
                 WHERE m.able <> (SELECT COUNT(*) FROM ratings r WHERE r.person_id = p.id AND r.level > 0 AND r.lapsed = FALSE) OR m.able IS NULL"
            ),
        ] {
            assert_eq!(app.count(nothing).await, 0, "{}", nothing.sqlite);
        }
    })
    .await;
}

#[tokio::test]
async fn its_four_people_can_log_in_with_their_roles() {
    let app = TestApp::sqlite().await;
    let log_ins = demo::open(&app.app).await.unwrap();
    let mut actors = Vec::new();
    for log_in in &log_ins {
        let form = [("email", log_in.email.as_str()), ("password", log_in.password)];
        app.stranger().post("/login", &form).await.has_status(StatusCode::SEE_OTHER);
        let (id, _) = people::credentials(&app.app.db, &log_in.email).await.unwrap().unwrap();
        actors.push((*app.app.access.actor(id).await.unwrap().unwrap()).clone());
    }
    let held: Vec<_> = log_ins.iter().zip(&actors).map(|(log_in, actor)| (log_in.role, actor.role.as_str())).collect();
    let expected =
        [("administrator", "Administrator"), ("team lead", "Team lead"), ("member", "Member"), ("viewer", "Viewer")];
    assert_eq!(held, expected);
    assert_eq!(actors[1].team_id, actors[2].team_id);
    let query = app.app.db.q(sql!("SELECT COUNT(*) FROM people WHERE team_id = ?"));
    assert!(query.bind(actors[1].team_id.unwrap()).one::<(i64,)>().await.unwrap().0 > 5);
    app.stop().await;
}

#[tokio::test]
async fn it_is_loaded_once_and_never_beside_other_people() {
    let app = TestApp::sqlite().await;
    let new = NewPerson { name: "Ada".into(), email: "ada@example.org".into(), ..NewPerson::default() };
    let ada = people::create(&app.app.db, &app.app.followers, &Actor::system(), &new, "member", NOW_MS).await.unwrap();
    let refused = demo::open(&app.app).await.err().unwrap().to_string();
    assert!(refused.contains("holds people already"), "{refused}");
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people")).await, 1);
    let query = app.app.db.q(sql!("DELETE FROM people WHERE id = ?"));
    query.bind(ada.id).execute().await.unwrap();
    demo::open(&app.app).await.unwrap();
    demo::open(&app.app).await.unwrap();
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people")).await, 60);
    app.stop().await;
}

#[tokio::test]
async fn a_server_without_the_demo_shuts_its_log_ins_out() {
    let app = TestApp::sqlite().await;
    let log_in = demo::open(&app.app).await.unwrap().remove(0);
    let (id, _) = people::credentials(&app.app.db, &log_in.email).await.unwrap().unwrap();
    let ingrid = app.visit_as(id).await;
    ingrid.get("/account/sessions").await.has_status(StatusCode::OK);
    demo::close(&app.app).await.unwrap();
    ingrid.get("/account/sessions").await.has_status(StatusCode::SEE_OTHER);
    let form = [("email", log_in.email.as_str()), ("password", log_in.password)];
    app.stranger().post("/login", &form).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
    app.stop().await;
}

#[tokio::test]
async fn its_targets_are_met_by_some_and_missed_by_others() {
    on_every_database(async |app| {
        demo::open(&app.app).await.unwrap();
        let covered = coverage::list(&app.app, &Actor::system(), &coverage::Filter::default()).await.unwrap();
        for status in CoverageStatus::ALL {
            assert!(covered.iter().any(|target| target.coverage().status() == status), "{}", status.title());
        }
        let near = sql!(
            "SELECT COUNT(*) FROM requirements q JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
             WHERE r.level = q.level - 100"
        );
        assert!(app.count(near).await >= 10);
        let gaps = sql!(
            "SELECT COUNT(*) FROM requirements q LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
             WHERE COALESCE(r.not_applicable, FALSE) = FALSE AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE)"
        );
        let gaps = app.count(gaps).await;
        assert!((40..200).contains(&gaps), "{gaps}");
        for counted in [
            sql!("SELECT CAST(SUM(gaps) AS {i64}) FROM skill_summaries"),
            sql!("SELECT CAST(SUM(gaps) AS {i64}) FROM person_summaries"),
        ] {
            assert_eq!(app.count(counted).await, gaps, "{}", counted.sqlite);
        }
    })
    .await;
}
