//! One's own account: its pages, the change of the password, and the list of sessions.

use crate::support::{PASSWORD, TestApp, everywhere, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::sessions::{Origin, Whose};
use quarterdeck::accounts::{Actor, Owner, people};
use quarterdeck::sql;

const NEW: &str = "seven grey herons";

async fn with_password(app: &TestApp, name: &str) -> i64 {
    let id = app.person(name, None).await;
    app.give_role(id, "member").await;
    let hash = app.app.passwords.hash(PASSWORD.to_owned(), &Owner::default()).await.unwrap();
    people::set_password(&app.app.db, id, &hash, app.app.now_ms()).await.unwrap();
    id
}

fn change<'a>(old: &'a str, new: &'a str, again: &'a str) -> [(&'static str, &'a str); 3] {
    [("old", old), ("password", new), ("again", again)]
}

#[tokio::test]
async fn the_account_has_tabs_and_is_for_people_who_are_signed_in() {
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    let page = mia.get("/account").await;
    page.has_status(StatusCode::OK).is_page().shows("mia.member@example.org").shows("href=\"/account/sessions\"");
    page.shows("without a password").hides("name=\"old\"");
    mia.fragment("/account/sessions").await.has_status(StatusCode::OK).is_fragment().shows("this one");
    for path in ["/account", "/account/sessions"] {
        app.stranger().get(path).await.has_status(StatusCode::SEE_OTHER);
    }
    mia.get("/sessions").await.leads_to("/account/sessions");
    mia.get("/account/password").await.leads_to("/account");
    app.stop().await;
}

#[tokio::test]
async fn a_change_of_the_password_ends_all_other_sessions() {
    everywhere(async |app| {
        let id = with_password(app, "Mia Member").await;
        let (here, there) = (app.visit_as(id).await, app.visit_as(id).await);
        let tom = app.sign_in("member", "Tom Member", None).await;
        there.get("/account").await.has_status(StatusCode::OK);
        here.post("/account/password", &change(PASSWORD, NEW, NEW)).await.leads_to("/account");
        here.get("/account").await.has_status(StatusCode::OK);
        there.get("/account").await.has_status(StatusCode::SEE_OTHER);
        tom.get("/account").await.has_status(StatusCode::OK);
        let old = [("email", "mia.member@example.org"), ("password", PASSWORD)];
        app.stranger().post("/login", &old).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        let new = [("email", "mia.member@example.org"), ("password", NEW)];
        app.stranger().post("/login", &new).await.leads_to("/");
        let logged = app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'accounts.password_changed'")).await;
        assert_eq!(logged, 1);
    })
    .await;
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_the_old_one_and_keeps_to_the_rules() {
    let app = TestApp::sqlite().await;
    let id = with_password(&app, "Mia Member").await;
    let mia = app.visit_as(id).await;
    let wrong = mia.post("/account/password", &change("not that one", NEW, "seven grey heron")).await;
    wrong.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page();
    wrong.shows("That is not your password.").shows("That is not the same as above.").hides(NEW);
    for (new, says) in [
        ("short", "12 to 1000"),
        ("password12345", "tried first"),
        ("MiaMember2026", "who you are"),
        (PASSWORD, "that you have"),
    ] {
        let answer = mia.post("/account/password", &change(PASSWORD, new, new)).await;
        answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(says);
    }
    let form = [("email", "mia.member@example.org"), ("password", PASSWORD)];
    app.stranger().post("/login", &form).await.leads_to("/");
    app.stop().await;
}

#[tokio::test]
async fn all_other_sessions_end_at_once() {
    everywhere(async |app| {
        let id = with_password(app, "Mia Member").await;
        let (here, there) = (app.visit_as(id).await, app.visit_as(id).await);
        let tom = app.sign_in("member", "Tom Member", None).await;
        here.get("/account/sessions").await.shows("End all others");
        here.post("/account/sessions/revocation", &[]).await.leads_to("/account/sessions");
        here.get("/account/sessions").await.has_status(StatusCode::OK).hides("End all others");
        there.get("/account/sessions").await.has_status(StatusCode::SEE_OTHER);
        tom.get("/account/sessions").await.has_status(StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn administrators_see_and_end_the_sessions_of_others() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let mia = app.sign_in("member", "Mia Member", None).await;
        let (admin, member) = (app.actor(ada.person_id).await, app.actor(mia.person_id).await);
        let sessions = &app.app.sessions;
        assert_eq!(sessions.list(&admin, Whose::Everybody).await.unwrap().len(), 2);
        assert!(sessions.list(&member, Whose::Everybody).await.is_err());
        assert!(sessions.list(&member, Whose::Person(ada.person_id)).await.is_err());
        let adas = sessions.list(&admin, Whose::Person(ada.person_id)).await.unwrap()[0].id;
        assert_eq!(sessions.revoke(&member, adas).await.unwrap_err().status(), 404);
        assert!(sessions.revoke_all(&member, Whose::Everybody, None).await.is_err());
        assert_eq!(sessions.revoke_all(&admin, Whose::Person(mia.person_id), None).await.unwrap(), 1);
        mia.get("/account").await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(sessions.revoke_all(&admin, Whose::Everybody, Some(adas)).await.unwrap(), 0);
        ada.get("/account").await.has_status(StatusCode::OK);
        let logged = app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'sessions.revoked'")).await;
        assert_eq!(logged, 2, "who ends sessions of others leaves a trace");
    })
    .await;
}

#[tokio::test]
async fn a_session_is_listed_with_its_device_in_words() {
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    let device = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0".to_owned();
    let origin = Origin { device, address: "192.0.2.7".to_owned() };
    app.app.sessions.open(mia.person_id, false, &origin).await.unwrap();
    mia.get("/account/sessions").await.shows("Firefox on Linux").shows("192.0.2.7").shows("Unknown device");
    app.stop().await;
}

#[tokio::test]
async fn who_is_switched_off_is_out_at_once() {
    everywhere(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        mia.get("/account").await.has_status(StatusCode::OK);
        let mut tx = app.app.db.begin().await.unwrap();
        let query = tx.q(sql!("UPDATE people SET active = FALSE WHERE id = ?"));
        query.bind(mia.person_id).execute().await.unwrap();
        let ended = quarterdeck::accounts::sessions::end_all_of(&mut tx, mia.person_id, None).await.unwrap();
        tx.commit().await.unwrap();
        app.app.sessions.forget_ended(ended).await;
        mia.get("/account").await.has_status(StatusCode::SEE_OTHER);
        assert!(app.app.sessions.list(&Actor::system(), Whose::Everybody).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_log_in_renews_a_hash_with_other_parameters() {
    on_every_database(async |app| {
        let id = app.person("Mia Member", None).await;
        people::set_password(&app.app.db, id, &outdated_hash(PASSWORD), app.app.now_ms()).await.unwrap();
        let form = [("email", "mia.member@example.org"), ("password", PASSWORD)];
        app.stranger().post("/login", &form).await.leads_to("/");
        let outdated =
            app.count(sql!("SELECT COUNT(*) FROM people WHERE password_hash LIKE '%m=19456,t=2,p=1%'")).await;
        assert_eq!(outdated, 1);
        app.stranger().post("/login", &form).await.leads_to("/");
    })
    .await;
}

/// A hash with 8 MiB and one pass.
fn outdated_hash(password: &str) -> String {
    use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};
    let params = Params::new(8192, 1, 1, None).unwrap();
    let weaker = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    weaker.hash_password(password.as_bytes()).unwrap().to_string()
}
