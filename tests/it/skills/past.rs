//! The matrix as of a day that is past.

use super::skill;
use crate::support::{TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::Actor;
use quarterdeck::accounts::people;
use quarterdeck::sql;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[tokio::test]
async fn a_day_shows_what_was_said_by_its_end_with_the_sums_of_then() {
    on_every_database(async |app| {
        let ben = app.person("Ben Berg", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let cell = format!("/skills/ratings/{ben}/{welding}");
        // The clock of a test begins on 20 November 2026.
        for (was, level) in [("", "1"), ("1", "3"), ("3", "4")] {
            let ada = app.sign_in("administrator", &format!("Ada {level}"), None).await;
            ada.post_fragment(&cell, &[("level", level), ("was", was)]).await.has_status(StatusCode::OK);
            app.app.clock.advance(10 * DAY_MS);
        }
        let ada = app.sign_in("administrator", "Ada Admin", None).await;
        ada.get("/skills").await.shows("<td class=\"lq4\">4</td>").shows("1 · 4.0");
        let past = ada.get("/skills?as_of=2026-11-25").await;
        past.has_status(StatusCode::OK).is_page().shows("<td class=\"lq1\">1</td>").shows("1 · 1.0");
        past.shows("Back to today").shows("data-rate=\"none\"").hides("/live?topic=skills");
        ada.get("/skills?as_of=2026-11-30").await.shows("<td class=\"lq3\">3</td>").shows("1 · 3.0");
        ada.get("/skills?as_of=2026-12-09").await.shows("<td class=\"lq3\">3</td>");
        ada.fragment("/skills/window?as_of=2026-11-20").await.is_fragment().shows("<td class=\"lq1\">1</td>");
        ada.get("/skills?as_of=2026-12-05&mode=validation").await.shows("<td class=\"confirmed\">3</td>").shows("1/1");
        ada.get("/skills?as_of=2026-12-05&mode=age").await.shows("<td class=\"age1\">5d</td>");
        // Today is no past day.
        ada.get("/skills?as_of=2026-12-20").await.shows("<td class=\"lq4\">4</td>").hides("Back to today");
    })
    .await;
}

#[tokio::test]
async fn a_day_before_the_first_event_says_so() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        ada.get("/skills?as_of=2026-11-01").await.has_status(StatusCode::OK).shows("Nobody has said anything");
        let cell = format!("/skills/ratings/{}/{welding}", ada.person_id);
        ada.post_fragment(&cell, &[("level", "2"), ("version", "0")]).await.has_status(StatusCode::OK);
        let early = ada.get("/skills?as_of=2026-11-19&mode=gap").await;
        early
            .has_status(StatusCode::OK)
            .is_page()
            .shows("Nothing was said by then")
            .shows("is of 2026-11-20")
            .shows("/skills?mode=gap");
        early.hides("id=\"grid\"");
    })
    .await;
}

#[tokio::test]
async fn what_is_no_past_day_is_refused_with_the_reason() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    skill(&app, "Workshop", "Welding", "0–4").await;
    ada.get("/skills?as_of=yesterday").await.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("is no date");
    ada.get("/skills?as_of=2027-01-01").await.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("still to come");
    ada.fragment("/skills/window?as_of=2026-02-30").await.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_fragment();
    ada.get("/skills?as_of=").await.has_status(StatusCode::OK);
    app.stop().await;
}

