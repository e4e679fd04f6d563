//! Summaries that cannot be read off the counters: of a team, and of what somebody may see.

use super::super::super::sight::Sight;
use super::super::model::{PersonRow, SkillColumn};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::sql;
use std::collections::HashMap;

/// The summaries that a changed cell belongs to.
#[derive(sqlx::FromRow)]
pub struct Summaries {
    pub person_able: i64,
    pub able: i64,
    pub rated: i64,
    pub level_sum: i64,
}

/// The summaries of a row and a column: the column's of a team, if one is given, else of everybody; as far as they may be
/// seen.
pub async fn summaries(
    app: &App,
    actor: &Actor,
    person_id: i64,
    skill_id: i64,
    team_id: Option<i64>,
) -> Result<Summaries> {
    let sight = Sight::of(app, actor).await?;
    let query = app.db.q(sql!(
        "SELECT COALESCE(m.able, 0) AS person_able, COALESCE(k.able, 0) AS able, COALESCE(k.rated, 0) AS rated,
         COALESCE(k.level_sum, 0) AS level_sum
         FROM skills s LEFT JOIN skill_summaries k ON k.skill_id = s.id LEFT JOIN person_summaries m ON m.person_id = ?
         WHERE s.id = ?"
    ));
    let mut summaries: Summaries = query.bind(person_id).bind(skill_id).one().await?;
    if team_id.is_some() || !sight.is_all() {
        let column = narrow_column(app, skill_id, team_id, &sight).await?;
        (summaries.able, summaries.rated, summaries.level_sum) = column.unwrap_or_default();
    }
    Ok(summaries)
}

async fn narrow_column(
    app: &App,
    skill_id: i64,
    team_id: Option<i64>,
    sight: &Sight,
) -> Result<Option<(i64, i64, i64)>> {
    let query = app.db.q(sql!(
        "SELECT COUNT(CASE WHEN r.level > 0 THEN 1 END), COUNT(r.level), CAST(COALESCE(SUM(r.level), 0) AS {i64})
         FROM ratings r JOIN people p ON p.id = r.person_id
         WHERE (? = 0 OR p.team_id = ?) AND p.active = TRUE AND r.lapsed = FALSE AND r.skill_id = ?
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids}))"
    ));
    let team = team_id.unwrap_or(0);
    Ok(sight.bind(query.bind(team).bind(team).bind(skill_id)).optional().await?)
}

/// Of people of whom only some ratings may be seen, those alone are counted.
pub async fn hide_sums(app: &App, people: &mut [PersonRow], sight: &Sight) -> Result<()> {
    let Sight::Limited(limits) = sight else { return Ok(()) };
    let others: Vec<i64> =
        people.iter().filter(|person| !sight.sees_all_of(person.id, person.team_id)).map(|person| person.id).collect();
    if others.is_empty() {
        return Ok(());
    }
    let query = app.db.q(sql!(
        "SELECT person_id, COUNT(CASE WHEN level > 0 THEN 1 END), COUNT(level) FROM ratings
         WHERE person_id IN ({ids}) AND skill_id IN ({ids}) AND lapsed = FALSE GROUP BY person_id"
    ));
    let rows: Vec<(i64, i64, i64)> = query.bind_ids(&others).bind_ids(&limits.owned).all().await?;
    let seen: HashMap<i64, (i64, i64)> = rows.into_iter().map(|(id, able, rated)| (id, (able, rated))).collect();
    for person in people.iter_mut().filter(|person| others.contains(&person.id)) {
        (person.able, person.rated) = seen.get(&person.id).copied().unwrap_or_default();
    }
    Ok(())
}

/// Counts the columns anew: of a team, and of what may be seen.
pub async fn narrow(app: &App, skills: &mut [SkillColumn], team_id: Option<i64>, sight: &Sight) -> Result<()> {
    let ids: Vec<i64> = skills.iter().map(|skill| skill.id).collect();
    let query = app.db.q(sql!(
        "SELECT r.skill_id, COUNT(CASE WHEN r.level > 0 THEN 1 END), COUNT(r.level), CAST(COALESCE(SUM(r.level), 0) AS {i64})
         FROM ratings r JOIN people p ON p.id = r.person_id
         WHERE (? = 0 OR p.team_id = ?) AND p.active = TRUE AND r.lapsed = FALSE AND r.skill_id IN ({ids})
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids})) GROUP BY r.skill_id"
    ));
    let team = team_id.unwrap_or(0);
    let query = sight.bind(query.bind(team).bind(team).bind_ids(&ids));
    let rows: Vec<(i64, i64, i64, i64)> = query.all().await?;
    let by_skill: HashMap<i64, (i64, i64, i64)> = rows.into_iter().map(|(id, a, r, s)| (id, (a, r, s))).collect();
    for skill in skills {
        (skill.able, skill.rated, skill.level_sum) = by_skill.get(&skill.id).copied().unwrap_or_default();
    }
    Ok(())
}
