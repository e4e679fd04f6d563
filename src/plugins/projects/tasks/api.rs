//! Tasks and comments in the JSON API.

use super::super::comments::model as comments;
use super::super::model as projects;
use super::super::outline::Outline;
use super::super::settings;
use super::creation::model::{NewTask, create};
use super::fields::model::{Edit, Outcome, save};
use super::filter::{Filter, FilterFields};
use super::list::model::list;
use super::model::{self as tasks, Details};
use super::quick_add;
use super::values::{Field, Priority, joined};
use crate::app::App;
use crate::error::{Error, Result};
use crate::web::api::{Body, Caller, Created, Saved};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi, Tags};
use serde::Deserialize;

pub struct TasksApi {
    pub app: App,
}

#[derive(Tags)]
enum Tag {
    Tasks,
}

#[derive(Object)]
struct Task {
    id: i64,
    /// As people call it: `QD-12`.
    name: String,
    title: String,
    /// Markdown. Empty in lists.
    description: String,
    status_id: i64,
    status: String,
    /// `none`, `low`, `medium`, `high` or `urgent`.
    priority: String,
    assignee_ids: Vec<i64>,
    labels: Vec<String>,
    starts_on: Option<String>,
    due_on: Option<String>,
    estimate_minutes: Option<i64>,
    parent_id: Option<i64>,
    /// False once its status is a done one.
    open: bool,
    /// Grows with each change of a field.
    version: i64,
}

/// Either all in one line, as people type it, or field by field. What is said twice counts as the field says it.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct TaskCreation {
    /// `Fix pump @ana !high #net due friday`
    #[serde(default)]
    line: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    status_id: Option<i64>,
    #[serde(default)]
    priority: Option<String>,
    #[serde(default)]
    assignee_ids: Option<Vec<i64>>,
    #[serde(default)]
    labels: Option<Vec<String>>,
    #[serde(default)]
    starts_on: Option<String>,
    #[serde(default)]
    due_on: Option<String>,
    #[serde(default)]
    estimate_minutes: Option<i64>,
    /// A text of one's own, of at most 40 characters: what is sent twice with the same one makes one task.
    #[serde(default)]
    once: Option<String>,
}

/// What is to change. What is left out stays, also where somebody else changed it meanwhile.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct TaskPatch {
    /// The version that this is based on.
    version: i64,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    status_id: Option<i64>,
    #[serde(default)]
    priority: Option<String>,
    #[serde(default)]
    assignee_ids: Option<Vec<i64>>,
    /// Empty for none.
    #[serde(default)]
    starts_on: Option<String>,
    #[serde(default)]
    due_on: Option<String>,
    /// 0 for none.
    #[serde(default)]
    estimate_minutes: Option<i64>,
}

impl TaskPatch {
    fn edits(self) -> Vec<Edit> {
        let estimate =
            self.estimate_minutes.map(|minutes| if minutes == 0 { String::new() } else { minutes.to_string() });
        let edits = [
            (Field::Title, self.title),
            (Field::Description, self.description),
            (Field::Status, self.status_id.map(|id| id.to_string())),
            (Field::Priority, self.priority),
            (Field::Assignees, self.assignee_ids.map(|ids| joined(&ids))),
            (Field::Start, self.starts_on),
            (Field::Due, self.due_on),
            (Field::Estimate, estimate),
        ];
        edits.into_iter().filter_map(|(field, text)| Some(Edit::of(field, text?))).collect()
    }
}

#[derive(Object)]
struct TaskPage {
    items: Vec<Task>,
    /// How many there are in all; 1001 stands for more than a thousand.
    total: i64,
    /// What to ask for next; null at the end.
    next_offset: Option<i64>,
}

#[derive(Object)]
struct Comment {
    id: i64,
    author_id: Option<i64>,
    /// Markdown.
    body: String,
    /// In milliseconds since 1970, UTC.
    created_at: i64,
    edited_at: Option<i64>,
}

#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct CommentCreation {
    body: String,
    /// As with tasks.
    #[serde(default)]
    once: Option<String>,
}

#[OpenApi]
impl TasksApi {
    /// The tasks of a project that a filter lets through, as the addresses of its pages write it
    #[oai(path = "/projects/:key/tasks", method = "get", operation_id = "listTasks", tag = "Tag::Tasks")]
    #[allow(clippy::too_many_arguments)]
    async fn list_tasks(
        &self,
        caller: Caller,
        key: Path<String>,
        /// A part of the title, or a number.
        q: Query<Option<String>>,
        /// `open` if it is left out, `done`, `all`, or the id of a status.
        status: Query<Option<String>>,
        /// `me`, `nobody`, or the id of a person.
        assignee: Query<Option<String>>,
        priority: Query<Option<String>>,
        /// `overdue`, `week` or `none`.
        due: Query<Option<String>>,
        /// `newest`, `updated`, `priority` or `due`.
        sort: Query<Option<String>>,
        #[oai(default, validator(minimum(value = "0")))] offset: Query<i64>,
    ) -> Result<Json<TaskPage>> {
        let project = projects::find(&self.app, &caller.0, &key.0).await?;
        let text = |query: Option<String>| query.unwrap_or_default();
        let fields = FilterFields {
            q: text(q.0),
            status: text(status.0),
            assignee: text(assignee.0),
            priority: text(priority.0),
            due: text(due.0),
            sort: text(sort.0),
            offset: offset.0.to_string(),
            ..FilterFields::default()
        };
        let (filter, today) = (Filter::from(&fields), settings::today(&self.app).await?);
        let listed = list(&self.app, &caller.0, &project, &filter, today).await?;
        let next_offset = listed.has_more.then(|| filter.offset + listed.tasks.len() as i64);
        let items = listed.tasks.into_iter().map(Task::from).collect();
        Ok(Json(TaskPage { items, total: listed.total, next_offset }))
    }

