//! Projects and tasks in the JSON API: the same rules as on the pages.

use super::three;
use crate::support::{Answer, Visitor, on_every_database};
use poem::http::{Method, StatusCode};
use serde_json::{Value, json};

async fn call(visitor: &Visitor<'_>, method: Method, path: &str, body: Option<Value>) -> Answer {
    let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
    let headers = [("x-csrf-token", visitor.csrf.as_str()), ("sec-fetch-site", "same-origin")];
    visitor.send(method, &format!("/api/v1{path}"), &headers, body).await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.bytes).unwrap_or_else(|error| panic!("{error}: {}", answer.text()))
}

#[tokio::test]
async fn tasks_are_made_listed_and_changed() {
    on_every_database(async |app| {
        let (lead, ana, olga) = three(app).await;
        let project = read(&call(&ana, Method::GET, "/projects/qd", None).await);
        assert_eq!((project["key"].as_str(), project["role"].as_str()), (Some("QD"), Some("member")));
        let review = project["statuses"][3]["id"].clone();
        let new = json!({ "line": "Fix pump @ana !high #net due friday", "description": "Slowly", "status_id": review, "once": "k1" });
        let made = call(&ana, Method::POST, "/projects/QD/tasks", Some(new.clone())).await;
        made.has_status(StatusCode::CREATED);
        assert_eq!(read(&call(&ana, Method::POST, "/projects/QD/tasks", Some(new)).await)["id"], read(&made)["id"]);
        let task = read(&made);
        assert_eq!((task["name"].as_str(), task["status"].as_str()), (Some("QD-1"), Some("Review")));
        assert_eq!((task["due_on"].as_str(), task["labels"][0].as_str()), (Some("2026-11-27"), Some("net")));
        let path = format!("/tasks/{}", task["id"]);
        let changed = call(&lead, Method::PATCH, &path, Some(json!({ "version": 1, "title": "Fix valve", "due_on": "" }))).await;
        changed.has_status(StatusCode::OK);
        assert_eq!((read(&changed)["version"].clone(), read(&changed)["due_on"].clone()), (json!(2), Value::Null));
        // Another field merges; the same one does not.
        call(&ana, Method::PATCH, &path, Some(json!({ "version": 1, "priority": "low" }))).await.has_status(StatusCode::OK);
        let late = call(&ana, Method::PATCH, &path, Some(json!({ "version": 1, "title": "Fix hose" }))).await;
        late.has_status(StatusCode::CONFLICT);
        assert_eq!(read(&late)["current"]["title"], "Fix valve");
        let wrong = call(&ana, Method::PATCH, &path, Some(json!({ "version": 3, "due_on": "soon" }))).await;
        wrong.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        let page = read(&call(&ana, Method::GET, "/projects/QD/tasks?status=all&q=valve", None).await);
        assert_eq!((page["total"].clone(), page["items"][0]["title"].clone()), (json!(1), json!("Fix valve")));
        for path in [path.as_str(), "/projects/QD", "/projects/QD/tasks", &format!("{path}/comments")] {
            call(&olga, Method::GET, path, None).await.has_status(StatusCode::NOT_FOUND);
        }
        call(&olga, Method::PATCH, &path, Some(json!({ "version": 3, "title": "Mine" }))).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn projects_and_comments_too() {
    on_every_database(async |app| {
        let (lead, ana, _) = three(app).await;
        let made = call(&lead, Method::POST, "/projects", Some(json!({ "key": "DOCK", "name": "Dock 4" }))).await;
        made.has_status(StatusCode::CREATED);
        assert_eq!(read(&made)["statuses"].as_array().unwrap().len(), 5);
        call(&ana, Method::POST, "/projects", Some(json!({ "key": "MINE", "name": "Mine" })))
            .await
            .has_status(StatusCode::FORBIDDEN);
        call(&lead, Method::POST, "/projects", Some(json!({ "key": "DOCK", "name": "Twice" })))
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY);
        let listed = read(&call(&lead, Method::GET, "/projects", None).await);
        assert_eq!(listed.as_array().unwrap().len(), 2);
        assert_eq!(read(&call(&ana, Method::GET, "/projects", None).await).as_array().unwrap().len(), 1);
        let task = read(&call(&ana, Method::POST, "/projects/QD/tasks", Some(json!({ "title": "One" }))).await);
        let path = format!("/tasks/{}/comments", task["id"]);
        call(&lead, Method::POST, &path, Some(json!({ "body": "Hello @ana" }))).await.has_status(StatusCode::CREATED);
        call(&lead, Method::POST, &path, Some(json!({ "body": "" })))
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY);
        let said = read(&call(&ana, Method::GET, &path, None).await);
        assert_eq!((said.as_array().unwrap().len(), said[0]["body"].as_str()), (1, Some("Hello @ana")));
    })
    .await;
}
