//! Imports on their way: in the background, accepted twice, failed, cut short.

use std::fmt::Write;
use std::time::Duration;

use poem::http::StatusCode;
use quarterdeck::sql;

use super::browser::{fingerprint, send};
use crate::support::{Answer, TestApp, Visitor, on_every_database};

const FILE: &[u8] = b"name,email,Welding\nAnn,ann@x.example,3\n";
const POLLS: &str = "hx-trigger=\"every 1s\"";
const MINUTE_MS: i64 = 60_000;

/// More ratings than are written while a browser waits.
fn large_file() -> Vec<u8> {
    let skills: String = (0..60).fold(String::new(), |mut text, n| {
        write!(text, ",Skill {n}").unwrap();
        text
    });
    let people = (0..100).fold(format!("name,email{skills}\n"), |mut text, n| {
        writeln!(text, "P{n},p{n}@x.example{}", ",1".repeat(60)).unwrap();
        text
    });
    people.into_bytes()
}

async fn accept(visitor: &Visitor<'_>, path: &str, fingerprint: &str) -> Answer {
    visitor.post(&format!("{path}/acceptance"), &[("fingerprint", fingerprint)]).await
}

/// The page of an import once it no longer runs.
async fn ended(visitor: &Visitor<'_>, path: &str) -> Answer {
    for _ in 0..3_000 {
        let page = visitor.get(path).await;
        if !page.text().contains(POLLS) {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the import does not end");
}

#[tokio::test]
async fn many_ratings_are_written_in_the_background() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let path = send(&ada, &large_file()).await;
        let seen = fingerprint(&ada.get(&path).await);
        accept(&ada, &path, &seen).await.leads_to(&path);
        // Once more while it runs, or after it has ended.
        accept(&ada, &path, &seen).await.leads_to(&path);
        ended(&ada, &path).await.has_status(StatusCode::OK).shows("100 people, 60 skills, 6000 ratings new");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings WHERE version = 1")).await, 6000);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM rating_batches")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn two_processes_run_an_import_once() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let path = send(&ada, FILE).await;
        let seen = fingerprint(&ada.get(&path).await);
        let replica = app.replica().await;
        let there = replica.visitor(&ada);
        let (one, other) = tokio::join!(accept(&ada, &path, &seen), accept(&there, &path, &seen));
        one.leads_to(&path);
        other.leads_to(&path);
        ended(&ada, &path).await.shows("1 person, 1 skill, 1 rating new");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM rating_batches")).await, 1);
        replica.app.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_import_of_another_process_is_waited_for_until_it_was_cut_short() {
    on_every_database(async |app| {
        let id = app.person("Ada Admin", None).await;
        app.give_role(id, "administrator").await;
        let ada = app.visit_as(id).await;
        let path = send(&ada, FILE).await;
        let seen = fingerprint(&ada.get(&path).await);
        let query = app.app.db.q(sql!("UPDATE skill_imports SET state = 'running', started_at = ?"));
        query.bind(app.app.now_ms()).execute().await.unwrap();
        let running = ada.get(&path).await;
        running.has_status(StatusCode::OK).is_page().shows(POLLS).shows("runs in another process").shows("Look again");
        ada.fragment(&path).await.is_fragment().shows(POLLS);
        ada.get("/skills/imports").await.shows("f.csv is being imported.");
        accept(&ada, &path, &seen).await.leads_to(&path);
        ada.post(&format!("{path}/withdrawal"), &[]).await.leads_to("/skills/imports");
        ada.get(&path).await.shows(POLLS);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings")).await, 0);

        app.app.clock.advance(16 * MINUTE_MS);
        let ada = app.visit_as(id).await;
        let cut = ada.get(&path).await;
        cut.has_status(StatusCode::OK).shows("was cut short").shows("Nothing was written. Try again.").hides(POLLS);
        accept(&ada, &path, &fingerprint(&cut)).await.leads_to(&path);
        ada.get(&path).await.shows("f.csv is imported");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn one_that_failed_tells_why_and_can_be_tried_again() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let path = send(&ada, FILE).await;
    let query = app.app.db.q(sql!("UPDATE skill_imports SET state = 'failed', result = 'The disk is full.'"));
    query.execute().await.unwrap();
    ada.get("/skills/imports").await.shows("f.csv could not be imported. Nothing was written.");
    let failed = ada.get(&path).await;
    failed.has_status(StatusCode::OK).shows("The disk is full. Nothing was written. Try again.");
    accept(&ada, &path, "another preview").await.has_status(StatusCode::CONFLICT).shows("Somebody changed something");
    ada.get(&path).await.shows("Somebody changed something");
    accept(&ada, &path, &fingerprint(&failed)).await.leads_to(&path);
    ada.get(&path).await.shows("f.csv is imported");
    app.stop().await;
}
