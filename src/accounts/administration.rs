//! What administrators do to people who are here: deactivate them and bring them back, give and take roles, move them to
//! another team; one by one or many together, all of it or nothing, and back again.
//!
//! Tables: people_batches, people_batch_items, beside those of the people themselves. A deactivated person keeps everything
//! but cannot log in, and counts nowhere; their sessions end inside of the same change. The last administrator stays: who
//! changes what people may do waits for whoever does so at the same time (`access::changing`), and then looks.

mod state;
mod undo;

pub use undo::{Batch, batch, recent, undo};

use super::sessions::Sessions;
use super::{ADMINISTER, Actor, Followers, access};
use crate::db::{Db, Tx};
use crate::error::{Checks, Error, Result};
use crate::sql;
use serde::Serialize;
use state::{Locked, State, Write};

/// How many are changed together.
pub const MOST: usize = 500;

/// What is to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Deactivate,
    Reactivate,
    /// Roles by their ids.
    GiveRole(i64),
    TakeRole(i64),
    /// `None` takes them out of their team.
    Move(Option<i64>),
}

/// A person as the list showed them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub id: i64,
    pub version: i64,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// To take it back by; `None` when everybody was like that already.
    pub batch_id: Option<i64>,
    pub changed: Vec<i64>,
    /// In words, with the number of people: `12 people deactivated`.
    pub text: String,
}

impl Change {
    fn kind(self) -> &'static str {
        match self {
            Change::Deactivate => "deactivated",
            Change::Reactivate => "reactivated",
            Change::GiveRole(_) => "role_given",
            Change::TakeRole(_) => "role_taken",
            Change::Move(_) => "moved",
        }
    }

    fn applied(self, before: &State) -> State {
        let mut after = before.clone();
        match self {
            Change::Deactivate => after.active = false,
            Change::Reactivate => after.active = true,
            Change::GiveRole(role) => after.give(role),
            Change::TakeRole(role) => after.roles.retain(|held| *held != role),
            Change::Move(team_id) => after.team_id = team_id,
        }
        after
    }

    /// What was done, as it reads after “12 people”.
    async fn words(self, tx: &mut Tx) -> Result<String> {
        Ok(match self {
            Change::Deactivate => "deactivated".to_owned(),
            Change::Reactivate => "brought back".to_owned(),
            Change::GiveRole(role) => format!("given the role {}", role_title(tx, role).await?),
            Change::TakeRole(role) => format!("no longer {}", role_title(tx, role).await?),
            Change::Move(None) => "taken out of their team".to_owned(),
            Change::Move(Some(team)) => format!("moved to {}", team_name(tx, team).await?),
        })
    }
}

async fn role_title(tx: &mut Tx, id: i64) -> Result<String> {
    let found = tx.q(sql!("SELECT title FROM roles WHERE id = ?")).bind(id).optional::<(String,)>().await?;
    found.map(|(title,)| title).ok_or_else(|| Error::invalid("role", "There is no such role any more."))
}

async fn team_name(tx: &mut Tx, id: i64) -> Result<String> {
    let found = tx.q(sql!("SELECT name FROM teams WHERE id = ?")).bind(id).optional::<(String,)>().await?;
    found.map(|(name,)| name).ok_or_else(|| Error::invalid("team", "There is no such team any more."))
}

/// Changes people who are still as they were shown; nobody, if somebody is not. The caller publishes what changed.
pub async fn apply(
    (db, followers, sessions): (&Db, &Followers, &Sessions),
    actor: &Actor,
    chosen: &[Chosen],
    change: Change,
    now_ms: i64,
) -> Result<Done> {
    actor.require(ADMINISTER)?;
    check_chosen(actor, chosen, change)?;
    let mut tx = begin(db, followers).await?;
    let ids: Vec<i64> = chosen.iter().map(|chosen| chosen.id).collect();
    let people = state::locked(&mut tx, &ids).await?;
    check_versions(&people, chosen)?;
    let words = change.words(&mut tx).await?;
    let changes: Vec<(&Locked, State)> = people.iter().map(|person| (person, change.applied(&person.state))).collect();
    let mut write = Write::new(actor, now_ms);
    write.all(&mut tx, followers, changes).await?;
    let text = format!("{} {words}", counted(write.changed.len()));
    let batch_id = record_batch(&mut tx, &write, change.kind(), &text).await?;
    tx.commit().await?;
    let changed = write.changed.iter().map(|(person, _)| *person).collect();
    write.forget_ended(sessions).await;
    Ok(Done { batch_id, changed, text })
}

/// A transaction in which nobody else changes people's roles or whether they are active.
async fn begin(db: &Db, followers: &Followers) -> Result<Tx> {
    let mut tx = db.begin().await?;
    followers.prepare(&mut tx).await?;
    access::changing(&mut tx).await?;
    Ok(tx)
}

fn check_chosen(actor: &Actor, chosen: &[Chosen], change: Change) -> Result<()> {
    let mut checks = Checks::default();
    checks.that(!chosen.is_empty(), "people", "Choose somebody first.");
    checks.that(chosen.len() <= MOST, "people", format!("At most {MOST} people are changed together."));
    let is_own = change == Change::Deactivate && chosen.iter().any(|chosen| actor.is(chosen.id));
    checks.that(!is_own, "people", "Nobody deactivates themselves; another administrator can.");
    checks.done()
}

fn check_versions(people: &[Locked], chosen: &[Chosen]) -> Result<()> {
    for chosen in chosen {
        let person = people.iter().find(|person| person.id == chosen.id).ok_or(Error::NotFound)?;
        if person.version != chosen.version {
            let text = format!("{} was changed by somebody else in the meantime. Nothing was changed.", person.name);
            return Err(Error::Conflict(text));
        }
    }
    Ok(())
}

fn counted(people: usize) -> String {
    if people == 1 { "1 person".to_owned() } else { format!("{people} people") }
}

#[derive(Serialize)]
struct Item {
    batch_id: i64,
    person_id: i64,
    before_state: String,
    version: i64,
}

/// Writes down what the people were before, so that they can be that again.
async fn record_batch(tx: &mut Tx, write: &Write<'_>, kind: &str, text: &str) -> Result<Option<i64>> {
    if write.changed.is_empty() {
        return Ok(None);
    }
    let query =
        tx.q(sql!("INSERT INTO people_batches (at, actor_id, kind, detail) VALUES (?, ?, ?, ?) {returning id}"));
    let text: String = text.chars().take(300).collect();
    let batch_id = query.bind(write.now_ms).bind(write.actor.person_id).bind(kind).bind(text).insert().await?;
    let item = |(person_id, (before, version)): &(i64, (State, i64))| Item {
        batch_id,
        person_id: *person_id,
        before_state: serde_json::json!(before).to_string(),
        version: *version,
    };
    let items: Vec<Item> = write.changed.iter().map(item).collect();
    tx.q(sql!(
        "INSERT INTO people_batch_items (batch_id, person_id, before_state, version)
         SELECT item.batch_id, item.person_id, item.before_state, item.version
         FROM {rows batch_id i64, person_id i64, before_state text, version i64}"
    ))
    .bind_rows(&items)
    .execute()
    .await?;
    Ok(Some(batch_id))
}
