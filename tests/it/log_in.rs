//! Log-in: what slows guessing down and whom it leaves alone, what a browser can be remembered by, and what is forged.

use crate::support::{Answer, PASSWORD, Place, TestApp, Visitor, everywhere, on_every_database};
use poem::http::{Method, StatusCode};
use quarterdeck::accounts::sessions::Whose;
use quarterdeck::accounts::throttle::{self, Admission, Attempt};
use quarterdeck::accounts::{Actor, Owner, people};
use quarterdeck::sql;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
const MIA: &str = "mia.member@example.org";

pub async fn with_password(app: &TestApp, name: &str) -> i64 {
    let id = app.person(name, None).await;
    app.give_role(id, "member").await;
    let hash = app.app.passwords.hash(PASSWORD.to_owned(), &Owner::default()).await.unwrap();
    people::set_password(&app.app.db, id, &hash, app.app.now_ms()).await.unwrap();
    id
}

async fn try_in(visitor: &Visitor<'_>, email: &str, password: &str) -> Answer {
    visitor.post("/login", &[("email", email), ("password", password)]).await
}

/// Somebody who has logged in, with a browser that keeps cookies.
async fn logged_in<'a>(app: &'a TestApp, fields: &[(&str, &str)]) -> Visitor<'a> {
    let mut visitor = app.stranger();
    let mut form = vec![("email", MIA), ("password", PASSWORD)];
    form.extend_from_slice(fields);
    let answer = visitor.post("/login", &form).await;
    answer.has_status(StatusCode::SEE_OTHER);
    visitor.keep_cookies(&answer);
    visitor
}

#[tokio::test]
async fn guessing_is_slowed_down_more_and_more() {
    on_every_database(async |app| {
        with_password(app, "Mia Member").await;
        let stranger = app.stranger();
        for email in [MIA, "nobody@example.org"] {
            for _ in 0..6 {
                try_in(&stranger, email, "a wrong one").await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
            }
            let blocked = try_in(&stranger, email, PASSWORD).await;
            blocked.has_status(StatusCode::TOO_MANY_REQUESTS).shows("Too many attempts").shows(email);
            assert_eq!(blocked.header("retry-after"), "1");
            app.app.clock.advance(1_000);
            try_in(&stranger, email, "a wrong one").await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(try_in(&stranger, email, PASSWORD).await.header("retry-after"), "2");
        }
        app.app.clock.advance(2_000);
        try_in(&stranger, MIA, PASSWORD).await.leads_to("/");
        try_in(&stranger, MIA, "a wrong one").await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        try_in(&stranger, MIA, PASSWORD).await.leads_to("/");
    })
    .await;
}

#[tokio::test]
async fn who_guesses_locks_neither_the_owner_out_nor_their_own_office() {
    on_every_database(async |app| {
        with_password(app, "Mia Member").await;
        with_password(app, "Tom Member").await;
        let mut owner = logged_in(app, &[]).await;
        let attacker = app.stranger();
        for _ in 0..12 {
            try_in(&attacker, MIA, "a wrong one").await;
        }
        try_in(&attacker, MIA, PASSWORD).await.has_status(StatusCode::TOO_MANY_REQUESTS);
        // The same address, another account; and the owner, at a browser that is known.
        try_in(&attacker, "tom.member@example.org", PASSWORD).await.leads_to("/");
        owner.lose_cookie("session");
        try_in(&owner, MIA, PASSWORD).await.leads_to("/");
        // The known browser is counted too, by itself.
        for _ in 0..11 {
            try_in(&owner, MIA, "a wrong one").await;
        }
        try_in(&owner, MIA, PASSWORD).await.has_status(StatusCode::TOO_MANY_REQUESTS);
        app.app.clock.advance(DAY_MS);
        try_in(&owner, MIA, PASSWORD).await.leads_to("/");
    })
    .await;
}

#[tokio::test]
async fn many_at_once_are_counted_before_anything_is_hashed() {
    on_every_database(async |app| {
        let attempt = Attempt { what: "password", account: MIA, address: "192.0.2.1", known_device: None };
        let all = (0..20).map(|_| throttle::admit(&app.app.db, &attempt, app.app.now_ms()));
        let mut admitted = 0;
        for admission in futures_util::future::join_all(all).await {
            match admission {
                Ok(Admission::Admitted(_)) => admitted += 1,
                Ok(Admission::Wait { .. }) | Err(_) => {}
            }
        }
        assert!((1..=6).contains(&admitted), "{admitted} of 20 were let through");
        let elsewhere = Attempt { address: "192.0.2.2", ..attempt };
        let admission = throttle::admit(&app.app.db, &elsewhere, app.app.now_ms()).await.unwrap();
        assert!(matches!(admission, Admission::Admitted(_)), "another address has a count of its own");
    })
    .await;
}

