//! Reads the events of a skill.

use super::super::super::as_of::AsOf;
use super::super::super::finder::terms::model::{Skill, find_skill};
use super::super::super::levels::{Level, Scale, Standing};
use super::super::super::scales;
use super::super::super::sight::Sight;
use super::super::model::TOPICS;
use super::super::scope::Scope;
use super::months::{Change, Month, months};
use crate::accounts::Actor;
use crate::app::App;
use crate::clock::day_of;
use crate::error::{Error, Result};
use crate::sql;
use std::borrow::Cow;
use std::sync::Arc;

/// Three years: more months than that run into each other.
const MOST_MONTHS: usize = 36;

#[derive(Debug)]
pub struct Trend {
    pub skill: Skill,
    /// Empty when nothing was ever said.
    pub months: Vec<Month>,
    /// The scale that the skill stood on at the end of each month.
    pub scales: Vec<Scale>,
}

impl Trend {
    /// The mean of a month, in hundredths on the scale of the last one: what was said on another scale keeps its share.
    pub fn mean(&self, index: usize) -> Option<f64> {
        let (mean, scale, last) = (self.months[index].mean?, &self.scales[index], self.scales.last()?);
        if scale.id == last.id {
            return Some(mean);
        }
        Some(last.at_share(scale.share(Level::from_hundredths(mean.round() as i64))))
    }
}

/// # Errors
/// Invalid, field `skill`, when there is no skill of that name or id.
pub async fn trend(app: &App, actor: &Actor, scope: &Scope, skill: &str) -> Result<Arc<Trend>> {
    let sight = Sight::of(app, actor).await?;
    let skill = find_skill(app, actor, skill).await?.map_err(|why| Error::invalid("skill", why))?;
    let last_day = scope.as_of.day().unwrap_or_else(|| day_of(app.now_ms()));
    let key = format!("skills/insights/trend/{}/{}/{scope:?}/{last_day}", sight.key(), skill.id);
    app.cache
        .get_or(&TOPICS, key, async || {
            let changes = changes(app, &sight, scope, skill.id).await?;
            let months = months(&changes, last_day, MOST_MONTHS);
            let all = scales::all(app).await?;
            let scale_on = |day| all.of_skill_on(skill.id, skill.scale.id, AsOf::Day(day)).map(Cow::into_owned);
            let scales = months.iter().filter_map(|month| scale_on(month.last_day)).collect();
            Ok::<_, Error>(Trend { skill, months, scales })
        })
        .await
}

#[derive(sqlx::FromRow)]
struct Row {
    person_id: i64,
    team_id: Option<i64>,
    at: i64,
    level: Option<i64>,
    not_applicable: bool,
    valid_until: Option<String>,
    suspended_until: Option<String>,
}

/// Of the people who are active today, as nobody keeps when others left.
async fn changes(app: &App, sight: &Sight, scope: &Scope, skill_id: i64) -> Result<Vec<Change>> {
    let team = scope.team_id.unwrap_or(0);
    let query = app.db.q(sql!(
        "SELECT e.person_id, p.team_id, e.at, e.level, e.not_applicable, e.valid_until, e.suspended_until
         FROM rating_events e JOIN people p ON p.id = e.person_id
         WHERE e.skill_id = ? AND e.at < ? AND p.active = TRUE AND (? = 0 OR p.team_id = ?) ORDER BY e.id"
    ));
    let before = scope.as_of.before_ms().unwrap_or(i64::MAX);
    let rows: Vec<Row> = query.bind(skill_id).bind(before).bind(team).bind(team).all().await?;
    let change = |row: Row| Change {
        person_id: row.person_id,
        at: row.at,
        standing: Standing::from_columns(row.level, row.not_applicable),
        valid_until: row.valid_until,
        suspended_until: row.suspended_until,
    };
    let seen = |row: &Row| sight.sees(row.person_id, row.team_id, skill_id);
    Ok(rows.into_iter().filter(seen).map(change).collect())
}
