//! The level scales of this installation, in the database. They are few and change seldom, so that they are cached whole.
//!
//! Tables: scales, scale_levels, skill_levels. Every installation starts with the presets; one that was renamed is still
//! found by its first name, by which files and defaults ask for it.

pub mod handlers;
pub mod model;
mod views;

use super::CATALOGUE_TOPIC;
use super::catalogue::definition::model::OwnLevel;
use super::levels::{Level, NamedLevel, Scale};
use super::presets::{PRESETS, Preset};
use crate::app::App;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::sql;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Every scale, the smallest first, and what its levels mean for those skills that say so themselves.
#[derive(Debug)]
pub struct Scales {
    scales: Vec<Scale>,
    /// The presets that were renamed: what they were called, and the id.
    presets: Vec<(String, i64)>,
    /// By the id of the skill.
    own: HashMap<i64, Vec<OwnLevel>>,
}

impl Scales {
    pub fn all(&self) -> &[Scale] {
        &self.scales
    }

    pub fn get(&self, id: i64) -> Option<&Scale> {
        self.scales.iter().find(|scale| scale.id == id)
    }

    /// A scale as it is meant for a skill: with the skill's own names and descriptions of levels.
    pub fn of_skill(&self, skill_id: i64, scale_id: i64) -> Option<Cow<'_, Scale>> {
        let scale = self.get(scale_id)?;
        Some(match self.own_levels(skill_id) {
            [] => Cow::Borrowed(scale),
            own => Cow::Owned(scale.with(&own.iter().map(OwnLevel::as_named).collect::<Vec<_>>())),
        })
    }

    /// The levels that a skill has a text of its own for.
    pub fn own_levels(&self, skill_id: i64) -> &[OwnLevel] {
        self.own.get(&skill_id).map_or(&[], Vec::as_slice)
    }

    /// Finds a scale by its name as a person types it: without regard to case and kind of dash, the first word being enough.
    pub fn named(&self, name: &str) -> Option<&Scale> {
        let wanted = plain(name);
        let exact = self.scales.iter().find(|scale| plain(&scale.name) == wanted);
        let preset = || self.presets.iter().find(|(name, _)| plain(name) == wanted).and_then(|(_, id)| self.get(*id));
        exact
            .or_else(preset)
            .or_else(|| self.scales.iter().find(|scale| plain(&scale.name).split(' ').next() == Some(wanted.as_str())))
    }

    pub fn names(&self) -> String {
        self.scales.iter().map(|scale| scale.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace('–', "-")
}

#[derive(sqlx::FromRow)]
struct ScaleRow {
    id: i64,
    name: String,
    lowest: i64,
    highest: i64,
    step: i64,
    preset: Option<String>,
}

#[derive(sqlx::FromRow)]
struct LevelRow {
    scale_id: i64,
    level: i64,
    code: String,
    name: String,
    description: String,
}

pub async fn all(app: &App) -> Result<Arc<Scales>> {
    app.cache.get_or(&[CATALOGUE_TOPIC], "skills/scales".to_owned(), async || read(&app.db).await).await
}

async fn read(db: &Db) -> Result<Scales> {
    let rows: Vec<ScaleRow> =
        db.q(sql!("SELECT id, name, lowest, highest, step, preset FROM scales ORDER BY position, id")).all().await?;
    let levels: Vec<LevelRow> = db
        .q(sql!("SELECT scale_id, level, code, name, description FROM scale_levels ORDER BY scale_id, level"))
        .all()
        .await?;
    let query = db.q(sql!("SELECT skill_id, level, name, description FROM skill_levels ORDER BY skill_id, level"));
    let mut own: HashMap<i64, Vec<OwnLevel>> = HashMap::new();
    for OwnRow { skill_id, level } in query.all::<OwnRow>().await? {
        own.entry(skill_id).or_default().push(level);
    }
    let presets = rows.iter().filter_map(|row| Some((row.preset.clone()?, row.id))).collect();
    Ok(Scales { presets, scales: rows.into_iter().map(|row| scale(row, &levels)).collect(), own })
}

#[derive(sqlx::FromRow)]
struct OwnRow {
    skill_id: i64,
    #[sqlx(flatten)]
    level: OwnLevel,
}

fn scale(row: ScaleRow, levels: &[LevelRow]) -> Scale {
    let own = levels.iter().filter(|level| level.scale_id == row.id);
    let named = own.map(|level| NamedLevel {
        level: Level::from_hundredths(level.level),
        code: level.code.clone(),
        name: level.name.clone(),
        description: level.description.clone(),
    });
    Scale {
        id: row.id,
        name: row.name,
        lowest: Level::from_hundredths(row.lowest),
        highest: Level::from_hundredths(row.highest),
        step: Level::from_hundredths(row.step),
        levels: named.collect(),
    }
}

/// Adds the presets that are not there yet. One that was changed or renamed since stays as it is.
pub async fn add_presets(tx: &mut Tx) -> Result<()> {
    let known: Vec<(String, Option<String>)> = tx.q(sql!("SELECT name, preset FROM scales")).all().await?;
    for (position, preset) in PRESETS.iter().enumerate() {
        let is_it = |(name, was): &(String, Option<String>)| name == preset.name || was.as_deref() == Some(preset.name);
        if !known.iter().any(is_it) {
            add_preset(tx, preset, position as i64).await?;
        }
    }
    Ok(())
}

async fn add_preset(tx: &mut Tx, preset: &Preset, position: i64) -> Result<()> {
    let id = tx
        .q(sql!("INSERT INTO scales (name, lowest, highest, step, position) VALUES (?, ?, ?, ?, ?) {returning id}"))
        .bind(preset.name)
        .bind(preset.lowest)
        .bind(preset.highest)
        .bind(preset.step)
        .bind(position)
        .insert()
        .await?;
    for (level, code, name, description) in preset.levels {
        tx.q(sql!("INSERT INTO scale_levels (scale_id, level, code, name, description) VALUES (?, ?, ?, ?, ?)"))
            .bind(id)
            .bind(*level)
            .bind(*code)
            .bind(*name)
            .bind(*description)
            .execute()
            .await?;
    }
    Ok(())
}
