//! What a merge would do, does, and what undoes it.

use super::super::super::batches::model::{self as batches, Batch, Change};
use super::super::super::batches::reversals::model::take_back_untouched;
use super::super::super::ratings::model::Origin;
use super::super::super::{CATALOGUE_TOPIC, EDIT, READ, TOPIC, requirements, scales};
use super::super::archival::model::switch;
use super::super::labels::model::{self as labels, Labels};
use super::super::model::{Skill, get};
use super::rule::{Fate, Said, fate};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Checks, Error, Result};
use crate::{events, sql};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What a merge would do.
pub struct Preview {
    pub kept: Skill,
    /// It becomes a part of the other one.
    pub merged: Skill,
    /// Ratings that the kept skill has none for.
    pub moves: usize,
    /// Newer ones, which take the place of the kept skill's.
    pub replaces: usize,
    /// Older ones, which stay in the history alone.
    pub yields: usize,
    /// Targets that move, and those that raise one of the kept skill.
    pub targets: usize,
    pub raised: usize,
}

impl Preview {
    /// Names what was shown, so that nothing else is done in its place.
    pub fn fingerprint(&self) -> String {
        let Preview { kept, merged, moves, replaces, yields, targets, raised } = self;
        let (kept, merged) = (kept.version, merged.version);
        format!("{kept}.{merged}.{moves}.{replaces}.{yields}.{targets}.{raised}")
    }
}

/// What the kept skill got beside ratings, so that it can be taken from it again.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Gains {
    aliases: Vec<String>,
    tags: Vec<String>,
    /// The ids of targets that moved.
    targets: Vec<i64>,
    /// Targets that were raised: the id, the level before and the one after, in hundredths.
    raised: Vec<(i64, i64, i64)>,
}

struct Plan {
    preview: Preview,
    changes: Vec<Change>,
    gains: Gains,
}

/// What merging `merged_id` into `kept_id` would do. Nothing is written.
///
/// # Errors
/// Invalid, field `into`, where the two cannot be merged.
pub async fn preview(app: &App, actor: &Actor, merged_id: i64, kept_id: i64) -> Result<Preview> {
    actor.require(EDIT)?;
    let (merged, kept) = (get(app, actor, merged_id).await?, get(app, actor, kept_id).await?);
    check(app, &kept, &merged).await?;
    // The merge plans with the same statements, whose locks a transaction gives back.
    let mut tx = app.db.begin().await?;
    let plan = plan(&mut tx, kept, merged).await?;
    tx.rollback().await?;
    Ok(plan.preview)
}

/// How a merge ended.
pub enum Outcome {
    Merged(Preview),
    /// It would no longer do what was shown. Nothing was written.
    Outdated(Preview),
}

/// Merges one skill into another, if that still does what was shown.
pub async fn merge(app: &App, actor: &Actor, merged_id: i64, kept_id: i64, seen: &str) -> Result<Outcome> {
    actor.require(EDIT)?;
    let (merged, kept) = (get(app, actor, merged_id).await?, get(app, actor, kept_id).await?);
    check(app, &kept, &merged).await?;
    let mut tx = app.db.begin().await?;
    requirements::take_turn(&mut tx).await?;
    lock_both(&mut tx, &[merged.id, kept.id]).await?;
    let Plan { preview, changes, gains } = plan(&mut tx, kept, merged).await?;
    if preview.fingerprint() != seen {
        return Ok(Outcome::Outdated(preview));
    }
    let (kept, merged, now_ms) = (&preview.kept, &preview.merged, app.now_ms());
    let title = format!("“{}” merged into “{}”", merged.name, kept.name);
    let batch = batches::begin(&mut tx, actor, Origin::Merge, &title, now_ms).await?;
    batches::write(&mut tx, &batch, &changes).await?;
    give(&mut tx, kept.id, &gains).await?;
    switch(&mut tx, merged.id, false, now_ms).await?;
    requirements::of_skills(&mut tx, &[kept.id], now_ms).await?;
    remember(&mut tx, &batch, &preview, changes.len(), &gains).await?;
    tx.commit().await?;
    publish(app).await;
    Ok(Outcome::Merged(preview))
}

