//! Finds the targets for at least so many that are not met, of the skills of a window.

use super::super::super::as_of::AsOf;
use super::super::super::requirements::past::model::targets_then;
use super::super::super::targets::model::{Target, TargetRow, select_targets};
use super::super::model::look_back;
use super::super::rule::CoverageStatus;
use crate::app::App;
use crate::db::Sql;
use crate::error::Result;
use std::collections::HashMap;

/// The worst of what a skill lacks, and all of it in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    pub status: CoverageStatus,
    /// `Team Yard: 1 of 2, single point of failure`
    pub text: String,
}

/// Skills, team (0 for any, twice): of a team also what is wanted of others than teams.
macro_rules! wanted {
    ($from:expr) => {
        select_targets!(
            $from,
            "WHERE t.at_least IS NOT NULL AND t.skill_id IN ({ids}) AND (? = 0 OR t.team_id = ? OR t.team_id IS NULL) ORDER BY t.id"
        )
    };
}
const WANTED: &Sql = wanted!("targets");
/// First comes the moment.
const WANTED_THEN: &Sql = wanted!(targets_then!());

/// By the id of the skill; none where enough people have it, or nothing is wanted.
pub async fn of_skills(app: &App, skills: &[i64], team_id: Option<i64>, as_of: AsOf) -> Result<HashMap<i64, Shortage>> {
    let query = match as_of.before_ms() {
        None => app.db.q(WANTED),
        Some(before_ms) => app.db.q(WANTED_THEN).bind(before_ms),
    };
    let team = team_id.unwrap_or(0);
    let rows: Vec<TargetRow> = query.bind_ids(skills).bind(team).bind(team).all().await?;
    let mut targets: Vec<Target> = rows.into_iter().map(Target::from).collect();
    if !targets.is_empty() {
        look_back(app, &mut targets, as_of).await?;
    }
    Ok(shortages(&targets))
}

fn shortages(targets: &[Target]) -> HashMap<i64, Shortage> {
    let mut found: HashMap<i64, Shortage> = HashMap::new();
    for target in targets {
        let coverage = target.coverage();
        let status = coverage.status();
        if status == CoverageStatus::Met {
            continue;
        }
        let (able, needed, title) = (coverage.able, coverage.needed, status.title().to_lowercase());
        let text = format!("{}: {able} of {needed}, {title}", target.scope_title());
        let shortage = found.entry(target.skill_id).or_insert(Shortage { status, text: String::new() });
        shortage.status = shortage.status.min(status);
        let separator = if shortage.text.is_empty() { "" } else { "; " };
        shortage.text.push_str(separator);
        shortage.text.push_str(&text);
    }
    found
}
