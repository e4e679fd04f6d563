//! What must hold between the tables of skills, looked for by `quarterdeck doctor`: that the counters are what the ratings
//! and requirements add up to.

use crate::app::App;
use crate::error::Result;
use crate::sql;

/// What was looked for, to be read after a number, and how many rows are like that.
pub async fn examine(app: &App) -> Result<Vec<(&'static str, i64)>> {
    let checks = [
        ("skills whose counters disagree with the ratings", SKILLS),
        ("people whose counters disagree with their ratings", PEOPLE),
        ("requirements of people who are gone or deactivated", REQUIREMENTS),
        ("ratings whose person or skill is gone", RATINGS),
    ];
    let mut found = Vec::with_capacity(checks.len());
    for (what, query) in checks {
        let (count,) = app.db.q(query).one::<(i64,)>().await?;
        found.push((what, count));
    }
    Ok(found)
}

/// As `summaries` counts: active people, what has not lapsed.
const SKILLS: &crate::db::Sql = sql!(
    "SELECT COUNT(*) FROM skills s
     LEFT JOIN skill_summaries t ON t.skill_id = s.id
     LEFT JOIN (SELECT r.skill_id, COUNT(CASE WHEN r.level > 0 THEN 1 END) AS able, COUNT(r.level) AS rated,
                CAST(COALESCE(SUM(r.level), 0) AS {i64}) AS level_sum
                FROM ratings r JOIN people p ON p.id = r.person_id
                WHERE p.active = TRUE AND r.lapsed = FALSE GROUP BY r.skill_id) AS c ON c.skill_id = s.id
     LEFT JOIN (SELECT q.skill_id, COUNT(*) AS gaps
                FROM requirements q JOIN people p ON p.id = q.person_id
                LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
                WHERE p.active = TRUE AND COALESCE(r.not_applicable, FALSE) = FALSE
                AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE) GROUP BY q.skill_id) AS g ON g.skill_id = s.id
     WHERE COALESCE(t.able, 0) <> COALESCE(c.able, 0) OR COALESCE(t.rated, 0) <> COALESCE(c.rated, 0)
        OR COALESCE(t.level_sum, 0) <> COALESCE(c.level_sum, 0) OR COALESCE(t.gaps, 0) <> COALESCE(g.gaps, 0)"
);

/// As `summaries` counts: active skills, what has not lapsed. Of people who were deactivated nobody sees them.
const PEOPLE: &crate::db::Sql = sql!(
    "SELECT COUNT(*) FROM people p
     LEFT JOIN person_summaries t ON t.person_id = p.id
     LEFT JOIN (SELECT r.person_id, COUNT(CASE WHEN r.level > 0 THEN 1 END) AS able, COUNT(r.level) AS rated
                FROM ratings r JOIN skills s ON s.id = r.skill_id
                WHERE s.active = TRUE AND r.lapsed = FALSE GROUP BY r.person_id) AS c ON c.person_id = p.id
     LEFT JOIN (SELECT q.person_id, COUNT(*) AS gaps
                FROM requirements q JOIN skills s ON s.id = q.skill_id
                LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
                WHERE s.active = TRUE AND COALESCE(r.not_applicable, FALSE) = FALSE
                AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE) GROUP BY q.person_id) AS g ON g.person_id = p.id
     WHERE p.active = TRUE AND (COALESCE(t.able, 0) <> COALESCE(c.able, 0) OR COALESCE(t.rated, 0) <> COALESCE(c.rated, 0)
        OR COALESCE(t.gaps, 0) <> COALESCE(g.gaps, 0))"
);

const REQUIREMENTS: &crate::db::Sql = sql!(
    "SELECT COUNT(*) FROM requirements q LEFT JOIN people p ON p.id = q.person_id AND p.active = TRUE WHERE p.id IS NULL"
);

const RATINGS: &crate::db::Sql = sql!(
    "SELECT COUNT(*) FROM ratings r LEFT JOIN people p ON p.id = r.person_id LEFT JOIN skills s ON s.id = r.skill_id
     WHERE p.id IS NULL OR s.id IS NULL"
);
