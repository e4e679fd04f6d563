//! Projects, and who may do what in them: the rule that every list and look-up of this plugin asks.

use super::{ALL, CREATE, READ, TOPIC, WRITE};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Query, Tx};
use crate::error::{Checks, Error, Result};
use crate::events;
use crate::sql;
use jiff::civil::Date;
use serde_json::json;

pub const MAX_NAME_CHARS: usize = 190;
pub const MAX_CODE_CHARS: usize = 10;
/// A description or a comment is at most this long, in characters.
pub const MAX_TEXT_CHARS: usize = 100_000;

/// What somebody is in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Looks on.
    Viewer,
    /// Changes tasks.
    Member,
    /// Changes the project, and who takes part.
    Lead,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Lead, Role::Member, Role::Viewer];

    pub fn name(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Member => "member",
            Role::Lead => "lead",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Role::Viewer => "Looks on",
            Role::Member => "Works on tasks",
            Role::Lead => "Leads the project",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// What the actor may do who stands in the project as `own`; `None` for who is not to see it.
    fn of(actor: &Actor, own: Option<Role>) -> Option<Role> {
        if actor.may(ALL) {
            return Some(Role::Lead);
        }
        own.map(|role| if actor.may(WRITE) { role } else { Role::Viewer })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    pub id: i64,
    /// Stands before the numbers of its tasks: `QD`.
    pub code: String,
    pub name: String,
    /// Markdown.
    pub description: String,
    pub owner_id: Option<i64>,
    pub owner: Option<String>,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub postpones_stalled: bool,
    pub archived_at: Option<i64>,
    pub version: i64,
    /// What the actor may do in it.
    pub role: Role,
}

impl Project {
    pub fn path(&self) -> String {
        path(&self.code)
    }

    pub fn is_archived(&self) -> bool {
        self.archived_at.is_some()
    }

    pub fn may_write(&self) -> bool {
        self.role >= Role::Member && !self.is_archived()
    }

    pub fn may_lead(&self) -> bool {
        self.role == Role::Lead
    }

    /// For what changes tasks.
    pub fn require_member(&self) -> Result<()> {
        if self.role < Role::Member {
            return Err(Error::Forbidden);
        }
        Checks::only(
            !self.is_archived(),
            "",
            "This project is archived. Take it out of the archive to change something.",
        )
    }

    /// For what changes the project.
    pub fn require_lead(&self) -> Result<()> {
        if self.may_lead() { Ok(()) } else { Err(Error::Forbidden) }
    }
}

pub fn path(code: &str) -> String {
    format!("/projects/{code}")
}

#[derive(sqlx::FromRow)]
struct ProjectRow {
    id: i64,
    code: String,
    name: String,
    description: String,
    owner_id: Option<i64>,
    owner: Option<String>,
    starts_on: Option<String>,
    ends_on: Option<String>,
    postpones_stalled: bool,
    archived_at: Option<i64>,
    version: i64,
    role: Option<String>,
}

impl ProjectRow {
    fn project(self, actor: &Actor) -> Option<Project> {
        let role = Role::of(actor, self.role.as_deref().and_then(Role::from_name))?;
        let day = |text: Option<String>| text.and_then(|text| text.parse().ok());
        let ProjectRow {
            id, code, name, description, owner_id, owner, postpones_stalled, archived_at, version, ..
        } = self;
        let (starts_on, ends_on) = (day(self.starts_on), day(self.ends_on));
        Some(Project {
            id,
            code,
            name,
            description,
            owner_id,
            owner,
            starts_on,
            ends_on,
            postpones_stalled,
            archived_at,
            version,
            role,
        })
    }
}

/// Binds the two parameters of `(? = 1 OR EXISTS (SELECT 1 FROM project_members m WHERE m.project_id = … AND m.person_id = ?))`.
pub fn bind_scope<'e>(query: Query<'e>, actor: &Actor) -> Query<'e> {
    query.bind(i64::from(actor.may(ALL))).bind(actor.person_id.unwrap_or(0))
}

/// A project that the actor may see; any other looks missing.
pub async fn find(app: &App, actor: &Actor, code: &str) -> Result<Project> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT p.id, p.code, p.name, p.description, p.owner_id, o.name AS owner, p.starts_on, p.ends_on, p.postpones_stalled,
         p.archived_at, p.version, m.role FROM projects p LEFT JOIN people o ON o.id = p.owner_id
         LEFT JOIN project_members m ON m.project_id = p.id AND m.person_id = ? WHERE p.code = ?"
    ));
    let row: ProjectRow = query.bind(actor.person_id.unwrap_or(0)).bind(code.to_uppercase()).one().await?;
    row.project(actor).ok_or(Error::NotFound)
}

