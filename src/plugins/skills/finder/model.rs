//! Finds people by what they know, today or on an earlier day.

use super::super::as_of::AsOf;
use super::super::levels::{Interest, Standing};
use super::super::sight::Sight;
use super::ranking::{self, Fit, Held, Rank, Verdict, Wanted};
use super::terms::model::Skill;
use crate::accounts::{self, Actor};
use crate::app::App;
use crate::db::Sql;
use crate::error::Result;
use crate::sql;
use futures_util::future::try_join_all;
use std::collections::HashMap;
use std::sync::Arc;

/// People on a page of the result.
pub const PAGE: i64 = 50;

/// One condition of a search, checked.
#[derive(Clone, Debug)]
pub struct Condition {
    pub skill: Skill,
    pub wanted: Wanted,
}

#[derive(Clone, Debug, Default)]
pub struct Search {
    pub conditions: Vec<Condition>,
    pub team_id: Option<i64>,
    pub as_of: AsOf,
}

/// A person who fits, with what they have for each condition.
#[derive(Debug)]
pub struct Match {
    pub person: Person,
    pub fit: Fit,
    pub held: Vec<Held>,
    pub verdicts: Vec<Verdict>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub title: String,
    pub team_id: Option<i64>,
    pub team: Option<String>,
}

/// A part of the matches, exact ones first, and how many there are of both kinds.
#[derive(Debug, Default)]
pub struct Found {
    pub exact: usize,
    pub near: usize,
    pub matches: Vec<Match>,
}

/// What the order and the filters need to know of somebody.
struct Colleague {
    team_id: Option<i64>,
    name_key: String,
}

/// Everybody who is active, by id.
type Roster = HashMap<i64, Colleague>;

/// Kept until people change: a skill that everybody has would look up each of them in every search.
async fn roster(app: &App) -> Result<Arc<Roster>> {
    let read = async || {
        let query = app.db.q(sql!("SELECT p.id, p.team_id, p.name_key FROM people p WHERE p.active = TRUE"));
        let rows: Vec<(i64, Option<i64>, String)> = query.all().await?;
        Ok(rows.into_iter().map(|(id, team_id, name_key)| (id, Colleague { team_id, name_key })).collect())
    };
    app.cache.get_or(&[accounts::TOPIC], "skills/finder/roster".to_owned(), read).await
}

#[derive(sqlx::FromRow)]
struct HoldRow {
    person_id: i64,
    level: Option<i64>,
    not_applicable: bool,
    interest: Option<i64>,
    lapsed: bool,
}

impl HoldRow {
    fn held(&self) -> Held {
        held(self.level, self.not_applicable, self.interest, self.lapsed)
    }
}

fn held(level: Option<i64>, not_applicable: bool, interest: Option<i64>, lapsed: bool) -> Held {
    let standing = Standing::from_columns(level, not_applicable);
    Held { standing, interest: interest.and_then(Interest::new), lapsed }
}

/// Skill, least level: a range of the index on the two.
const HOLDERS: &Sql = sql!(
    "SELECT r.person_id, r.level, r.not_applicable, r.interest, r.lapsed FROM ratings r
     WHERE r.skill_id = ? AND r.level >= ?"
);

/// Day (twice), skill, moment. The last event of a person comes last, so that it wins.
const HOLDERS_THEN: &Sql = sql!(
    "SELECT e.person_id, e.level, e.not_applicable, e.interest,
     COALESCE(e.valid_until < ?, FALSE) OR COALESCE(e.suspended_until >= ?, FALSE) AS lapsed
     FROM rating_events e WHERE e.skill_id = ? AND e.at < ? ORDER BY e.id"
);

/// Everybody who may count for a condition: for today only those from the floor on, for another day all of that day.
async fn holders(app: &App, condition: &Condition, as_of: AsOf) -> Result<Vec<HoldRow>> {
    let (Some(day), Some(before)) = (as_of.day(), as_of.before_ms()) else {
        let query = app.db.q(HOLDERS).bind(condition.skill.id).bind(condition.wanted.floor().hundredths());
        return Ok(query.all().await?);
    };
    let day = day.to_string();
    let query = app.db.q(HOLDERS_THEN).bind(day.clone()).bind(day).bind(condition.skill.id).bind(before);
    Ok(query.all().await?)
}

