//! Taking back: the last change, a batch, and what refuses it.

use super::skill;
use crate::support::{TestApp, on_every_database};
use poem::http::StatusCode;
use quarterdeck::accounts::Actor;
use quarterdeck::plugins::skills::batches::model::{Batch, Change, lock, open, write};
use quarterdeck::plugins::skills::batches::reversals::model::revert_last;
use quarterdeck::plugins::skills::levels::{Level, Standing};
use quarterdeck::plugins::skills::ratings::model::{Origin, RatingPatch, Values, Voice};
use quarterdeck::sql;

#[tokio::test]
async fn the_last_change_is_taken_back_and_done_again() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let ben = app.person("Ben Berg", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let cell = format!("/skills/ratings/{ben}/{welding}");
        ada.post_fragment("/skills/reversals", &[]).await.has_status(StatusCode::OK).shows("nothing of today");
        ada.post_fragment(&cell, &[("level", "2"), ("note", "MIG"), ("version", "0")]).await.has_status(StatusCode::OK);
        ada.post_fragment(&cell, &[("level", "4"), ("was", "2")]).await.has_status(StatusCode::OK);
        let back = ada.post_fragment("/skills/reversals", &[]).await;
        back.has_status(StatusCode::OK).is_fragment().shows("Taken back: Ben Berg · Welding.");
        ada.fragment(&cell).await.shows(">2</td>");
        assert_eq!(level_sum(app).await, 200, "the column's summary went back, too");
        ada.post_fragment("/skills/reversals", &[]).await.shows("Taken back: Undo of Ben Berg · Welding.");
        ada.fragment(&cell).await.shows(">4</td>");
        ada.post("/skills/reversals", &[]).await.has_status(StatusCode::SEE_OTHER);
        ada.fragment(&format!("{cell}/edit")).await.shows("MIG").shows("name=\"version\" value=\"5\"");
    })
    .await;
}

#[tokio::test]
async fn a_first_rating_taken_back_is_unset_again() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let ben = app.person("Ben Berg", None).await;
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        let cell = format!("/skills/ratings/{ben}/{welding}");
        ada.post_fragment(&cell, &[("level", "2"), ("interest", "3"), ("version", "0")])
            .await
            .has_status(StatusCode::OK);
        ada.post_fragment("/skills/reversals", &[]).await.has_status(StatusCode::OK);
        ada.fragment(&cell).await.shows("<td class=\"unset ");
        assert_eq!(level_sum(app).await, 0);
        // What is older than a working day is history, not a slip.
        app.app.clock.advance(13 * 3_600_000);
        let actor = Actor { person_id: Some(ada.person_id), ..Actor::system() };
        assert!(revert_last(&app.app, &actor).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_batch_is_taken_back_as_a_whole_or_not_at_all() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (ben, cem) = (app.person("Ben Berg", None).await, app.person("Cem Can", None).await);
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        ada.post_fragment(&format!("/skills/ratings/{ben}/{welding}"), &[("level", "1"), ("version", "0")]).await;
        let batch = paste(app, &[(ben, welding, 3), (cem, welding, 4)]).await;
        assert_eq!(level_sum(app).await, 700);
        let viewer = app.sign_in("viewer", "Vic Viewer", None).await;
        let reversal = format!("/skills/batches/{batch}/reversal");
        viewer.post_fragment(&reversal, &[]).await.has_status(StatusCode::FORBIDDEN);
        ada.post_fragment("/skills/batches/999/reversal", &[]).await.has_status(StatusCode::NOT_FOUND);

        // Somebody changed one of the cells since: nothing is taken back, and the answer names it.
        ada.post_fragment(&format!("/skills/ratings/{cem}/{welding}"), &[("level", "2"), ("was", "4")]).await;
        let refused = ada.post_fragment(&reversal, &[]).await;
        refused.has_status(StatusCode::CONFLICT).shows("nothing was taken back: Cem Can · Welding");
        assert_eq!(level_sum(app).await, 500);
        ada.post_fragment("/skills/reversals", &[]).await.has_status(StatusCode::OK);

        let late = ada.post_fragment(&reversal, &[]).await;
        late.has_status(StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn a_batch_that_nobody_touched_since_goes_back_and_only_once() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let (ben, cem) = (app.person("Ben Berg", None).await, app.person("Cem Can", None).await);
        let welding = skill(app, "Workshop", "Welding", "0–4").await;
        ada.post_fragment(&format!("/skills/ratings/{ben}/{welding}"), &[("level", "1"), ("version", "0")]).await;
        let batch = paste(app, &[(ben, welding, 3), (cem, welding, 4)]).await;
        let reversal = format!("/skills/batches/{batch}/reversal");
        ada.post_fragment(&reversal, &[]).await.has_status(StatusCode::OK).shows("Taken back: Block, 2 ratings.");
        assert_eq!(level_sum(app).await, 100);
        ada.post_fragment(&reversal, &[]).await.has_status(StatusCode::CONFLICT).shows("was taken back already");
    })
    .await;
}

async fn level_sum(app: &TestApp) -> i64 {
    app.count(sql!("SELECT CAST(COALESCE(SUM(level_sum), 0) AS {i64}) FROM skill_summaries")).await
}

/// Writes levels as a batch, by the command line.
async fn paste(app: &TestApp, cells: &[(i64, i64, i64)]) -> i64 {
    let actor = Actor::system();
    let mut tx = app.app.db.begin().await.unwrap();
    let people: Vec<i64> = cells.iter().map(|cell| cell.0).collect();
    let skills: Vec<i64> = cells.iter().map(|cell| cell.1).collect();
    let known = lock(&mut tx, &people, &skills).await.unwrap();
    let now_ms = app.app.now_ms();
    let id = open(&mut tx, &actor, Origin::Paste, "Block", &serde_json::json!({}), now_ms).await.unwrap();
    let change = |&(person_id, skill_id, level): &(i64, i64, i64)| {
        let before = known.get(&(person_id, skill_id)).map(|known| known.values.clone());
        let standing = Some(Standing::At(Level::from_hundredths(level * 100)));
        let patch = RatingPatch { standing, ..RatingPatch::default() };
        let after = before.clone().unwrap_or_else(Values::default).patched(&patch, Voice::Other(None), now_ms);
        Change { person_id, skill_id, is_new: before.is_none(), after }
    };
    let changes: Vec<Change> = cells.iter().map(change).collect();
    write(&mut tx, &Batch { actor: &actor, origin: Origin::Paste, id: Some(id), now_ms }, &changes).await.unwrap();
    tx.commit().await.unwrap();
    id
}
