//! Targets and job roles in the API.

use super::{body, is_problem, program};
use crate::support::{TestApp, on_every_database};
use poem::http::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn targets_are_set_changed_and_taken_away() {
    on_every_database(async |app| {
        let api = program(app, "administrator", &[]).await;
        let team = body(&api.post("/teams", json!({ "name": "Yard" })).await)["id"].clone();
        let skill = body(&api.post("/skills", json!({ "name": "Welding", "scale": "0–4" })).await)["id"].clone();
        let ben = app.person("Ben Brook", team.as_i64()).await;
        let new = json!({ "skill_id": skill, "team_id": team, "level": 3.0 });
        let made = api.post("/targets", new.clone()).await;
        made.has_status(StatusCode::CREATED);
        let target = body(&made);
        let path = format!("/targets/{}", target["id"]);
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        let counts = (&target["people"], &target["able"], &target["at_least"], &target["version"]);
        assert_eq!(counts, (&json!(1), &json!(0), &Value::Null, &json!(1)));
        api.put(&format!("/ratings/{ben}/{skill}"), json!({ "level": 3, "version": 0 }))
            .await
            .has_status(StatusCode::OK);
        assert_eq!(body(&api.get(&path).await)["able"], 1);
        is_problem(&api.post("/targets", new).await, StatusCode::UNPROCESSABLE_ENTITY, "is asked for here already");
        let changed = api.put(&path, json!({ "level": 2, "at_least": 2, "version": 1 })).await;
        changed.has_status(StatusCode::OK);
        let stale = api.put(&path, json!({ "level": 4, "version": 1 })).await;
        is_problem(&stale, StatusCode::CONFLICT, "changed this target in the meantime");
        assert_eq!(body(&stale)["current"], body(&changed));
        let page = body(&api.get("/targets?limit=1").await);
        assert_eq!((&page["total"], &page["items"][0]["at_least"]), (&json!(1), &json!(2)));
        let delete = |version: i64| format!("{path}?version={version}");
        is_problem(&api.call(Method::DELETE, &delete(1), None).await, StatusCode::CONFLICT, "in the meantime");
        api.call(Method::DELETE, &delete(2), None).await.has_status(StatusCode::NO_CONTENT);
        is_problem(&api.get(&path).await, StatusCode::NOT_FOUND, "");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_a_problem_at_its_field() {
    let app = TestApp::sqlite().await;
    let api = program(&app, "administrator", &[]).await;
    let skill = body(&api.post("/skills", json!({ "name": "Welding", "scale": "ILUO" })).await)["id"].clone();
    for (new, field, words) in [
        (
            json!({ "skill_id": skill, "level": 5 }),
            "level",
            "“5” is not a level of the scale ILUO, which goes from I to O",
        ),
        (json!({ "skill_id": skill, "level": 2.5 }), "level", "“2.5” is not a level of the scale ILUO"),
        (json!({ "skill_id": skill, "level": 2.555 }), "level", "at most two decimals"),
        (json!({ "skill_id": skill, "level": 2, "at_least": 0 }), "at_least", "At least one person"),
        (json!({ "skill_id": 999, "level": 2 }), "skill", "There is no such skill"),
        (
            json!({ "skill_id": skill, "level": 2, "team_id": 1, "job_role_id": 1 }),
            "team_id",
            "for a team or for a job role",
        ),
    ] {
        let refused = api.post("/targets", new).await;
        is_problem(&refused, StatusCode::UNPROCESSABLE_ENTITY, words);
        assert_eq!(body(&refused)["errors"][0]["field"], field);
    }
    let nowhere = api.post("/targets", json!({ "skill_id": skill, "level": 2, "team_id": 999 })).await;
    is_problem(&nowhere, StatusCode::NOT_FOUND, "");
    let member = program(&app, "member", &[]).await;
    is_problem(
        &member.post("/targets", json!({ "skill_id": skill, "level": 2 })).await,
        StatusCode::FORBIDDEN,
        "not allow",
    );
    member.get("/targets").await.has_status(StatusCode::OK);
    app.stop().await;
}

#[tokio::test]
async fn job_roles_are_made_given_and_taken_away() {
    on_every_database(async |app| {
        let api = program(app, "administrator", &[]).await;
        let ben = app.person("Ben Brook", None).await;
        let made = api.post("/job-roles", json!({ "name": "Welder" })).await;
        made.has_status(StatusCode::CREATED);
        let path = format!("/job-roles/{}", body(&made)["id"]);
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        let of_ben = format!("{path}/people/{ben}");
        for _ in 0..2 {
            let given = api.put(&of_ben, json!({})).await;
            assert_eq!(body(&given), json!([{ "person_id": ben, "name": "Ben Brook" }]));
        }
        assert_eq!(body(&api.get("/job-roles").await)[0]["people"], 1);
        assert_eq!(body(&api.call(Method::DELETE, &of_ben, None).await), json!([]));
        is_problem(&api.put(&format!("{path}/people/999"), json!({})).await, StatusCode::NOT_FOUND, "");
        api.put(&path, json!({ "name": "MAG welder", "version": 1 })).await.has_status(StatusCode::OK);
        let stale = api.put(&path, json!({ "name": "TIG welder", "version": 1 })).await;
        is_problem(&stale, StatusCode::CONFLICT, "named it “MAG welder”");
        let twice = api.post("/job-roles", json!({ "name": "mag WELDER" })).await;
        is_problem(&twice, StatusCode::UNPROCESSABLE_ENTITY, "There is a job role named");
        let gone = api.call(Method::DELETE, &format!("{path}?version=2"), None).await;
        gone.has_status(StatusCode::NO_CONTENT);
        is_problem(&api.get(&format!("{path}/people")).await, StatusCode::NOT_FOUND, "");
    })
    .await;
}
