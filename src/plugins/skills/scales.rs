//! The level scales of this installation, in the database. They are few and change seldom, so that they are cached whole.

use super::CATALOGUE_TOPIC;
use super::levels::{Level, NamedLevel, Scale};
use super::presets::{PRESETS, Preset};
use crate::app::App;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::sql;
use std::sync::Arc;

/// Every scale, the smallest first.
#[derive(Debug)]
pub struct Scales(Vec<Scale>);

impl Scales {
    pub fn all(&self) -> &[Scale] {
        &self.0
    }

    pub fn get(&self, id: i64) -> Option<&Scale> {
        self.0.iter().find(|scale| scale.id == id)
    }

    /// Finds a scale by its name as a person types it: without regard to case and kind of dash, the first word being enough.
    pub fn named(&self, name: &str) -> Option<&Scale> {
        let wanted = plain(name);
        let exact = self.0.iter().find(|scale| plain(&scale.name) == wanted);
        exact.or_else(|| self.0.iter().find(|scale| plain(&scale.name).split(' ').next() == Some(wanted.as_str())))
    }

    pub fn names(&self) -> String {
        self.0.iter().map(|scale| scale.name.as_str()).collect::<Vec<_>>().join(", ")
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
        db.q(sql!("SELECT id, name, lowest, highest, step FROM scales ORDER BY position, id")).all().await?;
    let levels: Vec<LevelRow> = db
        .q(sql!("SELECT scale_id, level, code, name, description FROM scale_levels ORDER BY scale_id, level"))
        .all()
        .await?;
    Ok(Scales(rows.into_iter().map(|row| scale(row, &levels)).collect()))
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

/// Adds the presets that are not there yet. One that was changed since stays as it is.
pub async fn add_presets(tx: &mut Tx) -> Result<()> {
    let known: Vec<(String,)> = tx.q(sql!("SELECT name FROM scales")).all().await?;
    for (position, preset) in PRESETS.iter().enumerate() {
        if !known.iter().any(|(name,)| name == preset.name) {
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
