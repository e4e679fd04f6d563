//! Taking an import back: the ratings, and all else that it made and changed.

use crate::projects::{join, project, task};
use poem::http::StatusCode;
use quarterdeck::plugins::handoffs::composition::model::{NewHandoff, begin};
use quarterdeck::plugins::projects::model::Role;
use quarterdeck::plugins::skills::imports::Kind;
use quarterdeck::sql;

use super::{LONG, import, ratings, upload};
use crate::support::{Answer, TestApp, Visitor, on_every_database};

async fn newest_batch(app: &TestApp) -> i64 {
    app.count(sql!("SELECT MAX(id) FROM rating_batches")).await
}

async fn undo(visitor: &Visitor<'_>, batch: i64) -> Answer {
    visitor.post_fragment(&format!("/skills/batches/{batch}/reversal"), &[]).await
}

async fn names(app: &TestApp, query: &'static quarterdeck::db::Sql) -> Vec<String> {
    let mut names: Vec<String> =
        app.app.db.q(query).all::<(String,)>().await.unwrap().into_iter().map(|(name,)| name).collect();
    names.sort();
    names
}

#[tokio::test]
async fn an_import_is_taken_back_with_all_that_it_made() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let first = import(app, &ratings(LONG)).await;
        let batch = newest_batch(app).await;
        assert_eq!(first.batch_id, Some(batch));
        let list = ada.get("/skills/imports").await;
        list.has_status(StatusCode::OK).shows("Recent imports").shows("Command line").shows("4 ratings new");
        list.shows(&format!("/skills/batches/{batch}/reversal"));
        ada.post(&format!("/skills/batches/{batch}/reversal"), &[]).await.leads_to("/skills/imports");
        for table in [
            sql!("SELECT COUNT(*) FROM teams"),
            sql!("SELECT COUNT(*) FROM skills"),
            sql!("SELECT COUNT(*) FROM ratings"),
            sql!("SELECT COUNT(*) FROM rating_events"),
            sql!("SELECT COUNT(*) FROM skill_summaries"),
            sql!("SELECT COUNT(*) FROM skill_categories WHERE name <> ''"),
        ] {
            assert_eq!(app.count(table).await, 0);
        }
        assert_eq!(names(app, sql!("SELECT name FROM people")).await, ["Ada Admin"]);
        ada.get("/skills/imports").await.shows("Taken back just now").hides("/reversal");
        undo(&ada, batch).await.has_status(StatusCode::CONFLICT).shows("was taken back already");
        let back = newest_batch(app).await;
        assert_ne!(back, batch);
        undo(&ada, back).await.has_status(StatusCode::CONFLICT).shows("import the file again");
        assert_eq!(import(app, &ratings(LONG)).await.summary(), first.summary(), "as if it had never been there");
    })
    .await;
}

