//! What administrators can change of a person, as one value: read under a lock, written as a difference.

use crate::accounts::sessions::{self, Ended, Sessions};
use crate::accounts::{Actor, Followers, access, people, roles};
use crate::db::{self, Tx};
use crate::error::{Error, Result};
use crate::{events, sql};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    pub active: bool,
    pub team_id: Option<i64>,
    /// Ids, in ascending order.
    pub roles: Vec<i64>,
}

impl State {
    pub fn give(&mut self, role: i64) {
        if let Err(place) = self.roles.binary_search(&role) {
            self.roles.insert(place, role);
        }
    }

    /// As the log tells it; roles have events of their own.
    fn told(&self) -> Value {
        json!({ "active": self.active, "team": self.team_id })
    }
}

pub(super) struct Locked {
    pub id: i64,
    pub name: String,
    pub version: i64,
    pub state: State,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    version: i64,
    active: bool,
    team_id: Option<i64>,
}

/// These people, whom nobody else changes before the end of the transaction, in the order of their ids.
pub(super) async fn locked(tx: &mut Tx, ids: &[i64]) -> db::Result<Vec<Locked>> {
    let query = tx
        .q(sql!("SELECT id, name, version, active, team_id FROM people WHERE id IN ({ids}) ORDER BY id {for_update}"));
    let rows: Vec<Row> = query.bind_ids(ids).all().await?;
    let query = tx.q(sql!("SELECT person_id, role_id FROM person_roles WHERE person_id IN ({ids}) ORDER BY role_id"));
    let roles: Vec<(i64, i64)> = query.bind_ids(ids).all().await?;
    let roles_of =
        |person: i64| roles.iter().filter(|(held_by, _)| *held_by == person).map(|(_, role)| *role).collect();
    let person = |Row { id, name, version, active, team_id }| {
        let state = State { active, team_id, roles: roles_of(id) };
        Locked { id, name, version, state }
    };
    Ok(rows.into_iter().map(person).collect())
}

/// Writes what people are to be, and remembers what they were.
pub(super) struct Write<'a> {
    pub actor: &'a Actor,
    pub now_ms: i64,
    /// Who changed: what they were, and the version that they have now.
    pub changed: Vec<(i64, (State, i64))>,
    ended: Vec<Ended>,
}

impl<'a> Write<'a> {
    pub fn new(actor: &'a Actor, now_ms: i64) -> Self {
        Write { actor, now_ms, changed: Vec::new(), ended: Vec::new() }
    }

    pub async fn all(&mut self, tx: &mut Tx, followers: &Followers, changes: Vec<(&Locked, State)>) -> Result<()> {
        let changes: Vec<_> = changes.into_iter().filter(|(person, after)| person.state != *after).collect();
        self.check_authority(&changes)?;
        // Whoever is to be an administrator is one before another one ceases to be.
        for (person, after) in &changes {
            for role in after.roles.iter().filter(|role| !person.state.roles.contains(role)) {
                roles::give(tx, self.actor, person.id, *role, self.now_ms).await?;
            }
        }
        for (person, after) in &changes {
            for role in person.state.roles.iter().filter(|role| !after.roles.contains(role)) {
                roles::take(tx, self.actor, person.id, *role, self.now_ms).await?;
            }
            self.write(tx, person, after).await?;
        }
        self.tell(tx, followers, &changes).await
    }

    /// Who may do less than everything does nothing to those who may.
    fn check_authority(&self, changes: &[(&Locked, State)]) -> Result<()> {
        if self.actor.is_administrator() {
            return Ok(());
        }
        let administrating = self.actor.access.administrating();
        let is_above = |person: &Locked| person.state.roles.iter().any(|role| administrating.contains(role));
        if changes.iter().any(|(person, _)| is_above(person)) { Err(Error::Forbidden) } else { Ok(()) }
    }

    async fn write(&mut self, tx: &mut Tx, person: &Locked, after: &State) -> Result<()> {
        let position = people::team_position(tx, after.team_id).await?;
        let query = tx.q(sql!(
            "UPDATE people SET active = ?, team_id = ?, team_position = ?, version = version + 1, updated_at = ? WHERE id = ?"
        ));
        let query = query.bind(after.active).bind(after.team_id).bind(position).bind(self.now_ms).bind(person.id);
        query.execute().await?;
        if person.state.active && !after.active {
            self.ended.push(sessions::end_all_of(tx, person.id, None).await?);
        }
        self.record(tx, person, after).await?;
        self.changed.push((person.id, (person.state.clone(), person.version + 1)));
        Ok(())
    }

    async fn record(&self, tx: &mut Tx, person: &Locked, after: &State) -> Result<()> {
        let kind = match (person.state.active, after.active) {
            (true, false) => "people.deactivated",
            (false, true) => "people.reactivated",
            _ if person.state.team_id != after.team_id => "people.moved",
            // What changed are roles, which have told of it themselves.
            _ => return Ok(()),
        };
        let detail = events::changes(&person.state.told(), &after.told());
        Ok(events::record(tx, self.actor, self.now_ms, kind, &format!("person:{}", person.id), &detail).await?)
    }

    async fn tell(&self, tx: &mut Tx, followers: &Followers, changes: &[(&Locked, State)]) -> Result<()> {
        let of = |is_so: &dyn Fn(&State, &State) -> bool| -> Vec<i64> {
            changes.iter().filter(|(person, after)| is_so(&person.state, after)).map(|(person, _)| person.id).collect()
        };
        let switched = of(&|before, after| before.active != after.active);
        let moved = of(&|before, after| before.active == after.active && before.team_id != after.team_id);
        if !switched.is_empty() {
            access::keep_an_administrator(tx).await?;
            followers.tell_switched(tx, &switched).await?;
        }
        if !moved.is_empty() {
            followers.tell(tx, &moved).await?;
        }
        Ok(())
    }

    /// After the commit.
    pub async fn forget_ended(self, sessions: &Sessions) {
        for ended in self.ended {
            sessions.forget_ended(ended).await;
        }
    }
}
