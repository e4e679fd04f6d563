//! Coverage: where at least so many people are wanted, and whether there are.

use super::skill;
use super::targets::rate;
use crate::support::{NOW_MS, TestApp, Visitor, on_every_database, places};
use poem::http::StatusCode;
use quarterdeck::accounts::Actor;
use quarterdeck::plugins::skills::coverage::{self, Coverage, CoverageStatus, Filter};
use quarterdeck::plugins::skills::targets::reasons;
use quarterdeck::sql;

const DAY_MS: i64 = 24 * 3600 * 1000;

async fn want(ada: &Visitor<'_>, team: i64, skill: &str, level: &str, at_least: &str) {
    let form = [("skill", skill), ("level", level), ("at_least", at_least)];
    ada.post_fragment(&format!("/skills/targets/teams/{team}"), &form).await.has_status(StatusCode::OK);
}

async fn covered(app: &TestApp) -> Vec<(String, i64, i64, CoverageStatus)> {
    let targets = coverage::list(&app.app, &Actor::system(), &Filter::default()).await.unwrap();
    let line = |(skill, Coverage { needed, able }): (String, Coverage)| {
        (skill, able, needed, Coverage { needed, able }.status())
    };
    targets.into_iter().map(|target| (target.skill.clone(), target.coverage())).map(line).collect()
}

#[tokio::test]
async fn only_those_of_the_team_who_hold_a_valid_level_are_able() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (yard, quay) = (app.team("Yard").await, app.team("Quay").await);
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let lashing = skill(app, "Workshop", "Lashing", "0–4").await;
        let [ben, eve, ann, tom] = [("Ben", yard), ("Eve", yard), ("Ann", yard), ("Tom", quay)];
        let mut ids = Vec::new();
        for (name, team) in [ben, eve, ann, tom] {
            ids.push(app.person(name, Some(team)).await);
        }
        for (person, level) in ids.iter().zip(["3", "4", "2", "4"]) {
            rate(&ada, *person, welding, level, "0").await;
        }
        want(&ada, yard, "Welding", "3", "2").await;
        want(&ada, yard, "Lashing", "1", "2").await;
        let nobody = ("Lashing".to_owned(), 0, 2, CoverageStatus::Nobody);
        let met = ("Welding".to_owned(), 2, 2, CoverageStatus::Met);
        assert_eq!(covered(app).await, [nobody.clone(), met], "Tom is at the quay, Ann below");
        let lapse = app.app.db.q(sql!("UPDATE ratings SET lapsed = TRUE WHERE person_id = ? AND skill_id = ?"));
        lapse.bind(ids[1]).bind(welding).execute().await.unwrap();
        let single = ("Welding".to_owned(), 1, 2, CoverageStatus::SinglePoint);
        assert_eq!(covered(app).await, [nobody.clone(), single]);
        app.app.db.q(sql!("UPDATE people SET active = FALSE WHERE id = ?")).bind(ids[0]).execute().await.unwrap();
        assert_eq!(covered(app).await[1].3, CoverageStatus::Nobody);
        app.app.db.q(sql!("UPDATE skills SET active = FALSE WHERE id = ?")).bind(lashing).execute().await.unwrap();
        assert_eq!(covered(app).await.len(), 1, "an archived skill needs no coverage");
    })
    .await;
}

