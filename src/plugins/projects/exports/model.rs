//! Writes a project: a table of its tasks, or everything that another installation needs to have it again.

use super::super::model::Project;
use super::super::outline::Outline;
use super::super::tasks::model::{Task, TaskRow, complete, task_columns, task_tables};
use super::super::tasks::values::duration;
use crate::app::App;
use crate::error::{Error, Result};
use crate::sql;
use crate::tables::{Cell, write_csv};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What tells a file of ours from those of others.
pub const FORMAT: &str = "quarterdeck.project/1";

/// A project as a file holds it. People are named by their addresses, or by their names where they have none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whole {
    pub format: String,
    pub name: String,
    #[serde(default)]
    pub description: String,
    pub statuses: Vec<WholeStatus>,
    pub tasks: Vec<WholeTask>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholeStatus {
    pub name: String,
    /// `todo`, `doing` or `done`.
    pub kind: String,
    #[serde(default)]
    pub wip_limit: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WholeTask {
    pub number: i64,
    pub title: String,
    pub description: String,
    pub status: String,
    pub priority: i64,
    pub assignees: Vec<String>,
    pub labels: Vec<String>,
    pub starts_on: Option<String>,
    pub due_on: Option<String>,
    pub estimate_min: Option<i64>,
    /// The number of the task that it is a part of.
    pub parent: Option<i64>,
    /// The numbers of those that it waits for.
    pub waits_for: Vec<i64>,
    pub checklist: Vec<WholeCheck>,
    pub comments: Vec<WholeComment>,
    pub created_at: i64,
    pub closed_at: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholeCheck {
    pub title: String,
    pub done: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WholeComment {
    pub who: String,
    pub at: i64,
    pub body: String,
}

/// Every task of a project, by number. Who has the project in hand was let in.
async fn tasks(app: &App, project: &Project) -> Result<Vec<Task>> {
    let query = app.db.q(sql!(concat!(
        "SELECT ",
        task_columns!(),
        " FROM ",
        task_tables!(),
        " WHERE t.project_id = ? ORDER BY t.number"
    )));
    let rows: Vec<TaskRow> = query.bind(project.id).all().await?;
    Ok(complete(app, rows).await?)
}

const COLUMNS: [&str; 10] =
    ["Task", "Title", "Status", "Priority", "Assignees", "Labels", "Start", "Due", "Estimate", "Done"];

pub async fn csv(app: &App, project: &Project) -> Result<Vec<u8>> {
    let tasks = tasks(app, project).await?;
    let rows = tasks.iter().map(|task| {
        let day = |day: Option<jiff::civil::Date>| Cell::Owned(day.map(|day| day.to_string()).unwrap_or_default());
        let names = |names: Vec<&str>| Cell::Owned(names.join(", "));
        [
            Cell::Owned(task.name()),
            Cell::Text(&task.title),
            Cell::Text(&task.status),
            Cell::Text(task.priority.name()),
            names(task.assignees.iter().map(|face| face.name.as_str()).collect()),
            names(task.labels.iter().map(|label| label.name.as_str()).collect()),
            day(task.starts_on),
            day(task.due_on),
            Cell::Owned(task.estimate_min.map(duration).unwrap_or_default()),
            Cell::Text(if task.is_open() { "no" } else { "yes" }),
        ]
    });
    let mut bytes = Vec::new();
    write_csv(&COLUMNS, rows, &mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

#[derive(sqlx::FromRow)]
struct Further {
    id: i64,
    description: String,
    created_at: i64,
    closed_at: Option<i64>,
}

pub async fn whole(app: &App, outline: &Outline) -> Result<Whole> {
    let project = &outline.project;
    let tasks = tasks(app, project).await?;
    let numbers: HashMap<i64, i64> = tasks.iter().map(|task| (task.id, task.number)).collect();
    let query = app.db.q(sql!("SELECT id, description, created_at, closed_at FROM tasks WHERE project_id = ?"));
    let further: Vec<Further> = query.bind(project.id).all().await?;
    let further: HashMap<i64, Further> = further.into_iter().map(|row| (row.id, row)).collect();
    let query = app.db.q(sql!(
        "SELECT b.task_id, b.blocker_id FROM task_blockers b JOIN tasks t ON t.id = b.task_id WHERE t.project_id = ? ORDER BY b.task_id, b.blocker_id"
    ));
    let blockers: Vec<(i64, i64)> = query.bind(project.id).all().await?;
    let query = app.db.q(sql!(
        "SELECT c.task_id, c.title, c.is_done FROM task_checks c JOIN tasks t ON t.id = c.task_id WHERE t.project_id = ? ORDER BY c.id"
    ));
    let checks: Vec<(i64, String, bool)> = query.bind(project.id).all().await?;
    let mut said = said_in(app, project).await?;
    let people: HashMap<i64, String> =
        outline.members.iter().map(|member| (member.id, member.email.clone().unwrap_or(member.name.clone()))).collect();
    let mut whole = Whole {
        format: FORMAT.to_owned(),
        name: project.name.clone(),
        description: project.description.clone(),
        statuses: outline.statuses.iter().map(status).collect(),
        tasks: Vec::new(),
    };
    for task in &tasks {
        let more = &further[&task.id];
        whole.tasks.push(WholeTask {
            description: more.description.clone(),
            parent: task.parent_id.and_then(|id| numbers.get(&id).copied()),
            waits_for: blockers
                .iter()
                .filter(|(id, _)| *id == task.id)
                .filter_map(|(_, other)| numbers.get(other).copied())
                .collect(),
            checklist: checks
                .iter()
                .filter(|(id, ..)| *id == task.id)
                .map(|(_, title, done)| WholeCheck { title: title.clone(), done: *done })
                .collect(),
            comments: said.remove(&task.id).unwrap_or_default(),
            created_at: more.created_at,
            closed_at: more.closed_at,
            ..plain(task, &people)
        });
    }
    Ok(whole)
}

fn status(status: &super::super::statuses::model::Status) -> WholeStatus {
    WholeStatus { name: status.name.clone(), kind: status.kind.name().to_owned(), wip_limit: status.wip_limit }
}

/// What was said of each task, in order.
async fn said_in(app: &App, project: &Project) -> Result<HashMap<i64, Vec<WholeComment>>> {
    let query = app.db.q(sql!(
        "SELECT c.task_id, COALESCE(p.name, '') AS who, c.created_at, c.body FROM task_comments c JOIN tasks t ON t.id = c.task_id
         LEFT JOIN people p ON p.id = c.author_id WHERE t.project_id = ? ORDER BY c.id"
    ));
    let mut said: HashMap<i64, Vec<WholeComment>> = HashMap::new();
    for (task, who, at, body) in query.bind(project.id).all::<(i64, String, i64, String)>().await? {
        said.entry(task).or_default().push(WholeComment { who, at, body });
    }
    Ok(said)
}

fn plain(task: &Task, people: &HashMap<i64, String>) -> WholeTask {
    let person = |face: &super::super::tasks::model::Face| people.get(&face.id).cloned().unwrap_or(face.name.clone());
    WholeTask {
        number: task.number,
        title: task.title.clone(),
        status: task.status.clone(),
        priority: task.priority.number(),
        assignees: task.assignees.iter().map(person).collect(),
        labels: task.labels.iter().map(|label| label.name.clone()).collect(),
        starts_on: task.starts_on.map(|day| day.to_string()),
        due_on: task.due_on.map(|day| day.to_string()),
        estimate_min: task.estimate_min,
        ..WholeTask::default()
    }
}
