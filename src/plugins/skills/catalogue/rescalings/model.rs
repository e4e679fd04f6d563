//! Tables: skill_rescalings, and what it changes: skills, ratings with their events, targets, skill_levels.

use super::super::super::batches::model::{self as batches, Batch, Change, Known};
use super::super::super::batches::reversals::model::take_back_untouched;
use super::super::super::levels::{Level, Scale};
use super::super::super::ratings::model::Origin;
use super::super::super::{CATALOGUE_TOPIC, EDIT, READ, TOPIC, requirements, scales, summaries};
use super::super::definition::model::{OwnLevel, replace_levels};
use super::super::model::{Skill, changed_meanwhile, get};
use super::mapping::{Mapping, Occurring};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Db, Tx};
use crate::error::{Checks, Error, Result};
use crate::{events, sql};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// A skill on its way from one scale to another.
pub struct Plan {
    pub skill: Skill,
    pub from: Scale,
    pub to: Scale,
    /// From the lowest to the highest.
    pub occurring: Vec<Occurring>,
}

/// What is kept of a rescaling beside the ratings, so that it can be undone.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Detail {
    /// Old level to new level, in hundredths.
    levels: BTreeMap<i64, i64>,
    /// The texts that the skill had for its old levels.
    own: Vec<(i64, String, String)>,
    /// The ids of targets, with their level before and after.
    targets: Vec<(i64, i64, i64)>,
}

impl Detail {
    fn of(mapping: &Mapping, own: &[OwnLevel], targets: Vec<(i64, i64, i64)>) -> Detail {
        let own = own.iter().map(|own| (own.level, own.name.clone(), own.description.clone()));
        Detail { levels: mapping.pairs().clone(), own: own.collect(), targets }
    }

    pub fn read(text: &str) -> Result<Detail> {
        serde_json::from_str(text).map_err(Error::internal)
    }

    /// The texts that the skill had for its old levels.
    pub fn own_levels(&self) -> Vec<OwnLevel> {
        let own = |(level, name, description): &(i64, String, String)| OwnLevel {
            level: *level,
            name: name.clone(),
            description: description.clone(),
        };
        self.own.iter().map(own).collect()
    }
}

/// What has to be mapped to give a skill another scale, which is named.
///
/// # Errors
/// Invalid, field `scale`, for a scale that nobody knows and for the one that the skill has.
pub async fn plan(app: &App, actor: &Actor, id: i64, scale: &str) -> Result<Plan> {
    actor.require(EDIT)?;
    let skill = get(app, actor, id).await?;
    let scales = scales::all(app).await?;
    let from = scales.of_skill(id, skill.scale_id).ok_or(Error::NotFound)?.into_owned();
    let unknown = || Error::invalid("scale", format!("There is no scale “{scale}”. There are: {}.", scales.names()));
    let to = scales.named(scale).ok_or_else(unknown)?.clone();
    Checks::only(to.id != from.id, "scale", format!("“{}” stands on the scale {} already.", skill.name, to.name))?;
    let occurring = occurring(&app.db, id).await?;
    Ok(Plan { skill, from, to, occurring })
}

/// Every level that a rating, a person's own word, a confirmation or a target of the skill has.
async fn occurring(db: &Db, skill_id: i64) -> Result<Vec<Occurring>> {
    let query = db.q(sql!(
        "SELECT used.level, CAST(COALESCE(SUM(used.counts), 0) AS {i64}) AS ratings FROM (
           SELECT level, 1 AS counts FROM ratings WHERE skill_id = ?
           UNION ALL SELECT self_level, 0 FROM ratings WHERE skill_id = ?
           UNION ALL SELECT validated_level, 0 FROM ratings WHERE skill_id = ?
           UNION ALL SELECT level, 0 FROM targets WHERE skill_id = ?
         ) AS used WHERE used.level IS NOT NULL GROUP BY used.level ORDER BY used.level"
    ));
    let query = query.bind(skill_id).bind(skill_id).bind(skill_id).bind(skill_id);
    let rows: Vec<(i64, i64)> = query.all().await?;
    Ok(rows.into_iter().map(|(level, ratings)| Occurring { level: Level::from_hundredths(level), ratings }).collect())
}

/// Gives a skill that is still at `version` another scale.
pub async fn rescale(
    app: &App,
    actor: &Actor,
    id: i64,
    version: i64,
    scale: &str,
    typed: &BTreeMap<i64, String>,
) -> Result<(Skill, usize)> {
    let Plan { skill, from, to, occurring } = plan(app, actor, id, scale).await?;
    let mapping = Mapping::read(&from, &to, &occurring, typed)?;
    let now_ms = app.now_ms();
    let mut tx = app.db.begin().await?;
    requirements::take_turn(&mut tx).await?;
    move_skill(&mut tx, &skill, version, to.id, now_ms).await?;
    let title = format!("“{}” from {} to {}", skill.name, from.name, to.name);
    let batch = batches::begin(&mut tx, actor, Origin::Scale, &title, now_ms).await?;
    let changes = changes(&mut tx, &skill, &to, &mapping).await?;
    batches::write(&mut tx, &batch, &changes).await?;
    let targets = map_targets(&mut tx, id, &mapping).await?;
    let detail = Detail::of(&mapping, scales::all(app).await?.own_levels(id), targets);
    replace_levels(&mut tx, id, &[]).await?;
    requirements::of_skills(&mut tx, &[id], now_ms).await?;
    remember(&mut tx, &batch, (&skill, &from, &to), changes.len(), &detail).await?;
    tx.commit().await?;
    publish(app).await;
    Ok((get(app, actor, id).await?, changes.len()))
}

