//! The audit log: who may read it, its filters and pages, the file of it, and the chain beneath it.

use crate::support::{NOW_MS, TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::Actor;
use quarterdeck::events::chain::{self, Anchor, Broken, Verdict};
use quarterdeck::{events, sql};
use serde_json::{Value, json};

const HOUR_MS: i64 = 3_600_000;

async fn record(app: &TestApp, actor: &Actor, kind: &str, subject: &str, detail: &Value) -> i64 {
    let mut tx = app.app.db.begin().await.unwrap();
    events::record(&mut tx, actor, app.app.now_ms(), kind, subject, detail).await.unwrap();
    tx.commit().await.unwrap();
    app.count(sql!("SELECT MAX(id) FROM events")).await
}

async fn seal(app: &TestApp) -> u64 {
    chain::seal(&app.app.db, app.app.now_ms()).await.unwrap()
}

async fn verify(app: &TestApp) -> Verdict {
    chain::verify(&app.app.db, None, app.app.now_ms()).await.unwrap()
}

#[tokio::test]
async fn the_list_tells_who_changed_what_from_what_to_what() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let ben = app.person("Ben Member", None).await;
        let actor = app.actor(ada.person_id).await;
        let detail = events::changes(&json!({ "title": "Fitter" }), &json!({ "title": "Welder <b>" }));
        let id = record(app, &actor, "people.changed", &format!("person:{ben}"), &detail).await;
        record(app, &Actor::system(), "skills.imported", "import:3", &json!({ "file_name": "ratings.csv" })).await;
        let page = ada.get("/admin/audit").await;
        page.has_status(StatusCode::OK).is_page().shows("People: changed").shows("Ada Admin").shows("Ben Member");
        page.shows("Fitter").shows("Welder &lt;b&gt;").shows("file name").shows("ratings.csv").shows("Quarterdeck");
        ada.fragment("/admin/audit").await.has_status(StatusCode::OK).is_fragment().shows("People: changed");
        let event = ada.get(&format!("/admin/audit/{id}")).await;
        event.has_status(StatusCode::OK).shows("not yet; that happens within a minute");
        seal(app).await;
        ada.get(&format!("/admin/audit/{id}")).await.shows("Place in the chain");
        ada.get("/admin/audit/999999").await.has_status(StatusCode::NOT_FOUND);
        ada.get("/admin/audit/nothing").await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn each_filter_leaves_out_what_it_says() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let actor = app.actor(ada.person_id).await;
        record(app, &actor, "people.changed", "person:1", &json!({ "note": "first 100% one" })).await;
        app.app.clock.advance(24 * HOUR_MS);
        let ada = app.visit_as(ada.person_id).await;
        record(app, &actor, "people.created", "person:12", &json!({ "note": "second one" })).await;
        record(app, &Actor::system(), "teams.created", "team:1", &json!({ "note": "third one" })).await;
        for (query, first, second, third) in [
            ("", true, true, true),
            ("who=ADA", true, true, false),
            ("who=quarter", false, false, true),
            ("kind=people.created", false, true, false),
            ("kind=no.such", false, false, false),
            ("subject=person%3A1", true, false, false),
            ("subject=person", true, true, false),
            ("text=100%25", true, false, false),
            ("text=SECOND", false, true, false),
            ("from=2026-11-21", false, true, true),
            ("to=2026-11-20", true, false, false),
            ("from=2026-11-20&to=2026-11-21&who=ada&subject=person%3A12&kind=", false, true, false),
        ] {
            let page = ada.fragment(&format!("/admin/audit?{query}")).await;
            page.has_status(StatusCode::OK);
            for (text, is_there) in [("first 100% one", first), ("second one", second), ("third one", third)] {
                assert_eq!(page.text().contains(text), is_there, "{query}: {text}");
            }
        }
        let invalid = ada.get("/admin/audit?from=yesterday&who=ada").await;
        invalid.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("A day is written as").shows("value=\"yesterday\"");
    })
    .await;
}

#[tokio::test]
async fn a_page_goes_on_where_the_one_before_ended_whatever_comes_in() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        for number in 0..55 {
            record(app, &Actor::system(), "test.counted", "test:1", &json!({ "number": format!("no {number:02}.") }))
                .await;
        }
        let first = ada.get("/admin/audit?kind=test.counted").await;
        first.shows("no 54.").shows("no 05.").hides("no 04.");
        record(app, &Actor::system(), "test.counted", "test:1", &json!({ "number": "no 99." })).await;
        first.shows("Older");
        let before = first.text().rsplit_once("before=").unwrap().1.split('"').next().unwrap().to_owned();
        let second = ada.get(&format!("/admin/audit?kind=test.counted&before={before}")).await;
        second.shows("no 04.").shows("no 00.").hides("no 05.").hides("no 99.").shows(">Newest<");
    })
    .await;
}

