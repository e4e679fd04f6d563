//! Writes many ratings in one transaction, a thousand at a time, each with its event.

use super::super::ratings::columns::Columns;
use super::super::ratings::model::{Origin, Values};
use super::super::{TOPIC, summaries};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::{clock, sql, value_columns, value_rows};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// How many rows one statement writes.
const AT_ONCE: usize = 1000;
/// The ratings of how many people are locked by one statement.
const PEOPLE_AT_ONCE: usize = 50;
/// So many changed cells are announced one by one; of more, a page asks for its whole window again.
const ANNOUNCED_SINGLY: usize = 20;
const MAX_TITLE_CHARS: usize = 190;

/// A rating that is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub values: Values,
    pub version: i64,
}

/// A rating as it is to be.
#[derive(Clone, Debug)]
pub struct Change {
    pub person_id: i64,
    pub skill_id: i64,
    /// Whether there is no rating of this person and skill yet.
    pub is_new: bool,
    pub after: Values,
}

/// Who changes them, by what means, and what they are taken back with.
pub struct Batch<'a> {
    pub actor: &'a Actor,
    pub origin: Origin,
    /// None where the changes are not taken back together.
    pub id: Option<i64>,
    pub now_ms: i64,
}

/// Begins a batch. `title` says what it is, for those who may take it back; `detail` is what was made beside the ratings.
pub async fn open(
    tx: &mut Tx,
    actor: &Actor,
    origin: Origin,
    title: &str,
    detail: &serde_json::Value,
    now_ms: i64,
) -> db::Result<i64> {
    let title: String = title.chars().take(MAX_TITLE_CHARS).collect();
    let query = tx.q(sql!(
        "INSERT INTO rating_batches (person_id, kind, title, detail, at) VALUES (?, ?, ?, ?, ?) {returning id}"
    ));
    let query = query.bind(actor.person_id).bind(origin.name()).bind(title);
    query.bind(detail.to_string()).bind(now_ms).insert().await
}

/// As `open`, for a change that keeps nothing beside its ratings.
pub async fn begin<'a>(
    tx: &mut Tx,
    actor: &'a Actor,
    origin: Origin,
    title: &str,
    now_ms: i64,
) -> db::Result<Batch<'a>> {
    let id = open(tx, actor, origin, title, &serde_json::json!({}), now_ms).await?;
    Ok(Batch { actor, origin, id: Some(id), now_ms })
}

#[derive(sqlx::FromRow)]
struct KnownRow {
    person_id: i64,
    skill_id: i64,
    #[sqlx(flatten)]
    columns: Columns,
    version: i64,
}

/// The ratings of these people on these skills, locked where rows can be locked.
pub async fn lock(tx: &mut Tx, people: &[i64], skills: &[i64]) -> db::Result<HashMap<(i64, i64), Known>> {
    let mut known = HashMap::new();
    if skills.is_empty() {
        return Ok(known);
    }
    for people in people.chunks(PEOPLE_AT_ONCE) {
        let query = tx.q(sql!(concat!(
            "SELECT person_id, skill_id, ",
            value_columns!(),
            ", version FROM ratings WHERE person_id IN ({ids}) AND skill_id IN ({ids}) {for_update}"
        )));
        let rows: Vec<KnownRow> = query.bind_ids(people).bind_ids(skills).all().await?;
        known.extend(rows.into_iter().map(|row| {
            let values = row.columns.into();
            ((row.person_id, row.skill_id), Known { values, version: row.version })
        }));
    }
    Ok(known)
}

/// A rating as `{rows …}` takes it.
#[derive(Serialize)]
struct Row {
    person_id: i64,
    skill_id: i64,
    #[serde(flatten)]
    columns: Columns,
    lapsed: bool,
}

/// Writes the changes of locked ratings with their events, and counts the summaries anew.
pub async fn write(tx: &mut Tx, batch: &Batch<'_>, changes: &[Change]) -> db::Result<()> {
    store(tx, batch, changes).await?;
    let people = changes.iter().map(|change| change.person_id);
    recount(tx, people, changes.iter().map(|change| change.skill_id)).await
}