/// As `find`, by the number that the database knows it by.
pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Project> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT p.id, p.code, p.name, p.description, p.owner_id, o.name AS owner, p.starts_on, p.ends_on, p.postpones_stalled,
         p.archived_at, p.version, m.role FROM projects p LEFT JOIN people o ON o.id = p.owner_id
         LEFT JOIN project_members m ON m.project_id = p.id AND m.person_id = ? WHERE p.id = ?"
    ));
    let row: ProjectRow = query.bind(actor.person_id.unwrap_or(0)).bind(id).one().await?;
    row.project(actor).ok_or(Error::NotFound)
}

/// A project in the list of all that the actor sees.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub id: i64,
    pub code: String,
    pub name: String,
    pub owner: Option<String>,
    pub ends_on: Option<String>,
    pub archived_at: Option<i64>,
    pub open: i64,
    pub doing: i64,
    pub done: i64,
    pub overdue: i64,
    pub members: i64,
}

/// Those that are not archived, or those that are, by name.
pub async fn list(app: &App, actor: &Actor, archived: bool, today: Date) -> Result<Vec<Listed>> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT p.id, p.code, p.name, o.name AS owner, p.ends_on, p.archived_at,
         (SELECT CAST(COALESCE(SUM(s.tasks), 0) AS {i64}) FROM project_statuses s WHERE s.project_id = p.id AND s.kind <> 'done') AS open,
         (SELECT CAST(COALESCE(SUM(s.tasks), 0) AS {i64}) FROM project_statuses s WHERE s.project_id = p.id AND s.kind = 'doing') AS doing,
         (SELECT CAST(COALESCE(SUM(s.tasks), 0) AS {i64}) FROM project_statuses s WHERE s.project_id = p.id AND s.kind = 'done') AS done,
         (SELECT COUNT(*) FROM tasks t WHERE t.is_open = TRUE AND t.due_on < ? AND t.project_id = p.id) AS overdue,
         (SELECT COUNT(*) FROM project_members c WHERE c.project_id = p.id) AS members
         FROM projects p LEFT JOIN people o ON o.id = p.owner_id
         WHERE (? = 1) = (p.archived_at IS NOT NULL)
         AND (? = 1 OR EXISTS (SELECT 1 FROM project_members m WHERE m.project_id = p.id AND m.person_id = ?))
         ORDER BY p.name_key, p.id"
    ));
    let query = query.bind(today.to_string()).bind(i64::from(archived));
    Ok(bind_scope(query, actor).all().await?)
}

/// What somebody typed to start or to change a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewProject {
    pub code: String,
    pub name: String,
    pub description: String,
    pub owner_id: Option<i64>,
    /// `2026-11-26`, or empty.
    pub starts_on: String,
    pub ends_on: String,
    pub postpones_stalled: bool,
}

impl NewProject {
    pub(super) fn check(&self) -> Result<()> {
        let mut checks = Checks::default();
        let code = self.code.trim();
        let is_code = (2..=MAX_CODE_CHARS).contains(&code.len())
            && code.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && code.chars().all(|letter| letter.is_ascii_alphanumeric());
        checks.that(
            is_code,
            "code",
            format!("A key has 2 to {MAX_CODE_CHARS} letters and digits, and begins with a letter."),
        );
        checks.that(!self.name.trim().is_empty(), "name", "Give the project a name.");
        checks.that(
            self.name.chars().count() <= MAX_NAME_CHARS,
            "name",
            format!("At most {MAX_NAME_CHARS} characters fit here."),
        );
        checks.that(!self.name.chars().any(char::is_control), "name", "Control characters are not allowed here.");
        let is_short = self.description.chars().count() <= MAX_TEXT_CHARS;
        checks.that(is_short, "description", format!("At most {MAX_TEXT_CHARS} characters fit here."));
        for (field, text) in [("starts_on", &self.starts_on), ("ends_on", &self.ends_on)] {
            checks.that(text.trim().is_empty() || day(text).is_some(), field, "Write a day as 2026-11-26.");
        }
        let in_order = day(&self.starts_on).zip(day(&self.ends_on)).is_none_or(|(start, end)| start <= end);
        checks.that(in_order, "ends_on", "The project cannot end before it starts.");
        checks.done()
    }
}

fn day(text: &str) -> Option<Date> {
    text.trim().parse().ok()
}

/// The columns that a project starts with: name, kind and limit.
const FIRST_STATUSES: [(&str, &str, Option<i64>); 5] = [
    ("Backlog", "todo", None),
    ("To do", "todo", None),
    ("In progress", "doing", Some(5)),
    ("Review", "doing", None),
    ("Done", "done", None),
];

/// Starts a project, which the actor leads.
pub async fn create(app: &App, actor: &Actor, new: &NewProject) -> Result<Project> {
    actor.require(CREATE)?;
    new.check()?;
    let now = app.now_ms();
    let mut tx = app.db.begin().await?;
    let id = insert(&mut tx, new, actor.person_id, now).await.map_err(|error| taken(error, new))?;
    if let Some(person_id) = actor.person_id {
        join(&mut tx, id, person_id, Role::Lead, now).await?;
    }
    record(&mut tx, actor, now, "projects.created", id, new).await?;
    tx.commit().await?;
    publish(app, id).await;
    find(app, actor, &new.code).await
}

