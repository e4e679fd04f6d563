//! Statuses: in their order, with a limit on what is under way at the same time.

use super::super::model::{self as projects, Project};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Checks, Error, Result};
use crate::events;
use crate::sql;
use serde_json::json;

pub const MAX_NAME_CHARS: usize = 80;
const MOST: usize = 20;
const HIGHEST_LIMIT: i64 = 999;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Todo,
    Doing,
    Done,
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::Todo, Kind::Doing, Kind::Done];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Todo => "todo",
            Kind::Doing => "doing",
            Kind::Done => "done",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Kind::Todo => "Not begun",
            Kind::Doing => "Under way",
            Kind::Done => "Done",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub id: i64,
    pub project_id: i64,
    pub name: String,
    pub kind: Kind,
    pub wip_limit: Option<i64>,
    /// How many tasks stand in it.
    pub tasks: i64,
    pub version: i64,
}

impl Status {
    /// Whether more stand in it than should.
    pub fn is_over(&self) -> bool {
        self.wip_limit.is_some_and(|limit| self.tasks > limit)
    }
}

#[derive(sqlx::FromRow)]
struct StatusRow {
    id: i64,
    project_id: i64,
    name: String,
    kind: String,
    wip_limit: Option<i64>,
    tasks: i64,
    version: i64,
}

impl From<StatusRow> for Status {
    fn from(row: StatusRow) -> Self {
        let StatusRow { id, project_id, name, kind, wip_limit, tasks, version } = row;
        let kind = Kind::from_name(&kind).unwrap_or(Kind::Todo);
        Status { id, project_id, name, kind, wip_limit, tasks, version }
    }
}

/// In the order of the board. Who has the project in hand was let in.
pub async fn list(app: &App, project: &Project) -> Result<Vec<Status>> {
    let query = app.db.q(sql!(
        "SELECT id, project_id, name, kind, wip_limit, tasks, version FROM project_statuses WHERE project_id = ? ORDER BY position, id"
    ));
    let rows: Vec<StatusRow> = query.bind(project.id).all().await?;
    Ok(rows.into_iter().map(Status::from).collect())
}

pub async fn find(app: &App, project: &Project, id: i64) -> Result<Status> {
    list(app, project).await?.into_iter().find(|status| status.id == id).ok_or(Error::NotFound)
}

/// As `list`, inside of a change: the statuses stay as they are until it is over.
pub async fn lock(tx: &mut Tx, project_id: i64) -> db::Result<Vec<Status>> {
    let query = tx.q(sql!(
        "SELECT id, project_id, name, kind, wip_limit, tasks, version FROM project_statuses WHERE project_id = ?
         ORDER BY position, id {for_update}"
    ));
    let rows: Vec<StatusRow> = query.bind(project_id).all().await?;
    Ok(rows.into_iter().map(Status::from).collect())
}

/// Moves the counts of two columns; in the order of their ids, so that two who cross do not wait for each other.
pub async fn move_count(tx: &mut Tx, from: Option<i64>, to: Option<i64>) -> db::Result<()> {
    let mut steps: Vec<(i64, i64)> = from.map(|id| (id, -1)).into_iter().chain(to.map(|id| (id, 1))).collect();
    steps.sort_unstable();
    for (id, step) in steps {
        tx.q(sql!("UPDATE project_statuses SET tasks = tasks + ? WHERE id = ?")).bind(step).bind(id).execute().await?;
    }
    Ok(())
}

/// What somebody typed to make or change a status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewStatus {
    pub name: String,
    /// `todo`, `doing` or `done`.
    pub kind: String,
    /// A number, or empty for no limit.
    pub wip_limit: String,
}

impl NewStatus {
    fn check(&self) -> Result<(Kind, Option<i64>)> {
        let mut checks = Checks::default();
        let name = self.name.trim();
        checks.that(!name.is_empty(), "name", "Give the status a name.");
        checks.that(
            name.chars().count() <= MAX_NAME_CHARS,
            "name",
            format!("At most {MAX_NAME_CHARS} characters fit here."),
        );
        checks.that(!name.chars().any(char::is_control), "name", "Control characters are not allowed here.");
        let kind = Kind::from_name(&self.kind);
        checks.that(kind.is_some(), "kind", "Choose one of the kinds in the list.");
        let limit = self.wip_limit.trim();
        let parsed = limit.parse::<i64>().ok().filter(|limit| (1..=HIGHEST_LIMIT).contains(limit));
        checks.that(
            limit.is_empty() || parsed.is_some(),
            "wip_limit",
            format!("A limit is a whole number from 1 to {HIGHEST_LIMIT}, or nothing."),
        );
        checks.done()?;
        Ok((kind.unwrap_or(Kind::Todo), parsed))
    }
}

