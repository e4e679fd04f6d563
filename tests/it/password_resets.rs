//! A new password by a link: the same answer whoever asks, a link that works once for ten minutes, and nothing else opens it.

use crate::support::{Answer, TestApp, Visitor, everywhere, on_every_database, places};
use poem::http::{Method, StatusCode};
use quarterdeck::accounts::people;
use quarterdeck::accounts::{Actor, Owner};
use quarterdeck::sql;

const MINUTE_MS: i64 = 60_000;
const NEW: &str = "a ferry at anchor";

/// Lets somebody log in with the usual password.
async fn with_password(app: &TestApp, name: &str) -> i64 {
    let id = app.person(name, None).await;
    set_password(app, id, crate::support::PASSWORD).await;
    id
}

async fn set_password(app: &TestApp, id: i64, password: &str) {
    let owner = Owner { name: "", email: "" };
    let hash = app.app.passwords.hash(password.to_owned(), &owner).await.unwrap();
    let query = app.app.db.q(sql!("UPDATE people SET password_hash = ? WHERE id = ?"));
    query.bind(hash).bind(id).execute().await.unwrap();
}

async fn ask(visitor: &Visitor<'_>, email: &str) -> Answer {
    visitor.post("/password-resets", &[("email", email)]).await
}

/// The path of the newest link that was sent.
async fn link(app: &TestApp) -> String {
    app.mails().await.last().expect("a mail was sent").link("/password-resets/")
}

async fn log_in(app: &TestApp, email: &str, password: &str) -> Answer {
    app.stranger().post("/login", &[("email", email), ("password", password)]).await
}

#[tokio::test]
async fn the_link_sets_a_new_password_once_and_ends_every_session() {
    everywhere(async |app| {
        let mia = with_password(app, "Mia Member").await;
        let (phone, desk) = (app.visit_as(mia).await, app.visit_as(mia).await);
        let stranger = app.stranger();
        stranger.get("/login").await.shows("href=\"/password-resets\"");
        stranger.get("/password-resets").await.has_status(StatusCode::OK).is_page().shows("Forgot your password?");
        ask(&stranger, " Mia.Member@Example.org ").await.leads_to("/password-resets/sent");
        stranger.get("/password-resets/sent").await.has_status(StatusCode::OK).shows("Look into your mailbox");
        let link = link(app).await;
        let page = stranger.get(&link).await;
        page.has_status(StatusCode::OK).shows("For Mia Member, mia.member@example.org").shows("new-password");
        assert_eq!(page.header("cache-control"), "no-store");
        stranger.post(&link, &[("password", "short")]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        phone.get("/").await.has_status(StatusCode::OK);
        stranger.post(&link, &[("password", NEW)]).await.leads_to("/login");
        for session in [&phone, &desk] {
            session.get("/").await.leads_to("/login?next=%2F");
        }
        log_in(app, "mia.member@example.org", crate::support::PASSWORD)
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY);
        log_in(app, "mia.member@example.org", NEW).await.leads_to("/");
        stranger.get(&link).await.has_status(StatusCode::NOT_FOUND).shows("This link does not work");
        let again = stranger.post(&link, &[("password", "another one at anchor")]).await;
        again.has_status(StatusCode::NOT_FOUND).shows("Ask for a new link");
        log_in(app, "mia.member@example.org", NEW).await.leads_to("/");
        let told = app.mails().await.last().unwrap().clone();
        assert_eq!(
            (told.to.as_str(), told.subject.as_str()),
            (
                "mia.member@example.org",
                "Your password was changed by a link. If that was not you, tell whoever looks after Quarterdeck."
            )
        );
        let recorded = sql!("SELECT COUNT(*) FROM events WHERE kind = 'accounts.password_reset'");
        assert_eq!(app.count(recorded).await, 1);
    })
    .await;
}

#[tokio::test]
async fn whoever_asks_gets_the_same_answer_and_leaves_the_same_row() {
    on_every_database(async |app| {
        with_password(app, "Mia Member").await;
        let never = app.person("Nils Never", None).await;
        let gone = with_password(app, "Gil Gone").await;
        let query = app.app.db.q(sql!("UPDATE people SET active = FALSE WHERE id = ?"));
        query.bind(gone).execute().await.unwrap();
        let stranger = app.stranger();
        let mut answers = Vec::new();
        for email in ["mia.member@example.org", "nobody@example.org", "nils.never@example.org", "gil.gone@example.org"]
        {
            let answer = ask(&stranger, email).await;
            answers.push((
                answer.status,
                answer.header("location").to_owned(),
                answer.bytes.clone(),
                answer.headers.len(),
            ));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        // Before anything is answered, nothing in the database tells one from the other.
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM password_resets")).await, 0);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM password_reset_requests WHERE answered_at IS NULL")).await, 4);
        let mails = app.mails().await;
        assert_eq!(
            mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(),
            ["mia.member@example.org"],
            "{never}"
        );
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM password_reset_requests WHERE answered_at IS NULL")).await, 0);
        for wrong in ["", "mia", "a@b@c", "mia@example.org\r\nBcc: eve@example.org"] {
            ask(&stranger, wrong).await.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("not an e-mail address");
        }
    })
    .await;
}

