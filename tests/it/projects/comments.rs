//! Comments: said once, changed by who said them, with notices for those whom they name.

use super::{join, task, three};
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::plugins::projects::model::Role;
use quarterdeck::sql;

#[tokio::test]
async fn a_comment_is_said_once_and_told_to_those_whom_it_names() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        let id = task(app, &lead, "QD", "Fix pump @lena").await.task.id;
        let path = format!("/projects/tasks/{id}/comments");
        let fields = [("body", "Look, @ana: **rust**"), ("submission", "c1")];
        let said = lead.post_fragment(&path, &fields).await;
        said.has_status(StatusCode::OK).is_fragment().shows("<strong>rust</strong>");
        lead.post_fragment(&path, &fields).await.has_status(StatusCode::OK);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM task_comments")).await, 1);
        ana.get("/notices").await.shows("Lena Lead mentions you at QD-1: Fix pump");
        // Who works on it hears of an answer, and who spoke.
        ana.post(&path, &[("body", "I will")]).await.has_status(StatusCode::SEE_OTHER);
        lead.get("/notices").await.shows("Ana Silva says something about QD-1");
        ana.fragment(&path).await.is_fragment().shows("I will").shows("rust");
        ana.get(&path).await.leads_to(&format!("/projects/tasks/{id}"));
    })
    .await;
}

#[tokio::test]
async fn who_takes_no_part_is_asked_for_and_told_nothing() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        let id = task(app, &lead, "QD", "Secret pump").await.task.id;
        let path = format!("/projects/tasks/{id}/comments");
        let said = lead.post_fragment(&path, &[("body", "Ask @olga and @nobody")]).await;
        said.has_status(StatusCode::OK)
            .shows("Olga Outside takes no part in Project QD, and was told nothing.")
            .shows("look on");
        ana.post(&path, &[("body", "Yes, @olga.outside!")])
            .await
            .has_status(StatusCode::OK)
            .shows("Ask somebody who leads the project");
        olga.get("/notices").await.hides("Secret pump").hides("mentions");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices WHERE kind = 'projects.mentioned'")).await, 0);
        let let_in = [("person", olga.person_id.to_string()), ("role", "viewer".to_owned()), ("task", id.to_string())];
        let let_in: Vec<(&str, &str)> = let_in.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lead.post("/projects/QD/members", &let_in).await.leads_to(&format!("/projects/tasks/{id}"));
        olga.get(&format!("/projects/tasks/{id}")).await.has_status(StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn who_said_it_changes_it_and_takes_it_back() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        join(app, &lead, "QD", olga.person_id, Role::Member).await;
        let id = task(app, &lead, "QD", "Fix pump").await.task.id;
        ana.post(&format!("/projects/tasks/{id}/comments"), &[("body", "First")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        let comment = app.count(sql!("SELECT MAX(id) FROM task_comments")).await;
        let path = format!("/projects/comments/{comment}");
        ana.get(&format!("{path}/edit")).await.is_page().shows("First");
        ana.fragment(&format!("{path}/edit")).await.is_fragment().shows("First");
        lead.get(&format!("{path}/edit")).await.has_status(StatusCode::FORBIDDEN);
        lead.post(&path, &[("body", "Theirs"), ("version", "1")]).await.has_status(StatusCode::FORBIDDEN);
        ana.post_fragment(&path, &[("body", "Second"), ("version", "1")])
            .await
            .has_status(StatusCode::OK)
            .shows("Second")
            .shows("changed");
        let late = ana.post_fragment(&path, &[("body", "Third"), ("version", "1")]).await;
        late.has_status(StatusCode::CONFLICT).shows("Second").shows("Third");
        let empty = ana.post_fragment(&path, &[("body", "  "), ("version", "2")]).await;
        empty.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Say something.");
        olga.post(&format!("{path}/deletion"), &[]).await.has_status(StatusCode::FORBIDDEN);
        lead.post_fragment(&format!("{path}/deletion"), &[])
            .await
            .has_status(StatusCode::OK)
            .shows("Nobody has said anything yet.");
        ana.get(&path).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_said_comes_back_as_it_was_typed() {
    let app = TestApp::sqlite().await;
    let (_, ana, _) = three(&app).await;
    let id = task(&app, &ana, "QD", "Fix pump").await.task.id;
    let path = format!("/projects/tasks/{id}/comments");
    let long = "a".repeat(200_000);
    let refused = ana.post_fragment(&path, &[("body", &long)]).await;
    refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("these are 200000").shows(&long);
    ana.post(&path, &[("body", " ")]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page();
    let said = ana.post_fragment(&path, &[("body", "<script>alert(1)</script>ok")]).await;
    said.has_status(StatusCode::OK).hides("<script");
    app.stop().await;
}
