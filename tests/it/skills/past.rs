//! The matrix as of a day that is past.

use super::skill;
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;

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
