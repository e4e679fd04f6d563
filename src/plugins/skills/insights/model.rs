//! What all pictures ask: what there is to choose from, and since when anything is known.

use super::super::as_of::AsOf;
use super::super::categories::{self, Category};
use super::super::{CATALOGUE_TOPIC, READ, TOPIC};
use super::scope::Scope;
use crate::accounts::{self, Actor, teams};
use crate::app::App;
use crate::error::Result;
use crate::sql;

/// What a picture is made of: it is worked out anew when any of these changes.
pub const TOPICS: [&str; 3] = [TOPIC, CATALOGUE_TOPIC, accounts::TOPIC];

/// What the filters above a picture offer.
pub struct Choices {
    pub teams: Vec<teams::Team>,
    /// Those that have skills, themselves or below them.
    pub categories: Vec<Category>,
}

pub async fn choices(app: &App, actor: &Actor) -> Result<Choices> {
    actor.require(READ)?;
    // Who may see the matrix sees the teams that it is grouped by.
    let teams = teams::all(&app.db, &Actor::system()).await?;
    let query = app.db.q(sql!("SELECT DISTINCT category_id FROM skills WHERE active = TRUE"));
    let used: Vec<(i64,)> = query.all().await?;
    let tree = categories::model::tree(app, actor).await?;
    let has_skills = |category: &&Category| tree.branch(category.id).any(|below| used.contains(&(below.id,)));
    Ok(Choices { teams, categories: tree.all().iter().filter(has_skills).cloned().collect() })
}

/// Why a picture of a past day is empty: nothing was recorded before the moment, in UTC milliseconds. `None` if something was.
pub async fn begins_later(app: &App, actor: &Actor, scope: &Scope) -> Result<Option<i64>> {
    actor.require(READ)?;
    let (AsOf::Day(_), Some(before)) = (scope.as_of, scope.as_of.before_ms()) else { return Ok(None) };
    let first = app
        .cache
        .get_or(&TOPICS, "skills/insights/first".to_owned(), async || {
            let query = app.db.q(sql!("SELECT e.at FROM rating_events e ORDER BY e.id LIMIT 1"));
            query.optional::<(i64,)>().await
        })
        .await?;
    Ok(first.map(|(at,)| at).filter(|at| *at >= before))
}
