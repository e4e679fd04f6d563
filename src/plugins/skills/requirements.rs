//! What the targets ask of each person, worked out: for each person and skill the highest level that any target wants of
//! all the members of the person's team, of their job roles, or of everybody.
//!
//! Tables: requirements, and what it was before (`past`); of active people and active skills alone. Whoever changes a target, who has a job role, or whether
//! a skill is archived calls one of these inside of the same transaction; a change of people calls `of_people` through
//! the plugin's `people_changed`. Each ends with the counters of gaps, so that a window of the matrix counts nothing.

pub mod past;

use super::{TARGETS_TOPIC, TOPIC, summaries};
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::Result;
use crate::plugin::Job;
use crate::sql;
use std::collections::BTreeSet;
use std::time::Duration;

/// Works everything out anew once a day: people may have changed while the plugin was switched off.
pub const WORK_OUT: Job = Job {
    name: "skills.work_out_requirements",
    interval: Duration::from_secs(24 * 3600),
    run: |app| Box::pin(work_out(app)),
};

async fn work_out(app: &App) -> Result<()> {
    let mut tx = app.db.begin().await?;
    of_everybody(&mut tx, app.now_ms()).await?;
    tx.commit().await?;
    publish(app).await;
    Ok(())
}

/// Tells what shows how much is asked for, and every page that shows whether it is met, after the commit.
pub async fn publish(app: &App) {
    app.publish(TARGETS_TOPIC, "*").await;
    app.publish(TOPIC, "*").await;
}

