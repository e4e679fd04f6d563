//! Targets in the JSON API.

use super::model::{self, Ask, NewTarget};
use super::scope::{Demand, Scope};
use crate::app::App;
use crate::error::{Checks, Error, Result};
use crate::plugins::skills::levels::Level;
use crate::web::api::{Body, Caller, Created, Deleted, Page, Saved, default_limit};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi, Tags};
use serde::Deserialize;

pub struct TargetsApi {
    pub app: App,
}

#[derive(Tags)]
enum Tag {
    Targets,
}

/// The level that a skill is wanted at. Without a team and a job role it is for everybody.
#[derive(Object)]
struct Target {
    id: i64,
    skill_id: i64,
    team_id: Option<i64>,
    job_role_id: Option<i64>,
    level: f64,
    /// By how many of them at least; null for all of them.
    at_least: Option<i64>,
    /// How many active people it is for.
    people: i64,
    /// How many of them hold the level, with nothing lapsed.
    able: i64,
    /// How many of them the skill does not apply to.
    exempt: i64,
    /// Grows with each change.
    version: i64,
}

#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct TargetCreation {
    skill_id: i64,
    #[serde(default)]
    team_id: Option<i64>,
    #[serde(default)]
    job_role_id: Option<i64>,
    level: f64,
    #[serde(default)]
    at_least: Option<i64>,
}

#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct TargetReplacement {
    level: f64,
    #[serde(default)]
    at_least: Option<i64>,
    /// The version that this is based on.
    version: i64,
}

#[OpenApi]
impl TargetsApi {
    /// All targets, the oldest first
    #[oai(path = "/targets", method = "get", operation_id = "listTargets", tag = "Tag::Targets")]
    async fn list_targets(
        &self,
        caller: Caller,
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))] limit: Query<i64>,
        #[oai(default, validator(minimum(value = "0")))] offset: Query<i64>,
    ) -> Result<Json<Page<Target>>> {
        let (targets, total) = model::list_all(&self.app, &caller.0, limit.0, offset.0).await?;
        let items = targets.into_iter().map(Target::from).collect();
        Ok(Json(Page { items, total, limit: limit.0, offset: offset.0 }))
    }

    /// One target
    #[oai(path = "/targets/:id", method = "get", operation_id = "getTarget", tag = "Tag::Targets")]
    async fn get_target(&self, caller: Caller, id: Path<i64>) -> Result<Json<Target>> {
        Ok(Json(model::get(&self.app, &caller.0, id.0).await?.into()))
    }

    /// Set a target
    #[oai(path = "/targets", method = "post", operation_id = "createTarget", tag = "Tag::Targets")]
    async fn create_target(&self, caller: Caller, body: Body<TargetCreation>) -> Result<Created<Target>> {
        let TargetCreation { skill_id, team_id, job_role_id, level, at_least } = body.0;
        let mut checks = Checks::default();
        checks.that(team_id.is_none() || job_role_id.is_none(), "team_id", "A target is for a team or for a job role.");
        checks.done()?;
        let new = NewTarget { scope: Scope::from_columns(team_id, job_role_id), skill_id, ask: ask(level, at_least)? };
        let target = model::create(&self.app, &caller.0, &new).await?;
        let address = format!("/api/v1/targets/{}", target.id);
        Ok(Created::Made(Json(target.into()), address))
    }

    /// Change a target that is still at `version`
    #[oai(path = "/targets/:id", method = "put", operation_id = "updateTarget", tag = "Tag::Targets")]
    async fn update_target(
        &self,
        caller: Caller,
        id: Path<i64>,
        body: Body<TargetReplacement>,
    ) -> Result<Saved<Target>> {
        let ask = ask(body.0.level, body.0.at_least)?;
        match model::update(&self.app, &caller.0, id.0, body.0.version, ask).await {
            Ok(target) => Ok(Saved::Saved(Json(target.into()))),
            Err(Error::Conflict(text)) => {
                let current = model::get(&self.app, &caller.0, id.0).await?;
                Ok(Saved::conflict(text, current.into()))
            }
            Err(other) => Err(other),
        }
    }

    /// Take away a target that is still at `version`
    #[oai(path = "/targets/:id", method = "delete", operation_id = "deleteTarget", tag = "Tag::Targets")]
    async fn delete_target(&self, caller: Caller, id: Path<i64>, version: Query<i64>) -> Result<Deleted<Target>> {
        match model::delete(&self.app, &caller.0, id.0, version.0).await {
            Ok(_) => Ok(Deleted::Gone),
            Err(Error::Conflict(text)) => {
                let current = model::get(&self.app, &caller.0, id.0).await?;
                Ok(Deleted::conflict(text, current.into()))
            }
            Err(other) => Err(other),
        }
    }
}

fn ask(level: f64, at_least: Option<i64>) -> Result<Ask> {
    let level = Level::parse(&level.to_string())
        .ok_or_else(|| Error::invalid("level", "A level is a number from 0 on, with at most two decimals."))?;
    Ok(Ask { level, demand: Demand::from_column(at_least) })
}

impl From<model::Target> for Target {
    fn from(target: model::Target) -> Self {
        Target {
            id: target.id,
            skill_id: target.skill_id,
            team_id: target.scope.team_id(),
            job_role_id: target.scope.job_role_id(),
            level: target.level.hundredths() as f64 / 100.0,
            at_least: target.demand.at_least(),
            people: target.members,
            able: target.able,
            exempt: target.exempt,
            version: target.version,
        }
    }
}
