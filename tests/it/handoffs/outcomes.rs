//! What becomes of a handoff, and who is responsible.

use super::{UNDERSTOOD, accept, draft, sent, yard};
use crate::projects::project;
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

#[tokio::test]
async fn responsibility_moves_when_it_is_accepted() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let id = draft(app, &yard, "Night").await;
        let path = format!("/handoffs/{id}");
        let nobody = yard.ina.post(&format!("{path}/sending"), &[("receiver", "")]).await;
        nobody.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Say to whom it goes.");
        yard.max.post(&format!("{path}/sending"), &[("receiver", "t1")]).await.has_status(StatusCode::FORBIDDEN);
        super::send(&yard, id, &format!("t{}", yard.team)).await;
        yard.max.get("/notices").await.shows("Ina Out hands off to you: Night");
        yard.ina.get(&path).await.shows("Ina Out</strong> is responsible until it is accepted");
        let box_ticked = yard.max.post(&format!("{path}/acceptance"), &[("synthesis", "ok")]).await;
        box_ticked.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("in your own words").shows(">\nok</textarea>");
        yard.ina
            .post(&format!("{path}/acceptance"), &[("synthesis", UNDERSTOOD)])
            .await
            .has_status(StatusCode::FORBIDDEN);
        accept(&yard.max, id).await.leads_to(&path);
        yard.ina.get(&path).await.shows("Max In</strong> is responsible").shows("I call the fitter first");
        yard.noa.get("/handoffs").await.shows("Max In</strong> is responsible for your team");
        yard.ina.get("/notices").await.shows("Max In has accepted");
        // Whoever comes second is told who was first.
        accept(&yard.noa, id).await.has_status(StatusCode::CONFLICT).shows("Max In has accepted this handoff already");
        yard.ina.post(&format!("{path}/withdrawal"), &[]).await.has_status(StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_accept_at_once_one_is_responsible() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let id = sent(app, &yard, "Night").await;
        let (one, other) = tokio::join!(accept(&yard.max, id), accept(&yard.noa, id));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let accepted = app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'handoffs.accepted'")).await;
        assert_eq!(accepted, 1);
    })
    .await;
}

#[tokio::test]
async fn it_is_declined_with_a_reason_and_withdrawn() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let id = sent(app, &yard, "Night").await;
        let path = format!("/handoffs/{id}");
        let mute = yard.max.post(&format!("{path}/refusal"), &[("reason", " ")]).await;
        mute.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Say why");
        yard.max.post(&format!("{path}/refusal"), &[("reason", "I am ill")]).await.leads_to(&path);
        yard.ina.get(&path).await.shows("I am ill").shows("Ina Out</strong> is responsible");
        yard.ina.get("/notices").await.shows("you stay responsible");
        let id = sent(app, &yard, "Again").await;
        let path = format!("/handoffs/{id}");
        yard.noa.post(&format!("{path}/withdrawal"), &[]).await.has_status(StatusCode::FORBIDDEN);
        yard.ina.post(&format!("{path}/withdrawal"), &[]).await.leads_to(&path);
        accept(&yard.max, id).await.has_status(StatusCode::CONFLICT).shows("Ina Out has withdrawn this handoff.");
        yard.max.get("/notices").await.shows("has withdrawn the handoff");
    })
    .await;
}

#[tokio::test]
async fn a_draft_that_is_thrown_away_leaves_nothing_open() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let id = draft(app, &yard, "Night").await;
        yard.ina.post(&format!("/handoffs/{id}/items"), &[("title", "Watch the pump")]).await;
        yard.ina.post(&format!("/handoffs/{id}/withdrawal"), &[]).await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM handoff_items")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_lead_takes_it_or_sends_it_to_somebody_else() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let id = draft(app, &yard, "Night").await;
        super::send(&yard, id, &format!("p{}", yard.max.person_id)).await;
        let path = format!("/handoffs/{id}");
        yard.noa.post(&format!("{path}/redirection"), &[("receiver", "t1")]).await.has_status(StatusCode::FORBIDDEN);
        accept(&yard.noa, id).await.has_status(StatusCode::FORBIDDEN);
        let noa = format!("p{}", yard.noa.person_id);
        yard.lea.post(&format!("{path}/redirection"), &[("receiver", noa.as_str())]).await.leads_to(&path);
        yard.noa.get("/notices").await.shows("hands off to you: Night");
        yard.max.get(&path).await.hides("What you take over");
        accept(&yard.lea, id).await.leads_to(&path);
        yard.noa.get(&path).await.shows("Lea Lead</strong> is responsible");
    })
    .await;
}