async fn publish(app: &App) {
    app.publish(CATALOGUE_TOPIC, "*").await;
    app.publish(TOPIC, "*").await;
}

async fn check(app: &App, kept: &Skill, merged: &Skill) -> Result<()> {
    Checks::only(kept.id != merged.id, "into", "A skill cannot be merged with itself.")?;
    for skill in [kept, merged] {
        Checks::only(skill.active, "into", format!("“{}” is archived. Use it again first.", skill.path()))?;
    }
    let scales = scales::all(app).await?;
    let name = |skill: &Skill| scales.get(skill.scale_id).map_or("", |scale| scale.name.as_str()).to_owned();
    let text = format!(
        "“{}” stands on the scale {}, “{}” on {}. Change the scale of one of them first.",
        merged.name,
        name(merged),
        kept.name,
        name(kept)
    );
    Checks::only(kept.scale_id == merged.scale_id, "into", text)
}

/// Two merges that meet wait for each other here; the second one then finds a skill that is archived.
async fn lock_both(tx: &mut Tx, ids: &[i64]) -> Result<()> {
    let query = tx.q(sql!("SELECT id, active FROM skills WHERE id IN ({ids}) ORDER BY id {for_update}"));
    let rows: Vec<(i64, bool)> = query.bind_ids(ids).all().await?;
    let text = "One of the two was archived in the meantime.";
    if rows.iter().all(|(_, active)| *active) { Ok(()) } else { Err(Error::Conflict(text.to_owned())) }
}

async fn plan(tx: &mut Tx, kept: Skill, merged: Skill) -> Result<Plan> {
    let skills = [kept.id, merged.id];
    let query = tx.q(sql!("SELECT person_id, skill_id, updated_at FROM ratings WHERE skill_id IN ({ids})"));
    let rows: Vec<(i64, i64, i64)> = query.bind_ids(&skills).all().await?;
    let at: HashMap<(i64, i64), i64> = rows.iter().map(|(person, skill, at)| ((*person, *skill), *at)).collect();
    let mut people: Vec<i64> = rows.iter().map(|row| row.0).collect();
    people.sort_unstable();
    people.dedup();
    let known = batches::lock(tx, &people, &skills).await?;
    let said = |person: i64, skill: i64| {
        let known = known.get(&(person, skill))?;
        Some(Said { values: known.values.clone(), at: at.get(&(person, skill)).copied().unwrap_or(0) })
    };
    let (mut changes, mut counts) = (Vec::new(), [0usize; 3]);
    for person_id in people {
        let Some(theirs) = said(person_id, merged.id) else { continue };
        let Some(fate) = fate(said(person_id, kept.id).as_ref(), &theirs) else { continue };
        counts[fate as usize] += 1;
        if fate != Fate::Yields {
            let is_new = !known.contains_key(&(person_id, kept.id));
            changes.push(Change { person_id, skill_id: kept.id, is_new, after: theirs.values });
        }
    }
    let gains = gains(tx, &kept, &merged).await?;
    let [moves, replaces, yields] = counts;
    let (targets, raised) = (gains.targets.len(), gains.raised.len());
    let preview = Preview { kept, merged, moves, replaces, yields, targets, raised };
    Ok(Plan { preview, changes, gains })
}

#[derive(sqlx::FromRow)]
struct TargetRow {
    id: i64,
    skill_id: i64,
    ask: String,
    level: i64,
}

