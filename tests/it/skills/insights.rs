//! The pictures: their pages with the tables of numbers, the SVG files, and what cannot be drawn.

use super::finder::{in_order, rate};
use super::skill;
use crate::support::{Answer, TestApp, on_every_database, places};
use poem::http::StatusCode;
use quarterdeck::sql;

async fn require(app: &TestApp, person: i64, skill: i64, level: i64) {
    let query = app.app.db.q(sql!("INSERT INTO requirements (person_id, skill_id, level) VALUES (?, ?, ?)"));
    query.bind(person).bind(skill).bind(level * 100).execute().await.unwrap();
    let query =
        app.app.db.q(sql!("INSERT INTO requirement_events (person_id, skill_id, at, level) VALUES (?, ?, 0, ?)"));
    query.bind(person).bind(skill).bind(level * 100).execute().await.unwrap();
    app.app.cache.clear();
}

async fn category(app: &TestApp) -> i64 {
    app.count(sql!("SELECT id FROM skill_categories WHERE name = 'Workshop'")).await
}

/// A picture with a policy of its own, under which it shows its style and nothing else can run.
#[track_caller]
fn is_picture(answer: &Answer) -> &Answer {
    answer.has_status(StatusCode::OK);
    assert_eq!(answer.header("content-type"), "image/svg+xml");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && policy.ends_with("; sandbox"), "{policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    answer.shows("<svg xmlns=\"http://www.w3.org/2000/svg\"").shows("</svg>").hides("<script").hides("style=")
}

#[tokio::test]
async fn gaps_are_counted_by_team_and_category() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let yard = app.team("Yard").await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let filing = skill(app, "Office", "Filing", "0–4").await;
        ada.get("/skills/insights").await.has_status(StatusCode::OK).is_page().shows("Nothing is required yet");
        for (name, level, lapsed) in [
            ("Met", "3", false),
            ("Below", "2", false),
            ("Lapsed", "4", true),
            ("Needless", "n/a", false),
            ("Unrated", "", false),
        ] {
            let person = app.person(name, Some(yard)).await;
            require(app, person, welding, 3).await;
            if !level.is_empty() {
                rate(&ada, person, welding, level, "").await;
            }
            let query = app.app.db.q(sql!("UPDATE ratings SET lapsed = ? WHERE person_id = ?"));
            query.bind(lapsed).bind(person).execute().await.unwrap();
        }
        let olaf = app.person("Olaf", None).await;
        require(app, olaf, filing, 1).await;
        let page = ada.get("/skills/insights").await;
        page.shows("<strong>4</strong> gaps in <strong>6</strong> requirements");
        page.shows(&format!(
            "href=\"/skills?gaps=yes&amp;mode=gap&amp;team={yard}&amp;category={}",
            category(app).await
        ));
        in_order(
            &page,
            &["heat-map.svg", "Yard", "3<small class=\"quiet\"> / 5", "Without a team", "1<small class=\"quiet\"> / 1"],
        );
        let narrowed = ada.get(&format!("/skills/insights?team={yard}&category=&as_of=")).await;
        narrowed.shows("<strong>3</strong> gaps in <strong>5</strong>").hides("Without a team");
        is_picture(&ada.get("/skills/insights/heat-map.svg").await).shows(">Yard<").shows(">Workshop<");
        ada.fragment("/skills/insights").await.is_fragment().shows("heat-map.svg");
    })
    .await;
}

#[tokio::test]
async fn a_past_day_is_measured_by_what_was_said_then() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let yara = app.person("Yara", None).await;
        require(app, yara, welding, 3).await;
        rate(&ada, yara, welding, "1", "").await;
        app.app.clock.advance(5 * 24 * 3_600_000);
        let ada = app.visit_as(ada.person_id).await;
        let cell = format!("/skills/ratings/{yara}/{welding}");
        ada.post_fragment(&cell, &[("level", "4"), ("version", "1")]).await.has_status(StatusCode::OK);
        ada.get("/skills/insights").await.shows("<strong>0</strong> gaps in <strong>1</strong>");
        ada.get("/skills/insights?as_of=2026-11-21")
            .await
            .shows("<strong>1</strong> gaps")
            .shows("what was asked for then");
        ada.get("/skills/insights/coverage").await.shows("100 %");
        ada.get("/skills/insights/coverage?as_of=2026-11-21").await.shows("0 %").hides("100 %");
        for path in ["/skills/insights", "/skills/insights/coverage", "/skills/insights/radar"] {
            let before = ada.get(&format!("{path}?as_of=2026-11-01")).await;
            before
                .has_status(StatusCode::OK)
                .shows("The history begins on 2026-11-20, so nothing is known of 2026-11-01.");
            let wrong = ada.get(&format!("{path}?as_of=2026-13-01")).await;
            wrong.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("is no date").shows("value=\"2026-13-01\"");
        }
        let trend = format!("/skills/insights/trend?skill={welding}&as_of=2026-11-01");
        ada.get(&trend).await.has_status(StatusCode::OK).shows("The history begins on 2026-11-20");
    })
    .await;
}

