//! What the portal does when something that it stands on fails: the database is away, full, busy or locked, Redis is
//! away, too many people log in at once. Nothing may hang, nobody is logged out, nothing that was answered is lost.

mod gate;
mod requests;

use crate::raw_http::in_time;
use crate::support::{Database, PASSWORD, Place, TestApp, everywhere, on_every_database, places};
use gate::{Gate, until};
use poem::http::StatusCode;
use quarterdeck::accounts::sessions::Whose;
use quarterdeck::accounts::{Actor, Owner, people};
use quarterdeck::app::database_options;
use quarterdeck::config::SecretUrl;
use quarterdeck::db::{Db, Pending};
use quarterdeck::events::{Bus, Change, News};
use quarterdeck::sql;

const MINUTE_MS: i64 = 60_000;

fn servers() -> impl Iterator<Item = Place> {
    places().into_iter().filter(|place| place.database != Database::Sqlite && !place.redis)
}

#[tokio::test]
async fn a_database_that_goes_away_is_told_of_at_once_and_found_again() {
    for place in servers() {
        let app = TestApp::start(place).await;
        let (mut gate, url) = Gate::before(app.app.config.database.url.expose()).await;
        let replica = app.replica_with(|config| {
            config.database.url = SecretUrl::new(url);
            // Nobody may have to wait for as long as for a pool that is merely busy.
            config.database.acquire_timeout_s = 3600;
        });
        let replica = replica.await;
        let ada = app.administrator().await;
        let there = replica.visitor(&ada);
        there.get("/people").await.has_status(StatusCode::OK);
        gate.shut().await;
        for _ in 0..2 {
            let page = in_time(there.get("/people")).await;
            page.has_status(StatusCode::SERVICE_UNAVAILABLE).is_page().shows("cannot be reached");
            assert_eq!(page.header("retry-after"), "2");
            let save = in_time(there.post("/people/teams", &[("name", "Lost")])).await;
            save.has_status(StatusCode::SERVICE_UNAVAILABLE).shows("Nothing was changed");
            in_time(there.get("/readyz"))
                .await
                .has_status(StatusCode::SERVICE_UNAVAILABLE)
                .shows(r#""database":"away""#);
        }
        gate.open().await;
        until(async || there.get("/readyz").await.status == 200).await;
        there.post("/people/teams", &[("name", "Yard")]).await.has_status(StatusCode::SEE_OTHER);
        there.get("/people/teams").await.shows("Yard").hides("Lost");
        replica.app.db.close().await;
        app.stop().await;
    }
}

#[tokio::test]
async fn without_a_database_everybody_gets_an_error_of_their_kind_and_the_assets() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    app.app.db.close().await;
    for visitor in [&ada, &app.stranger()] {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let page = match visitor.cookie.is_empty() {
            true => visitor.post("/login", &[("email", "a@example.org"), ("password", PASSWORD)]).await,
            false => visitor.get("/people").await,
        };
        page.has_status(status).is_page().shows("cannot be reached");
        assert_eq!(page.header("cache-control"), "no-store");
        visitor.get("/healthz").await.has_status(StatusCode::OK);
        visitor.get("/favicon.svg").await.has_status(StatusCode::OK);
        visitor.get("/assets/app.js").await.has_status(StatusCode::OK);
    }
    ada.fragment("/people").await.has_status(StatusCode::SERVICE_UNAVAILABLE).is_fragment().shows("cannot be reached");
    let problem = ada.get("/api/v1/people").await;
    problem.has_status(StatusCode::SERVICE_UNAVAILABLE).shows(r#""status":503"#);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    app.stop().await;
}

#[tokio::test]
async fn a_full_disk_refuses_saves_and_nothing_else() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let long = "x".repeat(150);
    // Below what there is, SQLite takes what there is: not one more page.
    app.app.db.q(sql!("PRAGMA max_page_count = 1")).execute().await.unwrap();
    let mut saved = 0;
    let refused = loop {
        let answer = ada.post("/people/teams", &[("name", &format!("{saved} {long}"))]).await;
        if answer.status != 303 {
            break answer;
        }
        saved += 1;
    };
    refused
        .has_status(StatusCode::SERVICE_UNAVAILABLE)
        .is_page()
        .shows("its disk may be full")
        .shows("Nothing was changed");
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM teams")).await, saved);
    ada.get("/people").await.has_status(StatusCode::OK);
    app.app.db.q(sql!("PRAGMA max_page_count = 1000000")).execute().await.unwrap();
    ada.post("/people/teams", &[("name", "There is room")]).await.has_status(StatusCode::SEE_OTHER);
    app.stop().await;
}

