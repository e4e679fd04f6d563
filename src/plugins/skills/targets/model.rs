//! Targets: read, set, changed, taken away and brought back.

use super::super::catalogue::lookup::model::{Named, by_id};
use super::super::coverage::rule::Coverage;
use super::super::levels::{Level, Scale};
use super::super::scales::{self, Scales};
use super::super::{READ, TARGETS, TARGETS_ALL, requirements};
use super::scope::{Demand, Scope};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Checks, Error, Result};
use crate::{events, sql};
use std::sync::Arc;

/// More than an organisation has people.
pub const MOST_PEOPLE: i64 = 1_000_000;

/// A target, and how far those are whom it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub id: i64,
    pub scope: Scope,
    /// The team's or the job role's; empty for everybody.
    pub scope_name: String,
    pub skill_id: i64,
    pub skill: String,
    /// Whether the skill is archived: then nobody is asked for it.
    pub is_archived: bool,
    pub category: String,
    pub scale_id: i64,
    pub level: Level,
    pub demand: Demand,
    pub version: i64,
    /// How many active people it is for.
    pub members: i64,
    /// How many of them hold the level, with nothing lapsed.
    pub able: i64,
    /// How many of them the skill does not apply to.
    pub exempt: i64,
}

impl Target {
    pub fn coverage(&self) -> Coverage {
        let all = self.members - self.exempt;
        Coverage { needed: self.demand.at_least().unwrap_or(all), able: self.able }
    }

    /// `Team Yard`, `Crane operator`, `Everybody`.
    pub fn scope_title(&self) -> String {
        scope_title(self.scope, &self.scope_name)
    }
}

/// What stands at the head of a scope's targets.
pub fn scope_title(scope: Scope, name: &str) -> String {
    match scope {
        Scope::Everybody => "Everybody".to_owned(),
        Scope::Team(_) => format!("Team {name}"),
        Scope::JobRole(_) => name.to_owned(),
    }
}

/// What is to be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    pub level: Level,
    pub demand: Demand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewTarget {
    pub scope: Scope,
    pub skill_id: i64,
    pub ask: Ask,
}

impl Ask {
    pub fn check(&self, scale: &Scale) -> Result<()> {
        let mut checks = Checks::default();
        let outside =
            format!("“{}” is not a level of the scale {}, which goes {}.", self.level, scale.name, scale.range());
        checks.that(scale.holds(self.level), "level", outside);
        checks.that(self.level != Level::ZERO, "level", "Level 0 asks for nothing. Choose a level above it.");
        let count = self.demand.at_least().unwrap_or(1);
        checks.that(
            (1..=MOST_PEOPLE).contains(&count),
            "at_least",
            "At least one person; or leave it empty for all of them.",
        );
        checks.done()
    }
}

/// Whether the actor may set targets for these people: a lead for the own team.
pub fn may_set(actor: &Actor, scope: Scope) -> bool {
    let own_team = scope.team_id().is_some() && scope.team_id() == actor.team_id;
    actor.may(TARGETS_ALL) || (own_team && actor.may(TARGETS))
}

fn require_set(actor: &Actor, scope: Scope) -> Result<()> {
    if may_set(actor, scope) { Ok(()) } else { Err(Error::Forbidden) }
}

#[derive(sqlx::FromRow)]
pub(in super::super) struct TargetRow {
    id: i64,
    team_id: Option<i64>,
    team: Option<String>,
    job_role_id: Option<i64>,
    job_role: Option<String>,
    skill_id: i64,
    skill: String,
    active: bool,
    category: String,
    scale_id: i64,
    level: i64,
    at_least: Option<i64>,
    version: i64,
    members: i64,
    able: i64,
    exempt: i64,
}