#[tokio::test]
async fn a_link_that_is_forged_too_old_or_replaced_is_refused() {
    on_every_database(async |app| {
        with_password(app, "Mia Member").await;
        let stranger = app.stranger();
        ask(&stranger, "mia.member@example.org").await;
        let first = link(app).await;
        for forged in ["x", "AAAAAAAAAAAAAAAAAAAAAA", &"A".repeat(3000), "%00", "..%2F..", "' OR 1=1"] {
            let path = format!("/password-resets/{}", forged.replace(' ', "%20"));
            let answer = stranger.get(&path).await;
            assert_eq!(answer.status, 404, "{forged}");
            stranger.post(&path, &[("password", NEW)]).await.has_status(StatusCode::NOT_FOUND);
        }
        stranger.get(&first).await.has_status(StatusCode::OK);
        app.app.clock.advance(MINUTE_MS);
        ask(&stranger, "mia.member@example.org").await;
        let second = link(app).await;
        assert_ne!(first, second);
        stranger.get(&first).await.has_status(StatusCode::NOT_FOUND);
        app.app.clock.advance(10 * MINUTE_MS - 1);
        stranger.get(&second).await.has_status(StatusCode::OK);
        app.app.clock.advance(1);
        stranger.get(&second).await.has_status(StatusCode::NOT_FOUND);
        stranger.post(&second, &[("password", NEW)]).await.has_status(StatusCode::NOT_FOUND);
        log_in(app, "mia.member@example.org", crate::support::PASSWORD).await.leads_to("/");
        assert_eq!(quarterdeck::accounts::resets::purge(&app.app.db, app.app.now_ms()).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_link_is_not_used_in_the_session_of_somebody_else_nor_sent_from_elsewhere() {
    on_every_database(async |app| {
        with_password(app, "Mia Member").await;
        let ben = app.sign_in("member", "Ben Berg", None).await;
        ask(&app.stranger(), "mia.member@example.org").await;
        let link = link(app).await;
        ben.get(&link).await.has_status(StatusCode::FORBIDDEN).shows("You are logged in as Ben Berg");
        ben.post(&link, &[("password", NEW)]).await.has_status(StatusCode::FORBIDDEN);
        let body = ("application/x-www-form-urlencoded", format!("password={NEW}").into_bytes());
        let elsewhere = [("origin", "https://evil.example"), ("host", "deck.example")];
        let answer = app.stranger().send(Method::POST, &link, &elsewhere, Some(body.clone())).await;
        answer.has_status(StatusCode::FORBIDDEN);
        let answer = app.stranger().send(Method::POST, &link, &[("sec-fetch-site", "cross-site")], Some(body)).await;
        answer.has_status(StatusCode::FORBIDDEN);
        app.stranger().post(&link, &[("password", NEW)]).await.leads_to("/login");
    })
    .await;
}

#[tokio::test]
async fn the_link_leads_to_the_portal_whatever_host_was_asked() {
    let app = TestApp::start_with(places()[0], &["http.public_url=https://deck.example.org"]).await;
    with_password(&app, "Mia Member").await;
    let headers = [("host", "evil.example"), ("x-forwarded-host", "evil.example")];
    let body = ("application/x-www-form-urlencoded", b"email=mia.member%40example.org".to_vec());
    app.stranger().send(Method::POST, "/password-resets", &headers, Some(body)).await.leads_to("/password-resets/sent");
    let mails = app.mails().await;
    assert!(mails[0].text.contains("https://deck.example.org/password-resets/"), "{}", mails[0].text);
    assert!(!mails[0].raw.contains("evil"));
    app.stop().await;
}

#[tokio::test]
async fn who_is_still_logged_in_may_use_their_own_link() {
    let app = TestApp::sqlite().await;
    let mia = with_password(&app, "Mia Member").await;
    let mia = app.visit_as(mia).await;
    ask(&mia, "mia.member@example.org").await.leads_to("/password-resets/sent");
    let link = link(&app).await;
    mia.get(&link).await.has_status(StatusCode::OK).shows(&mia.csrf);
    let answer = mia.post(&link, &[("password", NEW)]).await;
    answer.leads_to("/login");
    mia.get("/").await.leads_to("/login?next=%2F");
    app.stop().await;
}

#[tokio::test]
async fn of_two_who_use_the_link_at_once_one_is_refused() {
    on_every_database(async |app| {
        with_password(app, "Mia Member").await;
        ask(&app.stranger(), "mia.member@example.org").await;
        let link = link(app).await;
        let (one, two) = (app.stranger(), app.stranger());
        let (first, second) = tokio::join!(
            one.post(&link, &[("password", "the first at anchor")]),
            two.post(&link, &[("password", "the second at anchor")])
        );
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 404]);
    })
    .await;
}

#[tokio::test]
async fn asking_is_throttled_for_a_mailbox_in_silence_and_for_a_client_aloud() {
    on_every_database(async |app| {
        with_password(app, "Mia Member").await;
        with_password(app, "Ben Berg").await;
        let stranger = app.stranger();
        for _ in 0..5 {
            ask(&stranger, "mia.member@example.org").await.leads_to("/password-resets/sent");
            app.mails().await;
        }
        assert_eq!(app.mails().await.len(), 3);
        for _ in 0..5 {
            ask(&stranger, "ben.berg@example.org").await.leads_to("/password-resets/sent");
            app.mails().await;
        }
        let refused = ask(&stranger, "nobody@example.org").await;
        refused.has_status(StatusCode::TOO_MANY_REQUESTS).shows("Please try again in 15 minutes");
        assert_eq!(refused.header("retry-after"), "900");
        assert_eq!(app.mails().await.len(), 6);
        app.app.clock.advance(15 * MINUTE_MS);
        ask(&stranger, "mia.member@example.org").await.leads_to("/password-resets/sent");
        assert_eq!(app.mails().await.len(), 7);
    })
    .await;
}

#[tokio::test]
async fn administrators_start_it_and_never_see_the_link() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let mia = with_password(app, "Mia Member").await;
        let nils = app.person("Nils Never", None).await;
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        let address = format!("/people/{mia}/password-reset");
        lead.post(&address, &[]).await.has_status(StatusCode::FORBIDDEN);
        ada.get(&format!("/people/{mia}/edit")).await.shows(&format!("action=\"{address}\""));
        let answer = ada.post(&address, &[]).await;
        answer.leads_to(&format!("/people/{mia}/edit")).hides("/password-resets/");
        let mails = app.mails().await;
        assert!(mails[0].text.contains("Ada Admin started this"), "{}", mails[0].text);
        app.stranger().post(&mails[0].link("/password-resets/"), &[("password", NEW)]).await.leads_to("/login");
        ada.post(&format!("/people/{nils}/password-reset"), &[]).await.leads_to(&format!("/people/{nils}/edit"));
        assert_eq!(app.mails().await.len(), 2, "the second tells Mia of the change");
        ada.post("/people/999999/password-reset", &[]).await.has_status(StatusCode::NOT_FOUND);
        let recorded = sql!("SELECT COUNT(*) FROM events WHERE kind = 'accounts.password_reset_started'");
        assert_eq!(app.count(recorded).await, 1);
    })
    .await;
}

