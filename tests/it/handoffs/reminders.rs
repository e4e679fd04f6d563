//! What waits for too long.

use super::{accept, draft, sent, yard};
use crate::support::on_every_database;
use quarterdeck::plugins::handoffs::reminders::model::remind;
use quarterdeck::sql;

const MINUTE_MS: i64 = 60_000;

#[tokio::test]
async fn it_is_brought_to_mind_once_and_told_to_the_leads_once() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let id = sent(app, &yard, "Night").await;
        remind(&app.app).await.unwrap();
        yard.max.get("/notices").await.hides("still waits for you");
        app.app.clock.advance(31 * MINUTE_MS);
        for _ in 0..3 {
            remind(&app.app).await.unwrap();
        }
        yard.max.get("/notices").await.shows("Ina Out still waits for you to accept");
        yard.lea.get("/notices").await.hides("Nobody has accepted");
        app.app.clock.advance(30 * MINUTE_MS);
        for _ in 0..3 {
            remind(&app.app).await.unwrap();
        }
        yard.lea.get("/notices").await.shows("Nobody has accepted “Night” of Yard");
        yard.ina.get(&format!("/handoffs/{id}")).await.shows("the leads know");
        accept(&yard.lea, id).await;
        app.app.clock.advance(300 * MINUTE_MS);
        remind(&app.app).await.unwrap();
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices WHERE kind = 'handoffs.escalated'")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_was_away_for_a_day_tells_the_leads_at_once() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        sent(app, &yard, "Night").await;
        app.app.clock.advance(24 * 60 * MINUTE_MS);
        remind(&app.app).await.unwrap();
        remind(&app.app).await.unwrap();
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices WHERE kind = 'handoffs.escalated'")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_receiver_who_is_switched_off_is_told_to_the_leads_at_once() {
    on_every_database(async |app| {
        let yard = yard(app).await;
        let id = draft(app, &yard, "Night").await;
        super::send(&yard, id, &format!("p{}", yard.max.person_id)).await;
        let off = app.app.db.q(sql!("UPDATE people SET active = FALSE WHERE name = 'Max In'"));
        off.execute().await.unwrap();
        remind(&app.app).await.unwrap();
        yard.lea.get("/notices").await.shows("Nobody has accepted");
        // And a clock that is moved back tells nothing further.
        app.app.clock.advance(-600 * MINUTE_MS);
        remind(&app.app).await.unwrap();
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM notices WHERE kind = 'handoffs.escalated'")).await, 1);
    })
    .await;
}
