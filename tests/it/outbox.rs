//! The outbox: written with its change, sent once and at once, given up in the end, and what those see who look after it.

mod smtp;

use crate::support::{NOW_MS, TestApp, everywhere, mail, on_every_database};
use quarterdeck::outbox::{self, NewMail, Status};
use quarterdeck::{delivery, sql};
use std::time::Duration;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

fn mail_to(to: &str, key: &str) -> NewMail {
    let (to, dedup_key) = (to.to_owned(), key.to_owned());
    NewMail { to, subject: format!("About {key}"), text: format!("All about {key}.\n"), dedup_key }
}

/// Somebody who is active, whatever address a mail goes to.
async fn reader(app: &TestApp) -> i64 {
    let query = app.app.db.q(sql!("SELECT id FROM people WHERE name = 'Robin Reader'"));
    match query.optional::<(i64,)>().await.unwrap() {
        Some((id,)) => id,
        None => app.person("Robin Reader", None).await,
    }
}

async fn enqueue(app: &TestApp, mails: &[NewMail]) {
    let reader = reader(app).await;
    let mut tx = app.app.db.begin().await.unwrap();
    for mail in mails {
        outbox::enqueue_for(&mut tx, reader, mail, app.app.now_ms()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn status(app: &TestApp) -> Status {
    outbox::status(&app.app.db).await.unwrap()
}

async fn states(app: &TestApp) -> Vec<String> {
    let rows: Vec<(String,)> = app.app.db.q(sql!("SELECT state FROM outbox ORDER BY id")).all().await.unwrap();
    rows.into_iter().map(|(state,)| state).collect()
}

#[tokio::test]
async fn a_mail_is_written_with_its_change_and_sent_once() {
    on_every_database(async |app| {
        let reader = reader(app).await;
        let mut tx = app.app.db.begin().await.unwrap();
        let lost = mail_to("lost@example.org", "of-a-change-that-failed");
        outbox::enqueue_for(&mut tx, reader, &lost, NOW_MS).await.unwrap();
        drop(tx);
        let ann = mail_to("ann@example.org", "certificate:1");
        enqueue(app, &[ann.clone(), ann.clone()]).await;
        enqueue(app, &[NewMail { text: "Another text".to_owned(), ..ann }, mail_to("ben@example.org", "b")]).await;
        assert_eq!(status(app).await, Status { waiting: 2, failed: 0, oldest: Some(NOW_MS) });
        let mails = app.mails().await;
        assert_eq!(mails.len(), 2, "{mails:?}");
        let to_ann = mails.iter().find(|mail| mail.to == "ann@example.org").unwrap();
        assert_eq!(
            (to_ann.subject.as_str(), to_ann.text.trim_end()),
            ("About certificate:1", "All about certificate:1.")
        );
        assert_eq!(app.mails().await.len(), 2);
        assert_eq!(status(app).await, Status { waiting: 0, failed: 0, oldest: None });
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM outbox WHERE text <> ''")).await, 0, "sent texts are emptied");
    })
    .await;
}

#[tokio::test]
async fn a_text_that_leads_in_is_not_in_the_database() {
    on_every_database(async |app| {
        let (outbox, now) = (&app.app.outbox, app.app.now_ms());
        let secret =
            NewMail { text: "Open https://deck/secret-link\n".to_owned(), ..mail_to("ann@example.org", "link:1") };
        let mut tx = app.app.db.begin().await.unwrap();
        outbox.enqueue_sealed(&mut tx, &secret, now + 10 * MINUTE_MS, now).await.unwrap();
        let late = NewMail { dedup_key: "link:2".to_owned(), ..secret.clone() };
        outbox.enqueue_sealed(&mut tx, &late, now, now).await.unwrap();
        let taken_back = NewMail { dedup_key: "link:3".to_owned(), ..secret };
        outbox.enqueue_sealed(&mut tx, &taken_back, now + MINUTE_MS, now).await.unwrap();
        outbox::withdraw(&mut tx, "link:3", now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM outbox WHERE text LIKE '%secret-link%'")).await, 0);
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1, "neither the late one nor the one taken back: {mails:?}");
        assert_eq!(mails[0].link("/secret"), "/secret-link");
        assert_eq!(states(app).await, ["sent", "dropped", "dropped"]);
    })
    .await;
}

#[tokio::test]
async fn another_secret_opens_no_text() {
    let app = TestApp::sqlite().await;
    let now = app.app.now_ms();
    let mut tx = app.app.db.begin().await.unwrap();
    app.app.outbox.enqueue_sealed(&mut tx, &mail_to("ann@example.org", "link"), now + DAY_MS, now).await.unwrap();
    tx.commit().await.unwrap();
    let other = app.replica_with(|config| config.secret = quarterdeck::config::Secret::new("another secret")).await;
    delivery::round(&other.app).await.unwrap();
    assert_eq!(states(&app).await, ["failed"]);
    let queued = outbox::list(&app.app.db, 10).await.unwrap();
    assert!(queued[0].problem.contains("another `secret`"), "{queued:?}");
    app.stop().await;
}

#[tokio::test]
async fn who_is_not_active_any_more_gets_none() {
    on_every_database(async |app| {
        let (ann, ben) = (app.person("Ann Active", None).await, app.person("Ben Bygone", None).await);
        let mut tx = app.app.db.begin().await.unwrap();
        outbox::enqueue_for(&mut tx, ann, &mail_to("ann@example.org", "a"), NOW_MS).await.unwrap();
        outbox::enqueue_for(&mut tx, ben, &mail_to("ben@example.org", "b"), NOW_MS).await.unwrap();
        tx.q(sql!("UPDATE people SET active = FALSE WHERE id = ?")).bind(ben).execute().await.unwrap();
        tx.commit().await.unwrap();
        let mails = app.mails().await;
        assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["ann@example.org"]);
        assert_eq!(states(app).await, ["sent", "dropped"]);
    })
    .await;
}

#[tokio::test]
async fn what_can_never_be_sent_is_given_up_and_shown() {
    on_every_database(async |app| {
        let injected = "ann@example.org\r\nBcc: eve@example.org";
        enqueue(app, &[mail_to(injected, "a"), mail_to("no address", "b"), mail_to("ben@example.org", "c")]).await;
        let mails = app.mails().await;
        assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["ben@example.org"]);
        assert_eq!(states(app).await, ["failed", "failed", "sent"]);
        let queued = outbox::list(&app.app.db, 10).await.unwrap();
        assert_eq!((queued.len(), queued[0].state.as_str(), queued[0].attempts), (2, "failed", 1));
        assert!(queued[0].problem.contains("no address to go to"), "{queued:?}");
        assert_eq!(status(app).await, Status { waiting: 0, failed: 2, oldest: None });
        app.app.clock.advance(31 * DAY_MS);
        assert_eq!(outbox::purge(&app.app.db, app.app.now_ms()).await.unwrap(), 3);
        assert_eq!(status(app).await.failed, 0);
    })
    .await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_tried_again() {
    on_every_database(async |app| {
        std::fs::write(app.folder.join("mail"), "a file in the place of the folder").unwrap();
        enqueue(app, &[mail_to("ann@example.org", "a")]).await;
        assert!(delivery::round(&app.app).await.unwrap().is_unreachable);
        let queued = outbox::list(&app.app.db, 10).await.unwrap();
        assert_eq!((queued[0].attempts, queued[0].due_at), (1, NOW_MS + MINUTE_MS), "{queued:?}");
        std::fs::remove_file(app.folder.join("mail")).unwrap();
        assert!(app.mails().await.is_empty(), "it is not due yet");
        app.app.clock.advance(MINUTE_MS);
        assert_eq!(app.mails().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn where_mail_is_switched_off_nothing_piles_up() {
    let app = TestApp::start_with(crate::support::places()[0], &["mail.transport=off"]).await;
    enqueue(&app, &[mail_to("ann@example.org", "a")]).await;
    assert!(!app.app.outbox.is_on());
    assert!(app.mails().await.is_empty());
    assert_eq!(states(&app).await, ["dropped"]);
    app.stop().await;
}

#[tokio::test]
async fn two_processes_that_send_at_once_send_each_mail_once() {
    on_every_database(async |app| {
        let mails: Vec<NewMail> =
            (0..20).map(|number| mail_to(&format!("p{number}@example.org"), &format!("{number}"))).collect();
        enqueue(app, &mails).await;
        let (one, two) = (app.replica().await, app.replica().await);
        let (first, second) = tokio::join!(delivery::round(&one.app), delivery::round(&two.app));
        // One that saw nothing but what the other had claimed stops early, and looks again a few seconds later.
        let sent = first.unwrap().sent + second.unwrap().sent + delivery::round(&app.app).await.unwrap().sent;
        assert_eq!(sent, 20);
        assert_eq!(app.mails().await.len(), 20);
        assert_eq!(app.count(sql!("SELECT CAST(SUM(attempts) AS {i64}) FROM outbox")).await, 20);
    })
    .await;
}

#[tokio::test]
async fn a_mail_leaves_as_soon_as_its_change_is_published() {
    everywhere(async |app| {
        // With Redis, the process that sends is another one than that which writes.
        let sender = if app.place.redis { app.replica().await.app } else { app.app.clone() };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let stopped = futures_util::FutureExt::shared(async { drop(stopped.await) });
        let running = tokio::spawn(async move { delivery::run(&sender, stopped, Duration::from_secs(5)).await });
        enqueue(app, &[mail_to("first@example.org", "1")]).await;
        let folder = app.folder.join("mail");
        until(|| mail::all_in(&folder).len() == 1).await;
        let began = std::time::Instant::now();
        enqueue(app, &[mail_to("second@example.org", "2")]).await;
        app.app.publish(outbox::TOPIC, "*").await;
        until(|| mail::all_in(&folder).len() == 2).await;
        assert!(began.elapsed() < Duration::from_secs(4), "it did not wait for the next look");
        drop(stop);
        running.await.unwrap();
    })
    .await;
}

async fn until(holds: impl Fn() -> bool) {
    for _ in 0..600 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it did not come true within 15 seconds");
}
