//! The matrix page and its windows.

use super::skill;
use crate::support::{TestApp, everywhere, on_every_database};
use poem::http::{Method, StatusCode};
use quarterdeck::events::News;
use quarterdeck::plugins::skills::CATALOGUE_TOPIC;
use quarterdeck::sql;

#[tokio::test]
async fn an_empty_matrix_says_what_to_do() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    ada.get("/skills").await.has_status(StatusCode::OK).is_page().shows("No matrix yet").shows("/skills/imports");
    ada.get("/").await.has_status(StatusCode::OK).shows("Open the matrix");
    app.stop().await;
}

#[tokio::test]
async fn people_stand_by_team_and_skills_by_category() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (yard, office) = (app.team("Yard").await, app.team("Office").await);
        app.person("Yara", Some(yard)).await;
        app.person("Olaf", Some(office)).await;
        skill(app, "Workshop", "Welding", "0–4").await;
        skill(app, "Administration", "Filing", "0–4").await;
        skill(app, "", "Singing", "0–4").await;
        let page = ada.get("/skills").await;
        page.has_status(StatusCode::OK).is_page().shows("aria-rowcount=\"9\"").shows("aria-colcount=\"5\"");
        in_order(
            page.text(),
            &[
                "<span>Administration",
                "<span>Workshop",
                "<span>Uncategorised",
                "Office",
                "Olaf",
                "Yard",
                "Yara",
                "Without a team",
                "Ada Admin",
            ],
        );
        ada.fragment("/skills").await.is_fragment().shows("id=\"grid\"");
    })
    .await;
}

#[tokio::test]
async fn filters_stand_in_the_address() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (yard, office) = (app.team("Yard").await, app.team("Office").await);
        let yara = app.person("Yara 100%", Some(yard)).await;
        let olaf = app.person("Olaf", Some(office)).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        skill(app, "Administration", "Filing", "0–4").await;
        for person in [yara, olaf] {
            ada.post_fragment(&format!("/skills/ratings/{person}/{welding}"), &[("level", "2"), ("version", "0")])
                .await;
        }
        ada.get(&format!("/skills?team={yard}&category=&person=&skill="))
            .await
            .shows("Yara")
            .hides(">Olaf<")
            .shows("1 · 2.0");
        ada.get("/skills").await.shows("2 · 2.0");
        ada.get("/skills?skill=weld").await.shows("Welding").hides("<span>Filing");
        ada.get("/skills?person=0%25").await.shows("Yara 100%").hides(">Olaf<");
        ada.get("/skills?person=nobody").await.has_status(StatusCode::OK).shows("Nothing fits").shows("Show all");
        ada.get("/skills?team=x&line=-5&lines=99999&column=abc").await.has_status(StatusCode::OK).shows("Yara");
    })
    .await;
}

#[tokio::test]
async fn a_large_matrix_comes_in_windows() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let yard = app.team("Yard").await;
    for number in 0..130 {
        app.person(&format!("Person {number:03}"), Some(yard)).await;
    }
    for number in 0..50 {
        skill(&app, "Workshop", &format!("Skill {number:03}"), "0–4").await;
    }
    let page = ada.get("/skills").await;
    page.shows("Person 000")
        .hides("Person 070")
        .shows("Skill 039")
        .hides("Skill 040")
        .shows("More people")
        .shows("More skills");
    let window = ada.fragment("/skills/window?line=60&column=40").await;
    window
        .has_status(StatusCode::OK)
        .is_fragment()
        .shows("Person 060")
        .hides("Person 000")
        .shows("Skill 049")
        .hides("Skill 000");
    window.shows("data-line=\"59\"").shows("data-column=\"40\"").shows("data-lines=\"133\"");
    for number in 130..260 {
        app.person(&format!("Person {number:03}"), Some(yard)).await;
    }
    app.app.cache.clear();
    ada.fragment("/skills/window?lines=100000&columns=100000").await.shows("Person 200").hides("Person 250");
    app.stop().await;
}

#[tokio::test]
async fn a_window_far_inside_shows_its_own_cells() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (mut welding, mut people) = (Vec::new(), Vec::new());
        // The ids of the first and the last category lie apart, and the window's between them belong to another.
        for (category, count) in [("Alloys", 12), ("Zinc", 20), ("Brass", 12), ("Zircon", 12)] {
            for number in 0..count {
                welding.push(skill(app, category, &format!("{category} {number:02}"), "0–4").await);
            }
        }
        for team in ["East", "North", "West"] {
            let team_id = app.team(team).await;
            for number in 0..24 {
                people.push(app.person(&format!("{team} {number:02}"), Some(team_id)).await);
            }
        }
        // The last of the alloys, the first and the sixth of zinc, the first of brass, the sixth of zircon; the last person.
        let last = people[people.len() - 1];
        for (skill, level) in [(11, "2"), (12, "3"), (17, "1"), (32, "4"), (49, "4")] {
            let cell = format!("/skills/ratings/{last}/{}", welding[skill]);
            ada.post_fragment(&cell, &[("level", level), ("version", "0")]).await.has_status(StatusCode::OK);
        }
        let window = ada.fragment("/skills/window?line=72&lines=60&column=11&columns=2").await;
        window.has_status(StatusCode::OK).shows("West 23").hides("East 23").shows("Alloys 11").shows("Brass 00");
        window
            .hides("Alloys 10")
            .hides("Brass 01")
            .hides("Zinc")
            .shows("lq2\">2</td>")
            .shows("lq4\">4</td>")
            .hides("lq3\">3</td>");
        let window = ada.fragment("/skills/window?lines=240&column=2&columns=30").await;
        window.shows("East 00").shows("West 23").shows("lq2\">2</td>").shows("lq4\">4</td>").shows("lq3\">3</td>");
        window.hides("Alloys 01").shows("Alloys 02").shows("Zinc 07").hides("Zinc 08");
        let window = ada.fragment("/skills/window?team=&skill=0&person=west&column=22&columns=5").await;
        window
            .shows("West 00")
            .hides("North 00")
            .shows("Zinc 00")
            .hides("Brass")
            .shows("lq3\">3</td>")
            .hides("lq4\">4</td>");
        // Ids that are scattered.
        let window = ada.fragment("/skills/window?person=west&skill=5").await;
        window.shows("Alloys 05").shows("Zinc 15").shows("Zircon 05").shows("lq1\">1</td>").shows("lq4\">4</td>");
        window.hides("lq2\">").hides("lq3\">");
    })
    .await;
}