impl From<TargetRow> for Target {
    fn from(row: TargetRow) -> Self {
        Target {
            id: row.id,
            scope: Scope::from_columns(row.team_id, row.job_role_id),
            scope_name: row.team.or(row.job_role).unwrap_or_default(),
            skill_id: row.skill_id,
            skill: row.skill,
            is_archived: !row.active,
            category: row.category,
            scale_id: row.scale_id,
            level: Level::from_hundredths(row.level),
            demand: Demand::from_column(row.at_least),
            version: row.version,
            members: row.members,
            able: row.able,
            exempt: row.exempt,
        }
    }
}

/// Targets with their counts; what follows narrows and orders them. Each count looks only at the people whom the target is
/// for, or at the ratings of its skill.
macro_rules! select_targets {
    ($rest:literal) => {
        $crate::plugins::skills::targets::model::select_targets!("targets", $rest)
    };
    ($from:expr, $rest:literal) => {
        $crate::sql!(concat!(
            "SELECT t.id, t.team_id, m.name AS team, t.job_role_id, o.name AS job_role, t.skill_id, s.name AS skill, s.active,
             c.name AS category, s.scale_id, t.level, t.at_least, t.version,
             CASE WHEN t.job_role_id IS NOT NULL THEN (SELECT COUNT(*) FROM job_role_people j JOIN people p ON p.id = j.person_id
                   WHERE j.job_role_id = t.job_role_id AND p.active = TRUE)
                  WHEN t.team_id IS NOT NULL THEN (SELECT COUNT(*) FROM people p WHERE p.team_id = t.team_id AND p.active = TRUE)
                  ELSE (SELECT COUNT(*) FROM people p WHERE p.active = TRUE) END AS members,
             (SELECT COUNT(*) FROM ratings r JOIN people p ON p.id = r.person_id
              WHERE r.skill_id = t.skill_id AND r.level >= t.level AND r.lapsed = FALSE AND p.active = TRUE
              AND (t.team_id IS NULL OR p.team_id = t.team_id) AND (t.job_role_id IS NULL OR EXISTS (
                SELECT 1 FROM job_role_people j WHERE j.job_role_id = t.job_role_id AND j.person_id = p.id))) AS able,
             (SELECT COUNT(*) FROM ratings r JOIN people p ON p.id = r.person_id
              WHERE r.skill_id = t.skill_id AND r.not_applicable = TRUE AND p.active = TRUE
              AND (t.team_id IS NULL OR p.team_id = t.team_id) AND (t.job_role_id IS NULL OR EXISTS (
                SELECT 1 FROM job_role_people j WHERE j.job_role_id = t.job_role_id AND j.person_id = p.id))) AS exempt
             FROM ",
            $from,
            " t JOIN skills s ON s.id = t.skill_id JOIN skill_categories c ON c.id = s.category_id
             LEFT JOIN teams m ON m.id = t.team_id LEFT JOIN job_roles o ON o.id = t.job_role_id ",
            $rest
        ))
    };
}
pub(in super::super) use select_targets;

/// The targets of a team, a job role or everybody, by category and skill.
pub async fn list(app: &App, actor: &Actor, scope: Scope) -> Result<Vec<Target>> {
    actor.require(READ)?;
    let query = app.db.q(select_targets!("WHERE t.ask IN (?, ?) ORDER BY c.position, s.name_key, s.id, t.id"));
    let query = query.bind(scope.ask(Demand::OfAll)).bind(scope.ask(Demand::OfAtLeast(1)));
    Ok(query.all::<TargetRow>().await?.into_iter().map(Target::from).collect())
}

/// A page of all the targets, and how many there are in all.
pub async fn list_all(app: &App, actor: &Actor, limit: i64, offset: i64) -> Result<(Vec<Target>, i64)> {
    actor.require(READ)?;
    let query = app.db.q(select_targets!("ORDER BY t.id LIMIT ? OFFSET ?"));
    let rows: Vec<TargetRow> = query.bind(limit).bind(offset).all().await?;
    let (total,) = app.db.q(sql!("SELECT COUNT(*) FROM targets")).one::<(i64,)>().await?;
    Ok((rows.into_iter().map(Target::from).collect(), total))
}

pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Target> {
    actor.require(READ)?;
    let row: TargetRow = app.db.q(select_targets!("WHERE t.id = ?")).bind(id).one().await?;
    Ok(row.into())
}

pub async fn create(app: &App, actor: &Actor, new: &NewTarget) -> Result<Target> {
    require_set(actor, new.scope)?;
    let (skill, scales) = asked_skill(app, new.skill_id).await?;
    new.ask.check(scale_of(&scales, &skill)?)?;
    let mut tx = app.db.begin().await?;
    take_turn_on(&mut tx, &skill).await?;
    let id = insert(&mut tx, new, app.now_ms()).await.map_err(|error| taken(error, &skill))?;
    record(&mut tx, actor, app.now_ms(), "skills.target_set", id, new).await?;
    requirements::of_skills(&mut tx, &[new.skill_id], app.now_ms()).await?;
    tx.commit().await?;
    requirements::publish(app).await;
    get(app, actor, id).await
}

/// Changes a target that is still at `version`.
pub async fn update(app: &App, actor: &Actor, id: i64, version: i64, ask: Ask) -> Result<Target> {
    let current = get(app, actor, id).await?;
    require_set(actor, current.scope)?;
    let (skill, scales) = asked_skill(app, current.skill_id).await?;
    ask.check(scale_of(&scales, &skill)?)?;
    let mut tx = app.db.begin().await?;
    take_turn_on(&mut tx, &skill).await?;
    let query = tx.q(sql!(
        "UPDATE targets SET level = ?, at_least = ?, ask = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?"
    ));
    let query = query.bind(ask.level.hundredths()).bind(ask.demand.at_least()).bind(current.scope.ask(ask.demand));
    let changed =
        query.bind(app.now_ms()).bind(id).bind(version).execute().await.map_err(|error| taken(error, &skill))?;
    if changed == 0 {
        return Err(Error::Conflict("Somebody else changed this target in the meantime.".to_owned()));
    }
    let changed = NewTarget { scope: current.scope, skill_id: current.skill_id, ask };
    record(&mut tx, actor, app.now_ms(), "skills.target_changed", id, &changed).await?;
    requirements::of_skills(&mut tx, &[current.skill_id], app.now_ms()).await?;
    tx.commit().await?;
    requirements::publish(app).await;
    get(app, actor, id).await
}

/// Takes away a target that is still at `version`, and returns it as it was.
pub async fn delete(app: &App, actor: &Actor, id: i64, version: i64) -> Result<Target> {
    let current = get(app, actor, id).await?;
    require_set(actor, current.scope)?;
    let mut tx = app.db.begin().await?;
    requirements::take_turn(&mut tx).await?;
    let query = tx.q(sql!("DELETE FROM targets WHERE id = ? AND version = ?"));
    if query.bind(id).bind(version).execute().await? == 0 {
        return Err(Error::Conflict("Somebody else changed this target in the meantime.".to_owned()));
    }
    let ask = Ask { level: current.level, demand: current.demand };
    let gone = NewTarget { scope: current.scope, skill_id: current.skill_id, ask };
    record(&mut tx, actor, app.now_ms(), DELETED, id, &gone).await?;
    requirements::of_skills(&mut tx, &[current.skill_id], app.now_ms()).await?;
    tx.commit().await?;
    requirements::publish(app).await;
    Ok(current)
}

const DELETED: &str = "skills.target_deleted";

/// A target that was taken away, as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// The id that it had.
    pub id: i64,
    pub scope: Scope,
    pub skill: Named,
    pub ask: Ask,
}

