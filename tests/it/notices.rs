//! Notices: raised once, counted by the bell, read one by one or all together, each person their own.

mod mailing;
mod settings;

use crate::support::{TestApp, Visitor, everywhere, on_every_database};
use poem::http::StatusCode;
use quarterdeck::events::News;
use quarterdeck::notices::{self, NewNotice, TOPIC};
use quarterdeck::sql;

fn about(person_id: i64, title: &str, key: &str) -> NewNotice {
    let (title, dedup_key) = (title.to_owned(), key.to_owned());
    NewNotice { person_id, kind: "test.kind", title, href: "/skills?team=1".to_owned(), dedup_key }
}

/// Returns the people who were told something new.
async fn raise(app: &TestApp, notices: &[NewNotice]) -> Vec<i64> {
    let mut tx = app.app.db.begin().await.unwrap();
    let told = notices::raise(&mut tx, notices, app.app.now_ms()).await.unwrap();
    tx.commit().await.unwrap();
    notices::publish(&app.app.bus, app.app.now_ms(), &told).await;
    told
}

async fn newest(app: &TestApp) -> i64 {
    app.count(sql!("SELECT MAX(id) FROM notices")).await
}

async fn bell_says(visitor: &Visitor<'_>, text: &str) {
    visitor.get("/").await.has_status(StatusCode::OK).is_page().shows(&format!("aria-label=\"{text}\""));
}

#[tokio::test]
async fn what_is_noticed_twice_is_raised_once() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let ben = app.person("Ben Berg", None).await;
        let first = about(mia.person_id, "Your licence expires", "expiry:1");
        let told = raise(app, &[first.clone(), about(ben, "Mia's licence expires", "expiry:1")]).await;
        assert_eq!(told, [mia.person_id, ben]);
        mia.get("/notices").await.has_status(StatusCode::OK).is_page().shows("Your licence expires").hides("Mia's");
        mia.post("/notices/reading", &[]).await.leads_to("/notices");
        assert!(raise(app, &[first.clone(), first.clone()]).await.is_empty());
        assert_eq!(raise(app, &[first, about(mia.person_id, "It is over", "expiry:2")]).await, [mia.person_id]);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices")).await, 3);
        // The one that was read stays read.
        mia.get("/notices?show=unread").await.shows("It is over").hides("Your licence");
        mia.get("/notices").await.shows("It is over").shows("Your licence");
    })
    .await;
}

#[tokio::test]
async fn the_bell_counts_what_is_unread() {
    everywhere(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        bell_says(&mia, "Notices").await;
        raise(app, &[about(mia.person_id, "One", "1"), about(mia.person_id, "Two", "2")]).await;
        bell_says(&mia, "Notices, 2 unread").await;
        let id = newest(app).await;
        mia.post(&format!("/notices/{id}/reading"), &[]).await.leads_to("/skills?team=1");
        bell_says(&mia, "Notices, 1 unread").await;
        mia.fragment("/notices/bell").await.has_status(StatusCode::OK).is_fragment().shows("Notices, 1 unread");
        mia.post("/notices/reading", &[]).await.leads_to("/notices");
        bell_says(&mia, "Notices").await;
    })
    .await;
}

#[tokio::test]
async fn one_is_marked_in_place() {
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    raise(&app, &[about(mia.person_id, "<b>One</b>", "1")]).await;
    let id = newest(&app).await;
    let row = mia.post_fragment(&format!("/notices/{id}/reading"), &[("stay", "1")]).await;
    row.has_status(StatusCode::OK).is_fragment().shows("&lt;b&gt;One").hides("is-unread").shows("hx-target=\"#bell\"");
    mia.post(&format!("/notices/{id}/reading"), &[("stay", "1")]).await.leads_to("/notices");
    app.stop().await;
}

#[tokio::test]
async fn those_of_others_look_missing() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let ada = app.administrator().await;
        raise(app, &[about(mia.person_id, "For Mia alone", "1")]).await;
        let id = newest(app).await;
        let address = format!("/notices/{id}/reading");
        ada.get("/notices").await.has_status(StatusCode::OK).hides("For Mia alone").shows("No notices yet");
        ada.post(&address, &[]).await.has_status(StatusCode::NOT_FOUND);
        ada.post("/notices/reading", &[]).await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices WHERE read_at IS NULL")).await, 1);
        mia.post("/notices/x/reading", &[]).await.has_status(StatusCode::NOT_FOUND);
        app.stranger().get("/notices").await.leads_to("/login?next=%2Fnotices");
        app.stranger().fragment("/notices/bell").await.has_status(StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn a_long_list_has_pages() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let many: Vec<NewNotice> =
            (0..120).map(|number| about(mia.person_id, &format!("Notice {number:03}"), &number.to_string())).collect();
        raise(app, &many).await;
        let first = mia.get("/notices").await;
        first.shows("Notice 119").hides("Notice 069").shows("1–50 of 120").shows("page=2");
        mia.get("/notices?page=3").await.shows("Notice 000").shows("101–120 of 120");
        mia.get("/notices?page=9").await.leads_to("/notices?show=all&page=3");
        mia.get("/notices?page=x&show=y").await.has_status(StatusCode::OK).shows("Notice 119");
    })
    .await;
}

#[tokio::test]
async fn other_processes_hear_of_them() {
    everywhere(async |app| {
        if !app.place.redis {
            return;
        }
        let mia = app.sign_in("member", "Mia Member", None).await;
        let replica = app.replica().await;
        let there = replica.visitor(&mia);
        bell_says(&there, "Notices").await;
        let mut heard = replica.app.bus.subscribe();
        raise(app, &[about(mia.person_id, "One", "1")]).await;
        while !matches!(heard.recv().await.unwrap(), News::Changed(message) if message.change.topic == TOPIC) {}
        bell_says(&there, "Notices, 1 unread").await;
    })
    .await;
}