#[tokio::test]
async fn archived_skills_are_absent() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        skill(app, "Workshop", "Soldering", "0–4").await;
        skill(app, "Administration", "Filing", "0–4").await;
        let cell = format!("/skills/ratings/{}/{welding}", ada.person_id);
        ada.post_fragment(&cell, &[("level", "4"), ("version", "0")]).await.has_status(StatusCode::OK);
        ada.get("/skills").await.shows("Welding").shows("aria-colcount=\"5\"");
        let query = app.app.db.q(sql!("UPDATE skills SET active = FALSE WHERE id = ?"));
        query.bind(welding).execute().await.unwrap();
        app.app.publish(CATALOGUE_TOPIC, "*").await;
        let page = ada.get("/skills").await;
        page.has_status(StatusCode::OK)
            .hides("Welding")
            .shows("Soldering")
            .shows("aria-colcount=\"4\"")
            .hides(">4</td>");
        ada.fragment("/skills/window?column=1").await.hides("Welding").shows("Soldering").hides("Filing");
        ada.get("/skills?skill=weld").await.shows("Nothing fits");
    })
    .await;
}

#[tokio::test]
async fn a_window_that_the_browser_has_is_not_sent_again() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let first = ada.fragment("/skills/window").await;
        let etag = first.header("etag").to_owned();
        assert_eq!(first.header("cache-control"), "private, no-cache");
        let again =
            ada.send(Method::GET, "/skills/window", &[("if-none-match", &format!("\"x\", W/{etag}"))], None).await;
        again.has_status(StatusCode::NOT_MODIFIED);
        assert!(again.bytes.is_empty());
        let cell = format!("/skills/ratings/{}/{welding}", ada.person_id);
        ada.post_fragment(&cell, &[("level", "4"), ("version", "0")]).await.has_status(StatusCode::OK);
        let changed = ada.send(Method::GET, "/skills/window", &[("if-none-match", &etag)], None).await;
        changed.has_status(StatusCode::OK).shows("class=\"lq4\">4</td>");
        let zstd = ada.send(Method::GET, "/skills/window", &[("accept-encoding", "zstd")], None).await;
        assert_eq!(zstd.header("content-encoding"), "zstd");
        assert!(zstd.header("vary").contains("Accept-Encoding") && zstd.header("vary").contains("HX-Request"));
    })
    .await;
}

#[tokio::test]
async fn a_change_at_one_process_is_seen_at_the_other() {
    everywhere(async |app| {
        if !app.place.redis {
            return;
        }
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let replica = app.replica().await;
        let there = replica.visitor(&ada);
        there.get("/skills").await.has_status(StatusCode::OK).shows("Welding").hides(">3</td>");
        let mut heard = replica.app.bus.subscribe();
        let cell = format!("/skills/ratings/{}/{welding}", ada.person_id);
        ada.post_fragment(&cell, &[("level", "3"), ("version", "0")]).await.has_status(StatusCode::OK);
        let changed = loop {
            if let News::Changed(message) = heard.recv().await.unwrap() {
                break message.change.id.clone();
            }
        };
        assert_eq!(changed, format!("{}:{welding}", ada.person_id));
        there.get("/skills").await.shows(">3</td>");
    })
    .await;
}

#[tokio::test]
async fn a_stranger_is_sent_to_the_log_in() {
    let app = TestApp::sqlite().await;
    app.stranger().get("/skills?team=3").await.leads_to("/login?next=%2Fskills%3Fteam%3D3");
    app.stranger().fragment("/skills/window").await.has_status(StatusCode::UNAUTHORIZED);
    let outsider = app.person("Out Sider", None).await;
    let outsider = app.visit_as(outsider).await;
    outsider.get("/skills").await.has_status(StatusCode::FORBIDDEN).is_page().shows("Not allowed");
    outsider.fragment("/skills/window").await.has_status(StatusCode::FORBIDDEN).is_fragment();
    app.stop().await;
}

#[track_caller]
fn in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let Some(at) = rest.find(part) else { panic!("{part:?} is missing or stands too early in:\n{text}") };
        rest = &rest[at..];
    }
}
