//! Roles are made, changed and deleted by administrators: what a role is called, what it includes and what it may do.
//!
//! Each change runs alone (`access::changing`), so that two changes, each of which is fine by itself, close no circle
//! together. What is true of the last administrator is looked at before the commit.

use super::STARTING;
use crate::accounts::access::{self, AccessControl, Change, Facts, RoleFacts};
use crate::accounts::people::MAX_NAME_CHARS;
use crate::accounts::{Actor, PermissionIndex};
use crate::db::Tx;
use crate::error::{Checks, Error, Result};
use crate::events;
use crate::sql;
use std::collections::BTreeSet;

const MAX_SLUG_CHARS: usize = 60;

/// A role as it is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleEdit {
    pub title: String,
    /// The roles that it includes.
    pub parents: BTreeSet<i64>,
    pub permissions: BTreeSet<String>,
    /// Whether it requires a second factor.
    pub second_factor: bool,
}

impl RoleEdit {
    pub fn of(role: &RoleFacts) -> Self {
        RoleEdit {
            title: role.title.clone(),
            parents: role.parents.clone(),
            permissions: role.permissions.clone(),
            second_factor: role.second_factor,
        }
    }

    /// What is wrong with it among these roles; `id` is the role's own, if it exists already.
    pub fn check(&self, facts: &Facts, id: Option<i64>, index: &PermissionIndex) -> Result<()> {
        let title = self.title.trim();
        let mut checks = Checks::default();
        checks.that(!title.is_empty(), "title", "Give the role a name.");
        checks.that(title.chars().count() <= MAX_NAME_CHARS, "title", "At most 190 characters fit here.");
        checks.that(!title.chars().any(char::is_control), "title", "Control characters are not allowed here.");
        let same = |role: &RoleFacts| role.title.to_lowercase() == title.to_lowercase();
        let taken = facts.roles.iter().any(|(other, role)| Some(*other) != id && same(role));
        checks.that(!taken, "title", format!("There is a role named “{title}” already."));
        for parent in &self.parents {
            let problem = problem_with_parent(facts, id, *parent);
            checks.that(problem.is_none(), "parents", problem.unwrap_or_default());
        }
        for permission in self.permissions.iter().filter(|name| index.place(name).is_none()) {
            checks.that(false, "permissions", format!("There is no permission “{permission}”."));
        }
        checks.done()
    }

    /// The roles as they are once this is saved. What the running program does not declare stays as it is: the plugin may
    /// come back.
    pub fn applied(&self, facts: &Facts, id: i64, index: &PermissionIndex) -> Facts {
        let mut after = facts.clone();
        let role = after.roles.entry(id).or_insert_with(|| new_role(facts));
        role.title = self.title.trim().to_owned();
        role.second_factor = self.second_factor;
        if !role.everything {
            role.parents = self.parents.clone();
            role.permissions.retain(|name| index.place(name).is_none());
            role.permissions.extend(self.permissions.iter().cloned());
        }
        after
    }
}

fn problem_with_parent(facts: &Facts, id: Option<i64>, parent: i64) -> Option<String> {
    let Some(role) = facts.roles.get(&parent) else { return Some("A role that is to be included is gone.".to_owned()) };
    let id = id?;
    if id == parent {
        return Some("A role cannot include itself.".to_owned());
    }
    let way = facts.titles(&facts.way(parent, id)?).join(" → ");
    Some(format!("“{}” includes this role already ({way}), so this role cannot include it.", role.title))
}

fn new_role(facts: &Facts) -> RoleFacts {
    let last = facts.roles.values().map(|role| role.position).max();
    RoleFacts {
        name: String::new(),
        title: String::new(),
        everything: false,
        position: last.map_or(0, |last| last + 1),
        version: 1,
        second_factor: false,
        parents: BTreeSet::new(),
        permissions: BTreeSet::new(),
    }
}

