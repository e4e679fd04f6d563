//! What is saved in the same instant as what it is measured against: a target, or the scale of the skill.

use super::skill;
use super::targets::gaps;
use crate::support::{TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::Actor;
use quarterdeck::error::Error;
use quarterdeck::plugins::skills::levels::{Level, Standing};
use quarterdeck::plugins::skills::ratings::model::{self, Base, Cell, Origin, Outcome, RatingPatch};
use quarterdeck::sql;

/// The cell as somebody reads it who is about to save it.
async fn seen(app: &TestApp, person: i64, skill: i64) -> Cell {
    model::get(&app.app, &Actor::system(), person, skill).await.unwrap()
}

async fn save(app: &TestApp, cell: Cell, level: i64) -> Result<Outcome, Error> {
    let standing = Standing::At(Level::from_hundredths(level * 100));
    let patch = RatingPatch { standing: Some(standing), ..RatingPatch::default() };
    let base = Base::Version(cell.rating.version);
    model::save_cell(&app.app, &Actor::system(), cell, base, &patch, Origin::Api).await
}

async fn ask(ada: &Visitor<'_>, level: &str) {
    let target = [("skill", "Welding"), ("level", level), ("at_least", "")];
    ada.post_fragment("/skills/targets/everybody", &target).await.has_status(StatusCode::OK);
}

#[tokio::test]
async fn a_level_counts_by_what_is_asked_for_when_it_is_written() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let ben = app.person("Ben Berg", None).await;
        // Read while nothing is asked for, and written when it is.
        let cell = seen(app, ben, welding).await;
        ask(&ada, "3").await;
        assert!(matches!(save(app, cell, 2).await, Ok(Outcome::Saved(_))));
        assert_eq!(gaps(app, ben, welding).await, (2, 1), "Ada and Ben lack it");
        // Read while level 3 is asked for, and written when 1 is.
        let cell = seen(app, ben, welding).await;
        let target = app.count(sql!("SELECT id FROM targets")).await;
        let form = [("level", "1"), ("at_least", ""), ("version", "1")];
        ada.post_fragment(&format!("/skills/targets/{target}"), &form).await.has_status(StatusCode::OK);
        assert!(matches!(save(app, cell, 0).await, Ok(Outcome::Saved(_))));
        assert_eq!(gaps(app, ben, welding).await, (2, 1));
        let cell = seen(app, ben, welding).await;
        ada.post_fragment(&format!("/skills/targets/{target}/deletion"), &[("version", "2")]).await;
        assert!(matches!(save(app, cell, 1).await, Ok(Outcome::Saved(_))));
        assert_eq!(gaps(app, ben, welding).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn ratings_and_targets_that_change_together_leave_the_counters_right() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let mut writers = tokio::task::JoinSet::new();
        for number in 0..6i64 {
            let person = app.person(&format!("Person {number}"), None).await;
            let portal = app.app.clone();
            writers.spawn(async move {
                for turn in 0..8i64 {
                    let cell = model::get(&portal, &Actor::system(), person, welding).await.unwrap();
                    let base = Base::Version(cell.rating.version);
                    let standing = Standing::At(Level::from_hundredths((number + turn) % 5 * 100));
                    let patch = RatingPatch { standing: Some(standing), ..RatingPatch::default() };
                    // Many targets in a row may be in the way; then nothing is written, and nothing is counted.
                    let saved = model::save_cell(&portal, &Actor::system(), cell, base, &patch, Origin::Api).await;
                    assert!(matches!(saved, Ok(_) | Err(Error::Unavailable { .. })), "{saved:?}");
                }
            });
        }
        ask(&ada, "1").await;
        let target = app.count(sql!("SELECT id FROM targets")).await;
        for turn in 1..12i64 {
            let (level, version) = ((turn % 4 + 1).to_string(), turn.to_string());
            let form = [("level", level.as_str()), ("at_least", ""), ("version", &version)];
            ada.post_fragment(&format!("/skills/targets/{target}"), &form).await.has_status(StatusCode::OK);
        }
        writers.join_all().await;
        let columns = sql!("SELECT gaps FROM skill_summaries");
        let rows = sql!("SELECT CAST(SUM(gaps) AS {i64}) FROM person_summaries");
        let right = sql!(
            "SELECT COUNT(*) FROM requirements q LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
             WHERE r.level IS NULL OR r.level < q.level"
        );
        let right = app.count(right).await;
        assert_eq!((app.count(columns).await, app.count(rows).await), (right, right));
    })
    .await;
}

#[tokio::test]
async fn a_first_level_is_not_taken_for_one_of_a_scale_that_came_meanwhile() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let (ben, cleo) = (app.person("Ben Berg", None).await, app.person("Cleo", None).await);
        // Without any rating, the form of the skill gives it another scale.
        let cell = seen(app, ben, welding).await;
        let form = [("name", "Welding"), ("category", "Workshop"), ("scale", "0–10"), ("version", "1")];
        ada.post(&format!("/skills/catalogue/{welding}"), &form).await.has_status(StatusCode::SEE_OTHER);
        let Err(Error::Conflict(text)) = save(app, cell, 3).await else { panic!("it must be refused") };
        assert!(text.contains("was given the scale 0–10"), "{text}");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings")).await, 0);
        // With one, a mapping does.
        let first = seen(app, cleo, welding).await;
        assert!(matches!(save(app, first, 8).await, Ok(Outcome::Saved(_))));
        let cell = seen(app, ben, welding).await;
        let form = [("scale", "0–4"), ("version", "2"), ("map-800", "4")];
        ada.post(&format!("/skills/catalogue/{welding}/rescaling"), &form).await.has_status(StatusCode::SEE_OTHER);
        assert!(matches!(save(app, cell, 3).await, Err(Error::Conflict(_))));
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings")).await, 1);
        assert_eq!(app.count(sql!("SELECT level_sum FROM skill_summaries")).await, 400);
    })
    .await;
}
