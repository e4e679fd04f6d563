//! The finder: who is found, in which order, what a row says, and what cannot be asked.

use super::skill;
use crate::support::{Answer, TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::sql;
use serde_json::Value;

/// Saves a rating as the matrix does; `interest` may be empty.
pub async fn rate(who: &Visitor<'_>, person: i64, skill: i64, level: &str, interest: &str) {
    let cell = format!("/skills/ratings/{person}/{skill}");
    let fields = [("level", level), ("interest", interest), ("note", ""), ("version", "0")];
    who.post_fragment(&cell, &fields).await.has_status(StatusCode::OK);
}

#[track_caller]
pub fn in_order(answer: &Answer, parts: &[&str]) {
    let mut rest = answer.text();
    for part in parts {
        let Some(at) = rest.find(part) else {
            panic!("{part:?} is missing or stands too early in:\n{}", answer.text())
        };
        rest = &rest[at..];
    }
}

#[tokio::test]
async fn exact_matches_stand_before_near_ones_and_say_what_is_missing() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let yard = app.team("Yard").await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let filing = skill(app, "Workshop", "Filing", "0–4").await;
        for (name, weld, interest, file) in [
            ("Zora Best", "4", "3", "3"),
            ("Anna Enough", "3", "2", "2"),
            ("Ben Unasked", "4", "", "4"),
            ("Cleo Short", "2", "2", "4"),
            ("Dora Single", "4", "2", ""),
            ("Emil Far", "1", "2", "1"),
        ] {
            let person = app.person(name, Some(yard)).await;
            rate(&ada, person, welding, weld, interest).await;
            rate(&ada, person, filing, file, "").await;
        }
        let query = format!("/skills/finder?skill={welding}&level=3&interest=2&skill={filing}&level=2");
        let page = ada.get(&query).await;
        page.has_status(StatusCode::OK).is_page().hides("Emil Far");
        in_order(
            &page,
            &[
                "Exact matches",
                "Zora Best",
                "Anna Enough",
                "Near matches",
                "Ben Unasked",
                "interest not said",
                "Cleo Short",
            ],
        );
        in_order(&page, &["Cleo Short", "one step below 3", "Dora Single", "not rated", "lacks 2"]);
        ada.fragment(&query).await.is_fragment().shows("Zora Best");
    })
    .await;
}

#[tokio::test]
async fn what_has_lapsed_is_near_and_said() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let (una, vera) = (app.person("Una Lapsed", None).await, app.person("Vera Valid", None).await);
        rate(&ada, una, welding, "4", "").await;
        rate(&ada, vera, welding, "3", "").await;
        let query = app.app.db.q(sql!("UPDATE ratings SET lapsed = TRUE WHERE person_id = ?"));
        query.bind(una).execute().await.unwrap();
        let page = ada.get(&format!("/skills/finder?skill={welding}&level=3")).await;
        in_order(&page, &["Exact matches", "Vera Valid", "Near matches", "Una Lapsed", "expired or suspended"]);
        let demanding = ada.get(&format!("/skills/finder?skill={welding}&level=4")).await;
        in_order(&demanding, &["Nobody has all of it", "Near matches", "Vera Valid", "one step below 4", "Una Lapsed"]);
    })
    .await;
}

#[tokio::test]
async fn a_team_narrows_and_those_who_left_or_need_not_are_not_found() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (yard, office) = (app.team("Yard").await, app.team("Office").await);
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        for (name, team, level) in
            [("Yara", yard, "3"), ("Olaf", office, "3"), ("Gone", yard, "4"), ("Needless", yard, "n/a")]
        {
            let person = app.person(name, Some(team)).await;
            rate(&ada, person, welding, level, "").await;
        }
        app.app.db.q(sql!("UPDATE people SET active = FALSE WHERE name = 'Gone'")).execute().await.unwrap();
        let page = ada.get(&format!("/skills/finder?skill={welding}&team={yard}")).await;
        page.has_status(StatusCode::OK).shows(">Yara<").hides(">Olaf<").hides(">Gone<").hides(">Needless<");
        ada.get(&format!("/skills/finder?skill={welding}")).await.shows(">Olaf<");
        ada.get(&format!("/skills/finder?skill={welding}&level=4&team={office}")).await.shows("one step below 4");
    })
    .await;
}

