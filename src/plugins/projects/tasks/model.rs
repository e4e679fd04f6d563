//! A task as lists, cards and its own page show it.

use super::super::READ;
use super::super::labels::model::Label;
use super::super::model::{self as projects, Project};
use super::super::statuses::model::Kind;
use super::values::Priority;
use crate::accounts::Actor;
use crate::app::App;
use crate::db;
use crate::error::Result;
use crate::sql;
use jiff::civil::Date;
use std::collections::HashMap;

/// Somebody by their name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    pub id: i64,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: i64,
    pub project_id: i64,
    /// The key of its project.
    pub code: String,
    pub number: i64,
    pub title: String,
    pub status_id: i64,
    pub status: String,
    pub kind: Kind,
    pub position: i64,
    pub priority: Priority,
    pub starts_on: Option<Date>,
    pub due_on: Option<Date>,
    pub estimate_min: Option<i64>,
    pub parent_id: Option<i64>,
    pub version: i64,
    pub updated_at: i64,
    pub touched_at: i64,
    pub assignees: Vec<Face>,
    pub labels: Vec<Label>,
}

impl Task {
    /// As people call it: `QD-12`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.code, self.number)
    }

    pub fn path(&self) -> String {
        path(self.id)
    }

    pub fn is_open(&self) -> bool {
        self.kind != Kind::Done
    }
}

pub fn path(id: i64) -> String {
    format!("/projects/tasks/{id}")
}

#[derive(sqlx::FromRow)]
pub struct TaskRow {
    pub id: i64,
    project_id: i64,
    code: String,
    number: i64,
    title: String,
    status_id: i64,
    status: String,
    kind: String,
    position: i64,
    priority: i64,
    starts_on: Option<String>,
    due_on: Option<String>,
    estimate_min: Option<i64>,
    parent_id: Option<i64>,
    version: i64,
    updated_at: i64,
    touched_at: i64,
}

/// The columns of `TaskRow`, of the tables that `task_tables!` joins: they stand in a dozen statements.
macro_rules! task_columns {
    () => {
        "t.id, t.project_id, p.code, t.number, t.title, t.status_id, s.name AS status, s.kind, t.position, t.priority, t.starts_on,
         t.due_on, t.estimate_min, t.parent_id, t.version, t.updated_at, t.touched_at"
    };
}

macro_rules! task_tables {
    () => {
        "tasks t JOIN projects p ON p.id = t.project_id JOIN project_statuses s ON s.id = t.status_id"
    };
}

pub(in super::super) use {task_columns, task_tables};

/// The tasks of these rows, in their order, with who works on them and what they are marked with.
pub async fn complete(app: &App, rows: Vec<TaskRow>) -> db::Result<Vec<Task>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let (mut assignees, mut labels) = (HashMap::new(), HashMap::new());
    if !ids.is_empty() {
        (assignees, labels) = tokio::try_join!(faces_of(app, &ids), labels_of(app, &ids))?;
    }
    Ok(rows.into_iter().map(|row| task(row, &mut assignees, &mut labels)).collect())
}

fn task(row: TaskRow, assignees: &mut HashMap<i64, Vec<Face>>, labels: &mut HashMap<i64, Vec<Label>>) -> Task {
    let day = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    Task {
        assignees: assignees.remove(&row.id).unwrap_or_default(),
        labels: labels.remove(&row.id).unwrap_or_default(),
        kind: Kind::from_name(&row.kind).unwrap_or(Kind::Todo),
        priority: Priority::of(row.priority),
        starts_on: day(&row.starts_on),
        due_on: day(&row.due_on),
        id: row.id,
        project_id: row.project_id,
        code: row.code,
        number: row.number,
        title: row.title,
        status_id: row.status_id,
        status: row.status,
        position: row.position,
        estimate_min: row.estimate_min,
        parent_id: row.parent_id,
        version: row.version,
        updated_at: row.updated_at,
        touched_at: row.touched_at,
    }
}

async fn faces_of(app: &App, ids: &[i64]) -> db::Result<HashMap<i64, Vec<Face>>> {
    let query = app.db.q(sql!(
        "SELECT a.task_id, p.id, p.name FROM task_assignees a JOIN people p ON p.id = a.person_id
         WHERE a.task_id IN ({ids}) ORDER BY p.name_key, p.id"
    ));
    let rows: Vec<(i64, i64, String)> = query.bind_ids(ids).all().await?;
    let mut faces: HashMap<i64, Vec<Face>> = HashMap::new();
    for (task_id, id, name) in rows {
        faces.entry(task_id).or_default().push(Face { id, name });
    }
    Ok(faces)
}

async fn labels_of(app: &App, ids: &[i64]) -> db::Result<HashMap<i64, Vec<Label>>> {
    let query = app.db.q(sql!(
        "SELECT tl.task_id, l.id, l.name, l.hue FROM task_labels tl JOIN project_labels l ON l.id = tl.label_id
         WHERE tl.task_id IN ({ids}) ORDER BY l.name_key, l.id"
    ));
    let rows: Vec<(i64, i64, String, i64)> = query.bind_ids(ids).all().await?;
    let mut labels: HashMap<i64, Vec<Label>> = HashMap::new();
    for (task_id, id, name, hue) in rows {
        labels.entry(task_id).or_default().push(Label { id, name, hue });
    }
    Ok(labels)
}

/// What a task's own page shows beside the task.
#[derive(Clone, Debug)]
pub struct Details {
    pub task: Task,
    pub project: Project,
    /// Markdown.
    pub description: String,
    pub created_by: Option<String>,
    pub created_at: i64,
    pub closed_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct DetailsRow {
    #[sqlx(flatten)]
    task: TaskRow,
    description: String,
    created_by: Option<String>,
    created_at: i64,
    closed_at: Option<i64>,
}

/// A task of a project that the actor may see; any other looks missing.
pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Details> {
    actor.require(READ)?;
    let query = app.db.q(sql!(concat!(
        "SELECT ",
        task_columns!(),
        ", t.description, c.name AS created_by, t.created_at, t.closed_at FROM ",
        task_tables!(),
        " LEFT JOIN people c ON c.id = t.created_by WHERE t.id = ?"
    )));
    let row: DetailsRow = query.bind(id).one().await?;
    let project = projects::get(app, actor, row.task.project_id).await?;
    let DetailsRow { task, description, created_by, created_at, closed_at } = row;
    let task = complete(app, vec![task]).await?.remove(0);
    Ok(Details { task, project, description, created_by, created_at, closed_at })
}

/// As `get`, of the name that people call it by: `QD-12`.
pub async fn named(app: &App, actor: &Actor, code: &str, number: i64) -> Result<Details> {
    let project = projects::find(app, actor, code).await?;
    let query = app.db.q(sql!("SELECT id FROM tasks WHERE project_id = ? AND number = ?"));
    let (id,) = query.bind(project.id).bind(number).one::<(i64,)>().await?;
    get(app, actor, id).await
}
