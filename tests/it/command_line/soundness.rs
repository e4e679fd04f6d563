//! `doctor` finds what was changed by hand, and `check --deploy` what is unsafe: each with exit code 1 and the first of it.

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
    sound
        .prints("every migration has run")
        .prints("3 events as they were sealed, 0 not sealed yet")
        .prints("ok   skills");
    let anchor = sound.out.trim_end().rsplit(' ').next().unwrap().to_owned();
    doctor(&app, &["--anchor", &anchor]).succeeds();
    let other = format!("3:{}", "0".repeat(64));
    fails(&doctor(&app, &["--anchor", &other]), "BAD  audit log", "is not the one that the anchor was taken from");
    doctor(&app, &["--anchor", "yesterday"]).fails_with("--anchor takes a place and a hash");
    app.app.db.q(sql!("UPDATE events SET detail = '{\"forged\":true}' WHERE id = 2")).execute().await.unwrap();
    let told = doctor(&app, &[]);
    fails(
        &told,
        "BAD  audit log  event 2 was changed",
        "1 problem, the first: audit log: event 2 was changed after it was sealed",
    );
    app.app.db.q(sql!("DELETE FROM events WHERE id = 2")).execute().await.unwrap();
    fails(&doctor(&app, &[]), "BAD", "event 2 was removed after it was sealed (place 2 of the chain)");
    app.stop().await;
}

#[tokio::test]
async fn doctor_finds_counters_that_disagree_and_rows_that_lead_nowhere() {
    let app = TestApp::sqlite().await;
    let team = app.team("Yard").await;
    let ben = app.sign_in("member", "Ben Member", Some(team)).await;
    let skill = crate::skills::skill(&app, "Metal", "Welding", "0–4").await;
    let rated =
        ben.post(&format!("/skills/ratings/{}/{skill}", ben.person_id), &[("level", "1"), ("version", "0")]).await;
    assert!(rated.status < 400, "{}", rated.text());
    chain::seal(&app.app.db, NOW_MS).await.unwrap();
    doctor(&app, &[]).succeeds().prints("no skills whose counters disagree");
    app.app.db.q(sql!("UPDATE skill_summaries SET able = able + 1")).execute().await.unwrap();
    fails(&doctor(&app, &[]), "BAD  skills     1 skills whose counters disagree", "1 problem, the first: skills");
    app.app.db.q(sql!("UPDATE people SET team_position = 77 WHERE team_id IS NOT NULL")).execute().await.unwrap();
    fails(&doctor(&app, &[]), "1 people placed elsewhere than their team", "2 problems, the first: accounts");
    app.stop().await;
}

#[test]
fn check_reads_the_configuration_and_touches_no_database() {
    let folder = Folder::new();
    folder.run(&["check"]).succeeds().prints("The configuration is understood");
    folder.run(&["check", "--set", "http.port=many"]).fails_with("http.port");
    assert!(!folder.path.join("quarterdeck.db").exists());
}

const SAFE: [(&str, &str); 8] = [
    ("QUARTERDECK_PROFILE", "production"),
    ("QUARTERDECK_SECRET", "0123456789abcdef0123456789abcdef"),
    ("QUARTERDECK_HTTP__PUBLIC_URL", "https://deck.example.org"),
    ("QUARTERDECK_HTTP__TRUSTED_PROXIES", "10.0.0.1"),
    ("QUARTERDECK_DATABASE__PROCESSES", "1"),
    ("QUARTERDECK_LOG__FILTER", "info"),
    ("QUARTERDECK_MAIL__TRANSPORT", "smtp"),
    ("QUARTERDECK_MAIL__URL", "smtps://mail.example.org"),
];

/// What `check --deploy` says of an installation that differs from a safe one in this.
fn check_deploy(folder: &Folder, changed: &[(&str, &str)]) -> Ended {
    let mut variables: Vec<(&str, &str)> = SAFE.to_vec();
    variables.extend(changed);
    folder.run_in(&variables, &["check", "--deploy"])
}

#[test]
fn check_deploy_lists_each_thing_that_is_unsafe() {
    let folder = Folder::new();
    folder.run(&["migrate"]).succeeds();
    folder.run(&["init-data"]).succeeds();
    for (variable, value, option) in [
        ("QUARTERDECK_HTTP__TRUSTED_PROXIES", "", "http.trusted_proxies"),
        ("QUARTERDECK_HTTP__TRUSTED_PROXIES", "0.0.0.0/0", "http.trusted_proxies"),
        ("QUARTERDECK_HTTP__PUBLIC_URL", "http://deck.example.org", "http.public_url"),
        ("QUARTERDECK_HTTP__ENFORCE_HTTPS", "false", "http.enforce_https"),
        ("QUARTERDECK_HTTP__HSTS", "false", "http.hsts"),
        ("QUARTERDECK_SESSION__COOKIE_SECURE", "false", "session.cookie_secure"),
        ("QUARTERDECK_DATABASE__PROCESSES", "2", "database.processes"),
        ("QUARTERDECK_DATABASE__SQLITE_SYNCHRONOUS", "NORMAL", "database.sqlite_synchronous"),
        ("QUARTERDECK_LOG__FILTER", "info,quarterdeck=debug", "log.filter"),
        ("QUARTERDECK_MAIL__TRANSPORT", "off", "mail.transport"),
        ("QUARTERDECK_PROFILE", "development", "profile"),
    ] {
        let told = check_deploy(&folder, &[(variable, value)]);
        fails(&told, &format!("unsafe  {option} "), "unsafe for production");
    }
    let all = folder.run(&["check", "--deploy"]);
    fails(&all, "unsafe  secret ", "things are unsafe for production");
}

#[test]
fn check_deploy_asks_the_database_for_the_demo() {
    let folder = Folder::new();
    folder.run(&["migrate"]).succeeds();
    folder.run(&["init-data"]).succeeds();
    let before = check_deploy(&folder, &[]);
    assert!(!before.out.contains("demo"), "{}", before.out);
    folder.run(&["create-admin", "eva@harbour.example", "Eva", "correct horse battery"]).succeeds();
    let told = check_deploy(&folder, &[]);
    fails(&told, "unsafe  people ", "unsafe for production");
    fails(&told, "Eva may do everything and log in with a password alone", "unsafe for production");
}

#[test]
fn https_cannot_be_enforced_where_nobody_could_tell_it() {
    let folder = Folder::new();
    let alone = ["check", "--set", "http.enforce_https=true"];
    folder.run(&alone).fails_with("http.enforce_https: needs http.trusted_proxies");
    let proxied = [&alone[..], &["--set", "http.trusted_proxies=10.0.0.1"]].concat();
    folder.run(&proxied).fails_with("http.enforce_https: needs an http.public_url that begins with https://");
    let shown = folder.run_in(&SAFE, &["config", "show"]).succeeds();
    let line = shown.out.lines().find(|line| line.starts_with("http.enforce_https")).unwrap();
    assert!(line.contains("true") && line.contains("QUARTERDECK_HTTP__TRUSTED_PROXIES"), "{line}");
}
