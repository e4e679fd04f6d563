//! Against a real SMTP server: what it takes arrives once, what it refuses for now is tried again, what it refuses for good
//! is not, and a process that dies after the server took a mail leaves one that is sent once more under the same id.

use super::{enqueue, mail_to, states, until};
use crate::support::mail::{Mail, all_in};
use crate::support::{NOW_MS, TestApp, places, smtp};
use quarterdeck::accounts::secrets::random_token;
use quarterdeck::outbox::{self, NewMail};
use quarterdeck::{delivery, sql};
use std::path::Path;

const MINUTE_MS: i64 = 60_000;

/// Runs a test with a server, on every database that is there; without a server, not at all.
async fn with_smtp(test: impl AsyncFn(&TestApp, &Path)) {
    let places = places().into_iter().filter(|place| !place.redis);
    let Some((url, folder)) = smtp() else { return };
    for place in places {
        let options = ["mail.transport=smtp".to_owned(), format!("mail.url={url}"), FROM.to_owned()];
        let app = TestApp::start_with(place, &options.each_ref().map(String::as_str)).await;
        test(&app, &folder).await;
        app.stop().await;
    }
}

const FROM: &str = "mail.from=The Deck <deck@example.org>";

/// An address that no other test uses; what it is called decides what the server says.
fn address(kind: &str) -> String {
    format!("{kind}.{}@example.org", random_token().to_lowercase().replace(['-', '_'], "x"))
}

fn arrived(folder: &Path, address: &str) -> Vec<Mail> {
    all_in(folder).into_iter().filter(|mail| mail.to == address).collect()
}

