//! Projects: started, seen by those who take part, changed by those who lead, archived.

use super::{join, project, task, three};
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::plugins::projects::model::Role;
use quarterdeck::sql;

#[tokio::test]
async fn a_project_is_started_and_told_of() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lena Lead", None).await;
        lead.get("/projects").await.is_page().shows("No project yet");
        lead.get("/projects/new").await.has_status(StatusCode::OK).shows("Start the project");
        let fields = [("name", "Dock 4"), ("code", "qd"), ("description", "**Deep** water"), ("ends_on", "2027-03-01")];
        lead.post("/projects", &fields).await.leads_to("/projects/QD");
        lead.get("/projects/QD").await.is_page().shows("Dock 4").shows("No open task");
        lead.fragment("/projects/QD").await.is_fragment().shows("Dock 4");
        lead.get("/projects/qd/about")
            .await
            .shows("<strong>Deep</strong> water")
            .shows("Lena Lead")
            .shows("1 Mar 2027");
        lead.get("/projects").await.shows("Dock 4").shows("/projects/QD");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'projects.created'")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_it_is_told_with_what_was_typed() {
    on_every_database(async |app| {
        let lead = app.sign_in("lead", "Lena Lead", None).await;
        project(app, &lead, "QD").await;
        let fields = [("name", " "), ("code", "1-x"), ("starts_on", "2027-03-02"), ("ends_on", "2027-03-01")];
        let refused = lead.post("/projects", &fields).await;
        refused
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("Give the project a name.")
            .shows("begins with a letter");
        refused.shows("cannot end before it starts").shows("value=\"1-x\"");
        let taken = lead.post("/projects", &[("name", "Other"), ("code", "QD")]).await;
        taken.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("the key QD already");
        let long = "a".repeat(200_000);
        let refused = lead.post("/projects", &[("name", "N"), ("code", "NN"), ("description", &long)]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("At most 100000 characters");
    })
    .await;
}

#[tokio::test]
async fn who_takes_no_part_finds_nothing() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        let made = task(app, &ana, "QD", "Fix pump").await;
        let id = made.task.id;
        let base = format!("/projects/tasks/{id}");
        for path in [
            "/projects/QD",
            "/projects/QD/board",
            "/projects/QD/about",
            "/projects/QD/edit",
            "/projects/QD/tasks/new",
            "/projects/QD/tasks/1",
        ] {
            olga.get(path).await.has_status(StatusCode::NOT_FOUND).hides("Fix pump");
        }
        for part in ["", "/row", "/card", "/properties", "/history", "/comments", "/fields/title", "/fields/title/edit"]
        {
            olga.fragment(&format!("{base}{part}")).await.has_status(StatusCode::NOT_FOUND).hides("Fix pump");
        }
        olga.post(&format!("{base}/fields/title"), &[("value", "Mine"), ("version", "1")])
            .await
            .has_status(StatusCode::NOT_FOUND);
        olga.post(&format!("{base}/comments"), &[("body", "Hello")]).await.has_status(StatusCode::NOT_FOUND);
        olga.get("/projects").await.hides("Project QD");
        // An administrator sees and leads everything.
        let ada = app.administrator().await;
        ada.get("/projects/QD/edit").await.has_status(StatusCode::OK);
        lead.get("/projects/NOPE").await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn who_looks_on_changes_nothing_and_who_works_does_not_lead() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        join(app, &lead, "QD", olga.person_id, Role::Viewer).await;
        let made = task(app, &ana, "QD", "Fix pump").await;
        let title = format!("/projects/tasks/{}/fields/title", made.task.id);
        olga.get("/projects/QD").await.has_status(StatusCode::OK).hides("Add a task");
        olga.post(&title, &[("value", "Mine"), ("version", "1")]).await.has_status(StatusCode::FORBIDDEN);
        olga.post("/projects/QD/lines", &[("text", "Mine")]).await.has_status(StatusCode::FORBIDDEN);
        for path in ["/projects/QD/edit", "/projects/QD/statuses/1/edit"] {
            ana.get(path).await.has_status(StatusCode::FORBIDDEN);
        }
        ana.post("/projects/QD", &[("name", "Mine")]).await.has_status(StatusCode::FORBIDDEN);
        ana.post("/projects/QD/archival", &[("archived", "yes")]).await.has_status(StatusCode::FORBIDDEN);
        ana.post("/projects/QD/labels", &[("name", "Mine")]).await.has_status(StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_change_it_the_second_sees_what_it_is_now() {
    on_every_database(async |app| {
        let (lead, _, _) = three(app).await;
        let ada = app.administrator().await;
        let version = lead.get("/projects/QD/edit").await.hidden("version");
        ada.post("/projects/QD", &[("name", "Dock 5"), ("version", &version)]).await.has_status(StatusCode::SEE_OTHER);
        let late = lead.post("/projects/QD", &[("name", "Dock 6"), ("version", &version)]).await;
        late.has_status(StatusCode::CONFLICT).shows("Dock 5").shows("value=\"Dock 6\"");
        let version = late.hidden("version");
        lead.post("/projects/QD", &[("name", "Dock 6"), ("version", &version)]).await.has_status(StatusCode::SEE_OTHER);
        lead.get("/projects/QD").await.shows("Dock 6");
    })
    .await;
}

#[tokio::test]
async fn an_archived_project_can_be_read_alone() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        let made = task(app, &ana, "QD", "Fix pump").await;
        lead.post("/projects/QD/archival", &[("archived", "yes")]).await.leads_to("/projects");
        lead.get("/projects").await.hides("Project QD");
        lead.get("/projects?archived=yes").await.shows("Project QD");
        let title = format!("/projects/tasks/{}/fields/title", made.task.id);
        let refused = ana.post(&title, &[("value", "New"), ("version", "1")]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("archived");
        ana.get("/projects/QD").await.shows("Fix pump").hides("Add a task");
        lead.post("/projects/QD/archival", &[("archived", "no")]).await.leads_to("/projects/QD");
        ana.post(&title, &[("value", "New"), ("version", "1")]).await.has_status(StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn labels_are_made_changed_and_taken_away() {
    let app = TestApp::sqlite().await;
    let (lead, ana, _) = three(&app).await;
    let made = task(&app, &ana, "QD", "Fix pump #net").await;
    let id = made.task.labels[0].id;
    lead.post("/projects/QD/labels", &[("name", "Night shift"), ("hue", "2")])
        .await
        .leads_to("/projects/QD/edit#labels");
    let twice = lead.post("/projects/QD/labels", &[("name", "night SHIFT")]).await;
    twice.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("There is a label “night SHIFT” already.");
    lead.post(&format!("/projects/QD/labels/{id}"), &[("name", "Network"), ("hue", "4")])
        .await
        .has_status(StatusCode::SEE_OTHER);
    lead.get("/projects/QD").await.shows("Network").hides(">net<");
    lead.post(&format!("/projects/QD/labels/{id}/deletion"), &[]).await.has_status(StatusCode::SEE_OTHER);
    lead.get("/projects/QD").await.hides("class=\"chip hue-4\"");
    lead.post("/projects/QD/labels/987654321", &[("name", "X")]).await.has_status(StatusCode::NOT_FOUND);
    app.stop().await;
}
