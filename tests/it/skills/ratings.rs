//! One cell: shown, edited, saved, and what happens when two people edit it.

use super::skill;
use crate::support::{TestApp, everywhere, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::Actor;
use quarterdeck::plugins::skills::levels::{Level, Standing};
use quarterdeck::plugins::skills::ratings::model::{self, Base, Origin, Outcome, RatingPatch, Suspension};
use quarterdeck::sql;

#[tokio::test]
async fn a_cell_is_edited_in_place() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let ben = app.person("Ben Berg", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let cell = format!("/skills/ratings/{ben}/{welding}");
        ada.fragment(&cell).await.has_status(StatusCode::OK).is_fragment().shows("<td class=\"unset");
        let form = ada.fragment(&format!("{cell}/edit")).await;
        form.has_status(StatusCode::OK).is_fragment().shows("Ben Berg · Welding").shows("name=\"version\" value=\"0\"");
        let saved =
            ada.post_fragment(&cell, &[("level", "3"), ("interest", "2"), ("note", "MIG"), ("version", "0")]).await;
        saved.has_status(StatusCode::OK).shows("class=\"lq3 in2 flash-changed\">3</td>");
        saved.shows(&format!("#grid tr[data-p='{ben}'] &gt; .sum")).shows("1 · 3.0");
        ada.fragment(&format!("{cell}/edit")).await.shows("name=\"version\" value=\"1\"").shows("MIG");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM rating_events")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn unset_not_applicable_and_zero_are_three_things() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let ben = app.person("Ben Berg", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let cell = format!("/skills/ratings/{ben}/{welding}");
        ada.post_fragment(&cell, &[("level", "0"), ("interest", "3"), ("was", "")]).await.shows("class=\"l0 in3");
        ada.post_fragment(&cell, &[("level", "n/a"), ("was", "0")]).await.shows("class=\"na in3").shows(">n/a</td>");
        ada.post_fragment(&cell, &[("level", ""), ("was", "n/a")]).await.shows("class=\"unset in3");
        // Only the level was set; the interest stayed.
        let kept = app.count(sql!("SELECT interest FROM ratings")).await;
        assert_eq!(kept, 3);
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_sees_both_values_and_loses_neither() {
    everywhere(async |app| {
        let ada = app.administrator().await;
        let team = app.team("Yard").await;
        let lead = app.sign_in("lead", "Lea Lead", Some(team)).await;
        let ben = app.person("Ben Berg", Some(team)).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let cell = format!("/skills/ratings/{ben}/{welding}");
        ada.post_fragment(&cell, &[("level", "2"), ("version", "0")]).await.has_status(StatusCode::OK);
        let late = lead.post_fragment(&cell, &[("level", "4"), ("note", "trains others"), ("version", "0")]).await;
        late.has_status(StatusCode::CONFLICT).is_fragment();
        late.shows("Ada Admin saved meanwhile").shows("class=\"level lq2\">2<").shows("class=\"level lq4\">4<");
        late.shows("trains others").shows("name=\"version\" value=\"1\"");
        // A key pressed on a cell that meanwhile shows something else is told the same.
        lead.post_fragment(&cell, &[("level", "1"), ("was", "0")]).await.has_status(StatusCode::CONFLICT);
        let again = lead.post_fragment(&cell, &[("level", "4"), ("note", "trains others"), ("version", "1")]).await;
        again.has_status(StatusCode::OK).shows(">4</td>");
    })
    .await;
}

#[tokio::test]
async fn only_those_who_may_rate_a_person_can() {
    on_every_database(async |app| {
        let (yard, office) = (app.team("Yard").await, app.team("Office").await);
        let lead = app.sign_in("lead", "Lea Lead", Some(yard)).await;
        let member = app.sign_in("member", "Mia Member", Some(yard)).await;
        let viewer = app.sign_in("viewer", "Vic Viewer", Some(yard)).await;
        let other = app.person("Olga Other", Some(office)).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let cell = |person: i64| format!("/skills/ratings/{person}/{welding}");
        let level = [("level", "1"), ("version", "0")];
        lead.post_fragment(&cell(member.person_id), &level).await.has_status(StatusCode::OK);
        lead.post_fragment(&cell(other), &level).await.has_status(StatusCode::FORBIDDEN);
        lead.fragment(&format!("{}/edit", cell(other))).await.has_status(StatusCode::FORBIDDEN);
        member
            .post_fragment(&cell(member.person_id), &[("level", "2"), ("version", "1")])
            .await
            .has_status(StatusCode::OK);
        member.post_fragment(&cell(lead.person_id), &level).await.has_status(StatusCode::FORBIDDEN);
        viewer.post_fragment(&cell(viewer.person_id), &level).await.has_status(StatusCode::FORBIDDEN);
        viewer.fragment(&cell(member.person_id)).await.has_status(StatusCode::OK);
        app.stranger().post_fragment(&cell(other), &level).await.has_status(StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_in_the_cell() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let ben = app.person("Ben Berg", None).await;
    let welding = skill(&app, "Workshop", "Welding", "ILUO").await;
    let cell = format!("/skills/ratings/{ben}/{welding}");
    let refused = ada.post_fragment(&cell, &[("level", "9"), ("note", "kept"), ("version", "0")]).await;
    refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("from I to O").shows("kept");
    let long = "x".repeat(2001);
    ada.post_fragment(&cell, &[("note", &long), ("version", "0")]).await.shows("at most 2000 characters");
    ada.post_fragment(&cell, &[("interest", "4"), ("version", "0")]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
    ada.post_fragment(&cell, &[("note", "a\u{1}b"), ("version", "0")])
        .await
        .has_status(StatusCode::UNPROCESSABLE_ENTITY);
    ada.fragment(&format!("/skills/ratings/{ben}/999")).await.has_status(StatusCode::NOT_FOUND);
    ada.fragment(&format!("/skills/ratings/999/{welding}")).await.has_status(StatusCode::NOT_FOUND);
    ada.fragment("/skills/ratings/x/y").await.has_status(StatusCode::NOT_FOUND);
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings")).await, 0);
    app.stop().await;
}

#[tokio::test]
async fn script_in_a_name_or_a_note_is_only_text() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let nasty = "<script>alert(1)</script>\"'&";
    let ben = app.person(nasty, None).await;
    let welding = skill(&app, nasty, nasty, "0–4").await;
    let cell = format!("/skills/ratings/{ben}/{welding}");
    ada.post_fragment(&cell, &[("level", "1"), ("note", nasty), ("version", "0")]).await.has_status(StatusCode::OK);
    for path in [format!("{cell}/edit"), "/skills".into(), format!("/skills/people/{ben}"), "/skills/catalogue".into()]
    {
        ada.fragment(&path).await.has_status(StatusCode::OK).hides("<script>alert").shows("&lt;script&gt;");
    }
    app.stop().await;
}

#[tokio::test]
async fn without_scripts_a_saved_cell_leads_to_the_persons_page() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let ben = app.person("Ben Berg", None).await;
    let welding = skill(&app, "Workshop", "Welding", "0–4").await;
    let own = format!("/skills/people/{ben}?skill={welding}");
    ada.get(&format!("/skills/ratings/{ben}/{welding}/edit")).await.leads_to(&own);
    ada.post(&format!("/skills/ratings/{ben}/{welding}"), &[("level", "2"), ("version", "0")]).await.leads_to(&own);
    ada.get(&own).await.has_status(StatusCode::OK).is_page().shows("Welding");
    app.stop().await;
}

/// The counters that are kept with each rating are what counting would give, whatever was written at the same time.
#[tokio::test]
async fn summaries_are_what_counting_gives_under_concurrent_writers() {
    everywhere(async |app| {
        let (mut people, mut skills) = (Vec::new(), Vec::new());
        for number in 0..4 {
            people.push(app.person(&format!("Person {number}"), None).await);
            skills.push(skill(app, "Workshop", &format!("Skill {number}"), "0–4").await);
        }
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..8i64 {
            let (portal, people, skills) = (app.app.clone(), people.clone(), skills.clone());
            writers.spawn(async move {
                for turn in 0..12i64 {
                    let person = people[((writer + turn) % 4) as usize];
                    let skill = skills[((writer * 3 + turn) % 4) as usize];
                    let seen = model::get(&portal, &Actor::system(), person, skill).await.unwrap().rating.version;
                    let standing = match (writer + turn) % 6 {
                        5 => Standing::NotApplicable,
                        level => Standing::At(Level::from_hundredths(level.min(4) * 100)),
                    };
                    let patch = RatingPatch { standing: Some(standing), ..RatingPatch::default() };
                    let actor = Actor::system();
                    // A conflict is as good as a success here: it must not have counted anything.
                    let saved = model::save(&portal, &actor, (person, skill), Base::Version(seen), &patch, Origin::Api).await;
                    assert!(matches!(saved.unwrap(), Outcome::Saved(_) | Outcome::Conflict(_)));
                }
            });
        }
        writers.join_all().await;
        let wrong = app
            .count(sql!(
                "SELECT COUNT(*) FROM skill_summaries m WHERE m.able <> (SELECT COUNT(*) FROM ratings r WHERE r.skill_id = m.skill_id AND r.level > 0)
                 OR m.rated <> (SELECT COUNT(r.level) FROM ratings r WHERE r.skill_id = m.skill_id)
                 OR m.level_sum <> (SELECT CAST(COALESCE(SUM(r.level), 0) AS {i64}) FROM ratings r WHERE r.skill_id = m.skill_id)"
            ))
            .await;
        assert_eq!(wrong, 0);
        let wrong = app
            .count(sql!(
                "SELECT COUNT(*) FROM person_summaries m WHERE m.able <> (SELECT COUNT(*) FROM ratings r WHERE r.person_id = m.person_id AND r.level > 0)
                 OR m.rated <> (SELECT COUNT(r.level) FROM ratings r WHERE r.person_id = m.person_id)"
            ))
            .await;
        assert_eq!(wrong, 0);
    })
    .await;
}

#[tokio::test]
async fn ones_own_level_and_a_confirmed_one_stand_side_by_side() {
    on_every_database(async |app| {
        let team = app.team("Yard").await;
        let lead = app.sign_in("lead", "Lea Lead", Some(team)).await;
        let mia = app.sign_in("member", "Mia Member", Some(team)).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let cell = format!("/skills/ratings/{}/{welding}", mia.person_id);
        mia.post_fragment(&cell, &[("level", "3"), ("version", "0")]).await.shows(">3</td>");
        lead.fragment(&format!("{cell}/edit")).await.shows("Confirm this level");
        mia.fragment(&format!("{cell}/edit")).await.hides("Confirm this level");
        // A note alone confirms nothing; the box does.
        lead.post_fragment(&cell, &[("level", "3"), ("note", "seen"), ("version", "1")])
            .await
            .has_status(StatusCode::OK);
        lead.fragment(&format!("{cell}/edit")).await.shows("Confirm this level");
        let box_ticked = [("level", "3"), ("confirm", "1"), ("version", "2")];
        lead.post_fragment(&cell, &box_ticked).await.has_status(StatusCode::OK);
        lead.fragment(&format!("{cell}/edit"))
            .await
            .hides("Confirm this level")
            .shows("confirmed: ")
            .shows("by Lea Lead");
        // The person's own word stays beside it, and does not count.
        let beside = mia.post_fragment(&cell, &[("level", "4"), ("version", "3")]).await;
        beside.shows(">3</td>").shows("Your own level is kept. The confirmed one, 3, counts.");
        mia.fragment(&format!("{cell}/edit")).await.shows("value=\"4\" selected");
        lead.fragment(&format!("{cell}/edit")).await.shows("value=\"3\" selected");
    })
    .await;
}

#[tokio::test]
async fn certificates_and_suspensions_are_checked_and_make_a_level_lapse() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let ben = app.person("Ben Berg", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let at = |level: i64| Some(Standing::At(Level::from_hundredths(level * 100)));
        let certificate = RatingPatch {
            standing: at(3),
            evidence: Some("https://certificates.example/17".into()),
            valid_until: Some("2026-11-21".parse().ok()),
            ..RatingPatch::default()
        };
        let actor = Actor::system();
        let save = async |version: i64, patch: &RatingPatch| {
            model::save(&app.app, &actor, (ben, welding), Base::Version(version), patch, Origin::Api).await
        };
        assert!(matches!(save(0, &certificate).await, Ok(Outcome::Saved(rating)) if !rating.lapsed));
        let problem = |patch: RatingPatch| async move { save(1, &patch).await.unwrap_err().to_string() };
        let past = RatingPatch { valid_until: Some("2026-11-19".parse().ok()), ..RatingPatch::default() };
        assert!(problem(past).await.contains("valid_until: 2026-11-19 is past"));
        let script = RatingPatch { evidence: Some("javascript:alert(1)".into()), ..RatingPatch::default() };
        assert!(problem(script).await.contains("begins with https"));
        let until = "2026-12-24".parse().unwrap();
        let silent = Suspension { until, reason: " ".into() };
        let silent = RatingPatch { suspension: Some(Some(silent)), ..RatingPatch::default() };
        assert!(problem(silent).await.contains("Say why"));
        let suspension = Suspension { until, reason: "Hand injury".into() };
        let suspended = RatingPatch { suspension: Some(Some(suspension)), ..RatingPatch::default() };
        assert!(matches!(save(1, &suspended).await, Ok(Outcome::Saved(rating)) if rating.lapsed));
        assert_eq!(app.count(sql!("SELECT able FROM skill_summaries")).await, 0, "what has lapsed does not count");
        ada.get(&format!("/skills/people/{ben}")).await.has_status(StatusCode::OK);
        // The certificate expires meanwhile; what is past already is no reason to refuse another change.
        app.app.clock.advance(3 * 24 * 3_600_000);
        let noted = RatingPatch { note: Some("asked for a new one".into()), ..certificate };
        assert!(matches!(save(2, &noted).await, Ok(Outcome::Saved(_))));
    })
    .await;
}

#[tokio::test]
async fn nobody_suspends_themself_and_nobody_rates_an_archived_skill() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let actor = Actor { person_id: Some(mia.person_id), ..Actor::system() };
        let suspension = Some(Suspension { until: "2026-12-24".parse().unwrap(), reason: "tired".into() });
        let patch = RatingPatch { suspension: Some(suspension), ..RatingPatch::default() };
        let own = (mia.person_id, welding);
        let saved = model::save(&app.app, &actor, own, Base::Version(0), &patch, Origin::Api).await;
        assert!(matches!(saved, Err(quarterdeck::error::Error::Forbidden)));
        app.app.db.q(sql!("UPDATE skills SET active = FALSE")).execute().await.unwrap();
        let cell = format!("/skills/ratings/{}/{welding}", mia.person_id);
        let refused = mia.post_fragment(&cell, &[("level", "1"), ("version", "0")]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("This skill is archived");
    })
    .await;
}
