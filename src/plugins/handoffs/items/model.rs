//! Items of a handoff, the skills that they need, and through whose hands each went.

use super::super::READ;
use super::super::TOPIC;
use super::super::model::{Handoff, Receiver, State, get, too_late};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Checks, Error, Result};
use crate::events;
use crate::plugins::skills::{KnownLevel, KnownSkill, Level, known_levels, known_skills};
use crate::sql;
use std::collections::{BTreeMap, HashMap};

pub const MAX_TITLE_CHARS: usize = 300;
pub const MAX_DETAIL_CHARS: usize = 10_000;
/// How many people are named who could do what nobody of the receivers can.
const NAMED: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Item {
    pub id: i64,
    pub team_id: i64,
    pub title: String,
    /// Markdown.
    pub detail: String,
    pub task_id: Option<i64>,
    pub version: i64,
    pub created_at: i64,
    /// `None` while it stands in a draft alone.
    pub opened_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub closer: Option<String>,
    /// How many handoffs with it were accepted.
    pub hands: i64,
}

/// Of a handoff: what was carried over first, the oldest of it first. Who has the handoff in hand was let in.
pub async fn list(app: &App, handoff_id: i64) -> Result<Vec<Item>> {
    let query = app.db.q(sql!(
        "SELECT i.id, i.team_id, i.title, i.detail, i.task_id, i.version, i.created_at, i.opened_at, i.closed_at, p.name AS closer,
          (SELECT COUNT(*) FROM handoff_entries o JOIN handoffs h ON h.id = o.handoff_id WHERE o.item_id = i.id AND h.state = 'accepted') AS hands
         FROM handoff_entries n JOIN handoff_items i ON i.id = n.item_id LEFT JOIN people p ON p.id = i.closed_by
         WHERE n.handoff_id = ? ORDER BY i.id"
    ));
    let mut items: Vec<Item> = query.bind(handoff_id).all().await?;
    items.sort_by_key(|item| (item.opened_at.is_none(), item.opened_at, item.id));
    Ok(items)
}

/// An item of a handoff that the actor may see.
async fn find(app: &App, handoff: &Handoff, item_id: i64) -> Result<Item> {
    list(app, handoff.id).await?.into_iter().find(|item| item.id == item_id).ok_or(Error::NotFound)
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewItem {
    pub title: String,
    pub detail: String,
}

impl NewItem {
    fn check(&self) -> Result<()> {
        let mut checks = Checks::default();
        let title = self.title.trim();
        checks.that(!title.is_empty(), "title", "Say what is to be looked after.");
        let long = format!("At most {MAX_TITLE_CHARS} characters fit here.");
        checks.that(title.chars().count() <= MAX_TITLE_CHARS, "title", long);
        checks.that(!title.chars().any(char::is_control), "title", "Control characters are not allowed here.");
        let long = format!("At most {MAX_DETAIL_CHARS} characters fit here.");
        checks.that(self.detail.chars().count() <= MAX_DETAIL_CHARS, "detail", long);
        checks.that(!self.detail.contains('\0'), "detail", "Control characters are not allowed here.");
        checks.done()
    }
}

/// A draft that the actor may write into.
pub async fn draft(app: &App, actor: &Actor, id: i64) -> Result<Handoff> {
    let handoff = get(app, actor, id).await?;
    if handoff.state != State::Draft {
        return Err(too_late(app, actor, id).await?);
    }
    if handoff.may_write() { Ok(handoff) } else { Err(Error::Forbidden) }
}

pub async fn add(app: &App, actor: &Actor, id: i64, new: &NewItem) -> Result<i64> {
    let handoff = draft(app, actor, id).await?;
    new.check()?;
    let title = new.title.trim();
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "INSERT INTO handoff_items (team_id, title, title_key, detail, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?) {returning id}"
    ));
    let query = query.bind(handoff.team_id).bind(title).bind(title.to_lowercase()).bind(new.detail.trim());
    let item = query.bind(actor.person_id).bind(app.now_ms()).insert().await?;
    let query = tx.q(sql!("INSERT INTO handoff_entries (handoff_id, item_id) VALUES (?, ?)"));
    query.bind(id).bind(item).execute().await?;
    tx.commit().await?;
    app.publish(TOPIC, format!("{id}:items")).await;
    Ok(item)
}

/// Changes an item that is still at this version; `None` is a conflict, and what stands there is to be shown.
pub async fn update(
    app: &App,
    actor: &Actor,
    (id, item_id, version): (i64, i64, i64),
    new: &NewItem,
) -> Result<Option<Item>> {
    let handoff = draft(app, actor, id).await?;
    find(app, &handoff, item_id).await?;
    new.check()?;
    let title = new.title.trim();
    let query = app.db.q(sql!(
        "UPDATE handoff_items SET title = ?, title_key = ?, detail = ?, version = version + 1 WHERE id = ? AND version = ?"
    ));
    let query = query.bind(title).bind(title.to_lowercase()).bind(new.detail.trim()).bind(item_id).bind(version);
    if query.execute().await? == 0 {
        return Ok(None);
    }
    app.publish(TOPIC, format!("{id}:items")).await;
    find(app, &handoff, item_id).await.map(Some)
}