/// What the targets ask of active people in active skills, put into `requirements`. Bound are what narrows it, thrice.
macro_rules! insert_asked {
    ($narrowed:literal) => {
        sql!(concat!(
            "INSERT INTO requirements (person_id, skill_id, level)
             SELECT asked.person_id, asked.skill_id, MAX(asked.level) FROM (
               SELECT p.id AS person_id, t.skill_id, t.level FROM targets t JOIN people p ON p.team_id = t.team_id
               WHERE t.at_least IS NULL AND p.active = TRUE AND ",
            $narrowed,
            " UNION ALL
               SELECT p.id, t.skill_id, t.level FROM targets t
               JOIN job_role_people j ON j.job_role_id = t.job_role_id JOIN people p ON p.id = j.person_id
               WHERE t.at_least IS NULL AND p.active = TRUE AND ",
            $narrowed,
            " UNION ALL
               SELECT p.id, t.skill_id, t.level FROM targets t CROSS JOIN people p
               WHERE t.at_least IS NULL AND t.team_id IS NULL AND t.job_role_id IS NULL AND p.active = TRUE AND ",
            $narrowed,
            " ) AS asked JOIN skills s ON s.id = asked.skill_id AND s.active = TRUE
             GROUP BY asked.person_id, asked.skill_id"
        ))
    };
}

/// Works out anew what is required in these skills.
pub async fn of_skills(tx: &mut Tx, skills: &[i64], now_ms: i64) -> db::Result<()> {
    take_turn(tx).await?;
    let mut people = people_required_in(tx, skills).await?;
    let query = tx.q(sql!("DELETE FROM requirements WHERE skill_id IN ({ids})"));
    query.bind_ids(skills).execute().await?;
    let query = tx.q(insert_asked!("t.skill_id IN ({ids})"));
    query.bind_ids(skills).bind_ids(skills).bind_ids(skills).execute().await?;
    past::model::record_skills(tx, skills, now_ms).await?;
    people.extend(people_required_in(tx, skills).await?);
    let people: Vec<i64> = people.into_iter().collect();
    recount_gaps(tx, &people, skills).await
}

/// Works out anew what is required of these people.
pub async fn of_people(tx: &mut Tx, people: &[i64], now_ms: i64) -> db::Result<()> {
    take_turn(tx).await?;
    if people.is_empty() {
        return Ok(());
    }
    let mut skills = skills_required_of(tx, people).await?;
    let query = tx.q(sql!("DELETE FROM requirements WHERE person_id IN ({ids})"));
    query.bind_ids(people).execute().await?;
    let query = tx.q(insert_asked!("p.id IN ({ids})"));
    query.bind_ids(people).bind_ids(people).bind_ids(people).execute().await?;
    past::model::record_people(tx, people, now_ms).await?;
    skills.extend(skills_required_of(tx, people).await?);
    let skills: Vec<i64> = skills.into_iter().collect();
    recount_gaps(tx, people, &skills).await
}

/// Works out everything anew: people may have changed while the plugin was switched off.
pub async fn of_everybody(tx: &mut Tx, now_ms: i64) -> db::Result<()> {
    let rows: Vec<(i64,)> = tx
        .q(sql!(
            "SELECT skill_id FROM targets UNION SELECT skill_id FROM requirements UNION SELECT skill_id FROM target_events
             ORDER BY skill_id"
        ))
        .all()
        .await?;
    let skills: Vec<i64> = rows.into_iter().map(|(id,)| id).collect();
    if skills.is_empty() { Ok(()) } else { of_skills(tx, &skills, now_ms).await }
}

async fn people_required_in(tx: &mut Tx, skills: &[i64]) -> db::Result<BTreeSet<i64>> {
    let query = tx.q(sql!("SELECT DISTINCT person_id FROM requirements WHERE skill_id IN ({ids})"));
    Ok(query.bind_ids(skills).all::<(i64,)>().await?.into_iter().map(|(id,)| id).collect())
}

async fn skills_required_of(tx: &mut Tx, people: &[i64]) -> db::Result<BTreeSet<i64>> {
    let query = tx.q(sql!("SELECT DISTINCT skill_id FROM requirements WHERE person_id IN ({ids})"));
    Ok(query.bind_ids(people).all::<(i64,)>().await?.into_iter().map(|(id,)| id).collect())
}

/// Of somebody who moves to a team and a target that is set for that team, at the same time, neither change would see the
/// other; so whoever works something out waits for the one before to commit. A transaction takes its turn before it writes
/// anything: later, two that meet could each wait for the other.
pub async fn take_turn(tx: &mut Tx) -> db::Result<()> {
    tx.q(sql!("SELECT id FROM requirement_turns WHERE id = 1 {for_update}")).optional::<(i64,)>().await?;
    Ok(())
}

/// Makes the row that `take_turn` locks.
pub async fn init(tx: &mut Tx) -> db::Result<()> {
    tx.q(sql!("INSERT INTO requirement_turns (id) VALUES (1) {upsert id} id = {new id}")).execute().await?;
    Ok(())
}

/// Counts the gaps of these columns and rows anew. All writers take the two in this order. A rating that is saved meanwhile
/// finds another revision, and looks again at what is asked for.
async fn recount_gaps(tx: &mut Tx, people: &[i64], skills: &[i64]) -> db::Result<()> {
    summaries::revise(tx, skills).await?;
    tx.q(sql!(
        "INSERT INTO skill_summaries (skill_id, able, rated, level_sum, gaps)
         SELECT s.id, 0, 0, 0, COUNT(CASE WHEN q.level IS NOT NULL AND COALESCE(r.not_applicable, FALSE) = FALSE
           AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE) THEN 1 END)
         FROM skills s LEFT JOIN requirements q ON q.skill_id = s.id
         LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
         WHERE s.id IN ({ids}) GROUP BY s.id {upsert skill_id} gaps = {new gaps}"
    ))
    .bind_ids(skills)
    .execute()
    .await?;
    summaries::lock_people(tx, people).await?;
    tx.q(sql!(
        "INSERT INTO person_summaries (person_id, able, rated, gaps)
         SELECT p.id, 0, 0, COUNT(CASE WHEN q.level IS NOT NULL AND COALESCE(r.not_applicable, FALSE) = FALSE
           AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE) THEN 1 END)
         FROM people p LEFT JOIN requirements q ON q.person_id = p.id
         LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
         WHERE p.id IN ({ids}) GROUP BY p.id {upsert person_id} gaps = {new gaps}"
    ))
    .bind_ids(people)
    .execute()
    .await?;
    Ok(())
}