#[tokio::test]
async fn a_day_before_a_change_of_scale_is_read_on_the_scale_of_then() {
    on_every_database(async |app| {
        let ben = app.person("Ben Berg", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let ada = app.administrator().await;
        let cell = format!("/skills/ratings/{ben}/{welding}");
        ada.post_fragment(&cell, &[("level", "2"), ("version", "0")]).await.has_status(StatusCode::OK);
        let definition = [("version", "1"), ("description", ""), ("name-200", "Halfway")];
        let page = format!("/skills/catalogue/{welding}");
        ada.post(&format!("{page}/definition"), &definition).await.has_status(StatusCode::SEE_OTHER);
        // On 30 November the level 2 of 4 becomes 7 of 10, on 10 December that is taken back, on 20 December it is U.
        app.app.clock.advance(10 * DAY_MS);
        let ada = app.sign_in("administrator", "Ada Two", None).await;
        let form = [("scale", "0–10"), ("version", "2"), ("map-200", "7")];
        ada.post(&format!("{page}/rescaling"), &form).await.leads_to(&page);
        app.app.clock.advance(10 * DAY_MS);
        let ada = app.sign_in("administrator", "Ada Three", None).await;
        let rescaling = app.count(sql!("SELECT id FROM skill_rescalings")).await;
        ada.post(&format!("/skills/catalogue/rescalings/{rescaling}/reversal"), &[]).await.leads_to(&page);
        app.app.clock.advance(10 * DAY_MS);
        let ada = app.sign_in("administrator", "Ada Four", None).await;
        let form = [("scale", "ILUO"), ("version", "4"), ("map-200", "U")];
        ada.post(&format!("{page}/rescaling"), &form).await.leads_to(&page);
        app.app.clock.advance(10 * DAY_MS);
        let ada = app.sign_in("administrator", "Ada Five", None).await;
        for (day, scale, code, level) in [
            ("2026-11-25", "0–4", "2", "2"),
            ("2026-12-05", "0–10", "7", "7"),
            ("2026-12-15", "0–4", "2", "2"),
            ("2026-12-25", "ILUO", "U", "3"),
        ] {
            let matrix = ada.get(&format!("/skills?as_of={day}")).await;
            matrix.shows(&format!("title=\"Welding ({scale})\"")).shows(&format!(">{code}</td>"));
            let person = ada.get(&format!("/skills/people/{ben}?as_of={day}")).await;
            person.shows(&format!(">{code}</span>"));
            let print = ada.get(&format!("/skills/print?as_of={day}")).await;
            print.shows(&format!(">{code}<"));
            let file = ada.get(&format!("/skills/exports/ratings.csv?form=long&as_of={day}")).await;
            file.has_status(StatusCode::OK).shows(&format!(",Welding,{level},,,{scale},"));
            let radar = ada.get(&format!("/skills/insights/radar?person={ben}&category=1&as_of={day}")).await;
            radar.has_status(StatusCode::OK);
            let finder = ada.get(&format!("/skills/finder?skill=Welding&level={code}&as_of={day}")).await;
            finder.has_status(StatusCode::OK).shows(&format!("at least {code}")).shows("Ben Berg");
        }
        let trend = ada.get(&format!("/skills/insights/trend?skill={welding}")).await;
        trend.shows("7.0").shows("on 0–10");
        // Each change is told on its own scale.
        let history = ada.get(&format!("/skills/people/{ben}/skills/{welding}/history")).await;
        history.shows("by a change of scale").shows("0–4").shows("0–10").shows("ILUO");
        let texts: Vec<&str> = history.text().split("<dt>confirmed level</dt>").skip(1).collect();
        let codes = ["U", "2", "7", "2"];
        assert_eq!(texts.len(), codes.len());
        for (text, code) in texts.iter().zip(codes) {
            let after = text.split_once("</dd>").unwrap().0.rsplit_once(" to ").unwrap().1;
            assert!(after.contains(&format!(">{code}</span>")), "{after}");
        }
    })
    .await;
}

/// Goes on by ten days.
async fn later<'a>(app: &'a TestApp, ada: &Visitor<'_>) -> Visitor<'a> {
    app.app.clock.advance(10 * DAY_MS);
    app.visit_as(ada.person_id).await
}

#[tokio::test]
async fn a_day_is_measured_by_what_was_asked_for_then() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let yard = app.team("Yard").await;
        let quay = app.team("Quay").await;
        let ben = app.person("Ben Berg", Some(yard)).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        skill(app, "Workshop", "Filing", "0–4").await;
        // 20 November: the yard asks for 3 of all, and for two people at 2. Ben has 2.
        let address = format!("/skills/targets/teams/{yard}");
        for (level, at_least) in [("3", ""), ("2", "2")] {
            let target = [("skill", "Welding"), ("level", level), ("at_least", at_least)];
            ada.post_fragment(&address, &target).await.has_status(StatusCode::OK);
        }
        let cell = format!("/skills/ratings/{ben}/{welding}");
        ada.post_fragment(&cell, &[("level", "2"), ("version", "0")]).await.has_status(StatusCode::OK);
        let ids = app.app.db.q(sql!("SELECT id FROM targets ORDER BY id")).all::<(i64,)>().await.unwrap();
        let [of_all, of_some] = [ids[0].0, ids[1].0];
        // 30 November: 2 is enough, of one person. 10 December: Ben has 1. 20 December: he moves to the quay, which asks
        // for nothing. 30 December: nothing is asked for any more.
        let ada = later(app, &ada).await;
        for (id, level, at_least) in [(of_all, "2", ""), (of_some, "2", "1")] {
            let target = [("level", level), ("at_least", at_least), ("version", "1")];
            ada.post_fragment(&format!("/skills/targets/{id}"), &target).await.has_status(StatusCode::OK);
        }
        let ada = later(app, &ada).await;
        ada.post_fragment(&cell, &[("level", "1"), ("was", "2")]).await.has_status(StatusCode::OK);
        let ada = later(app, &ada).await;
        let saved = people::get(&app.app.db, &Actor::system(), ben).await.unwrap();
        let (team, version) = (quay.to_string(), saved.version.to_string());
        let form = [("name", "Ben Berg"), ("team_id", team.as_str()), ("version", version.as_str())];
        ada.post(&format!("/people/{ben}"), &form).await.leads_to("/people");
        let ada = later(app, &ada).await;
        for id in [of_all, of_some] {
            let deletion = format!("/skills/targets/{id}/deletion");
            ada.post_fragment(&deletion, &[("version", "2")]).await.has_status(StatusCode::OK);
        }
        let ada = later(app, &ada).await;
        for (day, shown, sum, gaps, fit) in [
            ("2026-11-25", "<td class=\"near\">2<small>3</small></td>", "0/1", true, ">near<"),
            ("2026-12-05", "<td class=\"met\">2<small>2</small></td>", "1/1", false, ">met<"),
            ("2026-12-15", "<td class=\"near\">1<small>2</small></td>", "0/1", true, ">near<"),
            ("2026-12-25", "<td class=\"plain\">1</td>", "–", false, "data-label=\"Required\"></td>"),
        ] {
            let matrix = ada.get(&format!("/skills?mode=gap&skill=Welding&as_of={day}")).await;
            matrix.shows(shown).shows(&format!(">{sum}</td>"));
            let narrowed = ada.get(&format!("/skills?gaps=yes&as_of={day}")).await;
            if gaps {
                narrowed.shows("Ben Berg").hides("Filing")
            } else {
                narrowed.hides("Ben Berg")
            };
            let file = ada.get(&format!("/skills/exports/ratings.csv?gaps=yes&as_of={day}")).await;
            if gaps {
                file.shows("Ben Berg")
            } else {
                file.hides("Ben Berg")
            };
            ada.get(&format!("/skills/people/{ben}?as_of={day}")).await.shows(fit);
            let all = ada.get(&format!("/skills/insights?as_of={day}")).await;
            if gaps {
                all.shows("<strong>1</strong> gaps in <strong>1</strong>")
            } else {
                all.hides("<strong>1</strong> gaps")
            };
        }
        let at = |day: &str| format!("/skills?level=2&rule=exact&as_of={day}");
        ada.get(&at("2026-12-05")).await.shows("Ben Berg").hides("Filing");
        ada.get(&at("2026-12-15")).await.hides("Ben Berg");
        ada.get("/skills?level=1&rule=exact").await.shows("Ben Berg");
        // Coverage is of today’s people, by the targets of then.
        let moved =
            [("name", "Ben Berg"), ("team_id", &yard.to_string()), ("version", &(saved.version + 1).to_string())];
        ada.post(&format!("/people/{ben}"), &moved).await.leads_to("/people");
        ada.get("/skills/coverage").await.shows("No coverage is asked for yet");
        ada.get("/skills/coverage?as_of=2026-11-19").await.shows("Nothing matches");
        ada.get("/skills/coverage?as_of=2026-11-25").await.shows("1 target: 1 single point of failure");
        ada.get("/skills/coverage?as_of=2026-12-05").await.shows("1 target: 1 met").shows("today’s people");
        ada.get("/skills/coverage?as_of=2026-12-15").await.shows("1 target: 1 nobody");
        let behind = ada.get(&format!("/skills/coverage/{of_some}?as_of=2026-11-25")).await;
        behind.has_status(StatusCode::OK).shows("At least 2 wanted at 2 or more, of Team Yard: 1 was.");
        ada.get(&format!("/skills/coverage/{of_some}?as_of=2026-11-19")).await.has_status(StatusCode::NOT_FOUND);
        ada.get("/skills/insights/coverage?as_of=2026-12-05").await.shows("of <strong>2</strong> demands");
    })
    .await;
}

