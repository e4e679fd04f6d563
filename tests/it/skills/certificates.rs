//! Certificates: what days do to them, who is reminded, and the page that lists them. Time is set, never waited for.

use super::skill;
use crate::support::{Place, TestApp, on_every_database, places};
use jiff::civil::date;
use poem::http::StatusCode;
use quarterdeck::accounts::Actor;
use quarterdeck::plugins::skills::certificates::model::expire;
use quarterdeck::plugins::skills::levels::{Level, Standing};
use quarterdeck::plugins::skills::ratings::model::{self as ratings, Base, Origin, RatingPatch, Suspension};
use quarterdeck::plugins::skills::summaries;
use quarterdeck::sql;

const DAY_MS: i64 = 24 * 3600 * 1000;

fn certified(until: jiff::civil::Date) -> RatingPatch {
    let standing = Some(Standing::At(Level::from_hundredths(300)));
    RatingPatch { standing, valid_until: Some(Some(until)), ..RatingPatch::default() }
}

async fn save(app: &TestApp, person: i64, skill: i64, patch: &RatingPatch) {
    let seen = ratings::get(&app.app, &Actor::system(), person, skill).await.unwrap().rating.version;
    let (actor, base) = (Actor::system(), Base::Version(seen));
    ratings::save(&app.app, &actor, (person, skill), base, patch, Origin::Api).await.unwrap();
}

async fn lapsed(app: &TestApp) -> i64 {
    app.count(sql!("SELECT COUNT(*) FROM ratings WHERE lapsed = TRUE")).await
}

/// How many are able to do the one skill, as the counters have it, and in how many skills the one person is below.
async fn counters(app: &TestApp) -> (i64, i64) {
    let able = app.count(sql!("SELECT CAST(COALESCE(SUM(able), 0) AS {i64}) FROM skill_summaries")).await;
    let gaps = app.count(sql!("SELECT CAST(COALESCE(SUM(gaps), 0) AS {i64}) FROM person_summaries")).await;
    (able, gaps)
}

#[tokio::test]
async fn what_has_expired_counts_as_a_gap_from_the_day_after() {
    on_every_database(async |app| {
        let mia = app.person("Mia Member", None).await;
        let forklift = skill(app, "Licences", "Forklift", "0–4").await;
        let query = app.app.db.q(sql!("INSERT INTO requirements (person_id, skill_id, level) VALUES (?, ?, 200)"));
        query.bind(mia).bind(forklift).execute().await.unwrap();
        let mut tx = app.app.db.begin().await.unwrap();
        summaries::recount(&mut tx, &[mia], &[forklift]).await.unwrap();
        tx.commit().await.unwrap();
        save(app, mia, forklift, &certified(date(2026, 11, 22))).await;
        for (passed, expected) in [(0, 0), (2, 0), (1, 1), (0, 1)] {
            app.app.clock.advance(passed * DAY_MS);
            expire(&app.app).await.unwrap();
            assert_eq!(lapsed(app).await, expected);
            assert_eq!(counters(app).await, (1 - expected, expected));
        }
        // Renewed, it counts again at once.
        save(app, mia, forklift, &certified(date(2027, 11, 22))).await;
        assert_eq!((lapsed(app).await, counters(app).await), (0, (1, 0)));
    })
    .await;
}

