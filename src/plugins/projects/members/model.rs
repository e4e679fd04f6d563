//! Members of a project: listed, taken in, given another role, let go.

use super::super::model::{self as projects, Project, Role};
use crate::accounts::{Actor, people};
use crate::app::App;
use crate::error::{Error, Result};
use crate::events;
use crate::sql;
use serde_json::json;

/// Somebody who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: i64,
    pub name: String,
    pub email: Option<String>,
    pub team: Option<String>,
    pub role: Role,
}

impl Member {
    /// What stands before the @ of the address, by which one can be mentioned: `ana.silva`.
    pub fn handle(&self) -> Option<String> {
        let email = self.email.as_deref()?;
        email.split_once('@').map(|(user, _)| user.to_lowercase())
    }
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    id: i64,
    name: String,
    email: Option<String>,
    team: Option<String>,
    role: String,
}

impl From<MemberRow> for Member {
    fn from(row: MemberRow) -> Self {
        let MemberRow { id, name, email, team, role } = row;
        Member { id, name, email, team, role: Role::from_name(&role).unwrap_or(Role::Viewer) }
    }
}

/// The active members, by name. Who has the project in hand was let in.
pub async fn list(app: &App, project: &Project) -> Result<Vec<Member>> {
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.email, t.name AS team, m.role FROM project_members m JOIN people p ON p.id = m.person_id
         LEFT JOIN teams t ON t.id = p.team_id WHERE m.project_id = ? AND p.active = TRUE ORDER BY p.name_key, p.id"
    ));
    let rows: Vec<MemberRow> = query.bind(project.id).all().await?;
    Ok(rows.into_iter().map(Member::from).collect())
}

/// The member whom a word after an @ means: by the address, by the whole name with dots, else by a first name that only one of
/// them has.
pub fn called<'a>(members: &'a [Member], word: &str) -> Option<&'a Member> {
    let word = word.to_lowercase();
    let by_handle = members.iter().find(|member| member.handle().as_deref() == Some(word.as_str()));
    let by_name = || members.iter().find(|member| dotted(&member.name) == word);
    let by_first_name = || {
        let mut found = members.iter().filter(|member| first_name(&member.name) == word);
        found.next().filter(|_| found.next().is_none())
    };
    by_handle.or_else(by_name).or_else(by_first_name)
}

pub fn dotted(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(".")
}

fn first_name(name: &str) -> String {
    name.to_lowercase().split_whitespace().next().unwrap_or_default().to_owned()
}

/// Takes somebody in, or gives them another role.
pub async fn save(app: &App, actor: &Actor, project: &Project, person_id: i64, role: Role) -> Result<()> {
    project.require_lead()?;
    let missing = |_| Error::invalid("person", "There is no such person.");
    let person = people::get(&app.db, actor, person_id).await.map_err(missing)?;
    keep_a_lead(app, project, person_id, Some(role)).await?;
    let now = app.now_ms();
    let mut tx = app.db.begin().await?;
    projects::join(&mut tx, project.id, person_id, role, now).await?;
    let detail = json!({ "project": project.code, "person": person.name, "role": role.name() });
    events::record(&mut tx, actor, now, "projects.member_saved", &format!("project:{}", project.id), &detail).await?;
    tx.commit().await?;
    projects::publish(app, project.id).await;
    Ok(())
}

/// Lets somebody go. What they did stays; the tasks that they had in hand lose them.
pub async fn remove(app: &App, actor: &Actor, project: &Project, person_id: i64) -> Result<()> {
    if !actor.is(person_id) {
        project.require_lead()?;
    }
    keep_a_lead(app, project, person_id, None).await?;
    let now = app.now_ms();
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!("DELETE FROM project_members WHERE project_id = ? AND person_id = ?"));
    if query.bind(project.id).bind(person_id).execute().await? == 0 {
        return Err(Error::NotFound);
    }
    let query = tx.q(sql!(
        "DELETE FROM task_assignees WHERE person_id = ? AND task_id IN (SELECT id FROM tasks WHERE project_id = ? AND is_open = TRUE)"
    ));
    query.bind(person_id).bind(project.id).execute().await?;
    let query = tx.q(sql!(
        "DELETE FROM task_watchers WHERE person_id = ? AND task_id IN (SELECT id FROM tasks WHERE project_id = ?)"
    ));
    query.bind(person_id).bind(project.id).execute().await?;
    let detail = json!({ "project": project.code, "person": person_id });
    events::record(&mut tx, actor, now, "projects.member_removed", &format!("project:{}", project.id), &detail).await?;
    tx.commit().await?;
    projects::publish(app, project.id).await;
    Ok(())
}

/// A project that nobody leads could not be changed any more but by an administrator.
async fn keep_a_lead(app: &App, project: &Project, person_id: i64, role: Option<Role>) -> Result<()> {
    let members = list(app, project).await?;
    let is_lead = |member: &&Member| member.role == Role::Lead;
    let leads_now = members.iter().filter(is_lead).any(|member| member.id == person_id);
    let others = members.iter().filter(is_lead).any(|member| member.id != person_id);
    if leads_now && !others && role != Some(Role::Lead) {
        return Err(Error::invalid("role", "Somebody has to lead the project. Let another member lead it first."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: i64, name: &str, email: &str) -> Member {
        let email = Some(email.to_owned()).filter(|email| !email.is_empty());
        Member { id, name: name.to_owned(), email, team: None, role: Role::Member }
    }

    #[test]
    fn members_are_called_by_address_by_name_and_by_a_first_name_of_their_own() {
        let members = [
            member(1, "Ana Silva", "asilva@example.org"),
            member(2, "Ben Berg", "ben@example.org"),
            member(3, "Ben Otto", ""),
            member(4, "Ana", "other@example.org"),
        ];
        let id = |word: &str| called(&members, word).map(|member| member.id);
        assert_eq!(id("asilva"), Some(1));
        assert_eq!(id("Ana.Silva"), Some(1));
        assert_eq!(id("ben"), Some(2));
        assert_eq!(id("ben.otto"), Some(3));
        assert_eq!(id("ana"), Some(4));
        assert_eq!(id("nobody"), None);
        assert_eq!(called(&members[2..], "ben").map(|member| member.id), Some(3));
        assert_eq!(called(&[member(1, "Ben A", ""), member(2, "Ben B", "")], "ben"), None);
    }
}
