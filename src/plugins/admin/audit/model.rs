//! Reads the log: a page at a time, from the newest backwards. A page begins below an id, so that it stays the same while
//! new events come in.

use super::AUDIT;
use super::detail::Detail;
use crate::accounts::Actor;
use crate::app::App;
use crate::db;
use crate::error::Result;
use crate::sql;
use std::collections::{BTreeSet, HashMap};

/// What the log calls whoever is no person: the command line and the background jobs.
pub const SYSTEM: &str = "Quarterdeck";

/// Which events a list is about. What is empty leaves nothing out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A part of the actor's name.
    pub who: String,
    pub kind: String,
    /// A kind and an id, `person:12`, or a kind alone.
    pub subject: String,
    /// In UTC milliseconds; from this on, and before that.
    pub from_ms: Option<i64>,
    pub until_ms: Option<i64>,
    /// A part of the detail.
    pub text: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EventRow {
    pub id: i64,
    pub at: i64,
    pub actor_id: Option<i64>,
    pub actor: Option<String>,
    pub kind: String,
    pub subject: String,
    pub detail: String,
    /// Its place in the chain and the hash there; `None` until it is sealed.
    pub position: Option<i64>,
    pub hash: Option<String>,
}

pub struct Event {
    pub row: EventRow,
    pub detail: Detail,
    /// The name of the person that it is about, if it is about one.
    pub subject_name: Option<String>,
}

impl EventRow {
    pub fn who(&self) -> &str {
        self.actor.as_deref().unwrap_or(if self.actor_id.is_some() { "somebody who is gone" } else { SYSTEM })
    }
}

/// The events below the id `before`, the newest first.
pub async fn list(app: &App, actor: &Actor, filter: &Filter, before: i64, limit: i64) -> Result<Vec<EventRow>> {
    actor.require(AUDIT)?;
    let who = filter.who.trim().to_lowercase();
    let is_system = !who.is_empty() && SYSTEM.to_lowercase().contains(&who);
    let (subject, subjects) = subject_of(&filter.subject);
    let query = app.db.q(sql!(
        "SELECT e.id, e.at, e.actor_id, p.name AS actor, e.kind, e.subject, e.detail, s.position, s.hash
         FROM events e LEFT JOIN people p ON p.id = e.actor_id LEFT JOIN event_seals s ON s.event_id = e.id
         WHERE e.id < ? AND e.at >= ? AND e.at < ? AND (? = '' OR e.kind = ?)
           AND (? = '' OR e.subject = ? OR e.subject LIKE ? ESCAPE '!')
           AND (? = '' OR p.name_key LIKE ? ESCAPE '!' OR (? = 1 AND e.actor_id IS NULL))
           AND (? = '' OR LOWER(e.detail) LIKE ? ESCAPE '!')
         ORDER BY e.id DESC LIMIT ?"
    ));
    let query = query.bind(before).bind(filter.from_ms.unwrap_or(i64::MIN)).bind(filter.until_ms.unwrap_or(i64::MAX));
    let query = query.bind(filter.kind.clone()).bind(filter.kind.clone());
    let query = query.bind(subject.clone()).bind(subject).bind(subjects);
    let query = query.bind(who.clone()).bind(db::contains(&who)).bind(i64::from(is_system));
    let query = query.bind(filter.text.trim().to_owned()).bind(db::contains(&filter.text)).bind(limit);
    Ok(query.all().await?)
}

/// The subject itself, and the pattern that a kind alone finds.
fn subject_of(text: &str) -> (String, String) {
    let text = text.trim().to_lowercase();
    let kind = text.trim_end_matches(['*', ':']).to_owned();
    let is_kind = !kind.is_empty() && kind.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
    let pattern = if is_kind { format!("{}:%", kind.replace('_', "!_")) } else { String::new() };
    (text, pattern)
}

/// Every kind that occurs, in the order of the alphabet.
pub async fn kinds(app: &App, actor: &Actor) -> Result<Vec<String>> {
    actor.require(AUDIT)?;
    let rows: Vec<(String,)> = app.db.q(sql!("SELECT DISTINCT kind FROM events ORDER BY kind")).all().await?;
    Ok(rows.into_iter().map(|(kind,)| kind).collect())
}

pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Event> {
    actor.require(AUDIT)?;
    let query = app.db.q(sql!(
        "SELECT e.id, e.at, e.actor_id, p.name AS actor, e.kind, e.subject, e.detail, s.position, s.hash
         FROM events e LEFT JOIN people p ON p.id = e.actor_id LEFT JOIN event_seals s ON s.event_id = e.id WHERE e.id = ?"
    ));
    let row: EventRow = query.bind(id).one().await?;
    let mut events = told(app, vec![row]).await?;
    events.pop().ok_or(crate::error::Error::NotFound)
}

/// Events as people read them: their details taken apart, and the people that they are about by name.
pub async fn told(app: &App, rows: Vec<EventRow>) -> Result<Vec<Event>> {
    let ids: BTreeSet<i64> = rows.iter().filter_map(|row| person_of(&row.subject)).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let query = app.db.q(sql!("SELECT id, name FROM people WHERE id IN ({ids})"));
    let names: HashMap<i64, String> = query.bind_ids(&ids).all().await?.into_iter().collect();
    let event = |row: EventRow| Event {
        detail: Detail::of(&row.detail),
        subject_name: person_of(&row.subject).and_then(|id| names.get(&id).cloned()),
        row,
    };
    Ok(rows.into_iter().map(event).collect())
}

fn person_of(subject: &str) -> Option<i64> {
    subject.strip_prefix("person:")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_thing_or_all_of_a_kind() {
        for (text, exact, pattern) in [
            ("person:12", "person:12", ""),
            (" Job_Role ", "job_role", "job!_role:%"),
            ("job_role:", "job_role:", "job!_role:%"),
            ("person:*", "person:*", "person:%"),
            ("", "", ""),
            ("100%", "100%", ""),
        ] {
            assert_eq!(subject_of(text), (exact.to_owned(), pattern.to_owned()), "{text}");
        }
    }
}