#[tokio::test]
async fn what_was_asked_for_before_it_was_recorded_is_said_to_be_of_later() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let cell = format!("/skills/ratings/{}/{welding}", ada.person_id);
        ada.post_fragment(&cell, &[("level", "2"), ("version", "0")]).await.has_status(StatusCode::OK);
        let target = [("skill", "Welding"), ("level", "3"), ("at_least", "")];
        ada.post_fragment("/skills/targets/everybody", &target).await.has_status(StatusCode::OK);
        // As an installation is that had targets before there was a history of them.
        for sql in [sql!("UPDATE requirement_events SET at = 0"), sql!("UPDATE target_events SET at = 0")] {
            app.app.db.q(sql).execute().await.unwrap();
        }
        let ada = later(app, &ada).await;
        ada.get("/skills?mode=gap&as_of=2026-11-20").await.shows("2<small>3</small>").hides("is recorded since");
        let target = app.count(sql!("SELECT id FROM targets")).await;
        let form = [("level", "2"), ("at_least", ""), ("version", "1")];
        ada.post_fragment(&format!("/skills/targets/{target}"), &form).await.has_status(StatusCode::OK);
        let ada = later(app, &ada).await;
        for page in ["/skills?mode=gap", "/skills?gaps=yes", "/skills/insights?", "/skills/insights/coverage?"] {
            let early = ada.get(&format!("{page}&as_of=2026-11-20")).await;
            early.shows("recorded since 2026-11-30; before, it is shown as it was then");
            ada.get(&format!("{page}&as_of=2026-12-01")).await.hides("recorded since");
        }
        ada.get("/skills?as_of=2026-11-20").await.hides("recorded since");
    })
    .await;
}
