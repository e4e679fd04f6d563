//! The modes of the matrix, and the filters that ask for levels and gaps.

use super::skill;
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What the targets ask of a person, as the targets' own part writes it.
async fn require(app: &TestApp, person: i64, skill: i64, level: i64) {
    let query = app.app.db.q(sql!("INSERT INTO requirements (person_id, skill_id, level) VALUES (?, ?, ?)"));
    query.bind(person).bind(skill).bind(level * 100).execute().await.unwrap();
    app.app.publish(quarterdeck::plugins::skills::CATALOGUE_TOPIC, "*").await;
}

#[tokio::test]
async fn gaps_are_told_by_shape_and_by_both_levels() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let yard = app.team("Yard").await;
        let (ben, cleo) = (app.person("Ben Berg", Some(yard)).await, app.person("Cleo Cruz", None).await);
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        for (person, level) in [(ben, "2"), (cleo, "3")] {
            let cell = format!("/skills/ratings/{person}/{welding}");
            ada.post_fragment(&cell, &[("level", level), ("was", "")]).await.has_status(StatusCode::OK);
            require(app, person, welding, 3).await;
        }
        let page = ada.get("/skills?mode=gap").await;
        page.has_status(StatusCode::OK).is_page().shows("<td class=\"near\">2<small>3</small></td>");
        page.shows("<td class=\"met\">3<small>3</small></td>")
            .shows("Met / asked for")
            .shows("aria-current=\"true\">Gaps");
        // A saved cell is answered in the mode that it is seen in, with the sums of that mode.
        let cell = format!("/skills/ratings/{ben}/{welding}?mode=gap&team={yard}");
        let saved = ada.post_fragment(&cell, &[("level", "1"), ("was", "2")]).await;
        saved
            .has_status(StatusCode::OK)
            .shows("class=\"gap flash-changed\">1<small>3</small>")
            .shows(">0/1</hx-partial>");
        let saved = ada.post_fragment(&cell, &[("level", "n/a"), ("was", "1")]).await;
        saved.shows("class=\"met flash-changed\">n/a<small>3</small>").shows(">1/1</hx-partial>");
    })
    .await;
}

#[tokio::test]
async fn only_those_with_a_gap_or_a_level_are_left() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let yard = app.team("Yard").await;
        let (ben, cleo) = (app.person("Ben Berg", Some(yard)).await, app.person("Cleo Cruz", None).await);
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let filing = skill(app, "Office", "Filing", "0–4").await;
        require(app, ben, welding, 3).await;
        require(app, cleo, filing, 1).await;
        for (person, skill, level) in [(ben, welding, "2"), (ben, filing, "4"), (cleo, filing, "1")] {
            ada.post_fragment(&format!("/skills/ratings/{person}/{skill}"), &[("level", level), ("was", "")]).await;
        }
        let gaps = ada.get("/skills?gaps=yes").await;
        gaps.shows(">Ben Berg<")
            .hides(">Cleo Cruz<")
            .shows("<span>Welding")
            .hides("<span>Filing")
            .shows("Without Gaps only");
        let able = ada.get("/skills?level=2").await;
        able.shows(">Ben Berg<")
            .hides(">Cleo Cruz<")
            .shows("<span>Welding")
            .shows("<span>Filing")
            .shows("Level 2 or more");
        let exactly = ada.get("/skills?level=1&rule=exact").await;
        exactly.shows(">Cleo Cruz<").hides(">Ben Berg<").shows("<span>Filing").hides("<span>Welding");
        ada.get("/skills?level=3&skill=weld").await.shows("Nothing fits");
        ada.get(&format!("/skills?level=1&team={yard}")).await.shows(">Ben Berg<").hides(">Cleo Cruz<");
        // A rating that is changed changes who is left.
        ada.post_fragment(&format!("/skills/ratings/{ben}/{welding}"), &[("level", "3"), ("was", "2")]).await;
        ada.get("/skills?gaps=yes").await.shows("Nothing fits");
    })
    .await;
}