#[tokio::test]
async fn a_suspension_ends_by_itself() {
    on_every_database(async |app| {
        let mia = app.person("Mia Member", None).await;
        let forklift = skill(app, "Licences", "Forklift", "0–4").await;
        let suspension = Suspension { until: date(2026, 11, 21), reason: "Hand injury".into() };
        let suspended = RatingPatch { suspension: Some(Some(suspension)), ..certified(date(2027, 1, 1)) };
        save(app, mia, forklift, &suspended).await;
        assert_eq!((lapsed(app).await, counters(app).await.0), (1, 0));
        app.app.clock.advance(DAY_MS);
        expire(&app.app).await.unwrap();
        assert_eq!(lapsed(app).await, 1, "the last day is still one of it");
        app.app.clock.advance(DAY_MS);
        expire(&app.app).await.unwrap();
        assert_eq!((lapsed(app).await, counters(app).await.0), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn the_person_and_their_leads_are_reminded_once_at_each_stage() {
    on_every_database(async |app| {
        let yard = app.team("Yard").await;
        let mia = app.sign_in("member", "Mia Member", Some(yard)).await;
        let lea = app.sign_in("lead", "Lea Lead", Some(yard)).await;
        let stranger = app.sign_in("lead", "Lou Lead", Some(app.team("Office").await)).await;
        let forklift = skill(app, "Licences", "Forklift", "0–4").await;
        // 20 November and 91 days.
        save(app, mia.person_id, forklift, &certified(date(2027, 2, 19))).await;
        let mut raised = Vec::new();
        for _ in 0..95 {
            expire(&app.app).await.unwrap();
            expire(&app.app).await.unwrap();
            raised.push(app.count(sql!("SELECT COUNT(*) FROM notices")).await);
            app.app.clock.advance(DAY_MS);
        }
        // Two more on each of the days 90, 30, 7 and 0 before.
        let expected = |day: usize| [1, 61, 84, 91].iter().filter(|stage| day >= **stage).count() as i64 * 2;
        assert_eq!(raised, (0..95).map(expected).collect::<Vec<i64>>());
        // Sessions end within days.
        let [mia, lea, stranger] = [mia, lea, stranger].map(|visitor| visitor.person_id);
        let (mia, lea, stranger) = (app.visit_as(mia).await, app.visit_as(lea).await, app.visit_as(stranger).await);
        mia.get("/notices")
            .await
            .shows("Your Forklift expires in 90 days (2027-02-19)")
            .shows("Your Forklift expires today");
        lea.get("/notices").await.shows("Mia Member: Forklift expires in 7 days (2027-02-19)");
        stranger.get("/notices").await.hides("Forklift");
    })
    .await;
}

#[tokio::test]
async fn a_skill_has_reminders_of_its_own_and_some_need_none() {
    on_every_database(async |app| {
        let lea = app.sign_in("lead", "Lea Lead", None).await;
        let mia = app.person("Mia Member", None).await;
        let (usual, own) = (skill(app, "Licences", "Usual", "0–4").await, skill(app, "Licences", "Own", "0–4").await);
        let archived = skill(app, "Licences", "Archived", "0–4").await;
        let gone = app.person("Gus Gone", None).await;
        for (person, skill) in [(mia, usual), (mia, own), (mia, archived), (gone, usual)] {
            save(app, person, skill, &certified(date(2026, 12, 4))).await;
        }
        for (sql, id) in [
            (sql!("UPDATE skills SET active = FALSE WHERE id = ?"), archived),
            (sql!("UPDATE people SET active = FALSE WHERE id = ?"), gone),
        ] {
            app.app.db.q(sql).bind(id).execute().await.unwrap();
        }
        let address = format!("/skills/certificates/reminders/{own}");
        lea.get(&address).await.has_status(StatusCode::OK).is_page().shows("90, 30, 7, 0");
        lea.post(&address, &[("days", "ten")])
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("ten")
            .shows("whole numbers");
        lea.post(&address, &[("days", "10")]).await.leads_to("/skills/certificates");
        expire(&app.app).await.unwrap();
        // 14 days before: the usual one has passed its 30 days, the other one waits.
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices")).await, 1);
        app.app.clock.advance(4 * DAY_MS);
        expire(&app.app).await.unwrap();
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices")).await, 2);
        let lea = app.visit_as(lea.person_id).await;
        lea.post(&address, &[("days", "")]).await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skill_reminders")).await, 0);
        let member = app.sign_in("member", "Max Member", None).await;
        member.get(&address).await.has_status(StatusCode::FORBIDDEN);
        member.post(&address, &[("days", "1")]).await.has_status(StatusCode::FORBIDDEN);
        lea.get("/skills/certificates/reminders/999").await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_list_shows_what_expires_and_only_what_may_be_seen() {
    for place in places().into_iter().filter(|place: &Place| !place.redis) {
        let app = TestApp::start_with(place, &["skills.visibility=team"]).await;
        let (yard, office) = (app.team("Yard").await, app.team("Office").await);
        let mia = app.sign_in("member", "Mia Member", Some(yard)).await;
        let audit = app.sign_in("auditor", "Aud Itor", None).await;
        let other = app.person("Olga Other", Some(office)).await;
        let forklift = skill(&app, "Licences", "Forklift", "0–4").await;
        mia.get("/skills/certificates").await.has_status(StatusCode::OK).is_page().shows("Nothing expires");
        let patch = RatingPatch { evidence: Some("https://lms.example/c/7".into()), ..certified(date(2026, 12, 4)) };
        save(&app, mia.person_id, forklift, &patch).await;
        save(&app, other, forklift, &certified(date(2027, 6, 1))).await;
        let list = mia.get("/skills/certificates?within=3650").await;
        list.shows("Mia Member").shows("expires in 14 days").shows("https://lms.example/c/7").hides("Olga Other");
        audit.get("/skills/certificates?within=3650").await.shows("Olga Other").shows("Mia Member");
        audit.get("/skills/certificates").await.hides("Olga Other");
        audit
            .get(&format!("/skills/certificates?within=3650&team={office}"))
            .await
            .shows("Olga Other")
            .hides("Mia Member");
        mia.fragment("/skills/certificates?within=x&page=-1").await.has_status(StatusCode::OK).is_fragment();
        app.stranger().get("/skills/certificates").await.has_status(StatusCode::SEE_OTHER);
        app.stop().await;
    }
}