#[tokio::test]
async fn a_skill_is_typed_by_name_and_the_address_holds_its_id() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let planning = skill(app, "Workshop", "Planning", "ILUO").await;
        let other = skill(app, "Office", "Planning", "0–4").await;
        let page =
            ada.get("/skills/finder?skill=welding&level=2&interest=&skill=Planning+(Workshop)&level=L&skill=").await;
        page.has_status(StatusCode::OK);
        let address = page.header("hx-push-url");
        assert_eq!(address, format!("/skills/finder?skill={welding}&level=2&skill={planning}&level=L"));
        let unclear = ada.get("/skills/finder?skill=planning").await;
        unclear.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Several skills are called");
        unclear.shows("Planning (Office) or Planning (Workshop)").shows("value=\"planning\"");
        ada.get("/skills/finder?skill=Weldin").await.shows("There is no skill “Weldin”. Did you mean Welding?");
        let suggestions = ada.fragment("/skills/finder/suggestions?skill=plan").await;
        suggestions.has_status(StatusCode::OK).is_fragment().shows("value=\"Planning (Office)\"").hides("Welding");
        let query = app.app.db.q(sql!("UPDATE skills SET active = FALSE WHERE id = ?"));
        query.bind(other).execute().await.unwrap();
        ada.get("/skills/finder?skill=planning").await.has_status(StatusCode::OK).shows("name=\"skill\" value");
        ada.get(&format!("/skills/finder?skill={other}")).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_asked_is_said_where_it_was_typed() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let welding = skill(&app, "Workshop", "Welding", "0–4").await;
    let page =
        ada.get(&format!("/skills/finder?skill={welding}&level=9&interest=7&skill={welding}&as_of=tomorrow")).await;
    page.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page();
    page.shows("“9” is not a level of the scale 0–4, which goes from 0 to 4.")
        .shows("An interest is a number from 0 to 3.");
    page.shows("“Welding” is asked for twice.").shows("“tomorrow” is no date").shows("value=\"9\"");
    let partial = ada.fragment("/skills/finder?skill=nothing").await;
    partial.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_fragment();
    app.stop().await;
}

#[tokio::test]
async fn an_empty_search_says_what_to_do_and_rows_are_added_by_buttons() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let welding = skill(&app, "Workshop", "Welding", "0–4").await;
    ada.get("/skills/finder").await.has_status(StatusCode::OK).is_page().shows("Whom do you look for?");
    let more = ada.get(&format!("/skills/finder?skill={welding}&level=1&skill=&more=1")).await;
    more.shows("id=\"skill-1\"").shows("id=\"skill-2\"").shows("Nobody fits, not even nearly");
    ada.get(&format!("/skills/finder?skill={welding}&remove=0")).await.shows("Whom do you look for?");
    let viewer = app.sign_in("viewer", "Vic Viewer", None).await;
    viewer.get("/skills/finder").await.has_status(StatusCode::OK);
    let outsider = app.person("Out Sider", None).await;
    let outsider = app.visit_as(outsider).await;
    outsider.get("/skills/finder").await.has_status(StatusCode::FORBIDDEN).is_page();
    outsider.fragment("/skills/finder/suggestions?skill=a").await.has_status(StatusCode::FORBIDDEN).is_fragment();
    app.stranger().get("/skills/finder?skill=1").await.leads_to("/login?next=%2Fskills%2Ffinder%3Fskill%3D1");
    app.stop().await;
}

#[tokio::test]
async fn many_matches_come_in_pages() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let welding = skill(&app, "Workshop", "Welding", "0–4").await;
    for number in 0..60 {
        let person = app.person(&format!("Person {number:02}"), None).await;
        rate(&ada, person, welding, if number < 55 { "3" } else { "2" }, "").await;
    }
    let first = ada.get(&format!("/skills/finder?skill={welding}&level=3")).await;
    first.shows("Person 49").hides("Person 50").shows("1–50 of 60").hides("Near matches");
    let second = ada.get(&format!("/skills/finder?skill={welding}&level=3&offset=50")).await;
    in_order(&second, &["Person 50", "Person 54", "Near matches", "Person 55", "51–60 of 60"]);
    ada.get(&format!("/skills/finder?skill={welding}&offset=5000")).await.has_status(StatusCode::OK);
    app.stop().await;
}

