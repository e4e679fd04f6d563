//! How often each route was used: counted in the process by one addition, and added to the table once a minute.

use super::super::{Actor, ROLES_READ};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::Result;
use crate::sql;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(60);

/// A clone shares the counters.
#[derive(Clone, Default)]
pub struct RouteUses(Arc<Mutex<BTreeMap<String, Arc<AtomicU64>>>>);

#[derive(Serialize)]
struct Row<'a> {
    route: &'a str,
    count: i64,
    at: i64,
}

impl RouteUses {
    /// What a route adds to when somebody was admitted.
    pub fn counter(&self, route: &str) -> Arc<AtomicU64> {
        self.counters().entry(route.to_owned()).or_default().clone()
    }

    /// Adds what was counted since the last time. What cannot be written is kept for the next time.
    pub async fn write(&self, db: &Db, now_ms: i64) -> Result<()> {
        let counters: Vec<(String, Arc<AtomicU64>)> =
            self.counters().iter().map(|(route, counter)| (route.clone(), counter.clone())).collect();
        let taken = counters.iter().map(|(route, counter)| (route, counter, counter.swap(0, Ordering::Relaxed)));
        let taken: Vec<_> = taken.filter(|(_, _, count)| *count > 0).collect();
        let rows: Vec<Row> =
            taken.iter().map(|(route, _, count)| Row { route, count: *count as i64, at: now_ms }).collect();
        let written = add(db, &rows).await;
        if written.is_err() {
            taken.iter().for_each(|(_, counter, count)| _ = counter.fetch_add(*count, Ordering::Relaxed));
        }
        written
    }

    /// Writes once a minute, for as long as the process serves.
    pub async fn keep_writing(self, db: Db, clock: Clock) {
        loop {
            tokio::time::sleep(EVERY).await;
            if let Err(error) = self.write(&db, clock.now_ms()).await {
                tracing::warn!(%error, "the uses of routes are written a minute later");
            }
        }
    }

    fn counters(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<AtomicU64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn add(db: &Db, rows: &[Row<'_>]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    db.q(sql!(
        "INSERT INTO route_uses (route, uses, first_at, last_at)
         SELECT item.route, item.count, item.at, item.at FROM {rows route text, count i64, at i64} WHERE 1 = 1
         {upsert route} uses = route_uses.uses + {new uses}, last_at = {new last_at}"
    ))
    .bind_rows(rows)
    .execute()
    .await?;
    Ok(())
}

/// How often a route was used, since when, and when last.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Use {
    pub route: String,
    pub uses: i64,
    pub first_at: i64,
    pub last_at: i64,
}

/// Every route that was ever used.
pub async fn uses(db: &Db, actor: &Actor) -> Result<Vec<Use>> {
    actor.require(ROLES_READ)?;
    Ok(db.q(sql!("SELECT route, uses, first_at, last_at FROM route_uses ORDER BY route")).all().await?)
}
