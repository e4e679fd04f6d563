//! Keeps what is asked for, so that a day that is past is measured by what was asked for then.
//!
//! Tables: requirement_events, of each person and skill; target_events, of each target. Nothing in them is ever changed.
//! What differs from the latest event is added whenever requirements are worked out, in the same transaction. Before the
//! first recorded change stands what was asked for when the history began.

use super::super::super::READ;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Sql, Tx};
use crate::error::Result;
use crate::sql;

/// A derived table of what was asked of whom before a moment: `person_id`, `skill_id`, `level`. The literal narrows it, as
/// `"AND x.skill_id IN ({ids})"`. Bound are what stands in the literal, and then the moment.
macro_rules! required_then {
    ($narrowed:literal) => {
        concat!(
            "(SELECT z.person_id, z.skill_id, z.level FROM (SELECT MAX(x.id) AS id FROM requirement_events x WHERE 1 = 1 ",
            $narrowed,
            " AND x.at < ? GROUP BY x.person_id, x.skill_id) AS newest
             JOIN requirement_events z ON z.id = newest.id WHERE z.level IS NOT NULL)"
        )
    };
}
pub(in super::super::super) use required_then;

/// A derived table of the targets before a moment, which is bound, with columns as `targets` has them.
macro_rules! targets_then {
    () => {
        "(SELECT z.target_id AS id, z.skill_id, z.team_id, z.job_role_id, z.level, z.at_least, CAST(0 AS {i64}) AS version
          FROM (SELECT MAX(x.id) AS id FROM target_events x WHERE x.at < ? GROUP BY x.target_id) AS newest
          JOIN target_events z ON z.id = newest.id WHERE z.gone = FALSE)"
    };
}
pub(in super::super::super) use targets_then;

/// Adds what is asked for and was not before, or at another level. Bound are the time, and twice what narrows it.
macro_rules! record_changed {
    ($column:literal) => {
        sql!(concat!(
            "INSERT INTO requirement_events (person_id, skill_id, at, level)
             SELECT q.person_id, q.skill_id, ?, q.level FROM requirements q
             LEFT JOIN (SELECT x.person_id, x.skill_id, MAX(x.id) AS id FROM requirement_events x WHERE x.",
            $column,
            " IN ({ids}) GROUP BY x.person_id, x.skill_id) AS newest
              ON newest.person_id = q.person_id AND newest.skill_id = q.skill_id
             LEFT JOIN requirement_events e ON e.id = newest.id WHERE q.",
            $column,
            " IN ({ids}) AND (e.level IS NULL OR e.level <> q.level)"
        ))
    };
}

/// Adds that something is asked for no more. Bound are the time, and what narrows it.
macro_rules! record_ended {
    ($column:literal) => {
        sql!(concat!(
            "INSERT INTO requirement_events (person_id, skill_id, at, level)
             SELECT e.person_id, e.skill_id, ?, NULL FROM (SELECT MAX(x.id) AS id FROM requirement_events x WHERE x.",
            $column,
            " IN ({ids}) GROUP BY x.person_id, x.skill_id) AS newest JOIN requirement_events e ON e.id = newest.id
             WHERE e.level IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM requirements q WHERE q.person_id = e.person_id AND q.skill_id = e.skill_id)"
        ))
    };
}

/// Adds what is asked for in these skills now, as far as it is something else than before.
pub async fn record_skills(tx: &mut Tx, skills: &[i64], now_ms: i64) -> db::Result<()> {
    record_targets(tx, skills, now_ms).await?;
    record_gone(tx, now_ms).await?;
    record(tx, (record_changed!("skill_id"), record_ended!("skill_id")), skills, now_ms).await
}

/// As `record_skills`, of what is asked of these people.
pub async fn record_people(tx: &mut Tx, people: &[i64], now_ms: i64) -> db::Result<()> {
    record_gone(tx, now_ms).await?;
    record(tx, (record_changed!("person_id"), record_ended!("person_id")), people, now_ms).await
}

async fn record(
    tx: &mut Tx,
    (changed, ended): (&'static Sql, &'static Sql),
    ids: &[i64],
    now_ms: i64,
) -> db::Result<()> {
    tx.q(changed).bind(now_ms).bind_ids(ids).bind_ids(ids).execute().await?;
    tx.q(ended).bind(now_ms).bind_ids(ids).execute().await?;
    Ok(())
}

/// Adds the targets of these skills that are new or changed.
async fn record_targets(tx: &mut Tx, skills: &[i64], now_ms: i64) -> db::Result<()> {
    tx.q(sql!(
        "INSERT INTO target_events (target_id, at, skill_id, team_id, job_role_id, level, at_least, gone)
         SELECT t.id, ?, t.skill_id, t.team_id, t.job_role_id, t.level, t.at_least, FALSE FROM targets t
         LEFT JOIN (SELECT x.target_id, MAX(x.id) AS id FROM target_events x GROUP BY x.target_id) AS newest ON newest.target_id = t.id
         LEFT JOIN target_events e ON e.id = newest.id
         WHERE t.skill_id IN ({ids}) AND (e.id IS NULL OR e.skill_id <> t.skill_id OR e.level <> t.level
           OR COALESCE(e.at_least, 0) <> COALESCE(t.at_least, 0) OR e.gone = TRUE)"
    ))
    .bind(now_ms)
    .bind_ids(skills)
    .execute()
    .await?;
    Ok(())
}

/// Targets go with their team or job role, too.
async fn record_gone(tx: &mut Tx, now_ms: i64) -> db::Result<()> {
    tx.q(sql!(
        "INSERT INTO target_events (target_id, at, skill_id, team_id, job_role_id, level, at_least, gone)
         SELECT e.target_id, ?, e.skill_id, e.team_id, e.job_role_id, e.level, e.at_least, TRUE
         FROM (SELECT MAX(x.id) AS id FROM target_events x GROUP BY x.target_id) AS newest JOIN target_events e ON e.id = newest.id
         WHERE e.gone = FALSE AND NOT EXISTS (SELECT 1 FROM targets t WHERE t.id = e.target_id)"
    ))
    .bind(now_ms)
    .execute()
    .await?;
    Ok(())
}

/// Since when it is known what was asked for, in UTC milliseconds, where that is later than the moment: what is shown of the
/// time before is as it was then. `None` where it is known for all of the time.
pub async fn begins_later(app: &App, actor: &Actor, before_ms: Option<i64>) -> Result<Option<i64>> {
    actor.require(READ)?;
    let Some(before_ms) = before_ms else { return Ok(None) };
    let query = app.db.q(sql!(
        "SELECT CAST(COALESCE(MIN(e.at), 0) AS {i64}) FROM target_events e WHERE e.at > 0
         AND EXISTS (SELECT 1 FROM target_events x WHERE x.at = 0)"
    ));
    let (first,) = query.one::<(i64,)>().await?;
    Ok(Some(first).filter(|first| *first >= before_ms))
}