#[tokio::test]
async fn people_go_on_reading_from_a_database_that_takes_no_writes() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    app.app.db.q(sql!("PRAGMA query_only = 1")).execute().await.unwrap();
    // The session is due to be slid, which cannot be written.
    app.app.clock.advance(5 * MINUTE_MS);
    ada.get("/people").await.has_status(StatusCode::OK);
    let save = ada.post("/people/teams", &[("name", "Yard")]).await;
    save.has_status(StatusCode::SERVICE_UNAVAILABLE).shows("cannot be written to");
    app.app.db.q(sql!("PRAGMA query_only = 0")).execute().await.unwrap();
    ada.post("/people/teams", &[("name", "Yard")]).await.has_status(StatusCode::SEE_OTHER);
    app.stop().await;
}

#[tokio::test]
async fn an_exhausted_pool_says_when_to_come_back() {
    for place in places().into_iter().filter(|place| !place.redis) {
        let app = TestApp::start_with(place, &["database.pool_size=1", "database.acquire_timeout_s=1"]).await;
        let ada = app.administrator().await;
        let busy = app.app.db.begin().await.unwrap();
        let answer = ada.post("/people/teams", &[("name", "Yard")]).await;
        answer.has_status(StatusCode::SERVICE_UNAVAILABLE).shows("The database is busy");
        assert_eq!(answer.header("retry-after"), "2");
        busy.rollback().await.unwrap();
        ada.post("/people/teams", &[("name", "Yard")]).await.has_status(StatusCode::SEE_OTHER);
        app.stop().await;
    }
}

#[tokio::test]
async fn closing_does_not_wait_for_a_statement_that_hangs() {
    on_every_database(async |app| {
        let _held = app.app.db.begin().await.unwrap();
        in_time(app.app.db.close()).await;
    })
    .await;
}

