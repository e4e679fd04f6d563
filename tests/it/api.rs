//! The JSON API: who may call it, what it answers, and that every mistake is told in problem details.

mod targets;

use crate::support::{Answer, NOW_MS, TestApp, Visitor, on_every_database};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use poem::http::{Method, StatusCode};
use quarterdeck::accounts::tokens;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A program with a token of somebody of that role.
struct Program<'a> {
    stranger: Visitor<'a>,
    bearer: String,
}

impl Program<'_> {
    async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, Some(body)).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
        self.stranger.send(method, &format!("/api/v1{path}"), &[("authorization", &self.bearer)], body).await
    }
}

async fn program<'a>(app: &'a TestApp, role: &str, scopes: &[&str]) -> Program<'a> {
    let name = format!("{role} {}", scopes.join(" "));
    let person_id = app.person(&name, None).await;
    app.give_role(person_id, role).await;
    let known: Vec<&str> = app.app.permissions().iter().map(|spec| spec.permission.0).collect();
    let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
    let scopes: Vec<String> = scopes.iter().map(|scope| scope.to_string()).collect();
    let new = tokens::NewToken { name: "test", scopes: &scopes, expires_at: None };
    let token = tokens::create_for(&app.app.db, &email, &new, &known, NOW_MS).await.unwrap();
    Program { stranger: app.stranger(), bearer: format!("Bearer {token}") }
}

fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.bytes).unwrap_or_else(|error| panic!("{error}: {}", answer.text()))
}

#[track_caller]
fn is_problem(answer: &Answer, status: StatusCode, words: &str) {
    answer.has_status(status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = body(answer);
    assert_eq!(problem["status"], status.as_u16());
    assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
}

#[tokio::test]
async fn without_a_token_that_opens_it_the_api_stays_closed() {
    let app = TestApp::sqlite().await;
    for path in ["/people", "/people/1", "/teams", "/teams/1", "/skills", "/skills/1", "/ratings/1", "/ratings/1/1"] {
        let path = format!("/api/v1{path}");
        is_problem(&app.stranger().get(&path).await, StatusCode::UNAUTHORIZED, "sign in");
        let wrong = app.stranger().send(Method::GET, &path, &[("authorization", "Bearer qd_wrong")], None).await;
        is_problem(&wrong, StatusCode::UNAUTHORIZED, "sign in");
    }
    app.stop().await;
}

#[tokio::test]
async fn people_are_listed_made_and_changed() {
    on_every_database(async |app| {
        let api = program(app, "administrator", &[]).await;
        let team = body(&api.post("/teams", json!({ "name": "Water" })).await)["id"].clone();
        let made = api.post("/people", json!({ "name": "Ann Apple", "email": "ann@x.org", "team_id": team })).await;
        made.has_status(StatusCode::CREATED);
        let ann = body(&made);
        assert_eq!((&ann["team"], &ann["title"], &ann["version"]), (&json!("Water"), &json!(""), &json!(1)));
        let path = format!("/people/{}", ann["id"]);
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        assert_eq!(body(&api.get(&path).await), ann);
        api.post("/people", json!({ "name": "Bob" })).await.has_status(StatusCode::CREATED);
        let page = body(&api.get("/people?limit=1&offset=1").await);
        assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!(3), 1));
        let found = body(&api.get(&format!("/people?team={team}&text=APP")).await);
        assert_eq!((&found["total"], &found["items"][0], &found["limit"]), (&json!(1), &ann, &json!(100)));
        let changed = api.put(&path, json!({ "name": "Ann Pear", "version": 1 })).await;
        changed.has_status(StatusCode::OK);
        let stale = api.put(&path, json!({ "name": "Ann Plum", "version": 1 })).await;
        is_problem(&stale, StatusCode::CONFLICT, "Ann Pear was changed by somebody else");
        assert_eq!(body(&stale)["current"], body(&changed));
        assert_eq!((&body(&changed)["email"], &body(&changed)["team"]), (&Value::Null, &Value::Null));
    })
    .await;
}