pub async fn deleted(app: &App, actor: &Actor, id: i64) -> Result<Deleted> {
    actor.require(READ)?;
    let query = app.db.q(sql!("SELECT detail FROM events WHERE subject = ? AND kind = ? ORDER BY id DESC LIMIT 1"));
    let (detail,) = query.bind(format!("target:{id}")).bind(DELETED).one::<(String,)>().await?;
    let detail: serde_json::Value = serde_json::from_str(&detail).map_err(Error::internal)?;
    let number = |name: &str| detail[name].as_i64();
    let level = number("level").ok_or(Error::NotFound)?;
    Ok(Deleted {
        id,
        scope: Scope::from_columns(number("team"), number("job_role")),
        skill: by_id(app, number("skill").ok_or(Error::NotFound)?).await?.ok_or(Error::NotFound)?,
        ask: Ask { level: Level::from_hundredths(level), demand: Demand::from_column(number("at_least")) },
    })
}

/// Asks again for what was taken away. It may not fit any more: somebody may have asked for it meanwhile.
pub async fn restore(app: &App, actor: &Actor, id: i64) -> Result<Target> {
    let deleted = deleted(app, actor, id).await?;
    create(app, actor, &NewTarget { scope: deleted.scope, skill_id: deleted.skill.id, ask: deleted.ask }).await
}

/// The skill, which must not be archived, and the scales.
async fn asked_skill(app: &App, skill_id: i64) -> Result<(Named, Arc<Scales>)> {
    let Some(skill) = by_id(app, skill_id).await? else {
        return Err(Error::invalid("skill", "There is no such skill."));
    };
    if !skill.active {
        return Err(Error::invalid("skill", format!("“{}” is archived, so nobody can be asked for it.", skill.name)));
    }
    Ok((skill, scales::all(app).await?))
}

/// A level of one scale must not be asked for on another.
async fn take_turn_on(tx: &mut Tx, skill: &Named) -> Result<()> {
    requirements::take_turn(tx).await?;
    let query = tx.q(sql!("SELECT scale_id FROM skills WHERE id = ?"));
    let (scale_id,) = query.bind(skill.id).one::<(i64,)>().await?;
    if scale_id == skill.scale_id {
        return Ok(());
    }
    Err(Error::Conflict(format!("“{}” was given another scale in the meantime. Say the level on it.", skill.name)))
}

fn scale_of<'a>(scales: &'a Scales, skill: &Named) -> Result<&'a Scale> {
    scales.get(skill.scale_id).ok_or(Error::NotFound)
}

/// Adds a target inside a larger change, which ends with `requirements`.
pub async fn insert(tx: &mut Tx, new: &NewTarget, now_ms: i64) -> db::Result<i64> {
    let NewTarget { scope, skill_id, ask } = *new;
    tx.q(sql!(
        "INSERT INTO targets (skill_id, team_id, job_role_id, ask, level, at_least, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) {returning id}"
    ))
    .bind(skill_id)
    .bind(scope.team_id())
    .bind(scope.job_role_id())
    .bind(scope.ask(ask.demand))
    .bind(ask.level.hundredths())
    .bind(ask.demand.at_least())
    .bind(now_ms)
    .bind(now_ms)
    .insert()
    .await
}

fn taken(error: db::Error, skill: &Named) -> Error {
    match error {
        db::Error::Unique => {
            let text = format!("“{}” is asked for here already. Change that target instead.", skill.name);
            Error::invalid("skill", text)
        }
        // The team or the job role.
        db::Error::Reference => Error::NotFound,
        other => other.into(),
    }
}

async fn record(tx: &mut Tx, actor: &Actor, now_ms: i64, kind: &str, id: i64, of: &NewTarget) -> db::Result<()> {
    let detail = serde_json::json!({
        "skill": of.skill_id, "team": of.scope.team_id(), "job_role": of.scope.job_role_id(),
        "level": of.ask.level.hundredths(), "at_least": of.ask.demand.at_least(),
    });
    events::record(tx, actor, now_ms, kind, &format!("target:{id}"), &detail).await
}
