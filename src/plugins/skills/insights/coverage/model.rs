//! Counts, for each skill that is wanted of people, how many have it.

use super::super::super::categories::model::range;
use super::super::super::coverage::model as coverage;
use super::super::super::coverage::rule::{self, CoverageStatus};
use super::super::super::requirements::past::model::required_then;
use super::super::super::sight::Sight;
use super::super::super::targets;
use super::super::model::TOPICS;
use super::super::scope::Scope;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Sql;
use crate::error::Result;
use crate::sql;
use std::sync::Arc;

/// More skills than this stand in no table: a category or a team is to be chosen.
pub const MOST: usize = 300;

/// A skill that is wanted: of all of whom it is required, or of at least so many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    pub skill_id: i64,
    pub skill: String,
    pub wanted: Wanted,
    /// How many people are to have it.
    pub needed: i64,
    /// How many have it at the level that is wanted, or need not have it.
    pub able: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    OfAll,
    /// By a target for at least so many: its id, and whom it is for.
    OfAtLeast {
        target_id: i64,
        of: String,
    },
}

impl Bar {
    /// More than enough is enough.
    pub fn share(&self) -> f64 {
        if self.needed == 0 { 1.0 } else { (self.able as f64 / self.needed as f64).min(1.0) }
    }

    pub fn status(&self) -> CoverageStatus {
        rule::Coverage { needed: self.needed, able: self.able }.status()
    }
}

/// The skills with the lowest coverage first.
#[derive(Debug, Default)]
pub struct Coverage {
    pub bars: Vec<Bar>,
    /// How much is wanted, also what is left out here, and how much of it is met.
    pub wanted: usize,
    pub met: usize,
}

/// Team (0 for all, twice), first and last position of the category, what may be seen.
const TODAY: &Sql = sql!(
    "SELECT s.id AS skill_id, s.name AS skill, COUNT(*) AS needed,
     COUNT(CASE WHEN r.not_applicable = TRUE OR (r.level >= q.level AND r.lapsed = FALSE) THEN 1 END) AS able
     FROM requirements q JOIN people p ON p.id = q.person_id JOIN skills s ON s.id = q.skill_id
     LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
     WHERE p.active = TRUE AND s.active = TRUE AND (? = 0 OR p.team_id = ?) AND s.category_position BETWEEN ? AND ?
     AND (? = 1 OR p.id = ? OR p.team_id = ? OR q.skill_id IN ({ids}))
     GROUP BY s.id, s.name, s.name_key"
);

/// Day (twice), moment (twice), then as for today.
const THEN: &Sql = sql!(concat!(
    "SELECT s.id AS skill_id, s.name AS skill, COUNT(*) AS needed,
     COUNT(CASE WHEN r.not_applicable = TRUE OR (r.level >= q.level
           AND COALESCE(r.valid_until < ?, FALSE) = FALSE AND COALESCE(r.suspended_until >= ?, FALSE) = FALSE) THEN 1 END) AS able
     FROM ",
    required_then!(""),
    " AS q JOIN people p ON p.id = q.person_id JOIN skills s ON s.id = q.skill_id
     LEFT JOIN rating_events r ON r.id = (SELECT MAX(l.id) FROM rating_events l
           WHERE l.person_id = q.person_id AND l.skill_id = q.skill_id AND l.at < ?)
     WHERE p.active = TRUE AND s.active = TRUE AND (? = 0 OR p.team_id = ?) AND s.category_position BETWEEN ? AND ?
     AND (? = 1 OR p.id = ? OR p.team_id = ? OR q.skill_id IN ({ids}))
     GROUP BY s.id, s.name, s.name_key"
));

