//! The level scales of this installation, in the database. They are few and change seldom, so that they are cached whole.
//!
//! Tables: scales, scale_levels, skill_levels. Every installation starts with the presets; one that was renamed is still
//! found by its first name, by which files and defaults ask for it. What was said on a day is read on the scale that the
//! skill stood on then (`turns`).

pub mod handlers;
pub mod model;
pub mod turns;
mod views;

use super::CATALOGUE_TOPIC;
use super::as_of::AsOf;
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
use turns::model::Turn;

/// Every scale, the smallest first, and what its levels mean for those skills that say so themselves.
#[derive(Debug)]
pub struct Scales {
    scales: Vec<Scale>,
    /// The presets that were renamed: what they were called, and the id.
    presets: Vec<(String, i64)>,
    /// By the id of the skill.
    own: HashMap<i64, Vec<OwnLevel>>,
    /// By the id of the skill, the earliest first.
    turns: HashMap<i64, Vec<Turn>>,
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
        Some(with_own(self.get(scale_id)?, self.own_levels(skill_id)))
    }

    /// As `of_skill`, of a skill that stands on `scale_id` today, as it was on a day.
    pub fn of_skill_on(&self, skill_id: i64, scale_id: i64, as_of: AsOf) -> Option<Cow<'_, Scale>> {
        match self.turn_after(skill_id, as_of) {
            Some(turn) => Some(with_own(self.get(turn.left_id)?, &turn.own)),
            None => self.of_skill(skill_id, scale_id),
        }
    }

    /// The id of the scale on which a skill stood on a day that stands on `scale_id` today.
    pub fn id_on(&self, skill_id: i64, scale_id: i64, as_of: AsOf) -> i64 {
        self.turn_after(skill_id, as_of).map_or(scale_id, |turn| turn.left_id)
    }

    /// The first turn that came too late for the day.
    fn turn_after(&self, skill_id: i64, as_of: AsOf) -> Option<&Turn> {
        let before_ms = as_of.before_ms()?;
        self.turns.get(&skill_id)?.iter().find(|turn| turn.at >= before_ms)
    }

    /// The id of the scale that a skill stood on so many turns ago.
    pub fn id_before(&self, skill_id: i64, scale_id: i64, turns: usize) -> i64 {
        let of_skill = self.turns.get(&skill_id).map_or(&[][..], Vec::as_slice);
        let turn = of_skill.len().checked_sub(turns).and_then(|place| of_skill.get(place));
        turn.map_or(scale_id, |turn| turn.left_id)
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

fn with_own<'a>(scale: &'a Scale, own: &[OwnLevel]) -> Cow<'a, Scale> {
    match own {
        [] => Cow::Borrowed(scale),
        own => Cow::Owned(scale.with(&own.iter().map(OwnLevel::as_named).collect::<Vec<_>>())),
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
    let turns = turns::model::read(db).await?;
    Ok(Scales { presets, scales: rows.into_iter().map(|row| scale(row, &levels)).collect(), own, turns })
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
