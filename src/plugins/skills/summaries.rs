//! The counters beside the ratings: how many people are able to do a skill, how many skills a person is able to do, and
//! how many are below what is required.
//!
//! Tables: skill_summaries, person_summaries. Whoever writes ratings or requirements calls one of these inside of the
//! same transaction, so that a window of the matrix never counts, however many people and skills there are. What has
//! expired or is suspended counts as if nothing were said, and archived skills count for nobody.

use super::levels::{Level, Standing};
use crate::db::{self, Query, Tx};
use crate::sql;

/// What one rating adds to the counters of its row and its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    able: i64,
    rated: i64,
    /// In hundredths.
    level_sum: i64,
    gaps: i64,
}

impl Weight {
    pub fn of(standing: Standing, lapsed: bool, required: Option<Level>) -> Self {
        let counts = if lapsed { None } else { standing.level() };
        Weight {
            able: i64::from(counts.is_some_and(|level| level > Level::ZERO)),
            rated: i64::from(counts.is_some()),
            level_sum: counts.map_or(0, Level::hundredths),
            gaps: i64::from(is_gap(standing, lapsed, required)),
        }
    }

    fn minus(self, other: Weight) -> Weight {
        Weight {
            able: self.able - other.able,
            rated: self.rated - other.rated,
            level_sum: self.level_sum - other.level_sum,
            gaps: self.gaps - other.gaps,
        }
    }
}

/// Whether somebody is below what is required. What does not apply to a person is no gap.
pub fn is_gap(standing: Standing, lapsed: bool, required: Option<Level>) -> bool {
    let Some(required) = required else { return false };
    match standing {
        Standing::NotApplicable => false,
        Standing::Unset => true,
        Standing::At(level) => lapsed || level < required,
    }
}

/// Moves the counters of the column and of the row by what changed, together with the writes that change it. All writers
/// take the two in this order. The first of the two moves nothing where the column has no longer that revision: what is
/// asked for, or the scale, changed since the cell was read.
pub fn shift<'e>(
    writes: Query<'e>,
    (person_id, skill_id): (i64, i64),
    revision: Option<i64>,
    before: Weight,
    after: Weight,
) -> Query<'e> {
    let by = after.minus(before);
    // A column that had no counters when the cell was read, and so no revision, gets them.
    let column = match revision {
        Some(_) => sql!(
            "UPDATE skill_summaries SET able = able + ?, rated = rated + ?, level_sum = level_sum + ?, gaps = gaps + ?
             WHERE skill_id = ? AND revision = ?"
        ),
        None => sql!(
            "INSERT INTO skill_summaries (able, rated, level_sum, gaps, skill_id, revision) VALUES (?, ?, ?, ?, ?, ?)"
        ),
    };
    let writes = writes.and(column).bind(by.able).bind(by.rated).bind(by.level_sum).bind(by.gaps);
    let writes = writes.bind(skill_id).bind(revision.unwrap_or(0));
    // Another level of somebody who was able before changes the mean of the column, and nothing in the row.
    if by == (Weight { level_sum: by.level_sum, ..Weight::default() }) {
        return writes;
    }
    let writes = writes.and(sql!(
        "INSERT INTO person_summaries (person_id, able, rated, gaps) VALUES (?, ?, ?, ?)
         {upsert person_id} able = person_summaries.able + {new able}, rated = person_summaries.rated + {new rated},
         gaps = person_summaries.gaps + {new gaps}"
    ));
    writes.bind(person_id).bind(by.able).bind(by.rated).bind(by.gaps)
}

/// Locks the counters of these columns until the commit, and gives them another revision: who has read a cell there, and
/// has not written it yet, will look again.
pub async fn revise(tx: &mut Tx, skills: &[i64]) -> db::Result<()> {
    let query = tx.q(sql!(
        "INSERT INTO skill_summaries (skill_id, able, rated, level_sum, gaps, revision)
         SELECT s.id, 0, 0, 0, 0, 1 FROM skills s WHERE s.id IN ({ids}) ORDER BY s.id
         {upsert skill_id} revision = skill_summaries.revision + 1"
    ));
    query.bind_ids(skills).execute().await?;
    Ok(())
}

/// Locks the counters of these columns until the commit. What is counted is seen by the statement after this one: one that
/// waits for a lock still sees what was there before it waited.
async fn lock_skills(tx: &mut Tx, skills: &[i64]) -> db::Result<()> {
    let query = tx.q(sql!(
        "INSERT INTO skill_summaries (skill_id, able, rated, level_sum, gaps)
         SELECT s.id, 0, 0, 0, 0 FROM skills s WHERE s.id IN ({ids}) ORDER BY s.id
         {upsert skill_id} revision = skill_summaries.revision"
    ));
    query.bind_ids(skills).execute().await?;
    Ok(())
}

/// As `lock_skills`, of these rows. Columns come before rows.
pub async fn lock_people(tx: &mut Tx, people: &[i64]) -> db::Result<()> {
    let query = tx.q(sql!(
        "INSERT INTO person_summaries (person_id, able, rated, gaps)
         SELECT p.id, 0, 0, 0 FROM people p WHERE p.id IN ({ids}) ORDER BY p.id
         {upsert person_id} gaps = person_summaries.gaps"
    ));
    query.bind_ids(people).execute().await?;
    Ok(())
}

