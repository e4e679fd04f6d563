//! The counters beside the ratings: how many people are able to do a skill, how many skills a person is able to do.
//!
//! Tables: skill_summaries, person_summaries. Whoever writes ratings calls one of these inside of the same transaction,
//! so that a window of the matrix never counts, however many people and skills there are.

use super::levels::{Level, Standing};
use crate::db::{self, Tx};
use crate::sql;

/// Moves the counters of the column and of the row by what changed. All writers take the two in this order.
pub async fn shift(
    tx: &mut Tx,
    (person_id, skill_id): (i64, i64),
    before: Standing,
    after: Standing,
) -> db::Result<()> {
    let able = i64::from(after.is_able()) - i64::from(before.is_able());
    let rated = i64::from(after.level().is_some()) - i64::from(before.level().is_some());
    let sum = |standing: Standing| standing.level().map_or(0, Level::hundredths);
    let level_sum = sum(after) - sum(before);
    if (able, rated, level_sum) == (0, 0, 0) {
        return Ok(());
    }
    tx.q(sql!(
        "INSERT INTO skill_summaries (skill_id, able, rated, level_sum) VALUES (?, ?, ?, ?)
         {upsert skill_id} able = skill_summaries.able + {new able}, rated = skill_summaries.rated + {new rated},
         level_sum = skill_summaries.level_sum + {new level_sum}"
    ))
    .bind(skill_id)
    .bind(able)
    .bind(rated)
    .bind(level_sum)
    .execute()
    .await?;
    tx.q(sql!(
        "INSERT INTO person_summaries (person_id, able, rated) VALUES (?, ?, ?)
         {upsert person_id} able = person_summaries.able + {new able}, rated = person_summaries.rated + {new rated}"
    ))
    .bind(person_id)
    .bind(able)
    .bind(rated)
    .execute()
    .await?;
    Ok(())
}

/// Counts the summaries of these people and skills anew, after a change that wrote many ratings at once.
pub async fn recount(tx: &mut Tx, people: &[i64], skills: &[i64]) -> db::Result<()> {
    let query = tx.q(sql!("DELETE FROM skill_summaries WHERE skill_id IN ({ids})"));
    query.bind_ids(skills).execute().await?;
    tx.q(sql!(
        "INSERT INTO skill_summaries (skill_id, able, rated, level_sum)
         SELECT r.skill_id, COUNT(CASE WHEN r.level > 0 THEN 1 END), COUNT(r.level), CAST(COALESCE(SUM(r.level), 0) AS {i64})
         FROM ratings r JOIN people p ON p.id = r.person_id
         WHERE p.active = TRUE AND r.skill_id IN ({ids}) GROUP BY r.skill_id"
    ))
    .bind_ids(skills)
    .execute()
    .await?;
    let query = tx.q(sql!("DELETE FROM person_summaries WHERE person_id IN ({ids})"));
    query.bind_ids(people).execute().await?;
    tx.q(sql!(
        "INSERT INTO person_summaries (person_id, able, rated)
         SELECT r.person_id, COUNT(CASE WHEN r.level > 0 THEN 1 END), COUNT(r.level)
         FROM ratings r WHERE r.person_id IN ({ids}) GROUP BY r.person_id"
    ))
    .bind_ids(people)
    .execute()
    .await?;
    Ok(())
}