/// The names, tags and targets of the merged skill that the kept one lacks. Where both have the same target, the higher
/// level is asked for.
async fn gains(tx: &mut Tx, kept: &Skill, merged: &Skill) -> Result<Gains> {
    let lacks = |has: &[String], own: &str, text: &String| {
        let key = text.to_lowercase();
        key != own.to_lowercase() && !has.iter().any(|has| has.to_lowercase() == key)
    };
    let names = std::iter::once(&merged.name).chain(&merged.labels.aliases);
    let aliases = names.filter(|name| lacks(&kept.labels.aliases, &kept.name, name)).cloned().collect();
    let tags = merged.labels.tags.iter().filter(|tag| lacks(&kept.labels.tags, "", tag)).cloned().collect();
    let Labels { aliases, tags } = Labels::of(aliases, tags);
    let query = tx.q(sql!("SELECT id, skill_id, ask, level FROM targets WHERE skill_id IN ({ids}) ORDER BY id"));
    let rows: Vec<TargetRow> = query.bind_ids(&[kept.id, merged.id]).all().await?;
    let own: HashMap<&str, &TargetRow> =
        rows.iter().filter(|row| row.skill_id == kept.id).map(|row| (row.ask.as_str(), row)).collect();
    let mut gains = Gains { aliases, tags, ..Gains::default() };
    for theirs in rows.iter().filter(|row| row.skill_id == merged.id) {
        match own.get(theirs.ask.as_str()) {
            None => gains.targets.push(theirs.id),
            Some(own) if own.level < theirs.level => gains.raised.push((own.id, own.level, theirs.level)),
            Some(_) => {}
        }
    }
    Ok(gains)
}

async fn give(tx: &mut Tx, kept_id: i64, gains: &Gains) -> db::Result<()> {
    let Gains { aliases, tags, targets, raised } = gains;
    labels::add(tx, kept_id, &Labels { aliases: aliases.clone(), tags: tags.clone() }).await?;
    let query = tx.q(sql!("UPDATE targets SET skill_id = ?, version = version + 1 WHERE id IN ({ids})"));
    query.bind(kept_id).bind_ids(targets).execute().await?;
    for (id, _, after) in raised {
        let query = tx.q(sql!("UPDATE targets SET level = ?, version = version + 1 WHERE id = ?"));
        query.bind(*after).bind(*id).execute().await?;
    }
    Ok(())
}

async fn remember(
    tx: &mut Tx,
    &Batch { actor, id: batch_id, now_ms, .. }: &Batch<'_>,
    preview: &Preview,
    ratings: usize,
    gains: &Gains,
) -> Result<()> {
    let detail = serde_json::to_string(gains).map_err(Error::internal)?;
    let query = tx.q(sql!(
        "INSERT INTO skill_merges (kept_id, merged_id, batch_id, person_id, ratings, detail, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
    ));
    let query = query.bind(preview.kept.id).bind(preview.merged.id).bind(batch_id).bind(actor.person_id);
    query.bind(ratings as i64).bind(detail).bind(now_ms).execute().await?;
    let detail = serde_json::json!({ "into": preview.kept.id, "ratings": ratings });
    let subject = format!("skill:{}", preview.merged.id);
    Ok(events::record(tx, actor, now_ms, "skills.merged", &subject, &detail).await?)
}

/// A merge that has not been undone.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Merge {
    pub id: i64,
    pub kept_id: i64,
    pub kept: String,
    pub merged_id: i64,
    pub merged: String,
    /// Who merged them.
    pub by_name: Option<String>,
    /// Ratings that the kept skill got.
    pub ratings: i64,
    pub at: i64,
}

/// The merges that a skill was a part of, newest first: as the one that is kept, or the one that went into another.
pub async fn of_skill(app: &App, actor: &Actor, skill_id: i64) -> Result<Vec<Merge>> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT m.id, m.kept_id, k.name AS kept, m.merged_id, g.name AS merged, p.name AS by_name, m.ratings, m.at
         FROM skill_merges m JOIN skills k ON k.id = m.kept_id JOIN skills g ON g.id = m.merged_id
         LEFT JOIN people p ON p.id = m.person_id
         WHERE m.undone_at IS NULL AND (m.kept_id = ? OR m.merged_id = ?) ORDER BY m.id DESC"
    ));
    Ok(query.bind(skill_id).bind(skill_id).all().await?)
}

#[derive(sqlx::FromRow)]
struct MergeRow {
    kept_id: i64,
    merged_id: i64,
    batch_id: i64,
    detail: String,
    undone_at: Option<i64>,
}