#[tokio::test]
async fn an_account_that_many_addresses_guess_waits_a_minute_at_most() {
    let app = TestApp::sqlite().await;
    let now = app.app.now_ms();
    for number in 0..200 {
        let address = format!("192.0.2.{number}");
        let attempt = Attempt { what: "password", account: MIA, address: &address, known_device: None };
        match throttle::admit(&app.app.db, &attempt, now).await.unwrap() {
            Admission::Admitted(_) => assert!(number <= 20, "{number} were let through"),
            Admission::Wait { seconds } => assert!(number > 20 && seconds <= 60, "{number}: {seconds} s"),
        }
    }
    app.app.clock.advance(2 * DAY_MS);
    assert!(throttle::purge(&app.app.db, app.app.now_ms()).await.unwrap() > 20);
    app.stop().await;
}

#[tokio::test]
async fn a_remembered_browser_comes_back_after_its_session_has_ended() {
    everywhere(async |app| {
        with_password(app, "Mia Member").await;
        let mut mia = logged_in(app, &[("remember", "1")]).await;
        let page = mia.get("/account").await;
        let csrf = page.hidden("csrf");
        for _ in 0..3 {
            app.app.clock.advance(20 * DAY_MS);
            let before = mia.cookie.clone();
            let answer = mia.get("/account").await;
            answer.has_status(StatusCode::OK);
            mia.keep_cookies(&answer);
            assert_ne!(mia.cookie_named("remember"), Some(before.as_str()));
            assert_eq!(answer.hidden("csrf"), csrf, "forms of before still fit");
            assert!(mia.get("/account").await.headers.get("set-cookie").is_none(), "the new session goes on");
        }
        assert_eq!(app.app.sessions.list(&Actor::system(), Whose::Everybody).await.unwrap().len(), 1);
        app.app.clock.advance(32 * DAY_MS);
        mia.get("/account").await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(app.app.sessions.purge().await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_copied_cookie_ends_the_session_everywhere_and_its_owner_is_told() {
    everywhere(async |app| {
        let id = with_password(app, "Mia Member").await;
        let mut mia = logged_in(app, &[("remember", "1")]).await;
        let mut thief = app.stranger();
        thief.cookie = format!("remember={}", mia.cookie_named("remember").unwrap());
        app.app.clock.advance(3 * HOUR_MS);
        let answer = thief.get("/account").await;
        answer.has_status(StatusCode::OK);
        thief.keep_cookies(&answer);
        thief.get("/account").await.has_status(StatusCode::OK);
        app.app.clock.advance(MINUTE_MS);
        let noticed = mia.get("/account").await;
        noticed.has_status(StatusCode::SEE_OTHER);
        mia.keep_cookies(&noticed);
        assert_eq!((mia.cookie_named("session"), mia.cookie_named("remember")), (None, None));
        thief.get("/account").await.has_status(StatusCode::SEE_OTHER);
        let again = app.visit_as(id).await;
        again.get("/notices").await.shows("used a second time");
        let logged = app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'sessions.copied_log_in'")).await;
        assert_eq!(logged, 1);
    })
    .await;
}

#[tokio::test]
async fn tabs_that_come_together_and_answers_that_are_lost_are_no_theft() {
    everywhere(async |app| {
        with_password(app, "Mia Member").await;
        let mut mia = logged_in(app, &[("remember", "1")]).await;
        app.app.clock.advance(3 * HOUR_MS);
        let first = mia.get("/account").await;
        let second = mia.get("/account/sessions").await;
        second.has_status(StatusCode::OK);
        assert!(second.headers.get("set-cookie").is_none(), "the first tab has the new cookies");
        // The answer to the first tab was lost: nobody has come with what it held.
        app.app.clock.advance(MINUTE_MS);
        let third = mia.get("/account").await;
        third.has_status(StatusCode::OK);
        mia.keep_cookies(&third);
        mia.get("/account").await.has_status(StatusCode::OK);
        assert_ne!(first.header("set-cookie"), third.header("set-cookie"));
    })
    .await;
}

#[tokio::test]
async fn a_revoked_session_is_not_remembered() {
    everywhere(async |app| {
        with_password(app, "Mia Member").await;
        let mut mia = logged_in(app, &[("remember", "1")]).await;
        let csrf = mia.get("/account").await.hidden("csrf");
        mia.csrf = csrf;
        let remember = mia.cookie_named("remember").unwrap().to_owned();
        let out = mia.post("/logout", &[]).await;
        out.leads_to("/login");
        mia.keep_cookies(&out);
        assert_eq!((mia.cookie_named("session"), mia.cookie_named("remember")), (None, None));
        mia.cookie = format!("remember={remember}");
        mia.get("/account").await.has_status(StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn forged_and_oversized_cookies_open_nothing_and_harm_nothing() {
    let app = TestApp::sqlite().await;
    with_password(&app, "Mia Member").await;
    let mia = logged_in(&app, &[("remember", "1")]).await;
    let selector = mia.cookie_named("remember").unwrap().split('.').next().unwrap().to_owned();
    let long = "A".repeat(100_000);
    let forged = [
        "session=AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        "session=".to_owned(),
        "session='; DROP TABLE sessions; --".to_owned(),
        format!("session={long}"),
        format!("remember={long}"),
        "remember=.".to_owned(),
        "remember=AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        format!("remember={selector}"),
        format!("device={long}; step-second-factor={long}"),
    ];
    for cookie in forged {
        let mut stranger = app.stranger();
        stranger.cookie = cookie;
        stranger.get("/account").await.has_status(StatusCode::SEE_OTHER);
        stranger.get("/login").await.has_status(StatusCode::OK);
        try_in(&stranger, MIA, PASSWORD).await.leads_to("/");
    }
    mia.get("/account").await.has_status(StatusCode::OK);
    app.stop().await;
}

#[tokio::test]
async fn tokens_of_other_sessions_change_nothing() {
    everywhere(async |app| {
        let mut mia = app.sign_in("member", "Mia Member", None).await;
        let tom = app.sign_in("member", "Tom Member", None).await;
        let own = std::mem::replace(&mut mia.csrf, tom.csrf.clone());
        mia.post("/theme", &[("theme", "dark")]).await.has_status(StatusCode::FORBIDDEN);
        mia.csrf = String::new();
        mia.post("/theme", &[("theme", "dark")]).await.has_status(StatusCode::FORBIDDEN);
        mia.csrf = own.clone();
        mia.post("/theme", &[("theme", "dark")]).await.has_status(StatusCode::SEE_OTHER);
        // After the session's end its token is as good as none.
        app.app.clock.advance(3 * HOUR_MS);
        mia.post("/account/sessions/revocation", &[]).await.leads_to("/login?next=%2F");
        let mut replayed = app.visit_as(mia.person_id).await;
        replayed.csrf = own;
        replayed.post("/theme", &[("theme", "dark")]).await.has_status(StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn an_address_in_a_header_is_believed_of_our_own_proxies_alone() {
    let place = Place { database: crate::support::Database::Sqlite, redis: false };
    let app = TestApp::start(place).await;
    with_password(&app, "Mia Member").await;
    let body = |password: &str| {
        let form = serde_urlencoded::to_string([("email", MIA), ("password", password)]).unwrap();
        Some(("application/x-www-form-urlencoded", form.into_bytes()))
    };
    // Another address with each try would pass a throttle that believed it.
    for number in 0..6 {
        let address = format!("203.0.113.{number}");
        let headers =
            [("x-forwarded-for", address.as_str()), ("forwarded", "for=203.0.113.9"), ("x-real-ip", &address)];
        app.stranger().send(Method::POST, "/login", &headers, body("a wrong one")).await;
    }
    let headers = [("x-forwarded-for", "203.0.113.200")];
    let blocked = app.stranger().send(Method::POST, "/login", &headers, body(PASSWORD)).await;
    blocked.has_status(StatusCode::TOO_MANY_REQUESTS);
    // Nor does a header make the portal send people elsewhere.
    let host =
        [("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "javascript"), ("x-original-url", "/admin")];
    let answer = app.stranger().send(Method::GET, "/account", &host, None).await;
    answer.leads_to("/login?next=%2Faccount").hides("evil.example");
    app.stop().await;
}
