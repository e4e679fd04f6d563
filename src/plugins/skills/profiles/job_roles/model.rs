//! Which targets a job role gets from a profile, which skills have to be made for them, and the making.

use super::super::super::catalogue::model::{self as catalogue, NewSkill};
use super::super::super::categories::model::category_id;
use super::super::super::job_roles::model as job_roles;
use super::super::super::levels::Level;
use super::super::super::targets::model::{self as targets, Ask, NewTarget};
use super::super::super::targets::scope::{Demand, Scope};
use super::super::super::{CATALOGUE_TOPIC, EDIT, TARGETS_ALL, requirements, scales};
use super::super::model::{self as profiles, Profile};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::{events, sql};
use std::collections::HashMap;

/// Where skills go that are made from a profile.
pub const CATEGORY: &str = "O*NET";
/// The scale that the levels of profiles stand on.
pub const SCALE: &str = "O*NET 0–7";
/// What is less important than this is left out, unless somebody chooses otherwise: 3 is “important” in O*NET's words.
pub const USUAL_IMPORTANCE: Level = Level::from_hundredths(300);

/// What happens with one skill of the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub skill: String,
    pub importance: Level,
    pub level: Level,
    pub act: Act,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The catalogue has the skill.
    Ask(i64),
    /// The skill is made, and asked for.
    Make,
    /// The job role asks for it already, at this level, which stays.
    Keep(Level),
    /// Level 0 asks for nothing.
    LeaveOut,
}

pub struct Plan {
    pub profile: Profile,
    /// As it was typed.
    pub name: String,
    /// The job role of that name, if there is one.
    pub job_role_id: Option<i64>,
    pub least: Level,
    /// Those that are important enough, the most important first.
    pub skills: Vec<Planned>,
}

impl Plan {
    pub fn count(&self, wanted: impl Fn(Act) -> bool) -> usize {
        self.skills.iter().filter(|planned| wanted(planned.act)).count()
    }
}

/// What would be made; nothing is written.
pub async fn preview(app: &App, actor: &Actor, profile: Profile, name: &str, least: Level) -> Result<Plan> {
    actor.require(TARGETS_ALL)?;
    let scale_id = scale_id(app).await?;
    let mut tx = app.db.begin().await?;
    plan(&mut tx, profile, name, least, scale_id).await
}

/// Makes the job role, or takes the one of that name, with the skills that are missing and the targets, in one transaction.
///
/// # Errors
/// Forbidden where skills would have to be made by somebody who may not change the catalogue; Invalid for a bad name.
pub async fn start(app: &App, actor: &Actor, code: &str, name: &str, least: Level) -> Result<i64> {
    actor.require(TARGETS_ALL)?;
    let name = job_roles::checked(name)?;
    let profile = profiles::get(app, actor, code).await?;
    let scale_id = scale_id(app).await?;
    let mut tx = app.db.begin().await?;
    requirements::take_turn(&mut tx).await?;
    let plan = plan(&mut tx, profile, name, least, scale_id).await?;
    if plan.count(|act| act == Act::Make) > 0 {
        actor.require(EDIT)?;
    }
    let job_role_id = job_role(&mut tx, &plan, app.now_ms()).await?;
    let asked = ask(&mut tx, &plan, job_role_id, scale_id, app.now_ms()).await?;
    let detail = serde_json::json!({
        "profile": code, "name": name, "least": least.hundredths(),
        "targets": asked.len(), "skills_made": plan.count(|act| act == Act::Make),
    });
    let subject = format!("job_role:{job_role_id}");
    events::record(&mut tx, actor, app.now_ms(), "skills.job_role_started", &subject, &detail).await?;
    requirements::of_skills(&mut tx, &asked, app.now_ms()).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    requirements::publish(app).await;
    Ok(job_role_id)
}

async fn scale_id(app: &App) -> Result<i64> {
    let scales = scales::all(app).await?;
    let scale = scales.named(SCALE).ok_or_else(|| {
        Error::invalid("", format!("There is no scale {SCALE}; run `quarterdeck init-data` to have it."))
    })?;
    Ok(scale.id)
}