/// As `write`, for a part of the changes: who is through with all parts calls `recount`.
pub async fn store(tx: &mut Tx, batch: &Batch<'_>, changes: &[Change]) -> db::Result<()> {
    let today = clock::day_of(batch.now_ms);
    let (new, changed): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(|change| change.is_new);
    for (changes, is_new) in [(new, true), (changed, false)] {
        for changes in changes.chunks(AT_ONCE) {
            let row = |change: &&Change| Row {
                person_id: change.person_id,
                skill_id: change.skill_id,
                columns: Columns::from(&change.after),
                lapsed: change.after.lapse(today).is_some(),
            };
            let rows: Vec<Row> = changes.iter().map(row).collect();
            if is_new {
                insert(tx, batch, &rows).await?
            } else {
                update(tx, batch, &rows).await?
            }
            record(tx, batch, &rows).await?;
        }
    }
    Ok(())
}

async fn insert(tx: &mut Tx, batch: &Batch<'_>, rows: &[Row]) -> db::Result<()> {
    let query = tx.q(sql!(concat!(
        "INSERT INTO ratings (person_id, skill_id, ",
        value_columns!(),
        ", lapsed, version, updated_at, updated_by) SELECT item.person_id, item.skill_id, ",
        value_columns!("item."),
        ", item.lapsed, 1, ?, ? FROM ",
        value_rows!()
    )));
    query.bind(batch.now_ms).bind(batch.actor.person_id).bind_rows(rows).execute().await?;
    Ok(())
}

/// The rows are locked, so the versions are those that were read.
async fn update(tx: &mut Tx, batch: &Batch<'_>, rows: &[Row]) -> db::Result<()> {
    let query = tx.q(sql!(concat!(
        "INSERT INTO ratings (person_id, skill_id, ",
        value_columns!(),
        ", lapsed, version, updated_at, updated_by) SELECT item.person_id, item.skill_id, ",
        value_columns!("item."),
        ", item.lapsed, 1, ?, ? FROM ",
        value_rows!(),
        " WHERE 1 = 1 {upsert person_id, skill_id} level = {new level}, not_applicable = {new not_applicable},
         interest = {new interest}, note = {new note}, self_level = {new self_level}, self_na = {new self_na},
         self_at = {new self_at}, validated_level = {new validated_level}, validated_na = {new validated_na},
         validated_at = {new validated_at}, validated_by = {new validated_by}, evidence = {new evidence},
         valid_until = {new valid_until}, suspended_until = {new suspended_until},
         suspension_reason = {new suspension_reason}, lapsed = {new lapsed}, version = ratings.version + 1,
         updated_at = {new updated_at}, updated_by = {new updated_by}"
    )));
    query.bind(batch.now_ms).bind(batch.actor.person_id).bind_rows(rows).execute().await?;
    Ok(())
}

async fn record(tx: &mut Tx, batch: &Batch<'_>, rows: &[Row]) -> db::Result<()> {
    let query = tx.q(sql!(concat!(
        "INSERT INTO rating_events (person_id, skill_id, ",
        value_columns!(),
        ", at, actor_id, origin, batch_id) SELECT item.person_id, item.skill_id, ",
        value_columns!("item."),
        ", ?, ?, ?, ? FROM ",
        value_rows!()
    )));
    let query = query.bind(batch.now_ms).bind(batch.actor.person_id).bind(batch.origin.name()).bind(batch.id);
    query.bind_rows(rows).execute().await?;
    Ok(())
}

/// The columns come before the rows, as with every writer of ratings: two that meet do not wait for each other.
pub async fn recount(
    tx: &mut Tx,
    people: impl Iterator<Item = i64>,
    skills: impl Iterator<Item = i64>,
) -> db::Result<()> {
    let skills: BTreeSet<i64> = skills.collect();
    for skills in skills.into_iter().collect::<Vec<_>>().chunks(AT_ONCE) {
        summaries::recount(tx, &[], skills).await?;
    }
    let people: BTreeSet<i64> = people.collect();
    for people in people.into_iter().collect::<Vec<_>>().chunks(AT_ONCE) {
        summaries::recount(tx, people, &[]).await?;
    }
    Ok(())
}

/// Tells every page that shows one of the cells, after the commit.
pub async fn publish(app: &App, cells: &[(i64, i64)]) {
    if cells.len() > ANNOUNCED_SINGLY {
        return app.publish(TOPIC, "*").await;
    }
    for (person_id, skill_id) in cells {
        app.publish(TOPIC, format!("{person_id}:{skill_id}")).await;
    }
}
