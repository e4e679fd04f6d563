//! A task that is not there yet.

use super::super::super::labels::model::{self as labels};
use super::super::super::members::model::{self as members, Member};
use super::super::super::model::{Project, Role};
use super::super::super::statuses::model::{self as statuses, Kind, Status};
use super::super::super::{TOPIC, notices};
use super::super::model::{Details, get};
use super::super::values::{Field, Priority, description, title};
use super::super::writing::model::{place_in, record_creation, set_assignees, set_labels};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Checks, Error, Result};
use crate::sql;
use jiff::civil::Date;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTask {
    pub title: String,
    /// Markdown.
    pub description: String,
    /// The first status in which nothing has begun, where nobody says.
    pub status_id: Option<i64>,
    pub priority: Priority,
    pub assignees: Vec<i64>,
    /// By name; what is not there is made.
    pub labels: Vec<String>,
    pub starts_on: Option<Date>,
    pub due_on: Option<Date>,
    pub estimate_min: Option<i64>,
    pub parent_id: Option<i64>,
    /// The number of the form that was sent. Empty where nothing can be sent twice.
    pub submission: String,
}

impl NewTask {
    /// Checks all of it at once, and puts it into its proper form.
    fn checked(mut self, members: &[Member], statuses: &[Status]) -> Result<(Self, i64)> {
        self.title = title(&self.title)?;
        self.description = description(&self.description)?;
        let mut checks = Checks::default();
        let may_work = |id: &i64| members.iter().any(|member| member.id == *id && member.role >= Role::Member);
        checks.that(
            self.assignees.iter().all(may_work),
            Field::Assignees.name(),
            "Only who works in the project can be given its tasks.",
        );
        let in_order = self.starts_on.zip(self.due_on).is_none_or(|(start, due)| start <= due);
        checks.that(in_order, Field::Due.name(), "A task cannot be due before it starts.");
        checks.that(self.submission.len() <= 40, "", "This form cannot be read. Reload the page.");
        checks.done()?;
        for label in &self.labels {
            labels::check_name(label, Field::Labels.name())?;
        }
        let status = match self.status_id {
            Some(id) => statuses.iter().find(|status| status.id == id),
            None => first(statuses),
        };
        let gone = || Error::invalid(Field::Status.name(), "That status is not there any more. Choose another one.");
        Ok((self, status.ok_or_else(gone)?.id))
    }
}

/// Where new tasks stand: at the very beginning, because to put them any further would be a promise that nobody made.
pub fn first(statuses: &[Status]) -> Option<&Status> {
    statuses
        .iter()
        .find(|status| status.kind == Kind::Todo)
        .or_else(|| statuses.iter().find(|status| status.kind != Kind::Done))
}

/// Makes a task. The same form sent twice makes one, and gives it back both times.
pub async fn create(app: &App, actor: &Actor, project: &Project, new: NewTask) -> Result<Details> {
    project.require_member()?;
    if let Some(id) = sent_before(app, project, &new.submission).await? {
        return get(app, actor, id).await;
    }
    let members = members::list(app, project).await?;
    let mut tx = app.db.begin().await?;
    let number = next_number(&mut tx, project.id).await?;
    let statuses = statuses::lock(&mut tx, project.id).await?;
    let (new, status_id) = new.checked(&members, &statuses)?;
    let id = match insert(&mut tx, actor, project.id, &new, (number, status_id), &statuses, app.now_ms()).await {
        Err(db::Error::Unique) => {
            drop(tx);
            let id = sent_before(app, project, &new.submission).await?.ok_or_else(|| Error::busy("Try again."))?;
            return get(app, actor, id).await;
        }
        inserted => inserted?,
    };
    let given_to: Vec<i64> = new.assignees.clone();
    let told = notices::assigned(
        &mut tx,
        actor,
        (id, &format!("{}-{number}", project.code), &new.title),
        1,
        &given_to,
        app.now_ms(),
    )
    .await?;
    tx.commit().await?;
    app.publish(TOPIC, format!("{}:{id}", project.id)).await;
    crate::notices::publish(&app.bus, app.now_ms(), &told).await;
    get(app, actor, id).await
}

/// Locks the project until the transaction ends, so that numbers have no gaps.
async fn next_number(tx: &mut Tx, project_id: i64) -> db::Result<i64> {
    let query = tx.q(sql!("UPDATE projects SET next_number = next_number + 1 WHERE id = ?"));
    query.bind(project_id).execute().await?;
    let query = tx.q(sql!("SELECT next_number FROM projects WHERE id = ?"));
    let (next,) = query.bind(project_id).one::<(i64,)>().await?;
    Ok(next - 1)
}

/// Adds a task that was checked, inside of a larger change.
pub(in super::super::super) async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    project_id: i64,
    new: &NewTask,
    (number, status_id): (i64, i64),
    statuses: &[Status],
    now: i64,
) -> db::Result<i64> {
    let position = place_in(tx, statuses, status_id).await?;
    let kind = statuses.iter().find(|status| status.id == status_id).map_or(Kind::Todo, |status| status.kind);
    let query = tx.q(sql!(
        "INSERT INTO tasks (project_id, number, title, title_key, description, status_id, position, priority, starts_on, due_on,
         estimate_min, parent_id, is_open, submission, created_by, created_at, updated_at, touched_at, moved_at, started_at, closed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) {returning id}"
    ));
    let query = query.bind(project_id).bind(number).bind(new.title.as_str()).bind(new.title.to_lowercase());
    let query = query.bind(new.description.as_str()).bind(status_id).bind(position).bind(new.priority.number());
    let query = query.bind(new.starts_on.map(|day| day.to_string())).bind(new.due_on.map(|day| day.to_string()));
    let query = query.bind(new.estimate_min).bind(new.parent_id).bind(kind != Kind::Done);
    let query = query.bind(Some(new.submission.clone()).filter(|text| !text.is_empty())).bind(actor.person_id);
    let query = query.bind(now).bind(now).bind(now).bind(now).bind((kind != Kind::Todo).then_some(now));
    let id = query.bind((kind == Kind::Done).then_some(now)).insert().await?;
    statuses::move_count(tx, None, Some(status_id)).await?;
    set_assignees(tx, id, &new.assignees).await?;
    let mut labels = std::collections::BTreeSet::new();
    for name in &new.labels {
        labels.insert(labels::named(tx, project_id, name).await?);
    }
    set_labels(tx, id, &labels.into_iter().collect::<Vec<i64>>()).await?;
    record_creation(tx, actor, id, now).await?;
    Ok(id)
}

async fn sent_before(app: &App, project: &Project, submission: &str) -> Result<Option<i64>> {
    if submission.is_empty() {
        return Ok(None);
    }
    let query = app.db.q(sql!("SELECT id FROM tasks WHERE project_id = ? AND submission = ?"));
    Ok(query.bind(project.id).bind(submission).optional::<(i64,)>().await?.map(|(id,)| id))
}
