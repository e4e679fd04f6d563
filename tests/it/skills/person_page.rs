//! The rest of a person's page: own and confirmed side by side, certificates, days before, and the history.

use super::skill;
use crate::support::{Answer, TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// What the form of one skill sends, with other values for some of its fields.
async fn send(visitor: &Visitor<'_>, person: i64, skill: i64, version: i64, changed: &[(&str, &str)]) -> Answer {
    let usual = [
        ("level", ""),
        ("interest", ""),
        ("note", ""),
        ("was", "||"),
        ("evidence", ""),
        ("valid_until", ""),
        ("further", "|||"),
    ];
    let mut fields: Vec<(String, String)> = vec![(format!("version-{skill}"), version.to_string())];
    for (name, value) in usual {
        let value = changed.iter().find(|(other, _)| *other == name).map_or(value, |(_, value)| value);
        fields.push((format!("{name}-{skill}"), value.to_owned()));
    }
    let further = changed.iter().filter(|(name, _)| !usual.iter().any(|(other, _)| other == name));
    fields.extend(further.map(|(name, value)| (format!("{name}-{skill}"), (*value).to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.post(&format!("/skills/people/{person}/ratings?category={}", 0), &fields).await
}

fn page(person: i64) -> String {
    format!("/skills/people/{person}")
}

#[tokio::test]
async fn own_and_confirmed_levels_stand_side_by_side() {
    on_every_database(async |app| {
        let yard = app.team("Yard").await;
        let mia = app.sign_in("member", "Mia Member", Some(yard)).await;
        let lea = app.sign_in("lead", "Lea Lead", Some(yard)).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let query = app.app.db.q(sql!("INSERT INTO requirements (person_id, skill_id, level) VALUES (?, ?, 300)"));
        query.bind(mia.person_id).bind(welding).execute().await.unwrap();
        send(&mia, mia.person_id, welding, 0, &[("level", "4")]).await.has_status(StatusCode::SEE_OTHER);
        mia.get(&page(mia.person_id)).await.shows(">met<").hides("1 gap");
        lea.get(&page(mia.person_id)).await.shows("confirm-");
        send(&lea, mia.person_id, welding, 1, &[("level", "2"), ("was", "4||")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        let seen = mia.get(&page(mia.person_id)).await;
        seen.shows("value=\"4\" selected")
            .shows("class=\"level lq2\">2<")
            .shows("Lea Lead")
            .shows(">near<")
            .shows("1 gap");
        lea.get(&page(mia.person_id))
            .await
            .shows("class=\"level lq4\">4<")
            .shows("Plan training")
            .shows("Ask for an assessment");
        mia.get(&page(mia.person_id)).await.hides("Plan training").shows("Who sees this");
        // What stands there is confirmed on purpose.
        let ben = app.sign_in("member", "Ben Berg", Some(yard)).await;
        send(&ben, ben.person_id, welding, 0, &[("level", "1")]).await.has_status(StatusCode::SEE_OTHER);
        send(&lea, ben.person_id, welding, 1, &[("level", "1"), ("was", "1||"), ("confirm", "1")]).await;
        assert_eq!(
            app.count(sql!("SELECT COUNT(*) FROM ratings WHERE validated_level = 100 AND self_level = 100")).await,
            1
        );
    })
    .await;
}

#[tokio::test]
async fn a_certificate_has_evidence_and_a_day_to_come() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let forklift = skill(app, "Licences", "Forklift", "0–4").await;
        let refused = async |changed: &[(&str, &str)], text: &str| {
            let answer = send(&mia, mia.person_id, forklift, 0, changed).await;
            answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(text);
        };
        refused(&[("level", "3"), ("valid_until", "2026-11-19")], "2026-11-19 is past").await;
        refused(&[("level", "3"), ("valid_until", "never")], "is no date").await;
        refused(&[("level", "3"), ("evidence", "javascript:alert(1)")], "begins with https").await;
        let good = [("level", "3"), ("evidence", "https://lms.example/c/7"), ("valid_until", "2026-12-04")];
        send(&mia, mia.person_id, forklift, 0, &good).await.has_status(StatusCode::SEE_OTHER);
        mia.get(&page(mia.person_id)).await.shows("expires in 14 days").shows("href=\"https://lms.example/c/7\"");
        // Once it has expired it is kept, whatever else is changed.
        app.app.clock.advance(20 * DAY_MS);
        let mia = app.visit_as(mia.person_id).await;
        let kept = [
            ("level", "3"),
            ("note", "Renewal booked"),
            ("was", "3||"),
            ("evidence", "https://lms.example/c/7"),
            ("valid_until", "2026-12-04"),
            ("further", "https://lms.example/c/7|2026-12-04||"),
        ];
        send(&mia, mia.person_id, forklift, 1, &kept).await.has_status(StatusCode::SEE_OTHER);
        mia.get(&page(mia.person_id)).await.shows("expired 6 days ago").shows("Renewal booked");
    })
    .await;
}

fn suspension<'a>(until: &'a str, reason: &'a str) -> [(&'a str, &'a str); 3] {
    [("level", "3"), ("suspended_until", until), ("suspension_reason", reason)]
}

#[tokio::test]
async fn a_suspension_has_a_reason_and_is_nobodys_own() {
    on_every_database(async |app| {
        let yard = app.team("Yard").await;
        let mia = app.sign_in("member", "Mia Member", Some(yard)).await;
        let lea = app.sign_in("lead", "Lea Lead", Some(yard)).await;
        let forklift = skill(app, "Licences", "Forklift", "0–4").await;
        let refused = async |until: &str, reason: &str, text: &str| {
            let answer = send(&lea, mia.person_id, forklift, 0, &suspension(until, reason)).await;
            answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(text);
        };
        refused("2026-12-01", "", "Say why").await;
        refused("", "Hand injury", "Give the last day").await;
        refused("2026-11-01", "Hand injury", "is past").await;
        send(&mia, mia.person_id, forklift, 0, &suspension("2026-12-01", "Mine"))
            .await
            .has_status(StatusCode::FORBIDDEN);
        mia.get(&page(mia.person_id)).await.hides("suspension_reason");
        send(&lea, mia.person_id, forklift, 0, &suspension("2026-12-01", "Hand injury"))
            .await
            .has_status(StatusCode::SEE_OTHER);
        mia.get(&page(mia.person_id)).await.shows("suspended until 2026-12-01").shows("Hand injury");
    })
    .await;
}

#[tokio::test]
async fn the_page_shows_a_day_before_and_takes_nothing_then() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        send(&mia, mia.person_id, welding, 0, &[("level", "1"), ("note", "At first")]).await;
        app.app.clock.advance(10 * DAY_MS);
        let mia = app.visit_as(mia.person_id).await;
        send(&mia, mia.person_id, welding, 1, &[("level", "3"), ("note", "Later"), ("was", "1||At first")]).await;
        let at = |day: &str| format!("/skills/people/{}?as_of={day}", mia.person_id);
        let then = mia.get(&at("2026-11-25")).await;
        then.has_status(StatusCode::OK).shows("As it was at the end of 2026-11-25").shows("At first").hides("Later");
        then.hides("Save this category").shows("Back to today").shows("1/1");
        mia.get(&at("2026-11-30")).await.shows("Later").shows("Save this category");
        // Before the first event there was nothing, and that is no mistake.
        let before = mia.get(&at("2026-11-01")).await;
        before.has_status(StatusCode::OK).shows("0/1").hides("At first").shows("As it was at the end of 2026-11-01");
        for wrong in ["2026-13-01", "yesterday", "2027-01-01"] {
            mia.get(&at(wrong)).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        }
    })
    .await;
}