#[tokio::test]
async fn what_somebody_used_since_stays_and_is_named() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        import(app, &ratings(LONG)).await;
        let batch = newest_batch(app).await;
        let query = app.app.db.q(sql!("UPDATE people SET password_hash = 'x' WHERE name = 'Ann'"));
        query.execute().await.unwrap();
        let bo = app.count(sql!("SELECT id FROM people WHERE name = 'Bo'")).await;
        let sailing = app.count(sql!("SELECT id FROM skills WHERE name = 'Sailing'")).await;
        let cell = format!("/skills/ratings/{bo}/{sailing}");
        ada.post_fragment(&cell, &[("level", "2"), ("version", "0")]).await.has_status(StatusCode::OK);
        let undone = undo(&ada, batch).await;
        undone
            .has_status(StatusCode::OK)
            .shows("4 ratings. Kept, because used or changed since: Ann, Bo, Sailing and 2 more.");
        assert_eq!(names(app, sql!("SELECT name FROM people")).await, ["Ada Admin", "Ann", "Bo"]);
        assert_eq!(names(app, sql!("SELECT name FROM skills")).await, ["Sailing"]);
        assert_eq!(names(app, sql!("SELECT name FROM teams")).await, ["Day", "Night"]);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings WHERE level IS NOT NULL")).await, 1);
        assert_eq!(app.count(sql!("SELECT able FROM skill_summaries")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn whoever_and_whatever_tasks_and_handoffs_refer_to_stays() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        import(app, &ratings(LONG)).await;
        let batch = newest_batch(app).await;
        let ann = app.count(sql!("SELECT id FROM people WHERE name = 'Ann'")).await;
        let bo = app.count(sql!("SELECT id FROM people WHERE name = 'Bo'")).await;
        let day = app.count(sql!("SELECT id FROM teams WHERE name = 'Day'")).await;
        project(app, &ada, "QD").await;
        join(app, &ada, "QD", ann, Role::Member).await;
        let id = task(app, &ada, "QD", "Fix pump @ann").await.task.id;
        let needed = ada.post(&format!("/projects/tasks/{id}/skills"), &[("text", "Sailing")]).await;
        needed.has_status(StatusCode::SEE_OTHER);
        let new =
            NewHandoff { team_id: day, title: "Night".into(), receiver: format!("p{bo}"), ..NewHandoff::default() };
        begin(&app.app, &app.actor(ada.person_id).await, &new).await.unwrap();
        undo(&ada, batch)
            .await
            .has_status(StatusCode::OK)
            .shows("Kept, because used or changed since: Ann, Bo, Sailing");
        assert_eq!(names(app, sql!("SELECT name FROM people")).await, ["Ada Admin", "Ann", "Bo"]);
        assert_eq!(names(app, sql!("SELECT name FROM skills")).await, ["Sailing"]);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM task_assignees")).await, 1);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM handoffs")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_taken_back_over_a_newer_rating() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        import(app, &ratings(LONG)).await;
        let batch = newest_batch(app).await;
        let ann = app.count(sql!("SELECT id FROM people WHERE name = 'Ann'")).await;
        let welding = app.count(sql!("SELECT id FROM skills WHERE name = 'Welding'")).await;
        let cell = format!("/skills/ratings/{ann}/{welding}");
        ada.post_fragment(&cell, &[("level", "1"), ("was", "3")]).await.has_status(StatusCode::OK);
        undo(&ada, batch).await.has_status(StatusCode::CONFLICT).shows("nothing was taken back: Ann · Welding");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people")).await, 3);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM rating_batches WHERE undone_at IS NOT NULL")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_an_import_changed_has_its_earlier_details_again() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        import(app, &ratings(LONG)).await;
        import(app, &ratings("name,email,team,title,Welding\nAnn,ann@x.example,Evening,Foreman,4\n")).await;
        let batch = newest_batch(app).await;
        undo(&ada, batch).await.has_status(StatusCode::OK).hides("Kept");
        let ann = sql!("SELECT t.name FROM people p JOIN teams t ON t.id = p.team_id WHERE p.title = 'Smith'");
        assert_eq!(names(app, ann).await, ["Night"]);
        assert_eq!(names(app, sql!("SELECT name FROM teams")).await, ["Day", "Night"]);
        let welding = sql!("SELECT r.level FROM ratings r JOIN skills s ON s.id = r.skill_id JOIN people p ON p.id = r.person_id WHERE s.name = 'Welding' AND p.name = 'Ann'");
        assert_eq!(app.count(welding).await, 300);

        let list = "name,category,description,uri\nWelding,Forge,Joins metal,\nCasting,Forge,Pours metal,\n";
        import(app, &upload(Kind::Skills, list)).await;
        let batch = newest_batch(app).await;
        let query = app.app.db.q(sql!("UPDATE skills SET description = 'Melts', version = version + 1 WHERE name = 'Casting'"));
        query.execute().await.unwrap();
        undo(&ada, batch).await.has_status(StatusCode::OK).shows("Kept, because used or changed since: Casting.");
        let described = sql!("SELECT description FROM skills WHERE description <> ''");
        assert_eq!(names(app, described).await, ["Melts"], "what was changed since stays, and Welding is without again");
    })
    .await;
}

#[tokio::test]
async fn only_who_may_import_takes_an_import_back() {
    let app = TestApp::sqlite().await;
    import(&app, &upload(Kind::Skills, "name\nOil\n")).await;
    let batch = newest_batch(&app).await;
    let lead = app.sign_in("lead", "Lea Lead", None).await;
    undo(&lead, batch).await.has_status(StatusCode::FORBIDDEN);
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skills")).await, 1);
    undo(&app.administrator().await, batch).await.has_status(StatusCode::OK).shows("Taken back: file.csv.");
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skills")).await, 0);
    app.stop().await;
}
