//! Whether the log is what was sealed: walks the chain, works every hash out again, and names the first thing wrong.

use super::{AT_ONCE, Head, Unsealed, link};
use crate::db::{self, Db};
use crate::sql;
use std::fmt;

/// In milliseconds. Events that wait longer than this are a sign that nobody seals.
pub const LONGEST_WAIT_MS: i64 = 3_600_000;

/// A place in the chain and the hash that stands there. Written down elsewhere, it proves later that nothing before it
/// was replaced: who can write to the database could work out a whole new chain, but not one with this hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub position: i64,
    pub hash: String,
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.position, self.hash)
    }
}

impl Anchor {
    /// As it is printed, `1204:5f3a…`.
    pub fn parse(text: &str) -> Option<Anchor> {
        let (position, hash) = text.trim().split_once(':')?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let position = position.parse().ok().filter(|position| *position > 0 && is_hash)?;
        Some(Anchor { position, hash: hash.to_lowercase() })
    }
}

/// What `verify` found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The last seal; `None` of an empty chain.
    pub head: Option<Anchor>,
    /// Events that are not sealed yet.
    pub waiting: i64,
    /// The first thing that is wrong.
    pub broken: Option<Broken>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The content is not what was sealed.
    Changed {
        position: i64,
        event_id: i64,
    },
    Removed {
        position: i64,
        event_id: i64,
    },
    /// A seal is missing here.
    Gap {
        position: i64,
    },
    /// The chain ends before its head, or goes on behind it.
    Head {
        position: i64,
        last: i64,
    },
    /// An event was put between older ones.
    Inserted {
        event_id: i64,
    },
    /// The hash here is not the one that was written down.
    Anchor {
        position: i64,
    },
    /// Nobody has sealed for a long time.
    Unattended {
        event_id: i64,
    },
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Broken::Changed { position, event_id } => {
                write!(f, "event {event_id} was changed after it was sealed (place {position} of the chain)")
            }
            Broken::Removed { position, event_id } => {
                write!(f, "event {event_id} was removed after it was sealed (place {position} of the chain)")
            }
            Broken::Gap { position } => write!(f, "the seal at place {position} of the chain was removed"),
            Broken::Head { position, last } => {
                write!(f, "the chain ends at place {last}, although its head says {position}")
            }
            Broken::Inserted { event_id } => write!(f, "event {event_id} was put in after later ones had been sealed"),
            Broken::Anchor { position } => {
                write!(f, "the chain up to place {position} is not the one that the anchor was taken from")
            }
            Broken::Unattended { event_id } => {
                write!(f, "event {event_id} has not been sealed for more than an hour; is the job events.seal running?")
            }
        }
    }
}

#[derive(sqlx::FromRow)]
struct Sealed {
    position: i64,
    event_id: i64,
    hash: String,
    at: Option<i64>,
    actor_id: Option<i64>,
    kind: Option<String>,
    subject: Option<String>,
    detail: Option<String>,
}

/// Works every hash out again. What is sealed meanwhile is left out.
pub async fn verify(db: &Db, anchor: Option<&Anchor>, now_ms: i64) -> db::Result<Verdict> {
    let query = db.q(sql!("SELECT position, hash, settled_id FROM event_chain WHERE id = 1"));
    let head: Head = query.optional().await?.unwrap_or_default();
    let (last, broken) = walk(db, &head, anchor).await?;
    let broken = match broken {
        Some(broken) => Some(broken),
        None => unsealed_problem(db, &head, now_ms).await?,
    };
    let (waiting, _) = waiting_after(db, head.settled_id).await?;
    Ok(Verdict { head: (last.position > 0).then_some(last), waiting, broken })
}

/// How many events are not sealed yet, and when the oldest of them happened.
pub async fn waiting(db: &Db) -> db::Result<(i64, Option<i64>)> {
    let settled = db.q(sql!("SELECT settled_id FROM event_chain WHERE id = 1")).optional::<(i64,)>().await?;
    waiting_after(db, settled.map_or(0, |(id,)| id)).await
}