#[tokio::test]
async fn sessions_outlive_redis_and_the_revoked_ones_stay_dead() {
    for place in places().into_iter().filter(|place| place.redis) {
        let app = TestApp::start(place).await;
        let (mut gate, url) = Gate::before(app.app.config.redis.url.as_ref().unwrap().expose()).await;
        let replica = app.replica_with(|config| config.redis.url = Some(SecretUrl::new(url))).await;
        let ada = app.administrator().await;
        let tom = app.sign_in("member", "Tom Member", None).await;
        let (ada, tom_there) = (replica.visitor(&ada), replica.visitor(&tom));
        tom_there.get("/account/sessions").await.has_status(StatusCode::OK);
        gate.shut().await;
        ada.get("/account/sessions").await.has_status(StatusCode::OK);
        tom_there.get("/account/sessions").await.has_status(StatusCode::OK);
        ada.get("/readyz").await.has_status(StatusCode::SERVICE_UNAVAILABLE).shows(r#""redis":"away""#);
        let session = app.app.sessions.list(&Actor::system(), Whose::Person(tom.person_id)).await.unwrap().remove(0);
        replica.app.sessions.revoke(&Actor::system(), session.id).await.unwrap();
        tom_there.get("/account/sessions").await.has_status(StatusCode::SEE_OTHER);
        gate.open().await;
        until(async || ada.get("/readyz").await.status == 200).await;
        until(async || tom.get("/account/sessions").await.status == 303).await;
        tom_there.get("/account/sessions").await.has_status(StatusCode::SEE_OTHER);
        ada.get("/account/sessions").await.has_status(StatusCode::OK);
        replica.app.db.close().await;
        app.stop().await;
    }
}

#[tokio::test]
async fn a_change_that_redis_did_not_take_is_told_when_it_is_back() {
    let Some(place) = places().into_iter().find(|place| place.redis) else { return };
    let app = TestApp::start(place).await;
    let (mut gate, url) = Gate::before(app.app.config.redis.url.as_ref().unwrap().expose()).await;
    let replica = app.replica_with(|config| config.redis.url = Some(SecretUrl::new(url))).await;
    let mut here = app.app.bus.subscribe();
    gate.shut().await;
    let mut there = replica.app.bus.subscribe();
    replica.app.publish("skills", "1:2").await;
    // Pages at the process that made the change hear of it at once, and look at everything when Redis is back.
    assert_eq!(change(&mut there).await, Change { topic: "skills".to_owned(), id: "1:2".to_owned() });
    gate.open().await;
    assert_eq!(change(&mut here).await, Change { topic: "skills".to_owned(), id: "*".to_owned() });
    in_time(async { while !matches!(there.recv().await.unwrap(), News::Resync) {} }).await;
    replica.app.db.close().await;
    app.stop().await;
}

type Listener = tokio::sync::broadcast::Receiver<News>;

async fn change(listener: &mut Listener) -> Change {
    in_time(async {
        loop {
            if let News::Changed(message) = listener.recv().await.unwrap() {
                return message.change.clone();
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_session_that_was_revoked_elsewhere_is_not_slid_back_to_life() {
    everywhere(async |app| {
        let tom = app.sign_in("member", "Tom Member", None).await;
        tom.get("/account/sessions").await.has_status(StatusCode::OK);
        // As a process does that cannot tell Redis: the row is gone, the copies are not.
        app.app.db.q(sql!("DELETE FROM sessions")).execute().await.unwrap();
        app.app.clock.advance(2 * MINUTE_MS);
        tom.get("/account/sessions").await.has_status(StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn log_ins_beyond_the_queue_are_sent_away_for_a_moment() {
    let place = Place { database: Database::Sqlite, redis: false };
    let app = TestApp::start_with(place, &["passwords.concurrency=1", "passwords.queue=1"]).await;
    let hash = app.app.passwords.hash(PASSWORD.to_owned(), &Owner::default()).await.unwrap();
    for number in 0..12 {
        let id = app.person(&format!("Member {number}"), None).await;
        people::set_password(&app.app.db, id, &hash, 0).await.unwrap();
    }
    let stranger = &app.stranger();
    let log_in = |number: usize| async move {
        let email = format!("member.{number}@example.org");
        stranger.post("/login", &[("email", &email), ("password", PASSWORD)]).await
    };
    let answers = futures_util::future::join_all((0..12).map(log_in)).await;
    let sent_away: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
    assert!(answers.iter().any(|answer| answer.status == 303) && !sent_away.is_empty());
    assert!(sent_away.iter().all(|answer| answer.header("retry-after") == "2"));
    assert!(answers.iter().all(|answer| matches!(answer.status, 303 | 503)));
    let counted = app.count(sql!("SELECT COUNT(*) FROM sign_in_attempts WHERE failures > 0")).await;
    assert_eq!(counted, 0, "who was sent away has not failed");
    app.stop().await;
}

#[tokio::test]
async fn an_older_program_starts_on_a_newer_database() {
    on_every_database(async |app| {
        let newer = sql!(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             SELECT 209912310101, 'future', success, checksum, 1 FROM _sqlx_migrations WHERE version = 202611200101"
        );
        app.app.db.q(newer).execute().await.unwrap();
        let options = database_options(&app.app.config);
        Db::migrate(&options).await.unwrap();
        assert_eq!(Db::pending(&options).await.unwrap(), Pending::Nothing);
    })
    .await;
}

#[tokio::test]
async fn a_migration_that_fails_is_named() {
    on_every_database(async |app| {
        let db = &app.app.db;
        db.q(sql!("DELETE FROM _sqlx_migrations WHERE version = 202611200101")).execute().await.unwrap();
        let told = Db::migrate(&database_options(&app.app.config)).await.unwrap_err();
        assert!(told.starts_with("migration 202611200101 failed") && told.contains("teams"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn without_redis_a_browser_that_comes_back_gets_what_it_missed() {
    let cache = quarterdeck::cache::Cache::new(64, std::time::Duration::from_secs(60));
    let bus = Bus::new(cache, None);
    let mut heard = bus.subscribe();
    bus.publish(5, "skills", "1:1").await;
    let News::Changed(first) = heard.recv().await.unwrap() else { panic!("nothing was missed") };
    bus.publish(5, "skills", "1:2").await;
    let quarterdeck::events::Replay::Messages(missed) = bus.since(&first.id).await else { panic!("it is not too old") };
    assert_eq!(missed.iter().map(|message| message.change.id.as_str()).collect::<Vec<_>>(), ["1:2"]);
    assert_eq!(bus.since("1-0").await, quarterdeck::events::Replay::Resync);
    assert_eq!(bus.since("no id").await, quarterdeck::events::Replay::Resync);
}