/// Adds a status before the first one of a later kind, so that the board goes on reading from left to right.
pub async fn create(app: &App, actor: &Actor, project: &Project, new: &NewStatus) -> Result<i64> {
    project.require_lead()?;
    let (kind, limit) = new.check()?;
    let mut tx = app.db.begin().await?;
    let known = lock(&mut tx, project.id).await?;
    Checks::only(known.len() < MOST, "name", format!("A board has at most {MOST} columns."))?;
    let query = tx.q(sql!(
        "INSERT INTO project_statuses (project_id, name, name_key, kind, position, wip_limit) VALUES (?, ?, ?, ?, ?, ?) {returning id}"
    ));
    let query = query.bind(project.id).bind(new.name.trim()).bind(new.name.trim().to_lowercase());
    let query = query.bind(kind.name()).bind(known.len() as i64 + 1).bind(limit);
    let id = query.insert().await.map_err(|error| taken(error, new))?;
    let place = known.iter().position(|status| status.kind as u8 > kind as u8).unwrap_or(known.len());
    let mut order: Vec<i64> = known.iter().map(|status| status.id).collect();
    order.insert(place, id);
    rank(&mut tx, &order).await?;
    finish(app, tx, actor, project, "projects.status_created", new).await?;
    Ok(id)
}

/// Changes a status that is still at `version`. Another kind opens or closes its tasks.
pub async fn update(
    app: &App,
    actor: &Actor,
    project: &Project,
    (id, version): (i64, i64),
    new: &NewStatus,
) -> Result<()> {
    project.require_lead()?;
    let (kind, limit) = new.check()?;
    let mut tx = app.db.begin().await?;
    let before = lock(&mut tx, project.id).await?;
    let status = before.iter().find(|status| status.id == id).ok_or(Error::NotFound)?;
    keep_both_ends(&before, id, Some(kind))?;
    let query = tx.q(sql!(
        "UPDATE project_statuses SET name = ?, name_key = ?, kind = ?, wip_limit = ?, version = version + 1 WHERE id = ? AND version = ?"
    ));
    let query = query.bind(new.name.trim()).bind(new.name.trim().to_lowercase()).bind(kind.name()).bind(limit);
    if query.bind(id).bind(version).execute().await.map_err(|error| taken(error, new))? == 0 {
        return Err(Error::Conflict(format!("Somebody else changed “{}” in the meantime.", status.name)));
    }
    if (status.kind == Kind::Done) != (kind == Kind::Done) {
        turn(&mut tx, id, kind, app.now_ms()).await?;
    }
    finish(app, tx, actor, project, "projects.status_changed", new).await
}

/// Opens or closes the tasks of a status whose kind changed.
async fn turn(tx: &mut Tx, id: i64, kind: Kind, now: i64) -> db::Result<()> {
    let closed_at = (kind == Kind::Done).then_some(now);
    let query = tx.q(sql!("UPDATE tasks SET is_open = ?, closed_at = ?, version = version + 1 WHERE status_id = ?"));
    query.bind(kind != Kind::Done).bind(closed_at).bind(id).execute().await?;
    Ok(())
}

/// Puts a status one place to the left or to the right.
pub async fn shift(app: &App, actor: &Actor, project: &Project, id: i64, to_left: bool) -> Result<()> {
    project.require_lead()?;
    let mut tx = app.db.begin().await?;
    let mut order: Vec<i64> = lock(&mut tx, project.id).await?.iter().map(|status| status.id).collect();
    let place = order.iter().position(|known| *known == id).ok_or(Error::NotFound)?;
    let other = if to_left { place.checked_sub(1) } else { Some(place + 1).filter(|other| *other < order.len()) };
    let Some(other) = other else { return Ok(()) };
    order.swap(place, other);
    rank(&mut tx, &order).await?;
    let subject = format!("project:{}", project.id);
    let detail = json!({ "project": project.code, "order": order });
    events::record(&mut tx, actor, app.now_ms(), "projects.statuses_ordered", &subject, &detail).await?;
    tx.commit().await?;
    projects::publish(app, project.id).await;
    Ok(())
}

