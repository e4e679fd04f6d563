//! `doctor` finds what was changed by hand in the audit log: with exit code 1 and the first of it.

use super::process::{Ended, Folder};
use crate::support::{NOW_MS, TestApp};
use quarterdeck::accounts::Actor;
use quarterdeck::events::{self, chain};
use quarterdeck::sql;

fn doctor(app: &TestApp, more: &[&str]) -> Ended {
    let url = format!("database.url=sqlite://{}/quarterdeck.db", app.folder.display());
    Folder::new().run(&[&["doctor", "--set", url.as_str()], more].concat())
}

/// A failure that has printed what it found before.
#[track_caller]
fn fails(ended: &Ended, prints: &str, why: &str) {
    assert_eq!(ended.code, Some(1), "{}{}", ended.out, ended.err);
    ended.prints(prints);
    assert!(ended.err.starts_with("quarterdeck: ") && ended.err.contains(why), "{why:?} is not in {:?}", ended.err);
}

#[tokio::test]
async fn doctor_names_the_first_event_that_is_not_as_it_was_sealed() {
    let app = TestApp::sqlite().await;
    for _ in 0..3 {
        let mut tx = app.app.db.begin().await.unwrap();
        events::record(&mut tx, &Actor::system(), NOW_MS, "test.done", "test:1", &serde_json::json!({})).await.unwrap();
        tx.commit().await.unwrap();
    }
    chain::seal(&app.app.db, NOW_MS).await.unwrap();
    let sound = doctor(&app, &[]).succeeds();
    sound.prints("3 events as sealed, 0 not sealed yet");
    let anchor = sound.out.trim_end().rsplit(' ').next().unwrap().to_owned();
    doctor(&app, &["--anchor", &anchor]).succeeds();
    let other = format!("3:{}", "0".repeat(64));
    fails(&doctor(&app, &["--anchor", &other]), "BAD  audit log", "is not the one that the anchor was taken from");
    doctor(&app, &["--anchor", "yesterday"]).fails_with("--anchor takes a place and a hash");
    app.app.db.q(sql!("UPDATE events SET detail = '{\"forged\":true}' WHERE id = 2")).execute().await.unwrap();
    let told = doctor(&app, &[]);
    fails(&told, "BAD  audit log  event 2 was changed", "audit log: event 2 was changed after it was sealed");
    app.app.db.q(sql!("DELETE FROM events WHERE id = 2")).execute().await.unwrap();
    fails(&doctor(&app, &[]), "BAD", "event 2 was removed after it was sealed (place 2 of the chain)");
    app.stop().await;
}