/// Adds a project with the statuses that one starts with, inside of a larger change. It was checked.
pub(super) async fn insert(tx: &mut Tx, new: &NewProject, owner_id: Option<i64>, now: i64) -> db::Result<i64> {
    let query = tx.q(sql!(
        "INSERT INTO projects (code, name, name_key, description, owner_id, starts_on, ends_on, postpones_stalled, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) {returning id}"
    ));
    let query = query.bind(new.code.trim().to_uppercase()).bind(new.name.trim()).bind(new.name.trim().to_lowercase());
    let query = query.bind(new.description.as_str()).bind(new.owner_id.or(owner_id));
    let query =
        query.bind(day(&new.starts_on).map(|day| day.to_string())).bind(day(&new.ends_on).map(|day| day.to_string()));
    let id = query.bind(new.postpones_stalled).bind(now).bind(now).insert().await?;
    for (place, (name, kind, limit)) in FIRST_STATUSES.into_iter().enumerate() {
        let query = tx.q(sql!(
            "INSERT INTO project_statuses (project_id, name, name_key, kind, position, wip_limit) VALUES (?, ?, ?, ?, ?, ?)"
        ));
        let query = query.bind(id).bind(name).bind(name.to_lowercase()).bind(kind);
        query.bind(place as i64 + 1).bind(limit).execute().await?;
    }
    Ok(id)
}

/// Takes somebody in, or gives them another role.
pub async fn join(tx: &mut Tx, project_id: i64, person_id: i64, role: Role, now: i64) -> db::Result<()> {
    let query = tx.q(sql!(
        "INSERT INTO project_members (project_id, person_id, role, joined_at) VALUES (?, ?, ?, ?)
         {upsert project_id, person_id} role = {new role}"
    ));
    query.bind(project_id).bind(person_id).bind(role.name()).bind(now).execute().await?;
    Ok(())
}

/// Changes a project that is still at `version`. Its key stays: people have written it down.
pub async fn update(app: &App, actor: &Actor, project: &Project, version: i64, new: &NewProject) -> Result<()> {
    project.require_lead()?;
    let new = NewProject { code: project.code.clone(), ..new.clone() };
    new.check()?;
    let now = app.now_ms();
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE projects SET name = ?, name_key = ?, description = ?, owner_id = ?, starts_on = ?, ends_on = ?,
         postpones_stalled = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?"
    ));
    let query = query.bind(new.name.trim()).bind(new.name.trim().to_lowercase()).bind(new.description.as_str());
    let query = query.bind(new.owner_id).bind(day(&new.starts_on).map(|day| day.to_string()));
    let query = query.bind(day(&new.ends_on).map(|day| day.to_string())).bind(new.postpones_stalled).bind(now);
    let changed = query.bind(project.id).bind(version).execute().await.map_err(|error| taken(error, &new))?;
    if changed == 0 {
        return Err(Error::Conflict("Somebody else changed this project in the meantime.".to_owned()));
    }
    record(&mut tx, actor, now, "projects.changed", project.id, &new).await?;
    tx.commit().await?;
    publish(app, project.id).await;
    Ok(())
}

/// Puts a project away, or takes it back to work. Nothing in an archived one changes.
pub async fn archive(app: &App, actor: &Actor, project: &Project, archived: bool) -> Result<()> {
    project.require_lead()?;
    let now = app.now_ms();
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!("UPDATE projects SET archived_at = ?, version = version + 1, updated_at = ? WHERE id = ?"));
    query.bind(archived.then_some(now)).bind(now).bind(project.id).execute().await?;
    let kind = if archived { "projects.archived" } else { "projects.taken_up" };
    let subject = format!("project:{}", project.id);
    events::record(&mut tx, actor, now, kind, &subject, &json!({ "code": project.code })).await?;
    tx.commit().await?;
    publish(app, project.id).await;
    Ok(())
}

/// Tells everybody that something of the project itself changed.
pub async fn publish(app: &App, project_id: i64) {
    app.publish(TOPIC, format!("{project_id}:0")).await;
}

async fn record(tx: &mut Tx, actor: &Actor, now: i64, kind: &str, id: i64, new: &NewProject) -> db::Result<()> {
    let detail =
        json!({ "code": new.code.trim(), "name": new.name.trim(), "starts_on": new.starts_on, "ends_on": new.ends_on });
    events::record(tx, actor, now, kind, &format!("project:{id}"), &detail).await
}

pub(super) fn taken(error: db::Error, new: &NewProject) -> Error {
    match error {
        db::Error::Unique => {
            Error::invalid("code", format!("Another project has the key {} already.", new.code.trim().to_uppercase()))
        }
        db::Error::Reference => Error::invalid("owner", "There is no such person."),
        other => other.into(),
    }
}