#[tokio::test]
async fn a_mail_arrives_once_as_it_was_written() {
    with_smtp(async |app, folder| {
        let ann = address("ann");
        let text = "Grüße aus dem Hafen.\n.\nA line with a dot alone does not end it.\n";
        let mail = NewMail { subject: "Schicht übergeben".to_owned(), text: text.to_owned(), ..mail_to(&ann, "a") };
        enqueue(app, std::slice::from_ref(&mail)).await;
        assert_eq!(delivery::round(&app.app).await.unwrap().sent, 1);
        assert_eq!(delivery::round(&app.app).await.unwrap().sent, 0);
        let mails = arrived(folder, &ann);
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].text.trim_end(), text.trim_end());
        assert_eq!(mails[0].header("From"), "\"The Deck\" <deck@example.org>");
        assert_eq!(mails[0].header("Auto-Submitted"), "auto-generated");
        assert!(mails[0].header("Message-ID").ends_with("@example.org>"));
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_for_now_is_tried_again_with_growing_pauses() {
    with_smtp(async |app, folder| {
        let later = address("later-2");
        enqueue(app, &[mail_to(&later, "a")]).await;
        delivery::round(&app.app).await.unwrap();
        let queued = outbox::list(&app.app.db, 10).await.unwrap();
        assert!(queued[0].problem.contains("451") && queued[0].problem.contains("busy"), "{queued:?}");
        assert_eq!((queued[0].state.as_str(), queued[0].due_at), ("waiting", NOW_MS + MINUTE_MS));
        app.app.clock.advance(MINUTE_MS);
        delivery::round(&app.app).await.unwrap();
        assert_eq!(outbox::list(&app.app.db, 10).await.unwrap()[0].due_at, NOW_MS + 3 * MINUTE_MS);
        assert!(arrived(folder, &later).is_empty());
        app.app.clock.advance(2 * MINUTE_MS);
        assert_eq!(delivery::round(&app.app).await.unwrap().sent, 1);
        assert_eq!(arrived(folder, &later).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_for_good_is_given_up_at_once_and_can_be_tried_again_by_hand() {
    with_smtp(async |app, folder| {
        let (never, ann) = (address("never"), address("ann"));
        enqueue(app, &[mail_to(&never, "a"), mail_to(&ann, "b")]).await;
        delivery::round(&app.app).await.unwrap();
        assert_eq!(states(app).await, ["failed", "sent"]);
        let queued = outbox::list(&app.app.db, 10).await.unwrap();
        assert!(queued[0].problem.contains("550") && queued[0].problem.contains("no such mailbox"), "{queued:?}");
        app.app.clock.advance(60 * MINUTE_MS);
        delivery::round(&app.app).await.unwrap();
        assert_eq!(outbox::list(&app.app.db, 10).await.unwrap()[0].attempts, 1, "it is not tried again by itself");
        assert_eq!(outbox::retry_failed(&app.app.db, app.app.now_ms()).await.unwrap(), 1);
        delivery::round(&app.app).await.unwrap();
        assert_eq!(states(app).await, ["failed", "sent"]);
        assert_eq!((arrived(folder, &never).len(), arrived(folder, &ann).len()), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn a_name_or_an_address_adds_neither_a_header_nor_a_recipient() {
    with_smtp(async |app, folder| {
        let (ann, eve) = (address("ann"), address("eve"));
        let subject = format!("Hello\r\nBcc: {eve}\r\nX-Evil: 1\r\n\r\nA body of my own");
        let mails = [
            NewMail { subject, ..mail_to(&ann, "a") },
            mail_to(&format!("{ann}\r\nRCPT TO:<{eve}>"), "b"),
            mail_to(&format!("{ann}, {eve}"), "c"),
            mail_to(&format!("{ann}> <{eve}"), "d"),
        ];
        enqueue(app, &mails).await;
        delivery::round(&app.app).await.unwrap();
        assert_eq!(states(app).await, ["sent", "failed", "failed", "failed"]);
        let mails = arrived(folder, &ann);
        assert_eq!(mails.len(), 1);
        let head = mails[0].raw.split_once("\r\n\r\n").unwrap().0;
        assert!(!head.lines().any(|line| line.starts_with("Bcc") || line.starts_with("X-Evil")), "{head}");
        assert!(arrived(folder, &eve).is_empty());
    })
    .await;
}

#[tokio::test]
async fn two_processes_at_one_server_send_each_mail_once() {
    with_smtp(async |app, folder| {
        let people: Vec<String> = (0..12).map(|_| address("crew")).collect();
        let mails: Vec<NewMail> = people.iter().map(|to| mail_to(to, to)).collect();
        enqueue(app, &mails).await;
        let (one, two) = (app.replica().await, app.replica().await);
        let (first, second) = tokio::join!(delivery::round(&one.app), delivery::round(&two.app));
        let sent = first.unwrap().sent + second.unwrap().sent + delivery::round(&app.app).await.unwrap().sent;
        assert_eq!(sent, 12);
        let times: Vec<usize> = people.iter().map(|to| arrived(folder, to).len()).collect();
        assert_eq!(times, [1; 12]);
    })
    .await;
}

/// At least once: nobody can know whether a server that has not answered took the mail.
#[tokio::test]
async fn a_process_that_dies_before_it_wrote_down_what_it_sent_leaves_a_mail_that_is_sent_again() {
    with_smtp(async |app, folder| {
        let slow = address("slow");
        enqueue(app, &[mail_to(&slow, "a")]).await;
        let dying = app.replica().await;
        let round = tokio::spawn(async move { delivery::round(&dying.app).await });
        until(|| arrived(folder, &slow).len() == 1).await;
        round.abort();
        assert!(round.await.unwrap_err().is_cancelled());
        assert_eq!(states(app).await, ["waiting"]);
        assert_eq!(delivery::round(&app.app).await.unwrap().sent, 0, "its lease is not over");
        app.app.clock.advance(5 * MINUTE_MS);
        assert_eq!(delivery::round(&app.app).await.unwrap().sent, 1);
        let ids: Vec<String> = arrived(folder, &slow).iter().map(|mail| mail.header("Message-ID").to_owned()).collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(ids[0], ids[1], "who receives both can tell that they are one");
        assert_eq!(app.count(sql!("SELECT attempts FROM outbox")).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_of_and_tried_again() {
    let options = ["mail.transport=smtp", "mail.url=smtp://127.0.0.1:1"];
    let app = TestApp::start_with(places()[0], &options).await;
    enqueue(&app, &[mail_to("ann@example.org", "a")]).await;
    assert!(delivery::round(&app.app).await.unwrap().is_unreachable);
    assert_eq!(states(&app).await, ["waiting"]);
    let why = app.app.outbox.send_now(&mail_to("ann@example.org", "b")).await.unwrap_err();
    assert!(why.to_lowercase().contains("refused"), "{why}");
    app.stop().await;
}
