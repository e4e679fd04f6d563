//! What is asked of a person in a skill, by whom, and how far they are.

use super::super::super::levels::{Level, Standing};
use super::super::super::scales;
use super::super::super::sight::Sight;
use super::super::fit::Fit;
use super::words::{self, Asked, Asker, Situation};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::sql;
use crate::web::times;

/// How many changes of a cell are looked through for the day on which it came to stand where it stands.
const CHANGES_LOOKED_AT: i64 = 100;

/// Why a level that is there does not count. Days are told as people read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lapse {
    Expired { on: String },
    Suspended { until: String, reason: String },
}

/// Why a cell is met, near or a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub fit: Fit,
    /// The highest level that is asked for.
    pub required: Level,
    /// `Gap`, `Near`, `Met`.
    pub title: &'static str,
    /// “Team Yard asks for 3; Ben is at 2 since 2 May 2026.”
    pub text: String,
}

#[derive(sqlx::FromRow)]
struct CellRow {
    person: String,
    team_id: Option<i64>,
    scale_id: i64,
    level: Option<i64>,
    not_applicable: Option<bool>,
    lapsed: Option<bool>,
    valid_until: Option<String>,
    suspended_until: Option<String>,
    suspension_reason: Option<String>,
}

/// `None` when no target asks this person for this skill.
pub async fn reasons(app: &App, actor: &Actor, person_id: i64, skill_id: i64) -> Result<Option<Reason>> {
    let sight = Sight::of(app, actor).await?;
    let cell = cell(app, person_id, skill_id).await?;
    sight.require(person_id, cell.team_id, skill_id)?;
    let asked = asked(app, person_id, skill_id).await?;
    let Some(required) = asked.iter().map(|asked| asked.level).max() else { return Ok(None) };
    let scales = scales::all(app).await?;
    let scale = scales.get(cell.scale_id).ok_or(Error::NotFound)?;
    let standing = Standing::from_columns(cell.level, cell.not_applicable.unwrap_or(false));
    let fit = Fit::of(standing, required, cell.lapsed.unwrap_or(false), scale);
    let since = since(app, person_id, skill_id, standing).await?.map(times::day);
    let lapse = cell.lapse(&times::date(app.now_ms()));
    let situation = Situation { person: &cell.person, standing, since, lapse: lapse.as_ref() };
    Ok(Some(Reason { fit, required, title: words::title(fit), text: words::reason(&asked, &situation, scale) }))
}

impl CellRow {
    /// A suspension is what somebody decided; it is told also where the certificate has expired besides.
    fn lapse(&self, today: &str) -> Option<Lapse> {
        if !self.lapsed.unwrap_or(false) {
            return None;
        }
        let reason = self.suspension_reason.clone().unwrap_or_default();
        match (&self.suspended_until, &self.valid_until) {
            (Some(until), _) if until.as_str() >= today => {
                Some(Lapse::Suspended { until: times::day_in_words(until), reason })
            }
            (_, until) => Some(Lapse::Expired { on: until.as_deref().map(times::day_in_words).unwrap_or_default() }),
        }
    }
}

async fn cell(app: &App, person_id: i64, skill_id: i64) -> Result<CellRow> {
    let query = app.db.q(sql!(
        "SELECT p.name AS person, p.team_id, s.scale_id, r.level, r.not_applicable, r.lapsed, r.valid_until, r.suspended_until,
         r.suspension_reason FROM people p JOIN skills s ON s.id = ?
         LEFT JOIN ratings r ON r.person_id = p.id AND r.skill_id = s.id WHERE p.id = ? AND p.active = TRUE"
    ));
    Ok(query.bind(skill_id).bind(person_id).one().await?)
}

/// The targets that apply, the highest first.
async fn asked(app: &App, person_id: i64, skill_id: i64) -> Result<Vec<Asked>> {
    let query = app.db.q(sql!(
        "SELECT t.level, m.name AS team, o.name AS job_role FROM targets t
         JOIN skills s ON s.id = t.skill_id JOIN people p ON p.id = ?
         LEFT JOIN teams m ON m.id = t.team_id LEFT JOIN job_roles o ON o.id = t.job_role_id
         WHERE t.skill_id = ? AND s.active = TRUE AND p.active = TRUE AND t.at_least IS NULL
         AND (t.team_id IS NULL OR t.team_id = p.team_id)
         AND (t.job_role_id IS NULL OR EXISTS (
           SELECT 1 FROM job_role_people j WHERE j.job_role_id = t.job_role_id AND j.person_id = p.id))
         ORDER BY t.level DESC, t.id"
    ));
    let rows: Vec<(i64, Option<String>, Option<String>)> = query.bind(person_id).bind(skill_id).all().await?;
    let asked = |(level, team, job_role): (i64, Option<String>, Option<String>)| Asked {
        by: team.map(Asker::Team).or(job_role.map(Asker::JobRole)).unwrap_or(Asker::Everybody),
        level: Level::from_hundredths(level),
    };
    Ok(rows.into_iter().map(asked).collect())
}

/// When the cell came to stand where it stands, in UTC milliseconds; later changes of a note or an interest do not count.
async fn since(app: &App, person_id: i64, skill_id: i64, standing: Standing) -> Result<Option<i64>> {
    let query = app.db.q(sql!(
        "SELECT at, level, not_applicable FROM rating_events WHERE person_id = ? AND skill_id = ?
         ORDER BY id DESC LIMIT ?"
    ));
    let changes: Vec<(i64, Option<i64>, bool)> =
        query.bind(person_id).bind(skill_id).bind(CHANGES_LOOKED_AT).all().await?;
    let same = changes.iter().take_while(|(_, level, na)| Standing::from_columns(*level, *na) == standing);
    Ok(same.last().map(|(at, _, _)| *at))
}
