//! How a person wants to hear of each kind of notice.
//!
//! Table: notice_preferences, with a row only where somebody chose another way than the kind's own.

use crate::accounts::Actor;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::{db, sql};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// A kind of notice, declared by the part that raises it.
#[derive(Debug, PartialEq, Eq)]
pub struct NoticeKind {
    /// As in `NewNotice`: `skills.expiry`.
    pub kind: &'static str,
    /// What it tells of, as people read it: `A certificate expires`.
    pub title: &'static str,
    /// How those hear of it who chose nothing.
    pub default: Channel,
    /// Warns of something, so that nobody can switch it off.
    pub is_vital: bool,
}

impl NoticeKind {
    /// The ways in which somebody may hear of it.
    pub fn channels(&self) -> impl Iterator<Item = Channel> {
        let is_vital = self.is_vital;
        Channel::ALL.into_iter().filter(move |channel| !is_vital || *channel != Channel::Off)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// At the bell alone.
    App,
    /// At the bell, and by mail at once.
    Mail,
    /// At the bell, and by one mail a day.
    Digest,
    /// Not at all.
    Off,
}

impl Channel {
    pub const ALL: [Channel; 4] = [Channel::App, Channel::Mail, Channel::Digest, Channel::Off];

    /// As the database and forms know it.
    pub fn name(self) -> &'static str {
        match self {
            Channel::App => "app",
            Channel::Mail => "mail",
            Channel::Digest => "digest",
            Channel::Off => "off",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }

    pub fn title(self) -> &'static str {
        match self {
            Channel::App => "In the app",
            Channel::Mail => "In the app, and a mail at once",
            Channel::Digest => "In the app, and in a daily mail",
            Channel::Off => "Not at all",
        }
    }
}

/// How one hears of each kind, in the order of the kinds.
pub async fn channels(db: &Db, actor: &Actor, kinds: &[&'static NoticeKind]) -> Result<Vec<Channel>> {
    let person_id = super::own(actor)?;
    let query = db.q(sql!("SELECT kind, channel FROM notice_preferences WHERE person_id = ?"));
    let chosen: HashMap<String, String> = query.bind(person_id).all::<(String, String)>().await?.into_iter().collect();
    let of = |kind: &&'static NoticeKind| {
        let chosen = chosen.get(kind.kind).and_then(|name| Channel::from_name(name));
        chosen.unwrap_or(kind.default)
    };
    Ok(kinds.iter().map(of).collect())
}

#[derive(Serialize)]
struct Chosen<'a> {
    kind: &'a str,
    channel: &'a str,
}

/// Sets how one hears of kinds. Of those that are left out nothing changes.
pub async fn choose(
    db: &Db,
    actor: &Actor,
    kinds: &[&'static NoticeKind],
    chosen: &HashMap<String, String>,
) -> Result<()> {
    let person_id = super::own(actor)?;
    let mut rows = Vec::new();
    for kind in kinds {
        let Some(name) = chosen.get(kind.kind) else { continue };
        let channel = Channel::from_name(name).filter(|channel| kind.channels().any(|known| known == *channel));
        let channel = channel.ok_or_else(|| Error::invalid(kind.kind, "Choose one of the ways in the list."))?;
        rows.push(Chosen { kind: kind.kind, channel: channel.name() });
    }
    db.q(sql!(
        "INSERT INTO notice_preferences (person_id, kind, channel)
         SELECT ?, item.kind, item.channel FROM {rows kind text, channel text} WHERE 1 = 1
         {upsert person_id, kind} channel = {new channel}"
    ))
    .bind(person_id)
    .bind_rows(&rows)
    .execute()
    .await?;
    Ok(())
}

#[derive(Serialize)]
struct Asked<'a> {
    person_id: i64,
    kind: &'a str,
}

/// Of these people and kinds, those of whom the person wants to hear nothing.
pub(super) async fn switched_off(tx: &mut Tx, asked: &[(i64, &str)]) -> db::Result<HashSet<(i64, String)>> {
    let rows: Vec<Asked> = asked.iter().map(|(person_id, kind)| Asked { person_id: *person_id, kind }).collect();
    let query = tx.q(sql!(
        "SELECT p.person_id, p.kind FROM {rows person_id i64, kind text}
         JOIN notice_preferences p ON p.person_id = item.person_id AND p.kind = item.kind WHERE p.channel = 'off'"
    ));
    Ok(query.bind_rows(&rows).all().await?.into_iter().collect())
}