#[tokio::test]
async fn teams_are_listed_made_and_renamed() {
    on_every_database(async |app| {
        let api = program(app, "administrator", &[]).await;
        for name in ["Water", "Air"] {
            api.post("/teams", json!({ "name": name })).await.has_status(StatusCode::CREATED);
        }
        let page = body(&api.get("/teams?offset=1").await);
        assert_eq!((&page["total"], &page["items"][0]["name"]), (&json!(2), &json!("Water")));
        let path = format!("/teams/{}", page["items"][0]["id"]);
        assert_eq!(body(&api.put(&path, json!({ "name": "Fire", "version": 1 })).await)["version"], 2);
        let stale = api.put(&path, json!({ "name": "Earth", "version": 1 })).await;
        is_problem(&stale, StatusCode::CONFLICT, "“Fire”");
        assert_eq!(body(&stale)["current"], body(&api.get(&path).await));
        let taken = api.post("/teams", json!({ "name": "Air" })).await;
        is_problem(&taken, StatusCode::UNPROCESSABLE_ENTITY, "There is a team named “Air” already.");
        assert_eq!(body(&taken)["errors"][0]["field"], "name");
    })
    .await;
}

#[tokio::test]
async fn skills_are_listed_made_and_changed() {
    on_every_database(async |app| {
        let api = program(app, "lead", &[]).await;
        let made = api.post("/skills", json!({ "name": "Knots", "category": "Deck", "scale": "ILUO" })).await;
        made.has_status(StatusCode::CREATED);
        let knots = body(&made);
        let path = format!("/skills/{}", knots["id"]);
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        api.post("/skills", json!({ "name": "Charts", "scale": "0–4" })).await.has_status(StatusCode::CREATED);
        let found = body(&api.get(&format!("/skills?category={}&text=kNO&limit=5", knots["category_id"])).await);
        assert_eq!((&found["total"], &found["items"][0]), (&json!(1), &knots));
        assert_eq!(body(&api.get("/skills").await)["total"], 2);
        let changed =
            api.put(&path, json!({ "name": "Bends", "category": "Deck", "scale": "ILUO", "version": 1 })).await;
        changed.has_status(StatusCode::OK);
        let stale = api.put(&path, json!({ "name": "Hitches", "scale": "ILUO", "version": 1 })).await;
        is_problem(&stale, StatusCode::CONFLICT, "changed by somebody else");
        assert_eq!(body(&stale)["current"], body(&changed));
        let unknown = api.post("/skills", json!({ "name": "Sails", "scale": "stars" })).await;
        is_problem(&unknown, StatusCode::UNPROCESSABLE_ENTITY, "There is no scale “stars”");
        is_problem(&api.get("/skills/999").await, StatusCode::NOT_FOUND, "nothing at this address");
    })
    .await;
}

#[tokio::test]
async fn unset_not_applicable_and_zero_are_three_things() {
    on_every_database(async |app| {
        let api = program(app, "administrator", &[]).await;
        let skill = body(&api.post("/skills", json!({ "name": "Depth", "scale": "O*NET 0–7" })).await)["id"].clone();
        let ann = app.person("Ann Apple", None).await;
        let path = format!("/ratings/{ann}/{skill}");
        let unset = body(&api.get(&path).await);
        let nothing = (&Value::Null, &json!(false), &json!(0), &Value::Null);
        assert_eq!((&unset["level"], &unset["not_applicable"], &unset["version"], &unset["updated_at"]), nothing);
        let cases = [
            (json!({ "level": 4.75, "interest": 3, "note": "dives", "version": 0 }), json!(4.75), false),
            (json!({ "level": 0, "version": 1 }), json!(0.0), false),
            (json!({ "not_applicable": true, "version": 2 }), Value::Null, true),
            (json!({ "interest": 0, "version": 3 }), Value::Null, false),
        ];
        for (sent, level, not_applicable) in cases {
            let answer = api.put(&path, sent.clone()).await;
            answer.has_status(StatusCode::OK);
            let saved = body(&answer);
            assert_eq!((&saved["level"], &saved["not_applicable"]), (&level, &json!(not_applicable)));
            assert_eq!(
                (&saved["interest"], &saved["note"]),
                (&sent["interest"], sent.get("note").unwrap_or(&json!("")))
            );
            assert_eq!((&saved["updated_at"], &body(&api.get(&path).await)), (&json!(NOW_MS), &saved));
        }
        let stale = api.put(&path, json!({ "level": 7, "version": 2 })).await;
        is_problem(&stale, StatusCode::CONFLICT, "changed by somebody else");
        assert_eq!(body(&stale)["current"], body(&api.get(&path).await));
        let list = body(&api.get(&format!("/ratings/{ann}")).await);
        assert_eq!((&list["total"], &list["items"][0]), (&json!(1), &body(&api.get(&path).await)));
        is_problem(&api.get("/ratings/999").await, StatusCode::NOT_FOUND, "");
    })
    .await;
}

