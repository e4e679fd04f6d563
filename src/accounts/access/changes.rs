//! The history of who may do what: every change as a row, so that the present can be wound back to a past day.

use super::facts::{Facts, Grantee, RoleFacts};
use crate::accounts::Actor;
use crate::db::{self, Db, Tx};
use crate::sql;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How many are written by one statement.
const AT_ONCE: usize = 500;

/// Something that stands in the tables or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// There is a role of this title.
    Role {
        role: i64,
        title: String,
    },
    /// A person has a role.
    Given {
        person: i64,
        role: i64,
    },
    /// A role includes another one.
    Included {
        role: i64,
        parent: i64,
    },
    Permitted {
        role: i64,
        permission: String,
    },
    /// A route is mapped; `Admitted` tells to whom.
    Mapped {
        route: String,
    },
    Admitted {
        route: String,
        grantee: Grantee,
    },
}

#[derive(Serialize)]
struct Row<'a> {
    at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor_id: Option<i64>,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    person_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<i64>,
    name: &'a str,
    added: i64,
}

/// Writes down what was added (`true`) and what was taken away, inside of the transaction that does it.
pub async fn note(tx: &mut Tx, actor: &Actor, now_ms: i64, changes: &[(Change, bool)]) -> db::Result<()> {
    for changes in changes.chunks(AT_ONCE) {
        let rows: Vec<Row> = changes.iter().map(|(change, added)| row(change, *added, actor, now_ms)).collect();
        tx.q(sql!(
            "INSERT INTO access_changes (at, actor_id, kind, person_id, role_id, parent_id, name, added)
             SELECT item.at, item.actor_id, item.kind, item.person_id, item.role_id, item.parent_id, item.name, item.added = 1
             FROM {rows at i64, actor_id i64, kind text, person_id i64, role_id i64, parent_id i64, name text, added i64}"
        ))
        .bind_rows(&rows)
        .execute()
        .await?;
    }
    Ok(())
}

fn row<'a>(change: &'a Change, added: bool, actor: &Actor, at: i64) -> Row<'a> {
    let (kind, person_id, role_id, parent_id, name) = match change {
        Change::Role { role, title } => ("role", None, Some(*role), None, title.as_str()),
        Change::Given { person, role } => ("given", Some(*person), Some(*role), None, ""),
        Change::Included { role, parent } => ("included", None, Some(*role), Some(*parent), ""),
        Change::Permitted { role, permission } => ("permitted", None, Some(*role), None, permission.as_str()),
        Change::Mapped { route } => ("mapped", None, None, None, route.as_str()),
        Change::Admitted { route, grantee: Grantee::Role(id) } => ("admitted", None, Some(*id), None, route.as_str()),
        Change::Admitted { route, grantee: Grantee::Person(id) } => ("admitted", Some(*id), None, None, route.as_str()),
    };
    Row { at, actor_id: actor.person_id, kind, person_id, role_id, parent_id, name, added: i64::from(added) }
}

/// A change as it was written down.
#[derive(Clone, Debug)]
pub struct Noted {
    pub at: i64,
    /// `None` for the command line.
    pub by: Option<String>,
    pub change: Change,
    pub added: bool,
}

#[derive(sqlx::FromRow)]
struct NotedRow {
    at: i64,
    by_name: Option<String>,
    kind: String,
    person_id: Option<i64>,
    role_id: Option<i64>,
    parent_id: Option<i64>,
    name: String,
    added: bool,
}

/// All that was changed after this moment, the newest first.
pub async fn changes_since(db: &Db, at_ms: i64) -> db::Result<Vec<Noted>> {
    let query = db.q(sql!(
        "SELECT c.at, p.name AS by_name, c.kind, c.person_id, c.role_id, c.parent_id, c.name, c.added
         FROM access_changes c LEFT JOIN people p ON p.id = c.actor_id WHERE c.at > ? ORDER BY c.at DESC, c.id DESC"
    ));
    let rows: Vec<NotedRow> = query.bind(at_ms).all().await?;
    Ok(rows.into_iter().filter_map(noted).collect())
}

fn noted(row: NotedRow) -> Option<Noted> {
    let NotedRow { at, by_name: by, kind, person_id, role_id, parent_id, name, added } = row;
    let change = match (kind.as_str(), person_id, role_id) {
        ("role", _, Some(role)) => Change::Role { role, title: name },
        ("given", Some(person), Some(role)) => Change::Given { person, role },
        ("included", _, Some(role)) => Change::Included { role, parent: parent_id? },
        ("permitted", _, Some(role)) => Change::Permitted { role, permission: name },
        ("mapped", _, _) => Change::Mapped { route: name },
        ("admitted", Some(person), _) => Change::Admitted { route: name, grantee: Grantee::Person(person) },
        ("admitted", _, Some(role)) => Change::Admitted { route: name, grantee: Grantee::Role(role) },
        _ => return None,
    };
    Some(Noted { at, by, change, added })
}

impl Facts {
    /// Takes back changes, which are told from the newest to the oldest, and with them whatever people were given:
    /// `given` holds the roles of those who are looked at.
    pub fn wind_back(&mut self, given: &mut BTreeMap<i64, BTreeSet<i64>>, changes: &[Noted]) {
        for Noted { change, added, .. } in changes {
            self.put(given, change, !added);
        }
    }

    fn put(&mut self, given: &mut BTreeMap<i64, BTreeSet<i64>>, change: &Change, is_there: bool) {
        match change {
            Change::Given { person, role } => set(given.entry(*person).or_default(), *role, is_there),
            Change::Role { role, .. } if !is_there => _ = self.roles.remove(role),
            Change::Role { role, title } => _ = self.roles.entry(*role).or_insert_with(|| bare(title)),
            Change::Included { role, parent } => {
                self.roles.entry(*role).and_modify(|role| set(&mut role.parents, *parent, is_there));
            }
            Change::Permitted { role, permission } => {
                self.roles.entry(*role).and_modify(|role| set(&mut role.permissions, permission.clone(), is_there));
            }
            Change::Mapped { route } if !is_there => _ = self.routes.remove(route),
            Change::Mapped { route } => _ = self.routes.entry(route.clone()).or_default(),
            Change::Admitted { route, grantee } => {
                self.routes.entry(route.clone()).and_modify(|grantees| set(grantees, *grantee, is_there));
            }
        }
    }
}

fn set<T: Ord>(set: &mut BTreeSet<T>, value: T, is_there: bool) {
    match is_there {
        true => _ = set.insert(value),
        false => _ = set.remove(&value),
    }
}

/// A role of which only the title is left.
fn bare(title: &str) -> RoleFacts {
    RoleFacts {
        name: String::new(),
        title: title.to_owned(),
        everything: false,
        position: i64::MAX,
        version: 0,
        second_factor: false,
        parents: BTreeSet::new(),
        permissions: BTreeSet::new(),
    }
}
