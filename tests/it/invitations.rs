//! Invitations: sent, accepted once, sent again, withdrawn, and shown once where no mail is sent.

use crate::support::{TestApp, on_every_database, places};
use poem::http::StatusCode;
use quarterdeck::sql;

const DAY_MS: i64 = 24 * 3_600_000;
const PASSWORD: &str = "a ferry at anchor";

fn guest<'a>(name: &'a str, email: &'a str, role: &'a str) -> [(&'a str, &'a str); 5] {
    [("name", name), ("email", email), ("title", "Pilot"), ("team_id", ""), ("role", role)]
}

async fn link(app: &TestApp) -> String {
    app.mails().await.last().expect("a mail was sent").link("/invitations/")
}

#[tokio::test]
async fn somebody_is_invited_chooses_a_password_and_is_in() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        ada.get("/people").await.shows("href=\"/people/invitations\"");
        ada.get("/people/invitations").await.has_status(StatusCode::OK).is_page().shows("No open invitations");
        ada.get("/people/invitations/new").await.has_status(StatusCode::OK).is_page().shows("valid for seven days");
        let posted = ada.post("/people/invitations", &guest("Gus Guest", "gus@example.org", "lead")).await;
        posted.leads_to("/people/invitations").hides("/invitations/A");
        ada.get("/people/invitations").await.shows("Gus Guest").shows("gus@example.org").shows("Send again");
        let mails = app.mails().await;
        assert_eq!((mails[0].to.as_str(), mails[0].subject.as_str()), ("gus@example.org", "Ada Admin invites you to Quarterdeck"));
        let link = link(app).await;
        let stranger = app.stranger();
        stranger.get(&link).await.has_status(StatusCode::OK).shows("You are invited as <strong>Gus Guest</strong>");
        stranger.post(&link, &[("password", "short")]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        let accepted = stranger.post(&link, &[("password", PASSWORD)]).await;
        accepted.leads_to("/");
        assert!(accepted.headers.get_all("set-cookie").iter().any(|cookie| cookie.to_str().unwrap().starts_with("session=")));
        let log_in = [("email", "gus@example.org"), ("password", PASSWORD)];
        stranger.post("/login", &log_in).await.leads_to("/");
        stranger.get(&link).await.has_status(StatusCode::NOT_FOUND).shows("This invitation does not work");
        stranger.post(&link, &[("password", "another at anchor")]).await.has_status(StatusCode::NOT_FOUND);
        ada.get("/people/invitations").await.hides("Gus Guest");
        let kinds = sql!("SELECT COUNT(*) FROM events WHERE kind IN ('people.created', 'people.invited', 'people.invitation_accepted')");
        assert_eq!(app.count(kinds).await, 3);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_comes_back_with_what_was_typed() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let wrong = [
            (guest("Gus Guest", "", "member"), "The invitation goes to an e-mail address."),
            (guest("Gus Guest", "gus@exa mple.org", "member"), "No mail can be sent to that address."),
            (guest("Gus Guest", "a,b@example.org", "member"), "No mail can be sent to that address."),
            (guest("", "gus@example.org", "member"), "Give the person a name."),
            (guest("Gus\r\nBcc: eve@example.org", "gus@example.org", "member"), "Control characters are not allowed"),
            (guest("Gus Guest", "ada.admin@example.org", "member"), "Somebody has the address"),
            (guest("Gus Guest", "gus@example.org", "administrator"), "Somebody new can be one of"),
        ];
        for (fields, problem) in wrong {
            let answer = ada.post("/people/invitations", &fields).await;
            answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(problem);
        }
        assert!(app.mails().await.is_empty());
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people")).await, 1);
        for role in ["lead", "member", "viewer"] {
            let visitor = app.sign_in(role, &format!("Some {role}"), None).await;
            visitor.get("/people/invitations").await.has_status(StatusCode::FORBIDDEN);
            visitor.get("/people/invitations/new").await.has_status(StatusCode::FORBIDDEN);
            let answer = visitor.post("/people/invitations", &guest("Gus", "gus@example.org", "member")).await;
            answer.has_status(StatusCode::FORBIDDEN);
            visitor.post("/people/invitations/1/sending", &[]).await.has_status(StatusCode::FORBIDDEN);
            visitor.post("/people/invitations/1/withdrawal", &[]).await.has_status(StatusCode::FORBIDDEN);
        }
        ada.post("/people/invitations/1/sending", &[]).await.has_status(StatusCode::NOT_FOUND);
        ada.post("/people/invitations/1/withdrawal", &[]).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn sending_it_again_makes_a_new_link_and_withdrawing_ends_it() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        ada.post("/people/invitations", &guest("Gus Guest", "gus@example.org", "member")).await;
        let first = link(app).await;
        let id = app.count(sql!("SELECT MAX(id) FROM invitations")).await;
        app.app.clock.advance(7 * DAY_MS - 1);
        app.stranger().get(&first).await.has_status(StatusCode::OK);
        app.app.clock.advance(1);
        app.stranger().get(&first).await.has_status(StatusCode::NOT_FOUND);
        let ada = app.visit_as(ada.person_id).await;
        ada.get("/people/invitations").await.shows("expired");
        ada.post(&format!("/people/invitations/{id}/sending"), &[]).await.leads_to("/people/invitations");
        let second = link(app).await;
        assert_ne!(first, second);
        app.stranger().get(&second).await.has_status(StatusCode::OK);
        ada.post(&format!("/people/invitations/{id}/sending"), &[]).await.has_status(StatusCode::NOT_FOUND);
        let id = app.count(sql!("SELECT MAX(id) FROM invitations")).await;
        ada.post(&format!("/people/invitations/{id}/withdrawal"), &[]).await.leads_to("/people/invitations");
        app.stranger().post(&second, &[("password", PASSWORD)]).await.has_status(StatusCode::NOT_FOUND);
        ada.get("/people").await.shows("Gus Guest");
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_invitation_that_has_not_left_is_not_sent() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        ada.post("/people/invitations", &guest("Gus Guest", "gus@example.org", "member")).await;
        let id = app.count(sql!("SELECT MAX(id) FROM invitations")).await;
        ada.post(&format!("/people/invitations/{id}/withdrawal"), &[]).await.leads_to("/people/invitations");
        assert!(app.mails().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_is_there_already_is_invited_from_their_page() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let ben = app.person("Ben Berg", None).await;
        let address = format!("/people/{ben}/invitation");
        ada.get(&format!("/people/{ben}/edit")).await.shows(&format!("action=\"{address}\""));
        ada.post(&address, &[]).await.leads_to("/people/invitations");
        let link = link(app).await;
        let mia = app.sign_in("member", "Mia Member", None).await;
        mia.get(&link).await.has_status(StatusCode::FORBIDDEN).shows("You are logged in as Mia Member");
        mia.post(&link, &[("password", PASSWORD)]).await.has_status(StatusCode::FORBIDDEN);
        mia.post(&address, &[]).await.has_status(StatusCode::FORBIDDEN);
        app.stranger().post(&link, &[("password", PASSWORD)]).await.leads_to("/");
        // Now Ben can log in, and needs no invitation.
        ada.get(&format!("/people/{ben}/edit")).await.hides(&format!("action=\"{address}\""));
        ada.post(&address, &[]).await.leads_to(&format!("/people/{ben}/edit"));
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM invitations")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn where_no_mail_is_sent_the_link_is_shown_once() {
    let app = TestApp::start_with(places()[0], &["mail.transport=off"]).await;
    let ada = app.administrator().await;
    ada.get("/people/invitations/new").await.shows("you are shown a link to pass on");
    let shown = ada.post("/people/invitations", &guest("Gus Guest", "gus@example.org", "member")).await;
    shown.has_status(StatusCode::OK).is_page().shows("Pass this link on yourself");
    assert_eq!(shown.header("cache-control"), "no-store");
    let at = shown.text().match_indices("/invitations/").map(|(at, _)| at);
    let links: Vec<&str> = at.map(|at| shown.text()[at..].split('"').next().unwrap()).collect();
    let link = links.iter().find(|link| link.len() == "/invitations/".len() + 22).expect("the page shows the link");
    ada.get("/people/invitations").await.hides(link);
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM outbox")).await, 0);
    app.stranger().post(link, &[("password", PASSWORD)]).await.leads_to("/");
    app.stop().await;
}