/// The matches from `offset` on, at most `limit`.
pub async fn find(app: &App, actor: &Actor, search: &Search, limit: i64, offset: i64) -> Result<Found> {
    let sight = Sight::of(app, actor).await?;
    if search.conditions.is_empty() {
        return Ok(Found::default());
    }
    let asked = search.conditions.iter().map(|condition| holders(app, condition, search.as_of));
    let (roster, holders) = tokio::try_join!(roster(app), try_join_all(asked))?;
    let mut ranks = ranked(search, &sight, &roster, holders);
    let exact = ranks.iter().filter(|(rank, _)| rank.0 == Fit::Exact).count();
    let near = ranks.len() - exact;
    // A page is all that has to be in order.
    let first = usize::try_from(offset).unwrap_or(0).min(ranks.len());
    let last = first.saturating_add(usize::try_from(limit).unwrap_or(0)).min(ranks.len());
    ranks.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let page = ranks.drain(first..last).collect();
    Ok(Found { exact, near, matches: details(app, &sight, search, page).await? })
}

fn ranked(search: &Search, sight: &Sight, roster: &Roster, holders: Vec<Vec<HoldRow>>) -> Vec<(Rank, Vec<Held>)> {
    let conditions = &search.conditions;
    let mut candidates: HashMap<i64, Vec<Held>> = HashMap::new();
    for (place, (condition, rows)) in conditions.iter().zip(holders).enumerate() {
        for row in rows {
            let Some(colleague) = roster.get(&row.person_id) else { continue };
            let in_team = search.team_id.is_none() || search.team_id == colleague.team_id;
            if in_team && sight.sees(row.person_id, colleague.team_id, condition.skill.id) {
                let held = candidates.entry(row.person_id).or_insert_with(|| vec![Held::default(); conditions.len()]);
                held[place] = row.held();
            }
        }
    }
    let wanted: Vec<Wanted> = conditions.iter().map(|condition| condition.wanted).collect();
    let rank = |(id, held): (i64, Vec<Held>)| {
        let shares = conditions.iter().zip(&held).map(|(condition, held)| share(condition, held)).sum();
        Some((ranking::rank(&wanted, &held, shares, &roster[&id].name_key, id)?, held))
    };
    candidates.into_iter().filter_map(rank).collect()
}

/// The level that counts, in thousandths of its scale.
fn share(condition: &Condition, held: &Held) -> i64 {
    let counting = held.standing.level().filter(|_| !held.lapsed);
    counting.map_or(0, |level| (condition.skill.scale.share(level) * 1000.0).round() as i64)
}

async fn details(app: &App, sight: &Sight, search: &Search, page: Vec<(Rank, Vec<Held>)>) -> Result<Vec<Match>> {
    let ids: Vec<i64> = page.iter().map(|(rank, _)| rank.4).collect();
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.title, p.team_id, t.name AS team FROM people p LEFT JOIN teams t ON t.id = p.team_id
         WHERE p.id IN ({ids})"
    ));
    let people: Vec<Person> = query.bind_ids(&ids).all().await?;
    let mut people: HashMap<i64, Person> = people.into_iter().map(|person| (person.id, person)).collect();
    let below = if search.as_of == AsOf::Now { standings(app, search, &ids).await? } else { HashMap::new() };
    let matched = |(rank, mut held): (Rank, Vec<Held>)| {
        let person = people.remove(&rank.4)?;
        for (condition, held) in search.conditions.iter().zip(&mut held) {
            let skill = condition.skill.id;
            let seen = below.get(&(person.id, skill)).filter(|_| sight.sees(person.id, person.team_id, skill));
            *held = seen.copied().unwrap_or(*held);
        }
        let judged = search.conditions.iter().zip(&held);
        let verdicts = judged.map(|(condition, held)| ranking::judge(&condition.wanted, held)).collect();
        Some(Match { person, fit: rank.0, held, verdicts })
    };
    Ok(page.into_iter().filter_map(matched).collect())
}

/// Person, skill, level, not applicable, interest, lapsed.
type StandingRow = (i64, i64, Option<i64>, bool, Option<i64>, bool);

/// All that is said of these people in the skills of the search, also what lies below the floor.
async fn standings(app: &App, search: &Search, people: &[i64]) -> Result<HashMap<(i64, i64), Held>> {
    let skills: Vec<i64> = search.conditions.iter().map(|condition| condition.skill.id).collect();
    let query = app.db.q(sql!(
        "SELECT r.person_id, r.skill_id, r.level, r.not_applicable, r.interest, r.lapsed FROM ratings r
         WHERE r.person_id IN ({ids}) AND r.skill_id IN ({list})"
    ));
    let rows: Vec<StandingRow> = query.bind_ids(people).bind_list(&skills).all().await?;
    let of_cell = |(person, skill, level, not_applicable, interest, lapsed)| {
        ((person, skill), held(level, not_applicable, interest, lapsed))
    };
    Ok(rows.into_iter().map(of_cell).collect())
}