async fn publish(app: &App) {
    app.publish(CATALOGUE_TOPIC, "*").await;
    app.publish(TOPIC, "*").await;
}

async fn move_skill(tx: &mut Tx, skill: &Skill, version: i64, scale_id: i64, now_ms: i64) -> Result<()> {
    let query = tx
        .q(sql!("UPDATE skills SET scale_id = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?"));
    let moved = query.bind(scale_id).bind(now_ms).bind(skill.id).bind(version).execute().await?;
    if moved == 1 { Ok(()) } else { Err(changed_meanwhile(skill)) }
}

/// Every rating of the skill gets an event, also one without a level: what was said before means another scale.
async fn changes(tx: &mut Tx, skill: &Skill, to: &Scale, mapping: &Mapping) -> Result<Vec<Change>> {
    let known = lock_ratings(tx, skill.id).await?;
    let mut changes = Vec::with_capacity(known.len());
    for ((person_id, skill_id), known) in known {
        let after = mapping.values(&known.values);
        // Somebody may have said another level since the mapping was made.
        if after.standing.level().is_some_and(|level| !to.holds(level)) {
            return Err(changed_meanwhile(skill));
        }
        changes.push(Change { person_id, skill_id, is_new: false, after });
    }
    changes.sort_by_key(|change| change.person_id);
    Ok(changes)
}

/// First ratings that were written before the column was held are there then, and none comes after: whoever has not counted
/// theirs yet finds another revision.
async fn lock_ratings(tx: &mut Tx, skill_id: i64) -> db::Result<HashMap<(i64, i64), Known>> {
    let people = rated(tx, skill_id).await?;
    let mut known = batches::lock(tx, &people, &[skill_id]).await?;
    summaries::revise(tx, &[skill_id]).await?;
    let mut new = rated(tx, skill_id).await?;
    new.retain(|person_id| !known.contains_key(&(*person_id, skill_id)));
    known.extend(batches::lock(tx, &new, &[skill_id]).await?);
    Ok(known)
}

async fn rated(tx: &mut Tx, skill_id: i64) -> db::Result<Vec<i64>> {
    let query = tx.q(sql!("SELECT person_id FROM ratings WHERE skill_id = ? ORDER BY person_id"));
    Ok(query.bind(skill_id).all::<(i64,)>().await?.into_iter().map(|(id,)| id).collect())
}

/// The targets with their level before and after.
async fn map_targets(tx: &mut Tx, skill_id: i64, mapping: &Mapping) -> db::Result<Vec<(i64, i64, i64)>> {
    let query = tx.q(sql!("SELECT id, level FROM targets WHERE skill_id = ? ORDER BY id"));
    let targets: Vec<(i64, i64)> = query.bind(skill_id).all().await?;
    let mut mapped = Vec::with_capacity(targets.len());
    for (id, before) in targets {
        let after = mapping.level(before);
        let query = tx.q(sql!("UPDATE targets SET level = ?, version = version + 1 WHERE id = ?"));
        query.bind(after).bind(id).execute().await?;
        mapped.push((id, before, after));
    }
    Ok(mapped)
}

async fn remember(
    tx: &mut Tx,
    &Batch { actor, id: batch_id, now_ms, .. }: &Batch<'_>,
    (skill, from, to): (&Skill, &Scale, &Scale),
    ratings: usize,
    detail: &Detail,
) -> Result<()> {
    let query = tx.q(sql!(
        "INSERT INTO skill_rescalings (skill_id, from_scale_id, to_scale_id, batch_id, person_id, ratings, detail, at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    ));
    let text = serde_json::to_string(detail).map_err(Error::internal)?;
    let query = query.bind(skill.id).bind(skill.scale_id).bind(to.id).bind(batch_id).bind(actor.person_id);
    query.bind(ratings as i64).bind(text).bind(now_ms).execute().await?;
    let told = serde_json::json!({ "from": from.name, "to": to.name, "levels": detail.levels });
    Ok(events::record(tx, actor, now_ms, "skills.rescaled", &format!("skill:{}", skill.id), &told).await?)
}

/// The last change of a skill's scale, if it has not been undone.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Rescaling {
    pub id: i64,
    pub from_scale: String,
    pub to_scale: String,
    /// Who changed it.
    pub by_name: Option<String>,
    pub ratings: i64,
    pub at: i64,
}

pub async fn last_of(app: &App, actor: &Actor, skill_id: i64) -> Result<Option<Rescaling>> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT r.id, f.name AS from_scale, t.name AS to_scale, p.name AS by_name, r.ratings, r.at
         FROM skill_rescalings r JOIN scales f ON f.id = r.from_scale_id JOIN scales t ON t.id = r.to_scale_id
         LEFT JOIN people p ON p.id = r.person_id
         WHERE r.skill_id = ? AND r.undone_at IS NULL ORDER BY r.id DESC LIMIT 1"
    ));
    Ok(query.bind(skill_id).optional().await?)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    skill_id: i64,
    from_scale_id: i64,
    to_scale_id: i64,
    batch_id: i64,
    detail: String,
    undone_at: Option<i64>,
}