#[tokio::test]
async fn it_is_asked_about_and_answered_once() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let id = sent(app, &yard, "Night").await;
        let path = format!("/handoffs/{id}/questions");
        yard.max.post_fragment(&path, &[("question", "")]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        let asked = [("question", "Which <b>crane</b>?"), ("submission", "q1")];
        yard.max.post_fragment(&path, &asked).await.is_fragment().shows("Which &lt;b&gt;crane");
        yard.max.post(&path, &asked).await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM handoff_questions")).await, 1);
        yard.ina.get("/notices").await.shows("Max In asks about the handoff");
        let question = app.count(sql!("SELECT MAX(id) FROM handoff_questions")).await;
        let answer = format!("{path}/{question}/answer");
        yard.olga.post(&answer, &[("answer", "No")]).await.has_status(StatusCode::NOT_FOUND);
        yard.ina.post_fragment(&answer, &[("answer", "Number 3")]).await.shows("Number 3");
        yard.lea.post(&answer, &[("answer", "Number 4")]).await.has_status(StatusCode::CONFLICT);
        yard.max.get("/notices").await.shows("Ina Out answers your question");
        accept(&yard.max, id).await;
        yard.noa.post(&path, &[("question", "Too late?")]).await.has_status(StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn a_contingency_becomes_a_task_once() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        project(app, &yard.lea, "QD").await;
        let id = draft(app, &yard, "Night").await;
        let path = format!("/handoffs/{id}/contingencies");
        let half = yard.ina.post_fragment(&path, &[("happening", "the pump stops")]).await;
        half.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("value=\"the pump stops\"");
        let whole = [("happening", "the pump stops"), ("action", "Call the fitter")];
        yard.ina.post_fragment(&path, &whole).await.shows("Call the fitter");
        super::send(&yard, id, &format!("t{}", yard.team)).await;
        accept(&yard.lea, id).await;
        let contingency = app.count(sql!("SELECT MAX(id) FROM handoff_contingencies")).await;
        let make = format!("/handoffs/contingencies/{contingency}/task");
        yard.max.post(&make, &[("project", "QD")]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        let made = yard.lea.post(&make, &[("project", "QD")]).await;
        yard.lea.get(made.header("location")).await.shows("Call the fitter").shows("the pump stops");
        yard.lea.post(&make, &[("project", "QD")]).await.leads_to(made.header("location"));
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM tasks")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_team_says_how_it_hands_off() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let path = format!("/handoffs/teams/{}", yard.team);
        yard.max.get(&format!("{path}/edit")).await.has_status(StatusCode::FORBIDDEN);
        yard.lea.get(&format!("{path}/edit")).await.has_status(StatusCode::OK).shows("I-PASS");
        yard.lea.get("/handoffs/teams/999/edit").await.has_status(StatusCode::NOT_FOUND);
        let own = |own: &'static str, remind: &'static str, version: &'static str| {
            [
                ("template", "own"),
                ("own_sections", own),
                ("remind_min", remind),
                ("escalate_min", "20"),
                ("version", version),
            ]
        };
        yard.lea
            .post(&path, &own("", "10", "0"))
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("one part a line");
        let hasty = yard.lea.post(&path, &own("Cranes: all", "30", "0")).await;
        hasty.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("after those whom it is for").shows("Cranes: all");
        yard.lea.post(&path, &own("Cranes: which are down\nWeather", "10", "0")).await.leads_to("/handoffs");
        yard.lea.post(&path, &own("Ships", "10", "0")).await.has_status(StatusCode::CONFLICT).shows("Ships");
        let id = draft(app, &yard, "Night").await;
        yard.ina
            .get(&format!("/handoffs/{id}"))
            .await
            .shows("which are down")
            .shows("Weather")
            .hides("Situation awareness");
    })
    .await;
}

#[tokio::test]
async fn the_start_page_tells_what_waits() {
    let app = TestApp::sqlite().await;
    let yard = yard(&app).await;
    sent(&app, &yard, "Night").await;
    yard.max.get("/").await.shows("for you").shows("Night");
    yard.ina.get("/").await.shows("not accepted yet");
    yard.olga.get("/").await.shows("Nothing waits for you.");
    app.stop().await;
}