/// Counts the summaries of these people and skills anew, after a change that wrote many ratings at once.
pub async fn recount(tx: &mut Tx, people: &[i64], skills: &[i64]) -> db::Result<()> {
    if !skills.is_empty() {
        recount_skills(tx, skills).await?;
    }
    if !people.is_empty() {
        recount_people(tx, people).await?;
    }
    Ok(())
}

/// Counts anew what these people have said, after they were deactivated or brought back: nobody counts the inactive.
pub async fn recount_all_of(tx: &mut Tx, people: &[i64]) -> db::Result<()> {
    let query = tx.q(sql!(
        "SELECT skill_id FROM ratings WHERE person_id IN ({ids}) UNION SELECT skill_id FROM requirements WHERE person_id IN ({ids})"
    ));
    let skills: Vec<(i64,)> = query.bind_ids(people).bind_ids(people).all().await?;
    let skills: Vec<i64> = skills.into_iter().map(|(id,)| id).collect();
    recount(tx, people, &skills).await
}

async fn recount_skills(tx: &mut Tx, skills: &[i64]) -> db::Result<()> {
    lock_skills(tx, skills).await?;
    tx.q(sql!(
        "INSERT INTO skill_summaries (skill_id, able, rated, level_sum, gaps)
         SELECT s.id, COALESCE(c.able, 0), COALESCE(c.rated, 0), COALESCE(c.level_sum, 0), COALESCE(g.gaps, 0)
         FROM skills s
         LEFT JOIN (SELECT r.skill_id, COUNT(CASE WHEN r.level > 0 THEN 1 END) AS able, COUNT(r.level) AS rated,
                    CAST(COALESCE(SUM(r.level), 0) AS {i64}) AS level_sum
                    FROM ratings r JOIN people p ON p.id = r.person_id
                    WHERE p.active = TRUE AND r.lapsed = FALSE AND r.skill_id IN ({ids}) GROUP BY r.skill_id) AS c ON c.skill_id = s.id
         LEFT JOIN (SELECT q.skill_id, COUNT(*) AS gaps
                    FROM requirements q JOIN people p ON p.id = q.person_id
                    LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
                    WHERE p.active = TRUE AND q.skill_id IN ({ids}) AND COALESCE(r.not_applicable, FALSE) = FALSE
                    AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE) GROUP BY q.skill_id) AS g ON g.skill_id = s.id
         WHERE s.id IN ({ids}) {upsert skill_id} able = {new able}, rated = {new rated}, level_sum = {new level_sum}, gaps = {new gaps}"
    ))
    .bind_ids(skills)
    .bind_ids(skills)
    .bind_ids(skills)
    .execute()
    .await?;
    Ok(())
}

async fn recount_people(tx: &mut Tx, people: &[i64]) -> db::Result<()> {
    lock_people(tx, people).await?;
    tx.q(sql!(
        "INSERT INTO person_summaries (person_id, able, rated, gaps)
         SELECT p.id, COALESCE(c.able, 0), COALESCE(c.rated, 0), COALESCE(g.gaps, 0)
         FROM people p
         LEFT JOIN (SELECT r.person_id, COUNT(CASE WHEN r.level > 0 THEN 1 END) AS able, COUNT(r.level) AS rated
                    FROM ratings r JOIN skills s ON s.id = r.skill_id
                    WHERE s.active = TRUE AND r.lapsed = FALSE AND r.person_id IN ({ids}) GROUP BY r.person_id) AS c ON c.person_id = p.id
         LEFT JOIN (SELECT q.person_id, COUNT(*) AS gaps
                    FROM requirements q JOIN skills s ON s.id = q.skill_id
                    LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
                    WHERE s.active = TRUE AND q.person_id IN ({ids}) AND COALESCE(r.not_applicable, FALSE) = FALSE
                    AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE) GROUP BY q.person_id) AS g ON g.person_id = p.id
         WHERE p.id IN ({ids}) {upsert person_id} able = {new able}, rated = {new rated}, gaps = {new gaps}"
    ))
    .bind_ids(people)
    .bind_ids(people)
    .bind_ids(people)
    .execute()
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_lapsed_counts_as_if_nothing_were_said() {
        let at = |level: i64| Standing::At(Level::from_hundredths(level * 100));
        let two = Some(Level::from_hundredths(200));
        assert_eq!(Weight::of(at(3), false, two), Weight { able: 1, rated: 1, level_sum: 300, gaps: 0 });
        assert_eq!(Weight::of(at(3), true, two), Weight { gaps: 1, ..Weight::default() });
        assert_eq!(Weight::of(at(0), false, None), Weight { rated: 1, ..Weight::default() });
        for (standing, gap) in
            [(at(1), true), (at(2), false), (Standing::Unset, true), (Standing::NotApplicable, false)]
        {
            assert_eq!(is_gap(standing, false, two), gap, "{standing:?}");
            assert!(!is_gap(standing, false, None), "{standing:?}");
        }
    }
}