/// Makes a role and returns its id.
pub async fn create(access: &AccessControl, actor: &Actor, new: &RoleEdit, now_ms: i64) -> Result<i64> {
    actor.require_administrator()?;
    let mut tx = access.db().begin().await?;
    access::changing(&mut tx).await?;
    let facts = Facts::load(&mut tx).await?;
    new.check(&facts, None, access.index())?;
    let title = new.title.trim();
    let query = tx.q(sql!(
        "INSERT INTO roles (name, title, everything, position, requires_second_factor) VALUES (?, ?, FALSE, ?, ?) {returning id}"
    ));
    let query =
        query.bind(free_name(&facts, title)).bind(title).bind(new_role(&facts).position).bind(new.second_factor);
    let id = query.insert().await?;
    let made = (Change::Role { role: id, title: title.to_owned() }, true);
    access::note(&mut tx, actor, now_ms, &[made]).await?;
    let mut before = facts;
    before.roles.insert(id, RoleFacts { title: title.to_owned(), ..new_role(&before) });
    write(&mut tx, actor, id, (&before.roles[&id], new), now_ms).await?;
    record(&mut tx, actor, now_ms, "roles.created", id, new).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a role that is still at this version. Somebody else's change is a conflict.
pub async fn save(
    access: &AccessControl,
    actor: &Actor,
    (id, version): (i64, i64),
    edit: &RoleEdit,
    now_ms: i64,
) -> Result<()> {
    actor.require_administrator()?;
    let mut tx = access.db().begin().await?;
    access::changing(&mut tx).await?;
    let facts = Facts::load(&mut tx).await?;
    let before = facts.roles.get(&id).ok_or(Error::NotFound)?;
    if before.version != version {
        return Err(Error::Conflict(format!("“{}” was changed by somebody else in the meantime.", before.title)));
    }
    edit.check(&facts, Some(id), access.index())?;
    let after = edit.applied(&facts, id, access.index());
    let after = RoleEdit::of(&after.roles[&id]);
    let query =
        tx.q(sql!("UPDATE roles SET title = ?, requires_second_factor = ?, version = version + 1 WHERE id = ?"));
    query.bind(after.title.as_str()).bind(after.second_factor).bind(id).execute().await?;
    write(&mut tx, actor, id, (before, &after), now_ms).await?;
    access::keep_an_administrator(&mut tx).await?;
    record(&mut tx, actor, now_ms, "roles.changed", id, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes what differs of parents and permissions, and notes it.
async fn write(
    tx: &mut Tx,
    actor: &Actor,
    id: i64,
    (before, after): (&RoleFacts, &RoleEdit),
    now_ms: i64,
) -> Result<()> {
    let mut changes = Vec::new();
    for parent in before.parents.symmetric_difference(&after.parents) {
        let added = after.parents.contains(parent);
        let query = match added {
            true => tx.q(sql!("INSERT INTO role_parents (role_id, parent_id) VALUES (?, ?)")),
            false => tx.q(sql!("DELETE FROM role_parents WHERE role_id = ? AND parent_id = ?")),
        };
        query.bind(id).bind(*parent).execute().await?;
        changes.push((Change::Included { role: id, parent: *parent }, added));
    }
    for permission in before.permissions.symmetric_difference(&after.permissions) {
        let added = after.permissions.contains(permission);
        let query = match added {
            true => tx.q(sql!("INSERT INTO role_permissions (role_id, permission) VALUES (?, ?)")),
            false => tx.q(sql!("DELETE FROM role_permissions WHERE role_id = ? AND permission = ?")),
        };
        query.bind(id).bind(permission.as_str()).execute().await?;
        changes.push((Change::Permitted { role: id, permission: permission.clone() }, added));
    }
    Ok(access::note(tx, actor, now_ms, &changes).await?)
}

/// Whether the program itself gives this role by its name, so that it can be changed, but not deleted.
pub fn is_starting(role: &RoleFacts) -> bool {
    STARTING.iter().any(|(name, ..)| *name == role.name)
}

/// Deletes a role that is still at this version. Who has it gets the replacement, which also takes its place in mapped
/// routes and in the roles that include it; without a replacement nobody may have it.
pub async fn delete(
    access: &AccessControl,
    actor: &Actor,
    (id, version): (i64, i64),
    replacement: Option<i64>,
    now_ms: i64,
) -> Result<()> {
    actor.require_administrator()?;
    let mut tx = access.db().begin().await?;
    access::changing(&mut tx).await?;
    let facts = Facts::load(&mut tx).await?;
    let role = facts.roles.get(&id).ok_or(Error::NotFound)?;
    if role.version != version {
        return Err(Error::Conflict(format!("“{}” was changed by somebody else in the meantime.", role.title)));
    }
    let people = people_with(&mut tx, id).await?;
    check_deletion(&facts, id, replacement, people.len())?;
    let changes = super::deletion::run(&mut tx, &facts, id, replacement, &people).await?;
    access::note(&mut tx, actor, now_ms, &changes).await?;
    access::keep_an_administrator(&mut tx).await?;
    let replaced_by = replacement.and_then(|id| facts.roles.get(&id)).map(|role| role.title.as_str());
    let detail = serde_json::json!({ "title": role.title, "people": people.len(), "replaced_by": replaced_by });
    events::record(&mut tx, actor, now_ms, "roles.deleted", &format!("role:{id}"), &detail).await?;
    tx.commit().await?;
    Ok(())
}

fn check_deletion(facts: &Facts, id: i64, replacement: Option<i64>, people: usize) -> Result<()> {
    let role = &facts.roles[&id];
    let is_known = replacement.is_none_or(|other| other != id && facts.roles.contains_key(&other));
    let mut checks = Checks::default();
    let kept = format!("The portal gives “{}” to people by itself. Change what it may do instead.", role.title);
    checks.that(!is_starting(role), "", kept);
    checks.that(is_known, "replacement", "Choose one of the other roles.");
    let held = format!("{people} people have this role. Choose which one they get instead.");
    checks.that(people == 0 || replacement.is_some(), "replacement", held);
    checks.done()
}

/// Everybody who was given a role, also those who are switched off.
async fn people_with(tx: &mut Tx, role: i64) -> Result<Vec<i64>> {
    let query = tx.q(sql!("SELECT person_id FROM person_roles WHERE role_id = ? ORDER BY person_id"));
    Ok(query.bind(role).all::<(i64,)>().await?.into_iter().map(|(person,)| person).collect())
}

/// What programs call a role of this title: letters, digits and hyphens, as nobody else is called.
fn free_name(facts: &Facts, title: &str) -> String {
    let plain: String =
        title.to_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let name: String = words.join("-").chars().take(MAX_SLUG_CHARS).collect();
    let name = if name.is_empty() { "role".to_owned() } else { name };
    let is_taken = |name: &String| facts.roles.values().any(|role| role.name == *name);
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(name)
}

async fn record(tx: &mut Tx, actor: &Actor, now_ms: i64, kind: &str, id: i64, edit: &RoleEdit) -> Result<()> {
    let detail = serde_json::json!({
        "title": edit.title.trim(),
        "includes": edit.parents,
        "permissions": edit.permissions,
        "second_factor": edit.second_factor,
    });
    Ok(events::record(tx, actor, now_ms, kind, &format!("role:{id}"), &detail).await?)
}
