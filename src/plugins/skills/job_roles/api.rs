//! Job roles, and who has them, in the JSON API.

use super::model;
use super::people::model as people;
use crate::app::App;
use crate::error::{Error, Result};
use crate::web::api::{Body, Caller, Created, Deleted, Saved};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi, Tags};
use serde::Deserialize;

pub struct JobRolesApi {
    pub app: App,
}

#[derive(Tags)]
enum Tag {
    #[oai(rename = "Job roles")]
    JobRoles,
}

/// What people do in this organisation.
#[derive(Object)]
struct JobRole {
    id: i64,
    name: String,
    /// The profile that it began with.
    profile: Option<String>,
    /// How many active people have it.
    people: i64,
    /// How many targets are set for it.
    targets: i64,
    /// Grows with each change of the name.
    version: i64,
}

#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct JobRoleCreation {
    name: String,
}

#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct JobRoleReplacement {
    name: String,
    /// The version that this is based on.
    version: i64,
}

/// Somebody who has a job role.
#[derive(Object)]
struct Holder {
    person_id: i64,
    name: String,
}

#[OpenApi]
impl JobRolesApi {
    /// All job roles, by name
    #[oai(path = "/job-roles", method = "get", operation_id = "listJobRoles", tag = "Tag::JobRoles")]
    async fn list_job_roles(&self, caller: Caller) -> Result<Json<Vec<JobRole>>> {
        let job_roles = model::list(&self.app, &caller.0).await?;
        Ok(Json(job_roles.into_iter().map(JobRole::from).collect()))
    }

    /// One job role
    #[oai(path = "/job-roles/:id", method = "get", operation_id = "getJobRole", tag = "Tag::JobRoles")]
    async fn get_job_role(&self, caller: Caller, id: Path<i64>) -> Result<Json<JobRole>> {
        Ok(Json(model::get(&self.app, &caller.0, id.0).await?.into()))
    }

    /// Make a job role
    #[oai(path = "/job-roles", method = "post", operation_id = "createJobRole", tag = "Tag::JobRoles")]
    async fn create_job_role(&self, caller: Caller, body: Body<JobRoleCreation>) -> Result<Created<JobRole>> {
        let job_role = model::create(&self.app, &caller.0, &body.0.name).await?;
        let address = format!("/api/v1/job-roles/{}", job_role.id);
        Ok(Created::Made(Json(job_role.into()), address))
    }

    /// Rename a job role that is still at `version`
    #[oai(path = "/job-roles/:id", method = "put", operation_id = "updateJobRole", tag = "Tag::JobRoles")]
    async fn update_job_role(
        &self,
        caller: Caller,
        id: Path<i64>,
        body: Body<JobRoleReplacement>,
    ) -> Result<Saved<JobRole>> {
        match model::rename(&self.app, &caller.0, id.0, body.0.version, &body.0.name).await {
            Ok(job_role) => Ok(Saved::Saved(Json(job_role.into()))),
            Err(Error::Conflict(text)) => {
                let current = model::get(&self.app, &caller.0, id.0).await?;
                Ok(Saved::conflict(text, current.into()))
            }
            Err(other) => Err(other),
        }
    }

    /// Take away a job role that is still at `version`, with its targets
    #[oai(path = "/job-roles/:id", method = "delete", operation_id = "deleteJobRole", tag = "Tag::JobRoles")]
    async fn delete_job_role(&self, caller: Caller, id: Path<i64>, version: Query<i64>) -> Result<Deleted<JobRole>> {
        match model::delete(&self.app, &caller.0, id.0, version.0).await {
            Ok(_) => Ok(Deleted::Gone),
            Err(Error::Conflict(text)) => {
                let current = model::get(&self.app, &caller.0, id.0).await?;
                Ok(Deleted::conflict(text, current.into()))
            }
            Err(other) => Err(other),
        }
    }

    /// Who has a job role, by team and name
    #[oai(path = "/job-roles/:id/people", method = "get", operation_id = "listJobRolePeople", tag = "Tag::JobRoles")]
    async fn list_people(&self, caller: Caller, id: Path<i64>) -> Result<Json<Vec<Holder>>> {
        model::get(&self.app, &caller.0, id.0).await?;
        self.holders(&caller, id.0).await
    }

    /// Give somebody a job role; who has it keeps it
    #[oai(
        path = "/job-roles/:id/people/:person",
        method = "put",
        operation_id = "addJobRolePerson",
        tag = "Tag::JobRoles"
    )]
    async fn add_person(&self, caller: Caller, id: Path<i64>, person: Path<i64>) -> Result<Json<Vec<Holder>>> {
        people::add(&self.app, &caller.0, id.0, person.0).await?;
        self.holders(&caller, id.0).await
    }

    /// Take a job role from somebody
    #[oai(
        path = "/job-roles/:id/people/:person",
        method = "delete",
        operation_id = "removeJobRolePerson",
        tag = "Tag::JobRoles"
    )]
    async fn remove_person(&self, caller: Caller, id: Path<i64>, person: Path<i64>) -> Result<Json<Vec<Holder>>> {
        people::remove(&self.app, &caller.0, id.0, person.0).await?;
        self.holders(&caller, id.0).await
    }

    async fn holders(&self, caller: &Caller, id: i64) -> Result<Json<Vec<Holder>>> {
        let holders = people::holders(&self.app, &caller.0, id).await?;
        Ok(Json(holders.into_iter().map(|person| Holder { person_id: person.id, name: person.name }).collect()))
    }
}

impl From<model::JobRole> for JobRole {
    fn from(job_role: model::JobRole) -> Self {
        let model::JobRole { id, name, profile_code, version, people, targets } = job_role;
        JobRole { id, name, profile: profile_code, people, targets, version }
    }
}