#[tokio::test]
async fn coverage_shows_the_lowest_first_and_leads_to_who_knows_it() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let filing = skill(app, "Workshop", "Filing", "0–4").await;
        ada.get("/skills/insights/coverage").await.has_status(StatusCode::OK).shows("Nothing is required here");
        for (name, weld) in [("Able", "3"), ("Unable", "1")] {
            let person = app.person(name, None).await;
            require(app, person, welding, 2).await;
            require(app, person, filing, 1).await;
            rate(&ada, person, welding, weld, "").await;
            rate(&ada, person, filing, "1", "").await;
        }
        let page = ada.get("/skills/insights/coverage").await;
        page.shows("<strong>1</strong> of <strong>2</strong> demands are covered");
        in_order(&page, &["Welding", "50 %", &format!("/skills/finder?skill={welding}"), "Filing", "100 %"]);
        is_picture(&ada.get("/skills/insights/coverage.svg").await).shows(">1 of 2<").shows(">2 of 2<");
        let yard = app.team("Yard").await;
        let form = [("skill", "Welding"), ("level", "3"), ("at_least", "3")];
        ada.post_fragment(&format!("/skills/targets/teams/{yard}"), &form).await.has_status(StatusCode::OK);
        let page = ada.get(&format!("/skills/insights/coverage?team={yard}")).await;
        in_order(&page, &["Welding", "Team Yard", "/skills/coverage/", "Nobody"]);
        ada.get("/skills/insights/coverage").await.shows("<strong>1</strong> of <strong>2</strong> demands");
        is_picture(&ada.get("/skills/insights/coverage.svg").await).shows(">Welding · Team Yard<").shows(">0 of 3<");
    })
    .await;
}

#[tokio::test]
async fn people_are_compared_with_the_mean_of_their_team() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let yard = app.team("Yard").await;
        let (yara, yuri) = (app.person("Yara", Some(yard)).await, app.person("Yuri", Some(yard)).await);
        for (name, first, second) in [("Welding", "4", "1"), ("Filing", "2", ""), ("Drilling", "1", "3")] {
            let skill = skill(app, "Workshop", name, "0–4").await;
            rate(&ada, yara, skill, first, "").await;
            if !second.is_empty() {
                rate(&ada, yuri, skill, second, "").await;
            }
        }
        let place = format!("category={}&person={yara}&person=&person={yara}", category(app).await);
        let page = ada.get(&format!("/skills/insights/radar?{place}")).await;
        page.has_status(StatusCode::OK).is_page().shows("Mean of Yard");
        in_order(
            &page,
            &[
                "Drilling",
                "2.0<small class=\"quiet\"> of 2",
                "Filing",
                "2.0<small class=\"quiet\"> of 1",
                "Welding",
                "2.5",
            ],
        );
        let picture = ada.get(&format!("/skills/insights/radar.svg?{place}")).await;
        is_picture(&picture).shows("class=\"mean\"").shows("class=\"c c1\"").hides("class=\"c c2\"").shows(">Yara<");
        ada.get("/skills/insights/radar").await.has_status(StatusCode::OK).shows("Whom do you want to see?");
        ada.get("/skills/insights/radar?person=9999").await.has_status(StatusCode::NOT_FOUND);
        ada.get("/skills/insights/radar?team=9999").await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_radar_of_somebody_who_left_or_of_too_many_is_refused() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    skill(&app, "Workshop", "Welding", "0–4").await;
    let gone = app.person("Greta Gone", None).await;
    app.app.db.q(sql!("UPDATE people SET active = FALSE WHERE name = 'Greta Gone'")).execute().await.unwrap();
    let address = format!("category={}&person={gone}", category(&app).await);
    let page = ada.get(&format!("/skills/insights/radar?{address}")).await;
    page.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page();
    page.shows("Greta Gone is no longer active, so there is no radar of them.").hides("radar.svg");
    ada.get(&format!("/skills/insights/radar.svg?{address}")).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
    let many: Vec<String> = (1..=6).map(|id| format!("person={id}")).collect();
    let page = ada.get(&format!("/skills/insights/radar?{}", many.join("&"))).await;
    page.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("A radar shows at most 5 people.");
    app.stop().await;
}

#[tokio::test]
async fn two_skills_make_no_radar_but_a_table() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let yara = app.person("Yara", None).await;
    let welding = skill(&app, "Workshop", "Welding", "0–4").await;
    rate(&ada, yara, welding, "4", "").await;
    let address = format!("category={}&person={yara}", category(&app).await);
    let page = ada.get(&format!("/skills/insights/radar?{address}")).await;
    page.has_status(StatusCode::OK).shows("A radar needs three skills at least.").shows("Welding").hides("radar.svg");
    ada.get(&format!("/skills/insights/radar.svg?{address}")).await.has_status(StatusCode::NOT_FOUND);
    app.stop().await;
}