#[tokio::test]
async fn the_page_is_filtered_and_a_number_opens_the_people_behind_it() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        ada.get("/skills/coverage").await.has_status(StatusCode::OK).is_page().shows("No coverage is asked for yet");
        let (yard, quay) = (app.team("Yard").await, app.team("Quay").await);
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        skill(app, "Workshop", "Lashing", "0–4").await;
        let (ben, eve) = (app.person("Ben Brook", Some(yard)).await, app.person("Eve Early", Some(yard)).await);
        app.person("Ann Amber", Some(yard)).await;
        rate(&ada, ben, welding, "3", "0").await;
        rate(&ada, eve, welding, "2", "0").await;
        want(&ada, yard, "Welding", "3", "2").await;
        want(&ada, quay, "Lashing", "2", "1").await;
        let mia = app.sign_in("member", "Mia Member", Some(quay)).await;
        let page = mia.get("/skills/coverage").await;
        page.shows("2 targets: 1 nobody, 1 single point of failure").shows("Team Yard").shows("Team Quay");
        let part = mia.fragment(&format!("/skills/coverage?of=team:{yard}&skill=&status=")).await;
        part.has_status(StatusCode::OK).is_fragment().shows("Welding").hides("Lashing");
        mia.get("/skills/coverage?status=nobody").await.shows("Lashing").hides("Welding");
        mia.get("/skills/coverage?skill=weld&of=nonsense&status=fine").await.shows("Welding").hides("Lashing");
        mia.get("/skills/coverage?skill=%25").await.shows("Nothing matches").shows("Show all");
        let id = app.count(sql!("SELECT MIN(id) FROM targets")).await;
        page.shows(&format!("/skills/coverage/{id}"));
        let behind = mia.get(&format!("/skills/coverage/{id}")).await;
        behind.has_status(StatusCode::OK).is_page().shows("At least 2 wanted at 3 or more, of Team Yard: 1 is.");
        let at = |name: &str| behind.text().rfind(name).unwrap();
        assert!(at("Ben Brook") < at("Eve Early") && at("Eve Early") < at("Ann Amber"), "able, near, not yet");
        mia.get("/skills/coverage/999").await.has_status(StatusCode::NOT_FOUND).is_page();
        app.stranger().get("/skills/coverage").await.has_status(StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_day_that_is_past_is_looked_back_on() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let yard = app.team("Yard").await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let ben = app.person("Ben Brook", Some(yard)).await;
        want(&ada, yard, "Welding", "3", "1").await;
        rate(&ada, ben, welding, "3", "0").await;
        let then = quarterdeck::web::times::date(NOW_MS);
        let before = quarterdeck::web::times::date(NOW_MS - DAY_MS);
        app.app.clock.advance(2 * DAY_MS);
        let ada = app.visit_as(ada.person_id).await;
        rate(&ada, ben, welding, "2", "1").await;
        ada.get("/skills/coverage").await.shows("1 target: 1 nobody");
        let past = ada.get(&format!("/skills/coverage?as_of={then}")).await;
        past.shows("1 target: 1 met").shows("As of the end of");
        // Nothing was asked for yet.
        ada.get(&format!("/skills/coverage?as_of={before}")).await.shows("Nothing matches");
        let id = app.count(sql!("SELECT id FROM targets")).await;
        past.shows(&format!("/skills/coverage/{id}?as_of={then}"));
        ada.get(&format!("/skills/coverage/{id}")).await.shows("0 are").shows("Near");
        ada.get(&format!("/skills/coverage/{id}?as_of={then}")).await.shows("1 was").shows("Able");
        for (day, complaint) in [("2030-01-01", "still to come"), ("yesterday", "is no date")] {
            let refused = ada.get(&format!("/skills/coverage?as_of={day}")).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(complaint);
        }
    })
    .await;
}

#[tokio::test]
async fn where_people_see_their_own_team_the_others_behind_a_number_are_hidden() {
    for place in places().into_iter().filter(|place| !place.redis) {
        let app = TestApp::start_with(place, &["skills.visibility=team"]).await;
        let ada = app.administrator().await;
        let (yard, quay) = (app.team("Yard").await, app.team("Quay").await);
        let welding = skill(&app, "Workshop", "Welding", "0–4").await;
        let ben = app.person("Ben Brook", Some(yard)).await;
        let mia = app.sign_in("member", "Mia Member", Some(quay)).await;
        rate(&ada, ben, welding, "3", "0").await;
        let everybody = [("skill", "Welding"), ("level", "3"), ("at_least", "2")];
        ada.post_fragment("/skills/targets/everybody", &everybody).await.has_status(StatusCode::OK);
        want(&ada, yard, "Welding", "2", "").await;
        let id = app.count(sql!("SELECT MIN(id) FROM targets")).await;
        ada.get(&format!("/skills/coverage/{id}")).await.shows("Ben Brook").hides("not shown to you");
        let seen = mia.get(&format!("/skills/coverage/{id}")).await;
        seen.has_status(StatusCode::OK)
            .shows("1 is")
            .shows("Mia Member")
            .hides("Ben Brook")
            .shows("2 more are not shown to you");
        let (mia, ada) = (app.actor(mia.person_id).await, app.actor(ada.person_id).await);
        assert_eq!(reasons(&app.app, &mia, ben, welding).await.unwrap_err().status(), 404);
        assert!(reasons(&app.app, &ada, ben, welding).await.unwrap().is_some());
        app.stop().await;
    }
}