/// Removes a status; what stands in it goes to another one, at its end.
pub async fn remove(app: &App, actor: &Actor, project: &Project, id: i64, to: Option<i64>) -> Result<()> {
    project.require_lead()?;
    let mut tx = app.db.begin().await?;
    let known = lock(&mut tx, project.id).await?;
    let status = known.iter().find(|status| status.id == id).ok_or(Error::NotFound)?;
    keep_both_ends(&known, id, None)?;
    let to = known.iter().find(|other| Some(other.id) == to && other.id != id);
    match to {
        Some(to) => hand_over(&mut tx, status, to, app.now_ms()).await?,
        None => Checks::only(status.tasks == 0, "to", "Tasks stand in this status. Choose where they go.")?,
    }
    tx.q(sql!("DELETE FROM project_statuses WHERE id = ?")).bind(id).execute().await?;
    let detail = json!({ "project": project.code, "name": status.name, "to": to.map(|to| to.name.as_str()) });
    let subject = format!("project:{}", project.id);
    events::record(&mut tx, actor, app.now_ms(), "projects.status_removed", &subject, &detail).await?;
    tx.commit().await?;
    projects::publish(app, project.id).await;
    Ok(())
}

async fn hand_over(tx: &mut Tx, from: &Status, to: &Status, now: i64) -> db::Result<()> {
    let query = tx.q(sql!("SELECT COALESCE(MAX(position), 0) FROM tasks WHERE status_id = ?"));
    let (last,) = query.bind(to.id).one::<(i64,)>().await?;
    let query = tx.q(sql!(
        "UPDATE tasks SET status_id = ?, position = position + ?, moved_at = ?, version = version + 1 WHERE status_id = ?"
    ));
    query.bind(to.id).bind(last).bind(now).bind(from.id).execute().await?;
    if (from.kind == Kind::Done) != (to.kind == Kind::Done) {
        turn(tx, to.id, to.kind, now).await?;
    }
    let query = tx.q(sql!("UPDATE project_statuses SET tasks = tasks + ? WHERE id = ?"));
    query.bind(from.tasks).bind(to.id).execute().await?;
    Ok(())
}

/// Tasks have to begin somewhere, and to end somewhere.
fn keep_both_ends(known: &[Status], id: i64, kind: Option<Kind>) -> Result<()> {
    let after = |status: &Status| if status.id == id { kind } else { Some(status.kind) };
    let (mut open, mut done) = (false, false);
    for status in known.iter().filter_map(after) {
        open |= status != Kind::Done;
        done |= status == Kind::Done;
    }
    let mut checks = Checks::default();
    checks.that(open, "kind", "A project needs a status in which tasks are open.");
    checks.that(done, "kind", "A project needs a status in which tasks are done.");
    checks.done()
}

async fn rank(tx: &mut Tx, order: &[i64]) -> db::Result<()> {
    for (place, id) in order.iter().enumerate() {
        let query = tx.q(sql!("UPDATE project_statuses SET position = ? WHERE id = ?"));
        query.bind(place as i64 + 1).bind(*id).execute().await?;
    }
    Ok(())
}

async fn finish(app: &App, mut tx: Tx, actor: &Actor, project: &Project, kind: &str, new: &NewStatus) -> Result<()> {
    let detail = json!({ "project": project.code, "name": new.name.trim(), "kind": new.kind, "limit": new.wip_limit });
    events::record(&mut tx, actor, app.now_ms(), kind, &format!("project:{}", project.id), &detail).await?;
    tx.commit().await?;
    projects::publish(app, project.id).await;
    Ok(())
}

fn taken(error: db::Error, new: &NewStatus) -> Error {
    match error {
        db::Error::Unique => Error::invalid("name", format!("There is a status “{}” already.", new.name.trim())),
        other => other.into(),
    }
}