#[tokio::test]
async fn the_history_tells_who_when_how_and_what() {
    on_every_database(async |app| {
        let yard = app.team("Yard").await;
        let mia = app.sign_in("member", "Mia Member", Some(yard)).await;
        let lea = app.sign_in("lead", "Lea Lead", Some(yard)).await;
        let (welding, filing) =
            (skill(app, "Workshop", "Welding", "0–4").await, skill(app, "Workshop", "Filing", "0–4").await);
        send(&mia, mia.person_id, welding, 0, &[("level", "1"), ("note", "<b>MIG</b>")]).await;
        app.app.clock.advance(DAY_MS);
        let (mia, lea) = (app.visit_as(mia.person_id).await, app.visit_as(lea.person_id).await);
        let cell = format!("/skills/ratings/{}/{welding}", mia.person_id);
        lea.post_fragment(&cell, &[("level", "3"), ("version", "1")]).await.has_status(StatusCode::OK);
        send(&mia, mia.person_id, filing, 0, &[("level", "2")]).await;
        let history = mia.get(&format!("/skills/people/{}/skills/{welding}/history", mia.person_id)).await;
        history
            .has_status(StatusCode::OK)
            .is_page()
            .shows("confirmed level")
            .shows("Lea Lead")
            .shows("in the matrix")
            .shows("2026-11-21");
        history.shows("own level").shows("on a page").shows("&lt;b&gt;MIG").hides("Filing").shows("1–2 of 2");
        let all = mia.fragment(&format!("/skills/people/{}/history", mia.person_id)).await;
        all.is_fragment().shows("Filing").shows("Welding").shows("1–3 of 3");
        lea.get(&format!("/skills/people/{}/history", lea.person_id)).await.shows("Nothing yet");
        mia.get("/skills/people/999/history").await.has_status(StatusCode::NOT_FOUND);
        mia.get(&format!("/skills/people/{}/skills/999/history", mia.person_id))
            .await
            .has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_history_of_others_is_as_hidden_as_their_ratings() {
    let app = TestApp::start_with(crate::support::places()[0], &["skills.visibility=team"]).await;
    let mia = app.sign_in("member", "Mia Member", Some(app.team("Yard").await)).await;
    let olga = app.sign_in("member", "Olga Other", Some(app.team("Office").await)).await;
    let (welding, filing) =
        (skill(&app, "Workshop", "Welding", "0–4").await, skill(&app, "Workshop", "Filing", "0–4").await);
    for skill in [welding, filing] {
        send(&olga, olga.person_id, skill, 0, &[("level", "1")]).await.has_status(StatusCode::SEE_OTHER);
    }
    let address = format!("/skills/people/{}/history", olga.person_id);
    mia.get(&address).await.has_status(StatusCode::NOT_FOUND);
    let query = app.app.db.q(sql!("UPDATE skills SET owner_id = ? WHERE id = ?"));
    query.bind(mia.person_id).bind(welding).execute().await.unwrap();
    app.app.publish(quarterdeck::plugins::skills::CATALOGUE_TOPIC, "*").await;
    mia.get(&address).await.has_status(StatusCode::OK).shows("Welding").hides("Filing");
    mia.get(&format!("/skills/people/{}/skills/{filing}/history", olga.person_id))
        .await
        .has_status(StatusCode::NOT_FOUND);
    mia.get(&format!("/skills/people/{}?as_of=2026-11-20", olga.person_id)).await.shows("Welding").hides("Filing");
    app.stop().await;
}