/// Strikes an item out of a draft. What was carried over stays open, for the next handoff; what stood here alone is gone.
pub async fn strike(app: &App, actor: &Actor, id: i64, item_id: i64) -> Result<()> {
    let handoff = draft(app, actor, id).await?;
    let item = find(app, &handoff, item_id).await?;
    Checks::only(item.opened_at.is_none(), "", "This was handed on before. It goes along until somebody closes it.")?;
    let query = app.db.q(sql!("DELETE FROM handoff_items WHERE id = ? AND opened_at IS NULL"));
    query.bind(item_id).execute().await?;
    app.publish(TOPIC, format!("{id}:items")).await;
    Ok(())
}

/// Closes an item, or opens it again: it goes along with the next handoff or not.
pub async fn set_closed(app: &App, actor: &Actor, id: i64, item_id: i64, closed: bool) -> Result<()> {
    let handoff = get(app, actor, id).await?;
    if !handoff.may_close_items() {
        return Err(Error::Forbidden);
    }
    let item = find(app, &handoff, item_id).await?;
    if item.closed_at.is_some() == closed {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    let (at, by) = if closed { (Some(app.now_ms()), actor.person_id) } else { (None, None) };
    let query = tx.q(sql!("UPDATE handoff_items SET closed_at = ?, closed_by = ?, version = version + 1 WHERE id = ?"));
    query.bind(at).bind(by).bind(item_id).execute().await?;
    let kind = if closed { "handoffs.item_closed" } else { "handoffs.item_reopened" };
    let detail = serde_json::json!({ "title": item.title, "handoff": id });
    events::record(&mut tx, actor, app.now_ms(), kind, &format!("handoff_item:{item_id}"), &detail).await?;
    tx.commit().await?;
    app.publish(TOPIC, format!("{id}:items")).await;
    Ok(())
}

/// One handoff of those that an item went along with.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Hand {
    pub handoff_id: i64,
    pub title: String,
    pub state: String,
    pub author: String,
    /// Who accepted it.
    pub accepter: Option<String>,
    pub at: i64,
}

/// An item with the handoffs that it went along with, the first one first.
pub async fn history(app: &App, actor: &Actor, item_id: i64) -> Result<(Item, Vec<Hand>)> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT h.id FROM handoff_entries n JOIN handoffs h ON h.id = n.handoff_id WHERE n.item_id = ? ORDER BY h.id DESC"
    ));
    let handoffs: Vec<(i64,)> = query.bind(item_id).all().await?;
    // Seen by who sees one of its handoffs.
    for (id,) in handoffs {
        let handoff = match get(app, actor, id).await {
            Ok(handoff) => handoff,
            Err(Error::NotFound) => continue,
            Err(other) => return Err(other),
        };
        return Ok((find(app, &handoff, item_id).await?, hands(app, item_id).await?));
    }
    Err(Error::NotFound)
}

async fn hands(app: &App, item_id: i64) -> Result<Vec<Hand>> {
    let query = app.db.q(sql!(
        "SELECT h.id AS handoff_id, h.title, h.state, a.name AS author, e.name AS accepter, COALESCE(h.ended_at, h.sent_at, h.created_at) AS at
         FROM handoff_entries n JOIN handoffs h ON h.id = n.handoff_id JOIN people a ON a.id = h.author_id
         LEFT JOIN people e ON e.id = h.ended_by AND h.state = 'accepted' WHERE n.item_id = ? ORDER BY h.id"
    ));
    Ok(query.bind(item_id).all().await?)
}

/// What an item needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub skill: KnownSkill,
    pub level: Level,
    /// Whether one of the receivers has it at that level; `None` while there is no receiver.
    pub is_covered: Option<bool>,
    /// Who has it, where none of the receivers does.
    pub others: Vec<String>,
}

/// The needs of each open item, by the item's id.
pub async fn needs(app: &App, actor: &Actor, handoff: &Handoff) -> Result<BTreeMap<i64, Vec<Need>>> {
    let query = app.db.q(sql!(
        "SELECT s.item_id, s.skill_id, s.level FROM handoff_item_skills s JOIN handoff_entries n ON n.item_id = s.item_id
         JOIN handoff_items i ON i.id = s.item_id AND i.closed_at IS NULL WHERE n.handoff_id = ? ORDER BY s.item_id, s.skill_id"
    ));
    let rows: Vec<(i64, i64, i64)> = query.bind(handoff.id).all().await?;
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let known = known_skills(app, actor).await?;
    let able = Able::of(app, actor, handoff, &rows).await?;
    let mut needs: BTreeMap<i64, Vec<Need>> = BTreeMap::new();
    for (item, skill_id, level) in rows {
        let Some(skill) = known.iter().find(|skill| skill.id == skill_id) else { continue };
        let level = Level::from_hundredths(level);
        let (is_covered, others) = able.cover(skill_id, level);
        needs.entry(item).or_default().push(Need { skill: skill.clone(), level, is_covered, others });
    }
    Ok(needs)
}