#[tokio::test]
async fn a_rating_that_cannot_be_taken_is_refused_by_field() {
    let app = TestApp::sqlite().await;
    let api = program(&app, "administrator", &[]).await;
    let skill = body(&api.post("/skills", json!({ "name": "Knots", "scale": "0–4" })).await)["id"].clone();
    let path = format!("/ratings/{}/{skill}", app.person("Ann Apple", None).await);
    for (sent, field) in [
        (json!({ "level": 5, "version": 0 }), "level"),
        (json!({ "level": -1, "version": 0 }), "level"),
        (json!({ "level": 1.5, "version": 0 }), "level"),
        (json!({ "level": 1e300, "version": 0 }), "level"),
        (json!({ "level": 1, "not_applicable": true, "version": 0 }), "level"),
        (json!({ "interest": 4, "version": 0 }), "interest"),
        (json!({ "note": "x".repeat(2001), "version": 0 }), "note"),
    ] {
        let answer = api.put(&path, sent).await;
        is_problem(&answer, StatusCode::UNPROCESSABLE_ENTITY, "");
        assert_eq!(body(&answer)["errors"][0]["field"], field);
    }
    assert_eq!(body(&api.get(&path).await)["version"], 0);
    app.stop().await;
}

#[tokio::test]
async fn scopes_and_roles_limit_a_token() {
    let app = TestApp::sqlite().await;
    let everything = program(&app, "administrator", &[]).await;
    let skill = body(&everything.post("/skills", json!({ "name": "Knots", "scale": "0–4" })).await)["id"].clone();
    let reader = program(&app, "administrator", &["skills.read"]).await;
    let (ann, rating) = (app.person("Ann", None).await, json!({ "level": 1, "version": 0 }));
    reader.get("/skills").await.has_status(StatusCode::OK);
    let cell = format!("/ratings/{ann}/{skill}");
    reader.get(&cell).await.has_status(StatusCode::OK);
    for refused in [
        reader.put(&cell, rating.clone()).await,
        reader.post("/skills", json!({ "name": "Bends", "scale": "0–4" })).await,
        reader.get("/people").await,
        reader.get("/teams").await,
    ] {
        is_problem(&refused, StatusCode::FORBIDDEN, "not allow");
    }
    let viewer = program(&app, "viewer", &[]).await;
    viewer.get("/people").await.has_status(StatusCode::OK);
    for refused in [
        viewer.put(&cell, rating).await,
        viewer.put(&format!("/people/{ann}"), json!({ "name": "Eve", "version": 1 })).await,
        viewer.post("/people", json!({ "name": "Eve" })).await,
        viewer.post("/teams", json!({ "name": "Mutiny" })).await,
    ] {
        is_problem(&refused, StatusCode::FORBIDDEN, "not allow");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_request_that_cannot_be_read_says_what_and_where() {
    let app = TestApp::sqlite().await;
    let api = program(&app, "administrator", &[]).await;
    let refused = StatusCode::BAD_REQUEST;
    is_problem(&api.post("/people", json!({ "email": "a@x.org" })).await, refused, "missing field `name`");
    is_problem(
        &api.post("/people", json!({ "name": 7 })).await,
        refused,
        "invalid type: integer `7`, expected a string",
    );
    is_problem(&api.post("/people", json!({ "name": "A", "nmae": 1 })).await, refused, "unknown field `nmae`");
    is_problem(&api.put("/people/1", json!({ "name": "A" })).await, refused, "missing field `version`");
    is_problem(&api.get("/people?limit=501").await, refused, "`limit`");
    is_problem(&api.get("/people?offset=-1").await, refused, "`offset`");
    is_problem(&api.get("/people?limit=many").await, refused, "`limit`");
    is_problem(&api.get("/people/ann").await, StatusCode::NOT_FOUND, "");
    is_problem(&api.get("/nothing").await, StatusCode::NOT_FOUND, "");
    is_problem(&api.call(Method::DELETE, "/people/1", None).await, StatusCode::METHOD_NOT_ALLOWED, "");
    let headers = [("authorization", api.bearer.as_str())];
    let broken = Some(("application/json", b"{\"name\":".to_vec()));
    let broken = api.stranger.send(Method::POST, "/api/v1/people", &headers, broken).await;
    is_problem(&broken, refused, "EOF while parsing a value at line 1 column 8");
    let form = Some(("application/x-www-form-urlencoded", b"name=Ann".to_vec()));
    let form = api.stranger.send(Method::POST, "/api/v1/people", &headers, form).await;
    is_problem(&form, StatusCode::UNSUPPORTED_MEDIA_TYPE, "Content-Type");
    app.stop().await;
}

#[tokio::test]
async fn a_session_needs_its_token_to_change_something() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    ada.get("/api/v1/people").await.has_status(StatusCode::OK);
    let team = || Some(("application/json", json!({ "name": "Water" }).to_string().into_bytes()));
    let without = ada.send(Method::POST, "/api/v1/teams", &[], team()).await;
    is_problem(&without, StatusCode::FORBIDDEN, "");
    let with = ada.send(Method::POST, "/api/v1/teams", &[("x-csrf-token", &ada.csrf)], team()).await;
    with.has_status(StatusCode::CREATED);
    app.stop().await;
}

#[tokio::test]
async fn the_document_describes_what_is_there() {
    let app = TestApp::sqlite().await;
    let answer = app.stranger().get("/api/openapi.json").await;
    answer.has_status(StatusCode::OK);
    let document = body(&answer);
    let paths: Vec<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let all = [
        "/finder",
        "/job-roles",
        "/job-roles/{id}",
        "/job-roles/{id}/people",
        "/job-roles/{id}/people/{person}",
        "/people",
        "/people/{id}",
        "/projects",
        "/projects/{key}",
        "/projects/{key}/tasks",
        "/ratings/{person}",
        "/ratings/{person}/{skill}",
        "/skills",
        "/skills/{id}",
        "/targets",
        "/targets/{id}",
        "/tasks/{id}",
        "/tasks/{id}/comments",
        "/teams",
        "/teams/{id}",
    ];
    assert_eq!(paths, all);
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    let responses = document["paths"]["/ratings/{person}/{skill}"]["put"]["responses"].as_object().unwrap();
    for status in ["200", "400", "401", "403", "404", "409", "422"] {
        assert!(responses.contains_key(status), "{status}");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_plugin_that_is_switched_off_takes_its_part_along() {
    let place = crate::support::Place { database: crate::support::Database::Sqlite, redis: false };
    let app = TestApp::start_with(place, &["plugins.enabled=[\"people\"]"]).await;
    let api = program(&app, "administrator", &[]).await;
    api.get("/people").await.has_status(StatusCode::OK);
    is_problem(&api.get("/skills").await, StatusCode::NOT_FOUND, "");
    is_problem(&api.get("/ratings/1").await, StatusCode::NOT_FOUND, "");
    let document = body(&app.stranger().get("/api/openapi.json").await);
    assert!(document["paths"].get("/people").is_some() && document["paths"].get("/skills").is_none());
    app.stop().await;
}

#[tokio::test]
async fn the_explorer_names_its_own_scripts_in_its_policy() {
    let app = TestApp::sqlite().await;
    let answer = app.stranger().get("/api/docs").await;
    answer.has_status(StatusCode::OK).shows("\"/ratings/{person}/{skill}\"").shows("SwaggerUIBundle");
    let policy = answer.header("content-security-policy");
    assert_eq!(policy.matches("'sha256-").count(), 3, "{policy}");
    let (_, inside) = answer.text().split_once("<script charset=\"UTF-8\">").unwrap();
    let (bundle, _) = inside.split_once("</script>").unwrap();
    assert!(policy.contains(&STANDARD.encode(Sha256::digest(bundle))), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    app.stop().await;
}
