//! Files of tasks, feeds for calendars, and projects as files.

use super::{task, three};
use crate::support::{NOW_MS, TestApp, on_every_database};
use poem::http::{Method, StatusCode};
use quarterdeck::plugins::projects::tasks::attachments::model::purge;
use quarterdeck::sql;
use serde_json::{Value, json};

#[tokio::test]
async fn a_file_is_attached_fetched_and_taken_away() {
    on_every_database(async |app| {
        let (_, ana, olga) = three(app).await;
        let id = task(app, &ana, "QD", "Fix pump").await.task.id;
        let path = format!("/projects/tasks/{id}/attachments");
        ana.upload(&path, &[], "../../x", b"<script>alert(1)</script>")
            .await
            .leads_to(&format!("/projects/tasks/{id}"));
        ana.get(&format!("/projects/tasks/{id}")).await.shows("Files · 1").shows(">x</a>").hides("../../x");
        let file = app.count(sql!("SELECT id FROM task_attachments")).await;
        let fetched = ana.get(&format!("/projects/attachments/{file}")).await;
        fetched.has_status(StatusCode::OK);
        assert_eq!(fetched.bytes, b"<script>alert(1)</script>");
        assert_eq!(fetched.header("content-disposition"), "attachment; filename*=UTF-8''x");
        assert_eq!(
            (fetched.header("content-type"), fetched.header("x-content-type-options")),
            ("application/octet-stream", "nosniff")
        );
        // Nothing lies outside of the folder, nor under the name that somebody typed.
        let folder = app.folder.join("blobs/projects");
        assert!(folder.is_dir() && !app.folder.join("x").exists() && !app.folder.parent().unwrap().join("x").exists());
        olga.get(&format!("/projects/attachments/{file}")).await.has_status(StatusCode::NOT_FOUND);
        olga.upload(&path, &[], "mine", b"x").await.has_status(StatusCode::NOT_FOUND);
        olga.post(&format!("/projects/attachments/{file}/deletion"), &[]).await.has_status(StatusCode::NOT_FOUND);
        ana.upload(&path, &[], "empty", b"")
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .is_page()
            .shows("holds something");
        ana.post_fragment(&format!("/projects/attachments/{file}/deletion"), &[])
            .await
            .has_status(StatusCode::OK)
            .hides(">x</a>");
        ana.get(&format!("/projects/attachments/{file}")).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn contents_that_nothing_names_go_after_a_day() {
    let app = TestApp::sqlite().await;
    let (_, ana, _) = three(&app).await;
    let id = task(&app, &ana, "QD", "Fix pump").await.task.id;
    let path = format!("/projects/tasks/{id}/attachments");
    for (name, content) in [("kept", &b"kept"[..]), ("gone", &b"gone"[..])] {
        ana.upload(&path, &[], name, content).await.has_status(StatusCode::SEE_OTHER);
    }
    app.app.db.q(sql!("DELETE FROM task_attachments WHERE name = 'gone'")).execute().await.unwrap();
    let stored = async || app.app.blobs.older("projects", i64::MAX).await.unwrap().len();
    // A file is as old as the disk says, which knows nothing of the test's clock.
    app.app.clock.advance(-NOW_MS);
    purge(&app.app).await.unwrap();
    assert_eq!(stored().await, 2);
    app.app.clock.advance(4 * NOW_MS);
    purge(&app.app).await.unwrap();
    assert_eq!(stored().await, 1);
    app.stop().await;
}

#[tokio::test]
async fn a_calendar_reads_due_days_by_a_secret_address_until_it_is_closed() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        task(app, &lead, "QD", "Mend pump @ana due 2026-12-31").await;
        task(app, &lead, "QD", "Of the lead @lena due 2026-12-30").await;
        ana.get("/projects/feed").await.is_page().shows("There is no feed of yours.");
        let opened = ana.post("/projects/feed", &[]).await;
        let secret = opened.text().split("/projects/feeds/").nth(1).unwrap().split('<').next().unwrap().to_owned();
        ana.get("/projects/feed").await.hides(&secret).shows("Your feed is open");
        let stranger = app.stranger();
        let path = format!("/projects/feeds/{secret}");
        let feed = stranger.get(&path).await;
        feed.has_status(StatusCode::OK).shows("QD-1 Mend pump").shows("20261231").hides("Of the lead");
        assert_eq!(feed.header("content-type"), "text/calendar; charset=utf-8");
        stranger.get("/projects/feeds/987654321").await.has_status(StatusCode::NOT_FOUND);
        // Who left the project reads nothing of it; a new address closes the old one.
        lead.post(&format!("/projects/QD/members/{}/deletion", ana.person_id), &[])
            .await
            .has_status(StatusCode::SEE_OTHER);
        stranger.get(&path).await.has_status(StatusCode::OK).hides("Mend pump");
        ana.post("/projects/feed", &[]).await.has_status(StatusCode::OK);
        stranger.get(&path).await.has_status(StatusCode::NOT_FOUND);
        ana.post("/projects/feed/deletion", &[]).await.leads_to("/projects/feed");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM task_feeds")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_project_comes_back_out_of_its_own_file() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        let one = task(app, &lead, "QD", "Mend pump @ana !high #net ~2h due 2026-12-31").await.task.id;
        let two = task(app, &lead, "QD", "=1+1").await.task.id;
        lead.post(&format!("/projects/tasks/{one}/checks"), &[("title", "Valve")]).await.has_status(StatusCode::SEE_OTHER);
        lead.post(&format!("/projects/tasks/{two}/blockers"), &[("text", "QD-1")]).await.has_status(StatusCode::SEE_OTHER);
        lead.post(&format!("/projects/tasks/{one}/subtasks"), &[("text", "QD-2")]).await.has_status(StatusCode::SEE_OTHER);
        lead.post(&format!("/projects/tasks/{one}/comments"), &[("body", "Well *said*")]).await.has_status(StatusCode::SEE_OTHER);
        let csv = ana.get("/projects/QD/exports/csv").await;
        csv.has_status(StatusCode::OK).shows("QD-1,Mend pump,Backlog,high,Ana Silva,net,,2026-12-31,2h,no").shows("'=1+1");
        let json = ana.get("/projects/QD/exports/json").await;
        let whole: Value = serde_json::from_slice(&json.bytes).unwrap();
        assert_eq!((whole["tasks"][1]["parent"].clone(), whole["tasks"][1]["waits_for"][0].clone()), (json!(1), json!(1)));
        for file in ["csv", "json"] {
            olga.get(&format!("/projects/QD/exports/{file}")).await.has_status(StatusCode::NOT_FOUND);
        }
        lead.get("/projects/imports").await.is_page().shows("All of it is taken, or nothing.");
        lead.upload("/projects/imports", &[("code", "AGAIN"), ("name", "")], "qd.json", &json.bytes).await.leads_to("/projects/AGAIN");
        let again = lead.get("/projects/AGAIN/exports/json").await;
        let mut again: Value = serde_json::from_slice(&again.bytes).unwrap();
        assert_eq!(again["tasks"][0]["comments"][0]["body"], "**Lena Lead**\n\nWell *said*");
        again["tasks"][0]["comments"] = whole["tasks"][0]["comments"].clone();
        assert_eq!(again, whole);
        ana.get("/projects/AGAIN").await.has_status(StatusCode::OK).shows("Add a task");
        let next = task(app, &lead, "AGAIN", "Another").await;
        assert_eq!(next.task.name(), "AGAIN-3");
        let wrong = sql!("SELECT COUNT(*) FROM project_statuses s WHERE s.tasks <> (SELECT COUNT(*) FROM tasks t WHERE t.status_id = s.id)");
        assert_eq!(app.count(wrong).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_taken_whole_or_not_at_all() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        let file = |tasks: Value| {
            json!({ "format": "quarterdeck.project/1", "name": "Out of a file", "tasks": tasks,
                "statuses": [{ "name": "Open", "kind": "todo" }, { "name": "Shut", "kind": "done" }] })
        };
        let good = json!({ "number": 1, "title": "Fine", "status": "Open", "assignees": ["Nobody Known"] });
        for (content, problem) in [
            (b"no json".to_vec(), "This is not JSON"),
            (b"{}".to_vec(), "neither an export of a project of ours"),
            (file(json!([good, { "number": 2, "title": " ", "status": "Open" }])).to_string().into_bytes(), "Task 2"),
            (
                file(json!([good, { "number": 1, "title": "Twice", "status": "Open" }])).to_string().into_bytes(),
                "a number of its own",
            ),
            (
                file(json!([{ "number": 1, "title": "X", "status": "Lost" }])).to_string().into_bytes(),
                "there is no status “Lost”",
            ),
            (
                file(json!([{ "number": 1, "title": "X", "status": "Open", "waits_for": [1] }]))
                    .to_string()
                    .into_bytes(),
                "in a circle",
            ),
            (
                file(json!([{ "number": 1, "title": "X", "status": "Open", "due_on": "soon" }]))
                    .to_string()
                    .into_bytes(),
                "is no day",
            ),
        ] {
            let refused = lead.upload("/projects/imports", &[("code", "NEWONE")], "f.json", &content).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(problem).shows("value=\"NEWONE\"");
        }
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM projects")).await, 1);
        let bytes = file(json!([good])).to_string().into_bytes();
        ana.upload("/projects/imports", &[("code", "NEWONE")], "f.json", &bytes)
            .await
            .has_status(StatusCode::FORBIDDEN);
        let taken = lead.upload("/projects/imports", &[("code", "QD")], "f.json", &bytes).await;
        taken.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("the key QD already");
        lead.upload("/projects/imports", &[("code", "NEWONE")], "f.json", &bytes).await.leads_to("/projects/NEWONE");
        let list = lead.send(Method::GET, "/projects/NEWONE", &[], None).await;
        list.shows("Out of a file").shows("Fine");
    })
    .await;
}