#[tokio::test]
async fn interest_has_a_grid_of_its_own() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let cell = format!("/skills/ratings/{}/{welding}", ada.person_id);
        ada.post_fragment(&cell, &[("level", "0"), ("interest", "3"), ("version", "0")])
            .await
            .has_status(StatusCode::OK);
        let page = ada.get("/skills?mode=interest").await;
        page.shows("<td class=\"keen3\">3</td>").shows("Keen / asked").shows("<td class=\"sum\">1/1</td>");
    })
    .await;
}

#[tokio::test]
async fn ages_grow_with_the_days() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let welding = skill(&app, "Workshop", "Welding", "0–4").await;
    let cell = format!("/skills/ratings/{}/{welding}", ada.person_id);
    ada.post_fragment(&cell, &[("level", "2"), ("version", "0")]).await.has_status(StatusCode::OK);
    ada.get("/skills?mode=age").await.shows("<td class=\"age1\">0d</td>").shows("<td class=\"sum\">0/1</td>");
    // Sessions end before a year is over, so that Ada comes back.
    for (days, shown) in
        [(100, "<td class=\"age2\">3m</td>"), (300, "<td class=\"age3\">13m</td>"), (400, "<td class=\"age4\">2y</td>")]
    {
        app.app.clock.advance(days * DAY_MS);
        let ada = app.visit_as(ada.person_id).await;
        ada.get("/skills?mode=age").await.has_status(StatusCode::OK).shows(shown);
    }
    app.stop().await;
}

#[tokio::test]
async fn an_unknown_mode_is_the_usual_one() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    skill(&app, "Workshop", "Welding", "0–4").await;
    ada.get("/skills?mode=upside-down").await.has_status(StatusCode::OK).shows("aria-current=\"true\">Level");
    ada.fragment("/skills/window?mode=gap").await.has_status(StatusCode::OK).is_fragment().shows("Met / asked for");
    app.stop().await;
}

#[tokio::test]
async fn a_column_that_too_few_people_have_says_so_where_gaps_are() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (yard, quay) = (app.team("Yard").await, app.team("Quay").await);
        let ben = app.person("Ben Berg", Some(yard)).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        skill(app, "Workshop", "Filing", "0–4").await;
        for (team, skill, at_least) in [(yard, "Welding", "2"), (quay, "Filing", "1")] {
            let target = [("skill", skill), ("level", "3"), ("at_least", at_least)];
            ada.post_fragment(&format!("/skills/targets/teams/{team}"), &target).await.has_status(StatusCode::OK);
        }
        let nobody = "<b class=\"short none\" title=\"Team Yard: 0 of 2, nobody\">✕";
        ada.get("/skills?mode=gap")
            .await
            .shows(nobody)
            .shows("Team Quay: 0 of 1, nobody")
            .shows("a single point of failure");
        ada.get(&format!("/skills?mode=gap&team={yard}")).await.shows(nobody).hides("Team Quay:");
        ada.get("/skills").await.hides("class=\"short").shows("not rated yet");
        // A saved cell brings what stands above its column.
        let cell = format!("/skills/ratings/{ben}/{welding}?mode=gap");
        let saved = ada.post_fragment(&cell, &[("level", "3"), ("was", "")]).await;
        saved.shows("<b class=\"short one\" title=\"Team Yard: 1 of 2, single point of failure\">▲");
        app.app.clock.advance(2 * DAY_MS);
        let ada = app.visit_as(ada.person_id).await;
        let cell = format!("/skills/ratings/{}/{welding}", app.person("Cleo Cruz", Some(yard)).await);
        ada.post_fragment(&cell, &[("level", "4"), ("was", "")]).await.has_status(StatusCode::OK);
        ada.get("/skills?mode=gap").await.hides("Team Yard:").shows("Team Quay: 0 of 1, nobody");
        ada.get("/skills?mode=gap&as_of=2026-11-20").await.shows("Team Yard: 1 of 2, single point of failure");
    })
    .await;
}