/// What undoing a merge did.
pub struct Undone {
    pub kept: Skill,
    pub merged: Skill,
    /// Ratings of the kept skill that somebody has changed since: they stay as they are.
    pub changed_since: usize,
}

/// Makes two skills of one again.
///
/// # Errors
/// Conflict where it was undone already, and where the kept skill is archived itself.
pub async fn undo(app: &App, actor: &Actor, id: i64) -> Result<Undone> {
    actor.require(EDIT)?;
    let now_ms = app.now_ms();
    let mut tx = app.db.begin().await?;
    requirements::take_turn(&mut tx).await?;
    let (row, kept) = undoable(app, actor, &mut tx, id).await?;
    let gains: Gains = serde_json::from_str(&row.detail).map_err(Error::internal)?;
    let query = tx.q(sql!("UPDATE skill_merges SET undone_at = ? WHERE id = ?"));
    query.bind(now_ms).bind(id).execute().await?;
    take_gains(&mut tx, &row, &gains).await?;
    let title = format!("Undo of the merge into “{}”", kept.name);
    let batch = batches::begin(&mut tx, actor, Origin::Merge, &title, now_ms).await?;
    let taken = take_back_untouched(&mut tx, &batch, row.batch_id).await?;
    switch(&mut tx, row.merged_id, true, now_ms).await?;
    requirements::of_skills(&mut tx, &[row.kept_id], now_ms).await?;
    let detail = serde_json::json!({ "from": row.kept_id, "ratings": taken.cells.len() });
    let subject = format!("skill:{}", row.merged_id);
    events::record(&mut tx, actor, now_ms, "skills.merge_undone", &subject, &detail).await?;
    tx.commit().await?;
    publish(app).await;
    let merged = get(app, actor, row.merged_id).await?;
    Ok(Undone { kept, merged, changed_since: taken.changed_since })
}

/// The merge, locked, and the skill that was kept.
async fn undoable(app: &App, actor: &Actor, tx: &mut Tx, id: i64) -> Result<(MergeRow, Skill)> {
    let query = tx
        .q(sql!("SELECT kept_id, merged_id, batch_id, detail, undone_at FROM skill_merges WHERE id = ? {for_update}"));
    let row: MergeRow = query.bind(id).one().await?;
    let (kept, merged) = (get(app, actor, row.kept_id).await?, get(app, actor, row.merged_id).await?);
    let name = &kept.name;
    let text = if row.undone_at.is_some() {
        "This merge was undone already.".to_owned()
    } else if !kept.active {
        format!("“{name}” is archived. Use it again, or undo its own merge first.")
    } else if merged.scale_id != kept.scale_id {
        format!("The scale of “{name}” was changed since. Give it its former one again first.")
    } else {
        return Ok((row, kept));
    };
    Err(Error::Conflict(text))
}

/// What somebody took away or changed since is left as it is.
async fn take_gains(tx: &mut Tx, row: &MergeRow, gains: &Gains) -> db::Result<()> {
    for alias in &gains.aliases {
        let query = tx.q(sql!("DELETE FROM skill_aliases WHERE skill_id = ? AND alias_key = ?"));
        query.bind(row.kept_id).bind(alias.to_lowercase()).execute().await?;
    }
    for tag in &gains.tags {
        let query = tx.q(sql!("DELETE FROM skill_tags WHERE skill_id = ? AND tag_key = ?"));
        query.bind(row.kept_id).bind(tag.to_lowercase()).execute().await?;
    }
    let query =
        tx.q(sql!("UPDATE targets SET skill_id = ?, version = version + 1 WHERE skill_id = ? AND id IN ({ids})"));
    query.bind(row.merged_id).bind(row.kept_id).bind_ids(&gains.targets).execute().await?;
    for (id, before, after) in &gains.raised {
        let query = tx.q(sql!("UPDATE targets SET level = ?, version = version + 1 WHERE id = ? AND level = ?"));
        query.bind(*before).bind(*id).bind(*after).execute().await?;
    }
    let query = tx.q(sql!("UPDATE skills SET version = version + 1 WHERE id = ?"));
    query.bind(row.kept_id).execute().await?;
    Ok(())
}