#[tokio::test]
async fn a_skill_is_followed_month_by_month() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let (yara, yuri) = (app.person("Yara", None).await, app.person("Yuri", None).await);
        ada.get("/skills/insights/trend").await.has_status(StatusCode::OK).is_page().shows("Which skill?");
        ada.get("/skills/insights/trend?skill=Welding").await.shows("No history yet");
        rate(&ada, yara, welding, "2", "").await;
        app.app.clock.advance(20 * 24 * 3_600_000);
        let ada = app.visit_as(ada.person_id).await;
        rate(&ada, yuri, welding, "3", "").await;
        let page = ada.get("/skills/insights/trend?skill=welding&team=&as_of=").await;
        in_order(&page, &["December 2026", "2.5", ">2<", "November 2026", "2.0", ">1<"]);
        page.shows("as_of=2026-11-30").shows("value=\"Welding\"");
        is_picture(&ada.get(&format!("/skills/insights/trend.svg?skill={welding}")).await)
            .shows("Dec 26")
            .shows("<polyline");
        let wrong = ada.get("/skills/insights/trend?skill=Weldin").await;
        wrong.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Did you mean Welding?").shows("value=\"Weldin\"");
        ada.get("/skills/insights/trend.svg?skill=9999").await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn a_change_is_seen_in_the_next_picture() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let welding = skill(&app, "Workshop", "Welding", "0–4").await;
    let yara = app.person("Yara", None).await;
    require(&app, yara, welding, 2).await;
    ada.get("/skills/insights").await.shows("<strong>1</strong> gaps");
    rate(&ada, yara, welding, "3", "").await;
    ada.get("/skills/insights").await.shows("<strong>0</strong> gaps");
    app.stop().await;
}

#[tokio::test]
async fn names_are_text_in_pictures_too() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let team = app.team("R&D <b>").await;
    let welding = skill(&app, "A < B & C", "Welding", "0–4").await;
    let yara = app.person("Yara", Some(team)).await;
    require(&app, yara, welding, 2).await;
    let picture = ada.get("/skills/insights/heat-map.svg").await;
    is_picture(&picture).shows("R&amp;D &lt;b&gt;").shows("A &lt; B &amp; C").hides("<b>");
    app.stop().await;
}

#[tokio::test]
async fn pictures_are_for_those_who_may_see_the_matrix() {
    let app = TestApp::sqlite().await;
    let outsider = app.person("Out Sider", None).await;
    let outsider = app.visit_as(outsider).await;
    let names = ["", "/heat-map.svg", "/coverage", "/coverage.svg", "/radar", "/radar.svg", "/trend", "/trend.svg"];
    for name in names {
        let path = format!("/skills/insights{name}");
        outsider.get(&path).await.has_status(StatusCode::FORBIDDEN).is_page();
        outsider.fragment(&path).await.has_status(StatusCode::FORBIDDEN).is_fragment();
        app.stranger().get(&path).await.has_status(StatusCode::SEE_OTHER);
    }
    app.stop().await;
}

/// With teams apart, people find and see drawn what the matrix shows them, and no more.
#[tokio::test]
async fn what_somebody_may_not_see_is_in_no_picture_and_no_search() {
    for place in places().into_iter().filter(|place| !place.redis) {
        let app = TestApp::start_with(place, &["skills.visibility=team"]).await;
        let ada = app.administrator().await;
        let (yard, office) = (app.team("Yard").await, app.team("Office").await);
        let mia = app.sign_in("member", "Mia Member", Some(yard)).await;
        let olga = app.person("Olga Other", Some(office)).await;
        let welding = skill(&app, "Workshop", "Welding", "0–4").await;
        for person in [mia.person_id, olga] {
            rate(&ada, person, welding, "2", "").await;
            require(&app, person, welding, 3).await;
        }
        let search = format!("/skills/finder?skill={welding}&level=2");
        ada.get(&search).await.shows(">Olga Other<");
        mia.get(&search).await.has_status(StatusCode::OK).shows(">Mia Member<").hides("Olga Other");
        mia.get(&format!("{search}&as_of=2026-11-19")).await.has_status(StatusCode::OK).hides("Olga Other");
        ada.get("/skills/insights").await.shows("<strong>2</strong> gaps");
        mia.get("/skills/insights").await.shows("<strong>1</strong> gaps").hides("<th scope=\"row\">Office");
        mia.get("/skills/insights/heat-map.svg").await.hides(">Office<");
        mia.get("/skills/insights/coverage")
            .await
            .shows("<td class=\"number\">1</td>")
            .hides("<td class=\"number\">2</td>");
        ada.get(&format!("/skills/insights/trend?skill={welding}")).await.shows(">2</a>");
        mia.get(&format!("/skills/insights/trend?skill={welding}")).await.shows(">1</a>").hides(">2</a>");
        mia.get(&format!("/skills/insights/radar?person={olga}")).await.has_status(StatusCode::NOT_FOUND);
        mia.get(&format!("/skills/insights/radar?team={office}")).await.has_status(StatusCode::OK).hides("Olga Other");
        mia.get("/skills/print").await.shows("Mia Member").hides("Olga Other");
        app.stop().await;
    }
}
