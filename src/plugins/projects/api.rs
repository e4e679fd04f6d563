//! Projects in the JSON API. Their tasks are in `tasks/api.rs`.

use super::labels::model as labels;
use super::model::{self as projects, NewProject};
use super::outline::Outline;
use super::settings;
use crate::app::App;
use crate::error::Result;
use crate::web::api::{Body, Caller, Created};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi, Tags};
use serde::Deserialize;

pub struct ProjectsApi {
    pub app: App,
}

#[derive(Tags)]
enum Tag {
    Projects,
}

/// Something that is being done.
#[derive(Object)]
struct Project {
    /// Stands before the numbers of its tasks, as QD in QD-12.
    key: String,
    name: String,
    /// Markdown.
    description: String,
    owner_id: Option<i64>,
    /// `2026-11-26`
    starts_on: Option<String>,
    ends_on: Option<String>,
    archived: bool,
    /// What the caller may do in it: `lead`, `member` or `viewer`.
    role: String,
    statuses: Vec<Status>,
    labels: Vec<String>,
    version: i64,
}

/// A column of the board.
#[derive(Object)]
struct Status {
    id: i64,
    name: String,
    /// `todo`, `doing` or `done`.
    kind: String,
    wip_limit: Option<i64>,
    /// How many tasks stand in it.
    tasks: i64,
}

#[derive(Object)]
struct ListedProject {
    key: String,
    name: String,
    open: i64,
    done: i64,
    overdue: i64,
}

#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct ProjectCreation {
    key: String,
    name: String,
    #[serde(default)]
    description: Option<String>,
}

#[OpenApi]
impl ProjectsApi {
    /// The projects that the caller takes part in, by name
    #[oai(path = "/projects", method = "get", operation_id = "listProjects", tag = "Tag::Projects")]
    async fn list_projects(
        &self,
        caller: Caller,
        /// The archived ones in place of the others.
        #[oai(default)]
        archived: Query<bool>,
    ) -> Result<Json<Vec<ListedProject>>> {
        let today = settings::today(&self.app).await?;
        let listed = projects::list(&self.app, &caller.0, archived.0, today).await?;
        let item = |project: projects::Listed| ListedProject {
            key: project.code,
            name: project.name,
            open: project.open,
            done: project.done,
            overdue: project.overdue,
        };
        Ok(Json(listed.into_iter().map(item).collect()))
    }

    /// Start a project, which the caller then leads
    #[oai(path = "/projects", method = "post", operation_id = "createProject", tag = "Tag::Projects")]
    async fn create_project(&self, caller: Caller, body: Body<ProjectCreation>) -> Result<Created<Project>> {
        let ProjectCreation { key, name, description } = body.0;
        let new = NewProject { code: key, name, description: description.unwrap_or_default(), ..NewProject::default() };
        let made = projects::create(&self.app, &caller.0, &new).await?;
        let address = format!("/api/v1/projects/{}", made.code);
        Ok(Created::Made(Json(Outline::around(&self.app, made).await?.into()), address))
    }

    /// One project, with its statuses and labels
    #[oai(path = "/projects/:key", method = "get", operation_id = "getProject", tag = "Tag::Projects")]
    async fn get_project(&self, caller: Caller, key: Path<String>) -> Result<Json<Project>> {
        Ok(Json(Outline::of(&self.app, &caller.0, &key.0).await?.into()))
    }
}

impl From<Outline> for Project {
    fn from(outline: Outline) -> Self {
        let status = |status: super::statuses::model::Status| Status {
            id: status.id,
            name: status.name,
            kind: status.kind.name().to_owned(),
            wip_limit: status.wip_limit,
            tasks: status.tasks,
        };
        let project = outline.project;
        Project {
            archived: project.is_archived(),
            role: project.role.name().to_owned(),
            key: project.code,
            name: project.name,
            description: project.description,
            owner_id: project.owner_id,
            starts_on: project.starts_on.map(|day| day.to_string()),
            ends_on: project.ends_on.map(|day| day.to_string()),
            statuses: outline.statuses.into_iter().map(status).collect(),
            labels: outline.labels.into_iter().map(|label: labels::Label| label.name).collect(),
            version: project.version,
        }
    }
}