#[tokio::test]
async fn the_file_holds_a_line_for_each_event_and_proves_the_chain() {
    on_every_database(async |app| {
        let auditor = app.sign_in("auditor", "Olga Auditor", None).await;
        for number in 0..620 {
            record(
                app,
                &Actor::system(),
                "test.counted",
                "test:1",
                &json!({ "number": number, "text": "Größe 🚢 \"x\"" }),
            )
            .await;
        }
        seal(app).await;
        let file = auditor.get("/admin/audit/export.jsonl?kind=test.counted").await;
        file.has_status(StatusCode::OK);
        assert_eq!(file.header("content-type"), "application/x-ndjson");
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"audit-2026-11-20.jsonl\"");
        let mut lines: Vec<Value> = file.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 620);
        lines.reverse();
        // Whoever has the file can follow the chain without the program.
        for pair in lines.windows(2) {
            let [before, line] = pair else { unreachable!() };
            let columns = ["id", "at", "actor_id", "kind", "subject", "detail"].map(|name| line[name].clone());
            let text = format!("{}\n{}", before["hash"].as_str().unwrap(), Value::from(columns.to_vec()));
            assert_eq!(line["hash"].as_str().unwrap(), sha256(&text));
        }
        auditor.get("/admin/audit/export.jsonl?from=never").await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

fn sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn only_who_may_read_the_log_reads_it() {
    let app = TestApp::sqlite().await;
    let id = record(&app, &Actor::system(), "test.done", "test:1", &json!({})).await;
    for role in ["lead", "member", "viewer"] {
        let visitor = app.sign_in(role, &format!("Some {role}"), None).await;
        for path in ["/admin/audit", "/admin/audit/export.jsonl", &format!("/admin/audit/{id}")] {
            visitor.get(path).await.has_status(StatusCode::FORBIDDEN);
        }
    }
    app.sign_in("auditor", "Olga Auditor", None).await.get("/admin/audit").await.has_status(StatusCode::OK);
    app.stop().await;
}

#[tokio::test]
async fn the_chain_holds_every_event_once_however_many_seal_and_write_at_once() {
    on_every_database(async |app| {
        let writers = (0..4).map(|writer| {
            let (db, now_ms) = (app.app.db.clone(), app.app.now_ms());
            tokio::spawn(async move {
                for number in 0..25 {
                    let mut tx = db.begin().await.unwrap();
                    let detail = json!({ "writer": writer, "number": number });
                    events::record(&mut tx, &Actor::system(), now_ms, "test.done", "test:1", &detail).await.unwrap();
                    // Some take back what they wrote, so that ids are missing.
                    if number % 5 == 4 { tx.rollback().await.unwrap() } else { tx.commit().await.unwrap() }
                }
            })
        });
        let sealers = (0..3).map(|_| {
            let (db, now_ms) = (app.app.db.clone(), app.app.now_ms());
            tokio::spawn(async move {
                for _ in 0..10 {
                    // Two that meet may deadlock over the first row of the head; the job then comes again.
                    let _ = chain::seal(&db, now_ms).await;
                }
            })
        });
        for task in writers.chain(sealers).collect::<Vec<_>>() {
            task.await.unwrap();
        }
        seal(app).await;
        let verdict = verify(app).await;
        let events = app.count(sql!("SELECT COUNT(*) FROM events")).await;
        assert_eq!((verdict.broken, verdict.waiting), (None, 0));
        assert_eq!(verdict.head.unwrap().position, events);
        assert_eq!(seal(app).await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_event_that_is_committed_after_a_later_one_is_sealed_too() {
    // SQLite has one writer, so there ids become visible in their order.
    on_every_database(async |app| {
        if app.app.db.is_embedded() {
            return;
        }
        let mut slow = app.app.db.begin().await.unwrap();
        events::record(&mut slow, &Actor::system(), NOW_MS, "test.slow", "test:1", &json!({})).await.unwrap();
        record(app, &Actor::system(), "test.quick", "test:1", &json!({})).await;
        app.app.clock.advance(HOUR_MS / 2);
        assert_eq!(seal(app).await, 1);
        slow.commit().await.unwrap();
        assert_eq!(seal(app).await, 1);
        assert_eq!(verify(app).await.broken, None);
    })
    .await;
}

/// Five sealed events, the ids of which are returned, and one that waits.
async fn sealed(app: &TestApp) -> Vec<i64> {
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(record(app, &Actor::system(), "test.done", "test:1", &json!({ "number": number })).await);
    }
    assert_eq!(seal(app).await, 5);
    app.app.clock.advance(2 * HOUR_MS);
    seal(app).await;
    record(app, &Actor::system(), "test.done", "test:1", &json!({ "number": "waiting" })).await;
    let verdict = verify(app).await;
    assert_eq!((verdict.broken, verdict.waiting, verdict.head.unwrap().position), (None, 1, 5));
    ids
}

async fn run(app: &TestApp, sql: &'static quarterdeck::db::Sql, id: i64) {
    assert_eq!(app.app.db.q(sql).bind(id).execute().await.unwrap(), 1);
}

#[tokio::test]
async fn what_is_changed_by_hand_is_found_at_its_place() {
    for column in 0..4 {
        on_every_database(async |app| {
            let ids = sealed(app).await;
            let statement = match column {
                0 => sql!("UPDATE events SET detail = '{}' WHERE id = ?"),
                1 => sql!("UPDATE events SET at = at + 1 WHERE id = ?"),
                2 => sql!("UPDATE events SET actor_id = 1 WHERE id = ?"),
                _ => sql!("UPDATE events SET subject = 'test:2' WHERE id = ?"),
            };
            run(app, statement, ids[2]).await;
            assert_eq!(verify(app).await.broken, Some(Broken::Changed { position: 3, event_id: ids[2] }));
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_removed_or_put_in_by_hand_is_found() {
    on_every_database(async |app| {
        let ids = sealed(app).await;
        run(app, sql!("DELETE FROM events WHERE id = ?"), ids[3]).await;
        assert_eq!(verify(app).await.broken, Some(Broken::Removed { position: 4, event_id: ids[3] }));
        // With its seal.
        run(app, sql!("DELETE FROM event_seals WHERE event_id = ?"), ids[3]).await;
        assert_eq!(verify(app).await.broken, Some(Broken::Gap { position: 4 }));
    })
    .await;
    on_every_database(async |app| {
        let ids = sealed(app).await;
        run(app, sql!("DELETE FROM events WHERE id = ?"), ids[4]).await;
        run(app, sql!("DELETE FROM event_seals WHERE event_id = ?"), ids[4]).await;
        assert_eq!(verify(app).await.broken, Some(Broken::Head { position: 5, last: 4 }));
    })
    .await;
    on_every_database(async |app| {
        sealed(app).await;
        let insert =
            sql!("INSERT INTO events (id, at, kind, subject, detail) VALUES (?, 0, 'test.forged', 'test:1', '{}')");
        run(app, insert, -5).await;
        assert_eq!(verify(app).await.broken, Some(Broken::Inserted { event_id: -5 }));
    })
    .await;
}

#[tokio::test]
async fn a_chain_that_was_made_anew_does_not_match_an_anchor() {
    let app = TestApp::sqlite().await;
    let ids = sealed(&app).await;
    let anchor = verify(&app).await.head.unwrap();
    let now_ms = app.app.now_ms();
    let told = chain::verify(&app.app.db, Some(&anchor), now_ms).await.unwrap();
    assert_eq!(told.broken, None);
    run(&app, sql!("UPDATE events SET detail = '{}' WHERE id = ?"), ids[1]).await;
    run(&app, sql!("DELETE FROM event_chain WHERE id = ?"), 1).await;
    app.app.db.q(sql!("DELETE FROM event_seals")).execute().await.unwrap();
    assert_eq!(seal(&app).await, 6);
    assert_eq!(verify(&app).await.broken, None);
    let told = chain::verify(&app.app.db, Some(&anchor), now_ms).await.unwrap();
    assert_eq!(told.broken, Some(Broken::Anchor { position: 5 }));
    let beyond = Anchor { position: 7, ..anchor };
    let told = chain::verify(&app.app.db, Some(&beyond), now_ms).await.unwrap();
    assert_eq!(told.broken, Some(Broken::Anchor { position: 7 }));
    app.stop().await;
}

#[tokio::test]
async fn events_that_nobody_seals_are_complained_about() {
    let app = TestApp::sqlite().await;
    let id = record(&app, &Actor::system(), "test.done", "test:1", &json!({})).await;
    assert_eq!(verify(&app).await.broken, None);
    app.app.clock.advance(HOUR_MS + 1);
    assert_eq!(verify(&app).await.broken, Some(Broken::Unattended { event_id: id }));
    app.stop().await;
}