async fn plan(tx: &mut Tx, profile: Profile, name: &str, least: Level, scale_id: i64) -> Result<Plan> {
    let query = tx.q(sql!("SELECT id FROM job_roles WHERE name_key = ?"));
    let job_role: Option<(i64,)> = query.bind(name.trim().to_lowercase()).optional().await?;
    let job_role_id = job_role.map(|(id,)| id);
    let there = skills_on(tx, scale_id).await?;
    let asked = asked_of(tx, job_role_id).await?;
    let important = profile.skills.iter().filter(|skill| skill.importance >= least);
    let planned = important.map(|skill| Planned {
        skill: skill.name.clone(),
        importance: skill.importance,
        level: skill.level,
        act: match there.get(&skill.name.to_lowercase()) {
            _ if skill.level == Level::ZERO => Act::LeaveOut,
            None => Act::Make,
            Some(id) => asked.get(id).map_or(Act::Ask(*id), |level| Act::Keep(*level)),
        },
    });
    let skills = planned.collect();
    Ok(Plan { name: name.to_owned(), job_role_id, least, skills, profile })
}

/// The skills that stand on the profiles' scale, by name in lower case. One of the category O*NET comes before others.
async fn skills_on(tx: &mut Tx, scale_id: i64) -> Result<HashMap<String, i64>> {
    let query = tx.q(sql!(
        "SELECT s.name_key, s.id, c.name FROM skills s JOIN skill_categories c ON c.id = s.category_id
         WHERE s.scale_id = ? AND s.active = TRUE ORDER BY s.id DESC"
    ));
    let rows: Vec<(String, i64, String)> = query.bind(scale_id).all().await?;
    let (own, other): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, _, category)| category == CATEGORY);
    // What comes later replaces what came before.
    Ok(other.into_iter().chain(own).map(|(name_key, id, _)| (name_key, id)).collect())
}

/// What a job role asks all its people for, by skill.
async fn asked_of(tx: &mut Tx, job_role_id: Option<i64>) -> Result<HashMap<i64, Level>> {
    let query = tx.q(sql!("SELECT skill_id, level FROM targets WHERE job_role_id = ? AND at_least IS NULL"));
    let rows: Vec<(i64, i64)> = query.bind(job_role_id.unwrap_or(0)).all().await?;
    Ok(rows.into_iter().map(|(skill_id, level)| (skill_id, Level::from_hundredths(level))).collect())
}

async fn job_role(tx: &mut Tx, plan: &Plan, now_ms: i64) -> Result<i64> {
    if let Some(id) = plan.job_role_id {
        return Ok(id);
    }
    let made = job_roles::insert(tx, &plan.name, Some(&plan.profile.code), now_ms).await;
    made.map_err(|error| job_roles::taken(error, &plan.name))
}

/// Sets the targets, after making the skills that are missing, and returns the skills that are asked for.
async fn ask(tx: &mut Tx, plan: &Plan, job_role_id: i64, scale_id: i64, now_ms: i64) -> Result<Vec<i64>> {
    let mut asked = Vec::new();
    for planned in &plan.skills {
        let skill_id = match planned.act {
            Act::Ask(id) => id,
            Act::Make => make(tx, &planned.skill, scale_id, now_ms).await?,
            Act::Keep(_) | Act::LeaveOut => continue,
        };
        let ask = Ask { level: planned.level, demand: Demand::OfAll };
        targets::insert(tx, &NewTarget { scope: Scope::JobRole(job_role_id), skill_id, ask }, now_ms).await?;
        asked.push(skill_id);
    }
    Ok(asked)
}

async fn make(tx: &mut Tx, name: &str, scale_id: i64, now_ms: i64) -> Result<i64> {
    let category_id = category_id(tx, CATEGORY, now_ms).await?;
    let new = NewSkill { name: name.to_owned(), ..NewSkill::default() };
    let made = catalogue::insert(tx, category_id, scale_id, &new, now_ms).await;
    made.map_err(|error| match error {
        crate::db::Error::Unique => {
            let text = format!("{CATEGORY} has a skill “{name}” that is archived or stands on another scale than {SCALE}. Bring it back, or rename it.");
            Error::invalid("", text)
        }
        other => other.into(),
    })
}
