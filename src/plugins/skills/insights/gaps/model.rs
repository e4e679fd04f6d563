//! Counts what is required, and what of it is missing.

use super::super::super::categories::{category_title, model::range};
use super::super::super::matrix::model::team_title;
use super::super::super::requirements::past::model::required_then;
use super::super::super::sight::Sight;
use super::super::model::TOPICS;
use super::super::scope::Scope;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Sql;
use crate::error::Result;
use crate::sql;
use std::collections::HashMap;
use std::sync::Arc;

/// How much of what is required of people is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub required: i64,
    pub gaps: i64,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.required += other.required;
        self.gaps += other.gaps;
    }

    /// The gaps as a share of what is required; 0 where nothing is.
    pub fn share(self) -> f64 {
        if self.required == 0 { 0.0 } else { self.gaps as f64 / self.required as f64 }
    }
}

/// A row or a column, with all of its cells together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// 0 for the people without a team.
    pub id: i64,
    pub name: String,
    pub count: Count,
}

/// Teams and categories in which something is required, in the order of the matrix.
#[derive(Debug, Default)]
pub struct Gaps {
    pub teams: Vec<Line>,
    pub categories: Vec<Line>,
    /// By the ids of team and category.
    pub cells: HashMap<(i64, i64), Count>,
    pub total: Count,
}

impl Gaps {
    pub fn cell(&self, team: &Line, category: &Line) -> Count {
        self.cells.get(&(team.id, category.id)).copied().unwrap_or_default()
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    team_id: Option<i64>,
    team: Option<String>,
    category_id: i64,
    category: String,
    category_position: i64,
    required: i64,
    gaps: i64,
}

/// Team (0 for all, twice), first and last position of the category, what may be seen.
const TODAY: &Sql = sql!(
    "SELECT p.team_id, t.name AS team, c.id AS category_id, c.name AS category, c.position AS category_position,
     COUNT(*) AS required,
     COUNT(CASE WHEN COALESCE(r.not_applicable, FALSE) = FALSE
           AND (r.level IS NULL OR r.level < q.level OR r.lapsed = TRUE) THEN 1 END) AS gaps
     FROM requirements q JOIN people p ON p.id = q.person_id LEFT JOIN teams t ON t.id = p.team_id
     JOIN skills s ON s.id = q.skill_id JOIN skill_categories c ON c.id = s.category_id
     LEFT JOIN ratings r ON r.person_id = q.person_id AND r.skill_id = q.skill_id
     WHERE p.active = TRUE AND s.active = TRUE AND (? = 0 OR p.team_id = ?) AND s.category_position BETWEEN ? AND ?
     AND (? = 1 OR p.id = ? OR p.team_id = ? OR q.skill_id IN ({ids}))
     GROUP BY p.team_position, p.team_id, t.name, c.position, c.id, c.name
     ORDER BY p.team_position, p.team_id, c.position, c.id"
);

/// Day (twice), moment (twice), then as for today. What was said and asked for last before the moment counts.
const THEN: &Sql = sql!(concat!(
    "SELECT p.team_id, t.name AS team, c.id AS category_id, c.name AS category, c.position AS category_position,
     COUNT(*) AS required,
     COUNT(CASE WHEN COALESCE(r.not_applicable, FALSE) = FALSE
           AND (r.level IS NULL OR r.level < q.level OR r.valid_until < ? OR r.suspended_until >= ?) THEN 1 END) AS gaps
     FROM ",
    required_then!(""),
    " AS q JOIN people p ON p.id = q.person_id LEFT JOIN teams t ON t.id = p.team_id
     JOIN skills s ON s.id = q.skill_id JOIN skill_categories c ON c.id = s.category_id
     LEFT JOIN rating_events r ON r.id = (SELECT MAX(l.id) FROM rating_events l
           WHERE l.person_id = q.person_id AND l.skill_id = q.skill_id AND l.at < ?)
     WHERE p.active = TRUE AND s.active = TRUE AND (? = 0 OR p.team_id = ?) AND s.category_position BETWEEN ? AND ?
     AND (? = 1 OR p.id = ? OR p.team_id = ? OR q.skill_id IN ({ids}))
     GROUP BY p.team_position, p.team_id, t.name, c.position, c.id, c.name
     ORDER BY p.team_position, p.team_id, c.position, c.id"
));

pub async fn gaps(app: &App, actor: &Actor, scope: &Scope) -> Result<Arc<Gaps>> {
    let sight = Sight::of(app, actor).await?;
    let key = format!("skills/insights/gaps/{}/{scope:?}", sight.key());
    app.cache.get_or(&TOPICS, key, async || count(app, &sight, scope).await).await
}

async fn count(app: &App, sight: &Sight, scope: &Scope) -> Result<Gaps> {
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
    Ok(sum_up(rows))
}

fn sum_up(rows: Vec<Row>) -> Gaps {
    let mut gaps = Gaps::default();
    let mut positions: HashMap<i64, i64> = HashMap::new();
    for row in rows {
        let count = Count { required: row.required, gaps: row.gaps };
        let team_id = row.team_id.unwrap_or(0);
        add(&mut gaps.teams, team_id, team_title(row.team.as_deref()), count);
        add(&mut gaps.categories, row.category_id, category_title(&row.category), count);
        positions.insert(row.category_id, row.category_position);
        gaps.cells.insert((team_id, row.category_id), count);
        gaps.total.add(count);
    }
    // The rows come team by team, so the teams stand in their order already.
    gaps.categories.sort_by_key(|line| (positions[&line.id], line.id));
    gaps
}

fn add(lines: &mut Vec<Line>, id: i64, name: &str, count: Count) {
    match lines.iter_mut().find(|line| line.id == id) {
        Some(line) => line.count.add(count),
        None => lines.push(Line { id, name: name.to_owned(), count }),
    }
}