pub async fn coverage(app: &App, actor: &Actor, scope: &Scope) -> Result<Arc<Coverage>> {
    let sight = Sight::of(app, actor).await?;
    let key = format!("skills/insights/coverage/{}/{scope:?}", sight.key());
    let load = async || {
        let mut bars = of_all(app, &sight, scope).await?;
        bars.extend(of_at_least(app, actor, scope).await?);
        Ok(lowest_first(bars))
    };
    app.cache.get_or(&TOPICS, key, load).await
}

#[derive(sqlx::FromRow)]
struct Row {
    skill_id: i64,
    skill: String,
    needed: i64,
    able: i64,
}

async fn of_all(app: &App, sight: &Sight, scope: &Scope) -> Result<Vec<Bar>> {
    let query = match (scope.as_of.day(), scope.as_of.before_ms()) {
        (Some(day), Some(before)) => {
            app.db.q(THEN).bind(day.to_string()).bind(day.to_string()).bind(before).bind(before)
        }
        _ => app.db.q(TODAY),
    };
    let team = scope.team_id.unwrap_or(0);
    let (first, last) = range(app, scope.category_id).await?;
    let query = query.bind(team).bind(team).bind(first).bind(last);
    let rows: Vec<Row> = sight.bind(query).all().await?;
    let bar = |Row { skill_id, skill, needed, able }| Bar { skill_id, skill, wanted: Wanted::OfAll, needed, able };
    Ok(rows.into_iter().map(bar).collect())
}

/// What the targets for at least so many want: of the chosen team, else of everybody whom there is one for.
async fn of_at_least(app: &App, actor: &Actor, scope: &Scope) -> Result<Vec<Bar>> {
    let of_team = scope.team_id.map(targets::scope::Scope::Team);
    let filter = coverage::Filter { scope: of_team, as_of: scope.as_of, ..coverage::Filter::default() };
    let mut asked = coverage::list(app, actor, &filter).await?;
    if let Some(category_id) = scope.category_id {
        let (first, last) = range(app, Some(category_id)).await?;
        let query = app.db.q(sql!("SELECT s.id FROM skills s WHERE s.category_position BETWEEN ? AND ?"));
        let skills: Vec<(i64,)> = query.bind(first).bind(last).all().await?;
        asked.retain(|target| skills.contains(&(target.skill_id,)));
    }
    let bar = |target: targets::model::Target| Bar {
        skill_id: target.skill_id,
        needed: target.coverage().needed,
        able: target.able,
        wanted: Wanted::OfAtLeast { target_id: target.id, of: target.scope_title() },
        skill: target.skill,
    };
    Ok(asked.into_iter().map(bar).collect())
}

fn lowest_first(mut bars: Vec<Bar>) -> Coverage {
    let met = bars.iter().filter(|bar| bar.status() == CoverageStatus::Met).count();
    let wanted = bars.len();
    bars.sort_by(|one, other| order(one).partial_cmp(&order(other)).expect("shares are numbers"));
    bars.truncate(MOST);
    Coverage { bars, wanted, met }
}

/// The lowest share first; of equal ones what more people lack.
fn order(bar: &Bar) -> (f64, i64, String, i64) {
    (bar.share(), bar.able - bar.needed, bar.skill.to_lowercase(), bar.skill_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(skill: &str, able: i64, needed: i64) -> Bar {
        Bar { skill_id: 1, skill: skill.to_owned(), wanted: Wanted::OfAll, needed, able }
    }

    #[test]
    fn the_lowest_stands_first_and_more_than_enough_is_enough() {
        let bars = vec![bar("Zinc", 5, 2), bar("Iron", 1, 2), bar("Tin", 2, 2), bar("Lead", 2, 4), bar("Gold", 0, 1)];
        let coverage = lowest_first(bars);
        let names: Vec<&str> = coverage.bars.iter().map(|bar| bar.skill.as_str()).collect();
        assert_eq!(names, ["Gold", "Lead", "Iron", "Tin", "Zinc"]);
        assert_eq!((coverage.wanted, coverage.met, coverage.bars[4].share()), (5, 2, 1.0));
    }
}