    /// Add a task
    #[oai(path = "/projects/:key/tasks", method = "post", operation_id = "createTask", tag = "Tag::Tasks")]
    async fn create_task(&self, caller: Caller, key: Path<String>, body: Body<TaskCreation>) -> Result<Created<Task>> {
        let outline = Outline::of(&self.app, &caller.0, &key.0).await?;
        outline.project.require_member()?;
        let new = new_task(body.0, &outline)?;
        let made = create(&self.app, &caller.0, &outline.project, new).await?;
        let address = format!("/api/v1/tasks/{}", made.task.id);
        Ok(Created::Made(Json(made.into()), address))
    }

    /// One task
    #[oai(path = "/tasks/:id", method = "get", operation_id = "getTask", tag = "Tag::Tasks")]
    async fn get_task(&self, caller: Caller, id: Path<i64>) -> Result<Json<Task>> {
        Ok(Json(tasks::get(&self.app, &caller.0, id.0).await?.into()))
    }

    /// Change fields of a task. What others changed meanwhile stays; where they changed one of the same fields, it is a conflict
    #[oai(path = "/tasks/:id", method = "patch", operation_id = "updateTask", tag = "Tag::Tasks")]
    async fn update_task(&self, caller: Caller, id: Path<i64>, body: Body<TaskPatch>) -> Result<Saved<Task>> {
        let version = body.0.version;
        match save(&self.app, &caller.0, id.0, version, &body.0.edits()).await? {
            Outcome::Saved(details) => Ok(Saved::Saved(Json((*details).into()))),
            Outcome::Conflict { now, field, by } => {
                let text = format!("{by} changed the field {} meanwhile.", field.name());
                Ok(Saved::conflict(text, (*now).into()))
            }
        }
    }

    /// What was said of a task, the earliest first
    #[oai(path = "/tasks/:id/comments", method = "get", operation_id = "listComments", tag = "Tag::Tasks")]
    async fn list_comments(&self, caller: Caller, id: Path<i64>) -> Result<Json<Vec<Comment>>> {
        let details = tasks::get(&self.app, &caller.0, id.0).await?;
        let said = comments::list(&self.app, details.task.id).await?;
        Ok(Json(said.into_iter().map(Comment::from).collect()))
    }

    /// Say something of a task
    #[oai(path = "/tasks/:id/comments", method = "post", operation_id = "createComment", tag = "Tag::Tasks")]
    async fn create_comment(
        &self,
        caller: Caller,
        id: Path<i64>,
        body: Body<CommentCreation>,
    ) -> Result<Created<Comment>> {
        let details = tasks::get(&self.app, &caller.0, id.0).await?;
        let once = body.0.once.unwrap_or_default();
        let said = comments::create(&self.app, &caller.0, &details, &body.0.body, &once).await?;
        let (comment, _) = comments::find(&self.app, &caller.0, said.id).await?;
        let address = format!("/api/v1/tasks/{}/comments", id.0);
        Ok(Created::Made(Json(comment.into()), address))
    }
}

fn new_task(body: TaskCreation, outline: &Outline) -> Result<NewTask> {
    let mut new = match &body.line {
        Some(line) => quick_add::read(line, &outline.members, outline.today)?,
        None => NewTask::default(),
    };
    let day = |field: &str, text: Option<String>| match text.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| Error::invalid(field, "Write a day as 2026-11-26.")),
    };
    if let Some(title) = body.title {
        new.title = title;
    }
    if let Some(priority) = body.priority {
        new.priority =
            Priority::from_name(&priority).ok_or_else(|| Error::invalid("priority", "There is no such priority."))?;
    }
    new.description = body.description.unwrap_or_default();
    new.status_id = body.status_id;
    new.assignees = body.assignee_ids.unwrap_or(new.assignees);
    new.labels = body.labels.unwrap_or(new.labels);
    new.starts_on = day("starts_on", body.starts_on)?.or(new.starts_on);
    new.due_on = day("due_on", body.due_on)?.or(new.due_on);
    new.estimate_min = body.estimate_minutes.or(new.estimate_min);
    new.submission = body.once.unwrap_or_default();
    Ok(new)
}

impl From<tasks::Task> for Task {
    fn from(task: tasks::Task) -> Self {
        Task {
            name: task.name(),
            open: task.is_open(),
            id: task.id,
            title: task.title,
            description: String::new(),
            status_id: task.status_id,
            status: task.status,
            priority: task.priority.name().to_owned(),
            assignee_ids: task.assignees.into_iter().map(|face| face.id).collect(),
            labels: task.labels.into_iter().map(|label| label.name).collect(),
            starts_on: task.starts_on.map(|day| day.to_string()),
            due_on: task.due_on.map(|day| day.to_string()),
            estimate_minutes: task.estimate_min,
            parent_id: task.parent_id,
            version: task.version,
        }
    }
}

impl From<Details> for Task {
    fn from(details: Details) -> Self {
        Task { description: details.description, ..details.task.into() }
    }
}

impl From<comments::Comment> for Comment {
    fn from(comment: comments::Comment) -> Self {
        let comments::Comment { id, author_id, body, created_at, edited_at, .. } = comment;
        Comment { id, author_id, body, created_at, edited_at }
    }
}