async fn waiting_after(db: &Db, settled_id: i64) -> db::Result<(i64, Option<i64>)> {
    let query = db.q(sql!(
        "SELECT COUNT(*), MIN(e.at) FROM events e LEFT JOIN event_seals s ON s.event_id = e.id
         WHERE e.id > ? AND s.event_id IS NULL"
    ));
    query.bind(settled_id).one().await
}

async fn walk(db: &Db, head: &Head, anchor: Option<&Anchor>) -> db::Result<(Anchor, Option<Broken>)> {
    let mut last = Anchor { position: 0, hash: String::new() };
    loop {
        let rows = sealed_after(db, last.position, head.position).await?;
        for row in &rows {
            if let Some(broken) = check(&last, row, anchor) {
                return Ok((last, Some(broken)));
            }
            last = Anchor { position: row.position, hash: row.hash.clone() };
        }
        if (rows.len() as i64) < AT_ONCE {
            break;
        }
    }
    let ends = last.position == head.position && last.hash == head.hash;
    let short_of_anchor = anchor.filter(|anchor| anchor.position > last.position);
    let broken = match short_of_anchor {
        _ if !ends => Some(Broken::Head { position: head.position, last: last.position }),
        Some(anchor) => Some(Broken::Anchor { position: anchor.position }),
        None => None,
    };
    Ok((last, broken))
}

fn check(last: &Anchor, row: &Sealed, anchor: Option<&Anchor>) -> Option<Broken> {
    let (position, event_id) = (row.position, row.event_id);
    if position != last.position + 1 {
        return Some(Broken::Gap { position: last.position + 1 });
    }
    let Some(content) = row.content() else { return Some(Broken::Removed { position, event_id }) };
    if link(&last.hash, &content) != row.hash {
        return Some(Broken::Changed { position, event_id });
    }
    let is_other = anchor.is_some_and(|anchor| anchor.position == position && anchor.hash != row.hash);
    is_other.then_some(Broken::Anchor { position })
}

impl Sealed {
    /// `None` when the event is gone.
    fn content(&self) -> Option<Unsealed> {
        Some(Unsealed {
            id: self.event_id,
            at: self.at?,
            actor_id: self.actor_id,
            kind: self.kind.clone()?,
            subject: self.subject.clone()?,
            detail: self.detail.clone()?,
        })
    }
}

async fn sealed_after(db: &Db, position: i64, up_to: i64) -> db::Result<Vec<Sealed>> {
    let query = db.q(sql!(
        "SELECT s.position, s.event_id, s.hash, e.at, e.actor_id, e.kind, e.subject, e.detail
         FROM event_seals s LEFT JOIN events e ON e.id = s.event_id
         WHERE s.position > ? AND s.position <= ? ORDER BY s.position LIMIT ?"
    ));
    query.bind(position).bind(up_to).bind(AT_ONCE).all().await
}

/// An event without a seal that should have one.
async fn unsealed_problem(db: &Db, head: &Head, now_ms: i64) -> db::Result<Option<Broken>> {
    let query = db.q(sql!(
        "SELECT e.id, e.at FROM events e LEFT JOIN event_seals s ON s.event_id = e.id
         WHERE s.event_id IS NULL AND (e.id <= ? OR e.at <= ?) ORDER BY e.id LIMIT 1"
    ));
    let query = query.bind(head.settled_id).bind(now_ms - LONGEST_WAIT_MS);
    let Some((event_id, _)) = query.optional::<(i64, i64)>().await? else { return Ok(None) };
    Ok(Some(match event_id <= head.settled_id {
        true => Broken::Inserted { event_id },
        false => Broken::Unattended { event_id },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_reads_as_it_is_printed() {
        let anchor = Anchor { position: 12, hash: "ab".repeat(32) };
        assert_eq!(Anchor::parse(&anchor.to_string()), Some(anchor));
        for text in
            ["", "12", "12:", "0:abc", "x:y", &format!("-1:{}", "a".repeat(64)), &format!("1:{}", "g".repeat(64))]
        {
            assert_eq!(Anchor::parse(text), None, "{text}");
        }
    }
}
