//! Fields of a task, changed in place: each by itself, merged where they differ, both values shown where they do not.

use super::{join, status, task, three};
use crate::support::{TestApp, everywhere, on_every_database};
use poem::http::StatusCode;
use quarterdeck::events::News;
use quarterdeck::plugins::projects::model::Role;
use quarterdeck::sql;

#[tokio::test]
async fn each_field_is_shown_edited_and_saved() {
    on_every_database(async |app| {
        let (_, ana, _) = three(app).await;
        let id = task(app, &ana, "QD", "Fix pump").await.task.id;
        let base = format!("/projects/tasks/{id}");
        ana.get(&base).await.is_page().shows("Fix pump").shows("No description.");
        ana.fragment(&base).await.is_fragment().shows("QD-1");
        let doing = status(app, &ana, "QD", "In progress").await.to_string();
        let person = ana.person_id.to_string();
        for (field, value, shown) in [
            ("title", "Fix  the pump", "Fix the pump"),
            ("description", "*Slowly*", "<em>Slowly</em>"),
            ("status", doing.as_str(), "In progress"),
            ("priority", "3", "High"),
            ("assignees", person.as_str(), "Ana Silva"),
            ("start", "2026-11-20", "today"),
            ("due", "2026-11-27", "27 Nov"),
            ("estimate", "1.5h", "1h 30m"),
        ] {
            let path = format!("{base}/fields/{field}");
            ana.get(&format!("{path}/edit")).await.is_page().shows("Save");
            let form = ana.fragment(&format!("{path}/edit")).await;
            let version = form.is_fragment().hidden("version");
            let saved = ana.post_fragment(&path, &[("value", value), ("version", &version)]).await;
            saved.has_status(StatusCode::OK).is_fragment().shows(shown);
            ana.fragment(&path).await.is_fragment().shows(shown);
        }
        let labels =
            ana.post(&format!("{base}/fields/labels"), &[("new_label", "Night shift"), ("version", "9")]).await;
        labels.leads_to(&base);
        ana.get(&base).await.shows("Night shift").shows("Fix the pump");
        ana.fragment(&format!("{base}/row")).await.is_fragment().shows("Night shift");
        ana.get(&format!("{base}/history"))
            .await
            .is_page()
            .shows("set due to")
            .shows("changed status from")
            .shows("added the task");
        ana.get("/projects/QD/tasks/1").await.leads_to(&base);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_at_its_field() {
    on_every_database(async |app| {
        let (_, ana, olga) = three(app).await;
        let id = task(app, &ana, "QD", "Fix pump").await.task.id;
        let outside = olga.person_id.to_string();
        let long = "a".repeat(200_000);
        for (field, value, problem) in [
            ("title", " ", "Say what is to be done."),
            ("status", "987654321", "That status is not there any more."),
            ("priority", "eleven", "There is no such priority."),
            ("assignees", outside.as_str(), "Only who works in the project"),
            ("labels", "987654321", "not there any more"),
            ("due", "2026-13-40", "Write a day as"),
            ("estimate", "soon", "Write a time as"),
            ("description", long.as_str(), "At most 100000 characters fit here; these are 200000."),
        ] {
            let path = format!("/projects/tasks/{id}/fields/{field}");
            let refused = ana.post_fragment(&path, &[("value", value), ("version", "1")]).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_fragment().shows(problem);
            ana.post(&path, &[("value", value), ("version", "1")])
                .await
                .has_status(StatusCode::UNPROCESSABLE_ENTITY)
                .is_page();
        }
        let due = format!("/projects/tasks/{id}/fields/due");
        ana.post(&due, &[("value", "2026-11-27"), ("version", "1")]).await.has_status(StatusCode::SEE_OTHER);
        let start = format!("/projects/tasks/{id}/fields/start");
        let refused = ana.post_fragment(&start, &[("value", "2026-11-28"), ("version", "2")]).await;
        refused
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("cannot be due before it starts")
            .shows("value=\"2026-11-28\"");
        ana.get(&format!("/projects/tasks/{id}/fields/colour")).await.has_status(StatusCode::NOT_FOUND);
        ana.get("/projects/tasks/987654321").await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_change_one_field_the_second_sees_both_values_and_loses_neither() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        let id = task(app, &ana, "QD", "Fix pump").await.task.id;
        let title = format!("/projects/tasks/{id}/fields/title");
        lead.post_fragment(&title, &[("value", "Fix valve"), ("version", "1")]).await.has_status(StatusCode::OK);
        let late = ana.post_fragment(&title, &[("value", "Fix hose"), ("version", "1")]).await;
        late.has_status(StatusCode::CONFLICT)
            .is_fragment()
            .shows("Lena Lead saved meanwhile")
            .shows("Fix valve")
            .shows("value=\"Fix hose\"");
        let version = late.hidden("version");
        ana.post_fragment(&title, &[("value", "Fix hose"), ("version", &version)])
            .await
            .has_status(StatusCode::OK)
            .shows("Fix hose");
        let page = ana.post(&title, &[("value", "Fix drum"), ("version", "1")]).await;
        page.has_status(StatusCode::CONFLICT).is_page().shows("Fix hose").shows("value=\"Fix drum\"");
        // The same value twice is no quarrel.
        ana.post_fragment(&title, &[("value", "Fix hose"), ("version", "1")]).await.has_status(StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn different_fields_merge() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        let id = task(app, &ana, "QD", "Fix pump").await.task.id;
        let path = |field: &str| format!("/projects/tasks/{id}/fields/{field}");
        lead.post_fragment(&path("title"), &[("value", "Fix valve"), ("version", "1")])
            .await
            .has_status(StatusCode::OK);
        ana.post_fragment(&path("priority"), &[("value", "4"), ("version", "1")]).await.has_status(StatusCode::OK);
        ana.get(&format!("/projects/tasks/{id}")).await.shows("Fix valve").shows("Urgent");
        assert_eq!(app.count(sql!("SELECT version FROM tasks")).await, 3);
    })
    .await;
}

#[tokio::test]
async fn who_is_given_a_task_hears_of_it_once() {
    everywhere(async |app| {
        let (lead, ana, _) = three(app).await;
        let id = task(app, &lead, "QD", "Fix pump").await.task.id;
        let mut news = app.app.bus.subscribe();
        let path = format!("/projects/tasks/{id}/fields/assignees");
        let both =
            [("value", ana.person_id.to_string()), ("value", lead.person_id.to_string()), ("version", "1".to_owned())];
        let both: Vec<(&str, &str)> = both.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lead.post_fragment(&path, &both).await.has_status(StatusCode::OK).shows("Ana Silva").shows("Lena Lead");
        loop {
            if let News::Changed(message) = news.recv().await.unwrap()
                && message.change.topic == "projects"
            {
                assert!(message.change.id.ends_with(&format!(":{id}")));
                break;
            }
        }
        ana.get("/notices").await.shows("Lena Lead gave you QD-1: Fix pump");
        lead.get("/notices").await.hides("gave you");
        lead.post_fragment(&path, &both).await.has_status(StatusCode::OK);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices WHERE kind = 'projects.assigned'")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn days_are_those_of_the_place_where_the_work_is_done() {
    // At 12:00 UTC it is the next day already in Kiritimati.
    let place = crate::support::Place { database: crate::support::Database::Sqlite, redis: false };
    let app = TestApp::start_with(place, &["projects.time_zone=Pacific/Kiritimati"]).await;
    let (_, ana, _) = three(&app).await;
    let made = task(&app, &ana, "QD", "Fix pump due today").await;
    assert_eq!(made.task.due_on.unwrap().to_string(), "2026-11-21");
    ana.get("/projects/QD").await.shows("class=\"due today\" datetime=\"2026-11-21\"");
    app.app.clock.advance(-3 * 3_600_000);
    ana.get("/projects/QD").await.shows("class=\"due soon\"");
    app.stop().await;
}

#[tokio::test]
async fn scripts_in_a_description_are_text() {
    let app = TestApp::sqlite().await;
    let (_, ana, _) = three(&app).await;
    let id = task(&app, &ana, "QD", "<script>alert(1)</script>").await.task.id;
    let path = format!("/projects/tasks/{id}/fields/description");
    for (version, text) in [
        "<script>alert(2)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](data:text/html,<script>alert(1)</script>)",
        "<a href=\"jAvAsCrIpT:alert(1)\">click</a>",
        "<svg onload=alert(1)>",
        "<iframe src=//evil.example>",
        "![x](https://evil.example/pixel.png)",
        "<div style=\"position:fixed\">over all</div>",
        "<form action=/logout><button>press</button></form>",
        "<input type=text name=csrf>",
    ]
    .into_iter()
    .enumerate()
    {
        let version = (version + 1).to_string();
        let shown = ana.post_fragment(&path, &[("value", text), ("version", &version)]).await;
        shown.has_status(StatusCode::OK);
        for bad in [
            "<script",
            "onerror=",
            "href=\"javascript",
            "href=\"jAvA",
            "href=\"data",
            "<svg onload",
            "<iframe",
            "<img",
            "style=",
            "<form",
            "name=",
        ] {
            shown.hides(bad);
        }
    }
    ana.get(&format!("/projects/tasks/{id}")).await.shows("&lt;script&gt;alert(1)").hides("<script>alert");
    app.stop().await;
}

#[tokio::test]
async fn who_only_looks_on_is_not_given_tasks() {
    let app = TestApp::sqlite().await;
    let (lead, ana, olga) = three(&app).await;
    join(&app, &lead, "QD", olga.person_id, Role::Viewer).await;
    let id = task(&app, &ana, "QD", "Fix pump").await.task.id;
    let person = olga.person_id.to_string();
    let refused = ana
        .post_fragment(&format!("/projects/tasks/{id}/fields/assignees"), &[("value", &person), ("version", "1")])
        .await;
    refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Only who works in the project");
    ana.fragment(&format!("/projects/tasks/{id}/fields/assignees/edit")).await.hides("Olga Outside");
    app.stop().await;
}
