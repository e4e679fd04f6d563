//! Notices by mail: at once or once a day as each person chose, bundled, each told of by one mail, and to nobody who is
//! not there any more.

use super::raise;
use crate::support::mail::Mail;
use crate::support::{NOW_MS, TestApp, on_every_database};
use quarterdeck::notices::{self, NewNotice};
use quarterdeck::{delivery, sql};
use std::collections::HashMap;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

fn about(person_id: i64, kind: &'static str, title: &str) -> NewNotice {
    let (href, dedup_key) = (format!("/skills/people/{person_id}"), title.to_owned());
    NewNotice { person_id, kind, title: title.to_owned(), href, dedup_key }
}

async fn wants(app: &TestApp, person_id: i64, kind: &str, channel: &str) {
    let chosen = HashMap::from([(kind.to_owned(), channel.to_owned())]);
    let actor = app.actor(person_id).await;
    notices::choose(&app.app.db, &actor, &app.app.notice_kinds(), &chosen).await.unwrap();
}

async fn marked(app: &TestApp) -> Vec<String> {
    let rows: Vec<(String,)> = app.app.db.q(sql!("SELECT mailing FROM notices ORDER BY id")).all().await.unwrap();
    rows.into_iter().map(|(mailing,)| mailing).collect()
}

fn to<'a>(mails: &'a [Mail], address: &str) -> Vec<&'a Mail> {
    mails.iter().filter(|mail| mail.to == address).collect()
}

#[tokio::test]
async fn what_is_raised_together_is_one_mail_at_once() {
    on_every_database(async |app| {
        let (mia, ben) = (app.person("Mia Member", None).await, app.person("Ben Berg", None).await);
        for (person, channel) in [(mia, "mail"), (ben, "app")] {
            wants(app, person, "skills.expiry", channel).await;
        }
        let three = [
            about(mia, "skills.expiry", "Your licence expires"),
            about(ben, "skills.expiry", "Your crane pass expires"),
            about(mia, "skills.expiry", "Your first aid expires"),
        ];
        raise(app, &three).await;
        raise(app, &three).await;
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert_eq!((mails[0].to.as_str(), mails[0].subject.as_str()), ("mia.member@example.org", "2 notices"));
        assert!(mails[0].text.contains("Your licence expires\n") && mails[0].text.contains("Your first aid expires"));
        assert_eq!(mails[0].link("/skills"), format!("/skills/people/{mia}"));
        assert_eq!(mails[0].link("/account"), "/account/notices");
        assert_eq!(marked(app).await, ["mailed", "none", "mailed"]);
        raise(app, &[about(mia, "skills.expiry", "Your pilot licence expires")]).await;
        assert_eq!(app.mails().await.last().unwrap().subject, "Your pilot licence expires");
        assert_eq!(app.mails().await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_digest_leaves_once_a_day_at_its_hour() {
    on_every_database(async |app| {
        // It is noon. Digest is what this kind does by itself.
        let mia = app.person("Mia Member", None).await;
        raise(app, &[about(mia, "skills.assessment", "One"), about(mia, "skills.training", "Two")]).await;
        assert!(app.mails().await.is_empty());
        assert_eq!(marked(app).await, ["digest", "digest"]);
        app.app.clock.advance(18 * HOUR_MS - 1);
        raise(app, &[about(mia, "skills.assessment", "Three")]).await;
        assert!(app.mails().await.is_empty());
        app.app.clock.advance(1);
        raise(app, &[about(mia, "skills.assessment", "Of the next day")]).await;
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert_eq!(mails[0].subject, "Your day at Quarterdeck: 3 notices");
        assert!(!mails[0].text.contains("next day"));
        app.app.clock.advance(DAY_MS);
        assert_eq!(app.mails().await.last().unwrap().subject, "Your day at Quarterdeck: one notice");
        app.app.clock.advance(DAY_MS);
        assert_eq!(app.mails().await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_somebody_switched_off_is_not_raised() {
    on_every_database(async |app| {
        let (mia, ben) = (app.person("Mia Member", None).await, app.person("Ben Berg", None).await);
        wants(app, mia, "skills.training", "off").await;
        let told = raise(app, &[about(mia, "skills.training", "A"), about(ben, "skills.training", "B")]).await;
        assert_eq!(told, [ben]);
        assert_eq!(raise(app, &[about(mia, "skills.expiry", "C")]).await, [mia]);
    })
    .await;
}

#[tokio::test]
async fn who_has_read_it_has_left_or_changed_their_mind_gets_no_mail() {
    on_every_database(async |app| {
        let people = ["Mia Member", "Ben Berg", "Cleo Cole", "Dan Dole"];
        let mut ids = Vec::new();
        for name in people {
            ids.push(app.person(name, None).await);
        }
        let notices: Vec<NewNotice> = ids.iter().map(|id| about(*id, "skills.expiry", "It expires")).collect();
        raise(app, &notices).await;
        app.mails().await;
        app.visit_as(ids[0]).await.post("/notices/reading", &[]).await.leads_to("/notices");
        let gone = app.app.db.q(sql!("UPDATE people SET active = FALSE WHERE id = ?"));
        gone.bind(ids[1]).execute().await.unwrap();
        wants(app, ids[2], "skills.expiry", "app").await;
        app.app.clock.advance(DAY_MS);
        let mails = app.mails().await;
        assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["dan.dole@example.org"]);
        assert_eq!(marked(app).await, ["none", "none", "none", "mailed"]);
    })
    .await;
}

#[tokio::test]
async fn two_processes_at_once_write_one_mail() {
    on_every_database(async |app| {
        let mut people = Vec::new();
        for number in 0..8 {
            let person = app.person(&format!("Person {number}"), None).await;
            wants(app, person, "skills.expiry", "mail").await;
            people.push(person);
        }
        let notices: Vec<NewNotice> =
            people.iter().flat_map(|id| ["One", "Two"].map(|title| about(*id, "skills.expiry", title))).collect();
        raise(app, &notices).await;
        let (one, two) = (app.replica().await, app.replica().await);
        let (first, second) = tokio::join!(delivery::round(&one.app), delivery::round(&two.app));
        first.and(second).unwrap();
        let mails = app.mails().await;
        for number in 0..8 {
            let own = to(&mails, &format!("person.{number}@example.org"));
            assert_eq!(own.len(), 1, "{mails:?}");
            assert!(own[0].text.contains("One\n") && own[0].text.contains("Two\n"));
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_read_long_ago_goes() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        raise(app, &[about(mia.person_id, "skills.expiry", "Old")]).await;
        mia.post("/notices/reading", &[]).await.leads_to("/notices");
        raise(app, &[about(mia.person_id, "skills.expiry", "Unread")]).await;
        assert_eq!(notices::purge(&app.app.db, NOW_MS + 90 * DAY_MS).await.unwrap(), 0);
        assert_eq!(notices::purge(&app.app.db, NOW_MS + 90 * DAY_MS + 1).await.unwrap(), 1);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices WHERE title = 'Unread'")).await, 1);
    })
    .await;
}