/// Gives a skill its former scale back, with every rating as it was.
///
/// # Errors
/// Conflict where it was undone already, where the scale was changed again, and where somebody has rated since.
pub async fn undo(app: &App, actor: &Actor, id: i64) -> Result<Skill> {
    actor.require(EDIT)?;
    let now_ms = app.now_ms();
    let mut tx = app.db.begin().await?;
    requirements::take_turn(&mut tx).await?;
    let query = tx.q(sql!(
        "SELECT id, skill_id, from_scale_id, to_scale_id, batch_id, detail, undone_at FROM skill_rescalings WHERE id = ? {for_update}"
    ));
    let row: Row = query.bind(id).one().await?;
    let skill = get(app, actor, row.skill_id).await?;
    refuse_late(&mut tx, &row, &skill).await?;
    let query = tx.q(sql!("UPDATE skill_rescalings SET undone_at = ? WHERE id = ?"));
    query.bind(now_ms).bind(id).execute().await?;
    move_skill(&mut tx, &skill, skill.version, row.from_scale_id, now_ms).await?;
    let title = format!("Undo of the change of scale of “{}”", skill.name);
    let batch = batches::begin(&mut tx, actor, Origin::Scale, &title, now_ms).await?;
    take_back_untouched(&mut tx, &batch, row.batch_id).await?;
    restore(&mut tx, &row).await?;
    requirements::of_skills(&mut tx, &[row.skill_id], now_ms).await?;
    let subject = format!("skill:{}", row.skill_id);
    events::record(&mut tx, actor, now_ms, "skills.rescaling_undone", &subject, &serde_json::json!({})).await?;
    tx.commit().await?;
    publish(app).await;
    get(app, actor, row.skill_id).await
}

/// What was said or asked for on the new scale has no place on the old one.
async fn refuse_late(tx: &mut Tx, row: &Row, skill: &Skill) -> Result<()> {
    let query = tx.q(sql!("SELECT COUNT(*) FROM skill_rescalings WHERE skill_id = ? AND id > ? AND undone_at IS NULL"));
    let (turned,) = query.bind(row.skill_id).bind(row.id).one::<(i64,)>().await?;
    let later = rated_since(tx, row).await?;
    let text = if row.undone_at.is_some() {
        "This change was undone already.".to_owned()
    } else if skill.scale_id != row.to_scale_id || turned > 0 {
        format!("The scale of “{}” was changed again since.", skill.name)
    } else if later > 0 {
        format!("“{}” was rated {later} times since. Change its scale once more instead, level by level.", skill.name)
    } else if asked_since(tx, row).await? {
        format!(
            "The targets of “{}” were changed since. Change its scale once more instead, level by level.",
            skill.name
        )
    } else {
        return Ok(());
    };
    Err(Error::Conflict(text))
}

async fn rated_since(tx: &mut Tx, row: &Row) -> db::Result<i64> {
    let query = tx.q(sql!(
        "SELECT COUNT(*) FROM rating_events WHERE skill_id = ?
         AND id > (SELECT COALESCE(MAX(id), 0) FROM rating_events WHERE batch_id = ?) AND at >= (SELECT at FROM rating_batches WHERE id = ?)"
    ));
    Ok(query.bind(row.skill_id).bind(row.batch_id).bind(row.batch_id).one::<(i64,)>().await?.0)
}

/// Whether a target of the skill is new, or asks for another level than the change of scale made of it.
async fn asked_since(tx: &mut Tx, row: &Row) -> Result<bool> {
    let known = Detail::read(&row.detail)?.targets;
    let query = tx.q(sql!("SELECT id, level FROM targets WHERE skill_id = ?"));
    let targets: Vec<(i64, i64)> = query.bind(row.skill_id).all().await?;
    Ok(targets.iter().any(|(id, level)| !known.iter().any(|(known, _, after)| known == id && after == level)))
}

async fn restore(tx: &mut Tx, row: &Row) -> Result<()> {
    let detail = Detail::read(&row.detail)?;
    for (id, before, after) in &detail.targets {
        let query = tx.q(sql!("UPDATE targets SET level = ?, version = version + 1 WHERE id = ? AND level = ?"));
        query.bind(*before).bind(*id).bind(*after).execute().await?;
    }
    Ok(replace_levels(tx, row.skill_id, &detail.own_levels()).await?)
}