#[tokio::test]
async fn an_earlier_day_shows_who_was_able_then() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let yara = app.person("Yara Yard", None).await;
        rate(&ada, yara, welding, "3", "").await;
        app.app.clock.advance(5 * 24 * 3_600_000);
        let ada = app.visit_as(ada.person_id).await;
        let cell = format!("/skills/ratings/{yara}/{welding}");
        ada.post_fragment(&cell, &[("level", "1"), ("version", "1")]).await.has_status(StatusCode::OK);
        let search = format!("/skills/finder?skill={welding}&level=3");
        ada.get(&search).await.shows("Nobody fits");
        ada.get(&format!("{search}&as_of=2026-11-21")).await.shows(">Yara Yard<").shows("at the end of 2026-11-21");
        ada.get(&format!("{search}&as_of=2026-11-01")).await.has_status(StatusCode::OK).shows("Nobody fits");
    })
    .await;
}

#[tokio::test]
async fn programs_find_people_too() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let filing = skill(app, "Workshop", "Filing", "0–4").await;
        let yara = app.person("Yara Yard", None).await;
        rate(&ada, yara, welding, "3", "2").await;
        let answer = ada.get(&format!("/api/v1/finder?condition={welding}:2:1&condition={filing}")).await;
        answer.has_status(StatusCode::OK);
        let found: Value = serde_json::from_slice(&answer.bytes).unwrap();
        assert_eq!((&found["exact"], &found["near"]), (&Value::from(0), &Value::from(1)), "{found}");
        let one = &found["items"][0];
        assert_eq!((&one["name"], &one["fit"]), (&Value::from("Yara Yard"), &Value::from("lacks_skill")));
        assert_eq!(one["conditions"][0]["level"], 3.0);
        assert_eq!(
            (&one["conditions"][0]["level_is_enough"], &one["conditions"][1]["level"]),
            (&Value::from(true), &Value::Null)
        );
        for (path, words) in [
            ("/api/v1/finder".to_owned(), "condition"),
            ("/api/v1/finder?condition=Welding".to_owned(), "does not begin with the id"),
            (format!("/api/v1/finder?condition={welding}:9"), "is not a level of the scale"),
            ("/api/v1/finder?condition=9999".to_owned(), "There is no skill"),
        ] {
            let refused = ada.get(&path).await;
            assert!(refused.status == 422 || refused.status == 400, "{path}: {}", refused.status);
            refused.shows(words);
            assert_eq!(refused.header("content-type"), "application/problem+json");
        }
        app.stranger().get("/api/v1/finder?condition=1").await.has_status(StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn a_skill_is_found_by_its_alias_wherever_it_is_typed() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let soldering = skill(app, "Workshop", "Soldering", "0–4").await;
        skill(app, "Workshop", "Filing", "0–4").await;
        for (id, aliases) in [(welding, "MIG\njoining"), (soldering, "joining")] {
            let name = if id == welding { "Welding" } else { "Soldering" };
            let form =
                [("name", name), ("category", "Workshop"), ("scale", "0–4"), ("version", "1"), ("aliases", aliases)];
            ada.post(&format!("/skills/catalogue/{id}"), &form).await.has_status(StatusCode::SEE_OTHER);
        }
        rate(&ada, ada.person_id, welding, "3", "").await;
        ada.get("/skills/finder?skill=mig&level=2").await.shows(&format!("value=\"{welding}\"")).shows("Ada Admin");
        let unclear = ada.get("/skills/finder?skill=Joining").await;
        unclear.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Write Soldering (Workshop) or Welding (Workshop).");
        let suggested = ada.fragment("/skills/finder/suggestions?skill=mi").await;
        suggested.shows("<option value=\"Welding\">Workshop · MIG</option>").hides("Filing");
        let suggested = ada.fragment("/skills/targets/skills?skill=MIG").await;
        suggested.shows("<option value=\"Welding\">Workshop · MIG</option>").shows("hx-partial");
        let target = [("skill", "mig"), ("level", "2"), ("at_least", "1")];
        ada.post_fragment("/skills/targets/everybody", &target).await.has_status(StatusCode::OK).shows("Welding");
        for page in [
            "/skills?skill=mig",
            "/skills?skill=MIG&gaps=no&level=1",
            "/skills/coverage?skill=mig",
            "/skills/print?skill=mig",
        ] {
            ada.get(page).await.has_status(StatusCode::OK).shows("Welding").hides("Filing");
        }
        ada.get("/skills/exports/ratings.csv?form=wide&skill=mig").await.shows(",Welding").hides("Soldering");
        ada.get("/skills/insights/trend?skill=mig").await.shows("Welding");
    })
    .await;
}

#[tokio::test]
async fn the_day_can_be_chosen_at_once() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    ada.get("/skills/finder").await.shows("id=\"finder-as-of\" type=\"date\" name=\"as_of\" value=\"\"");
    app.stop().await;
}