#[tokio::test]
async fn who_may_do_less_gets_at_no_log_in_of_an_administrator() {
    on_every_database(async |app| {
        let ada = with_password(app, "Ada Admin").await;
        app.give_role(ada, "administrator").await;
        let query = app.app.db.q(sql!(
            "INSERT INTO role_permissions (role_id, permission) SELECT id, 'people.write' FROM roles WHERE name = 'lead'"
        ));
        query.execute().await.unwrap();
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        lead.post(&format!("/people/{ada}/password-reset"), &[]).await.has_status(StatusCode::FORBIDDEN);
        let version = people::get(&app.app.db, &Actor::system(), ada).await.unwrap().version.to_string();
        let mine = [("name", "Ada Admin"), ("email", "lea@example.org"), ("version", version.as_str())];
        let refused = lead.post(&format!("/people/{ada}"), &mine).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Only an administrator changes the address");
        let same = [("name", "Ada Adams"), ("email", "ada.admin@example.org"), ("version", version.as_str())];
        lead.post(&format!("/people/{ada}"), &same).await.leads_to("/people");
    })
    .await;
}

#[tokio::test]
async fn another_address_ends_the_links_that_went_to_the_old_one() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let mia = with_password(app, "Mia Member").await;
        ask(&app.stranger(), "mia.member@example.org").await;
        let link = link(app).await;
        let person = people::get(&app.app.db, &Actor::system(), mia).await.unwrap();
        let version = person.version.to_string();
        let moved = [("name", "Mia Member"), ("email", "mia@elsewhere.example"), ("version", version.as_str())];
        ada.post(&format!("/people/{mia}"), &moved).await.leads_to("/people");
        app.stranger().get(&link).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn where_mail_is_switched_off_the_page_says_so() {
    let app = TestApp::start_with(places()[0], &["mail.transport=off"]).await;
    let mia = with_password(&app, "Mia Member").await;
    let stranger = app.stranger();
    stranger.get("/password-resets").await.has_status(StatusCode::OK).shows("No mail is sent from here").hides("<form");
    ask(&stranger, "mia.member@example.org").await.leads_to("/password-resets");
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM password_reset_requests")).await, 0);
    let ada = app.administrator().await;
    ada.post(&format!("/people/{mia}/password-reset"), &[]).await.leads_to(&format!("/people/{mia}/edit"));
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM password_resets")).await, 0);
    app.stop().await;
}