/// Who can do what of the skills that are needed.
struct Able {
    has_receiver: bool,
    /// Name, whether of the receivers, skill and level.
    known: Vec<(String, bool, i64, Level)>,
}

impl Able {
    async fn of(app: &App, actor: &Actor, handoff: &Handoff, rows: &[(i64, i64, i64)]) -> Result<Able> {
        let query = app
            .db
            .q(sql!("SELECT id, name, COALESCE(team_id, 0) FROM people WHERE active = TRUE ORDER BY name_key, id"));
        let people: Vec<(i64, String, i64)> = query.all().await?;
        let ids: Vec<i64> = people.iter().map(|(id, ..)| *id).collect();
        let skills: Vec<i64> = rows.iter().map(|(_, skill, _)| *skill).collect();
        let levels = known_levels(app, actor, &ids, &skills).await?;
        let receives = |id: i64, team: i64| match &handoff.receiver {
            None => false,
            Some(Receiver::Person { id: receiver, .. }) => *receiver == id,
            Some(Receiver::Team { id: receivers, .. }) => *receivers == team && id != handoff.author_id,
        };
        let by_person: HashMap<i64, Vec<&KnownLevel>> = levels.iter().fold(HashMap::new(), |mut all, level| {
            all.entry(level.person_id).or_insert_with(Vec::new).push(level);
            all
        });
        // In the order of their names.
        let known = people.into_iter().flat_map(|(id, name, team)| {
            let levels = by_person.get(&id).into_iter().flatten();
            levels.map(move |known| (name.clone(), receives(id, team), known.skill_id, known.level)).collect::<Vec<_>>()
        });
        Ok(Able { has_receiver: handoff.receiver.is_some(), known: known.collect() })
    }

    fn cover(&self, skill_id: i64, wanted: Level) -> (Option<bool>, Vec<String>) {
        let able = || self.known.iter().filter(move |(_, _, skill, level)| *skill == skill_id && *level >= wanted);
        if !self.has_receiver {
            return (None, Vec::new());
        }
        if able().any(|(_, receives, ..)| *receives) {
            return (Some(true), Vec::new());
        }
        (Some(false), able().take(NAMED).map(|(name, ..)| name.clone()).collect())
    }
}

/// Says that an item of a draft needs a skill, by its name, at a level of its scale: the highest where none is given.
pub async fn need(app: &App, actor: &Actor, (id, item_id): (i64, i64), name: &str, level: &str) -> Result<()> {
    let handoff = draft(app, actor, id).await?;
    find(app, &handoff, item_id).await?;
    let known = known_skills(app, actor).await?;
    let key = name.trim().to_lowercase();
    let missing = || Error::invalid("skill", format!("There is no skill “{}”. Choose one from the list.", name.trim()));
    let skill = known.iter().find(|skill| skill.name.to_lowercase() == key).ok_or_else(missing)?;
    let level = match level.trim() {
        "" => skill.scale.highest,
        text => skill.scale.parse(text).map_err(|problem| Error::invalid("skill", problem))?,
    };
    let query = app.db.q(sql!(
        "INSERT INTO handoff_item_skills (item_id, skill_id, level) VALUES (?, ?, ?) {upsert item_id, skill_id} level = {new level}"
    ));
    query.bind(item_id).bind(skill.id).bind(level.hundredths()).execute().await?;
    app.publish(TOPIC, format!("{id}:items")).await;
    Ok(())
}

/// Opens what stood in a draft alone, inside of its sending.
pub async fn open_all(tx: &mut Tx, handoff_id: i64, now: i64) -> Result<()> {
    let query = tx.q(sql!(
        "UPDATE handoff_items SET opened_at = ? WHERE opened_at IS NULL
          AND EXISTS (SELECT 1 FROM handoff_entries n WHERE n.item_id = handoff_items.id AND n.handoff_id = ?)"
    ));
    query.bind(now).bind(handoff_id).execute().await?;
    Ok(())
}

/// Gives the open items to the team that is responsible now, inside of the acceptance.
pub async fn move_all(tx: &mut Tx, handoff_id: i64, team_id: i64) -> Result<()> {
    let query = tx.q(sql!(
        "UPDATE handoff_items SET team_id = ? WHERE closed_at IS NULL
          AND EXISTS (SELECT 1 FROM handoff_entries n WHERE n.item_id = handoff_items.id AND n.handoff_id = ?)"
    ));
    query.bind(team_id).bind(handoff_id).execute().await?;
    Ok(())
}

/// Drops what stood in a draft alone, inside of its discarding.
pub async fn drop_unopened(tx: &mut Tx, handoff_id: i64) -> Result<()> {
    let query = tx.q(sql!(
        "DELETE FROM handoff_items WHERE opened_at IS NULL
          AND EXISTS (SELECT 1 FROM handoff_entries n WHERE n.item_id = handoff_items.id AND n.handoff_id = ?)"
    ));
    query.bind(handoff_id).execute().await?;
    Ok(())
}
