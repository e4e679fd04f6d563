//! Scales are made, renamed and described. How far one goes stays: ratings stand on it.

use super::super::catalogue::definition::model::{MAX_LEVEL_DESCRIPTION_CHARS, MAX_LEVEL_NAME_CHARS};
use super::super::catalogue::model::check_text;
use super::super::levels::{Level, NamedLevel, Scale};
use super::super::presets::PRESETS;
use super::super::{CATALOGUE_TOPIC, EDIT, READ};
use super::all;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Checks, Error, Result};
use crate::{events, sql};
use serde::Serialize;
use std::collections::HashMap;

pub const MAX_NAME_CHARS: usize = 80;
pub const MAX_CODE_CHARS: usize = 20;
/// The highest level that a scale may have.
const MAX_LEVEL: Level = Level::from_hundredths(100_000);
/// So many levels a scale may have.
const MAX_LEVELS: i64 = 1001;
/// What may lie between two levels, in hundredths.
pub const STEPS: [i64; 5] = [100, 50, 25, 10, 1];

/// A scale in the list of them.
#[derive(Clone, Debug)]
pub struct Listed {
    pub scale: Scale,
    pub version: i64,
    /// Skills that stand on it, archived ones included.
    pub skills: i64,
    /// Every installation has it, so that it can be renamed, but not deleted.
    pub is_preset: bool,
}

/// What a scale is made from, as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct NewScale {
    pub name: String,
    pub lowest: String,
    pub highest: String,
    /// One of `STEPS`.
    pub step: String,
}

pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Listed>> {
    actor.require(READ)?;
    let query = app.db.q(sql!("SELECT id, version, preset FROM scales"));
    let rows: Vec<(i64, i64, Option<String>)> = query.all().await?;
    let query = app.db.q(sql!("SELECT scale_id, COUNT(*) FROM skills GROUP BY scale_id"));
    let used: HashMap<i64, i64> = query.all::<(i64, i64)>().await?.into_iter().collect();
    let listed = |scale: &Scale| {
        let row = rows.iter().find(|row| row.0 == scale.id);
        let is_preset = PRESETS.iter().any(|preset| preset.name == scale.name);
        Listed {
            version: row.map_or(1, |row| row.1),
            skills: used.get(&scale.id).copied().unwrap_or(0),
            is_preset: is_preset || row.is_some_and(|row| row.2.is_some()),
            scale: scale.clone(),
        }
    };
    Ok(all(app).await?.all().iter().map(listed).collect())
}

pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Listed> {
    list(app, actor).await?.into_iter().find(|listed| listed.scale.id == id).ok_or(Error::NotFound)
}

/// Makes a scale. Its whole levels have their number for a code, until they are described.
pub async fn create(app: &App, actor: &Actor, new: &NewScale) -> Result<Listed> {
    actor.require(EDIT)?;
    let (lowest, highest, step) = range(new)?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!("SELECT COALESCE(MAX(position), 0) + 1 FROM scales"));
    let (position,) = query.one::<(i64,)>().await?;
    let query =
        tx.q(sql!("INSERT INTO scales (name, lowest, highest, step, position) VALUES (?, ?, ?, ?, ?) {returning id}"));
    let query = query.bind(new.name.trim()).bind(lowest).bind(highest).bind(step).bind(position);
    let id = query.insert().await.map_err(|error| taken(error, &new.name))?;
    let detail = serde_json::json!({ "name": new.name.trim() });
    events::record(&mut tx, actor, app.now_ms(), "skills.scale_created", &format!("scale:{id}"), &detail).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    get(app, actor, id).await
}

fn range(new: &NewScale) -> Result<(i64, i64, i64)> {
    let mut checks = Checks::default();
    check_scale_name(&new.name, &mut checks);
    let (lowest, highest) = (Level::parse(&new.lowest), Level::parse(&new.highest));
    let step = Level::parse(&new.step).filter(|step| STEPS.contains(&step.hundredths()));
    checks.that(lowest.is_some(), "lowest", "The lowest level is a number from 0 on.");
    checks.that(
        highest.is_some_and(|level| level <= MAX_LEVEL),
        "highest",
        "The highest level is a number up to 1000.",
    );
    checks.that(step.is_some(), "step", "Choose the step from one level to the next.");
    checks.done()?;
    let hundredths = |level: Option<Level>| level.map_or(0, Level::hundredths);
    let (lowest, highest, step) = (hundredths(lowest), hundredths(highest), hundredths(step));
    Checks::only(lowest < highest, "highest", "The highest level is above the lowest one.")?;
    Checks::only((highest - lowest) % step == 0, "step", "The highest level is not reached in such steps.")?;
    let count = (highest - lowest) / step + 1;
    Checks::only(count <= MAX_LEVELS, "step", format!("These are {count} levels; at most {MAX_LEVELS} are taken."))?;
    Ok((lowest, highest, step))
}

fn check_scale_name(name: &str, checks: &mut Checks) {
    checks.that(!name.trim().is_empty(), "name", "Give the scale a name.");
    check_text("name", name, MAX_NAME_CHARS, checks);
}

/// A level as `{rows …}` takes it.
#[derive(Serialize)]
struct Row<'a> {
    level: i64,
    code: &'a str,
    name: &'a str,
    description: &'a str,
}

/// Gives a scale that is still at `version` its name, and its levels their names and descriptions. A level without any of
/// these has its number.
pub async fn describe(
    app: &App,
    actor: &Actor,
    id: i64,
    version: i64,
    name: &str,
    levels: &[NamedLevel],
) -> Result<Listed> {
    actor.require(EDIT)?;
    let current = get(app, actor, id).await?;
    let levels = check_levels(&current.scale, name, levels)?;
    let mut tx = app.db.begin().await?;
    let preset = PRESETS.iter().map(|preset| preset.name).find(|preset| *preset == current.scale.name);
    let query = tx.q(sql!(
        "UPDATE scales SET name = ?, preset = COALESCE(preset, ?), version = version + 1 WHERE id = ? AND version = ?"
    ));
    let query = query.bind(name.trim()).bind(preset).bind(id).bind(version);
    if query.execute().await.map_err(|error| taken(error, name))? == 0 {
        let text = format!("The scale “{}” was changed by somebody else in the meantime.", current.scale.name);
        return Err(Error::Conflict(text));
    }
    replace_levels(&mut tx, id, &levels).await?;
    let detail = serde_json::json!({ "name": name.trim(), "before": current.scale.name });
    events::record(&mut tx, actor, app.now_ms(), "skills.scale_described", &format!("scale:{id}"), &detail).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    get(app, actor, id).await
}

/// The levels that say something, in their order.
fn check_levels(scale: &Scale, name: &str, levels: &[NamedLevel]) -> Result<Vec<NamedLevel>> {
    let mut checks = Checks::default();
    check_scale_name(name, &mut checks);
    let mut kept: Vec<NamedLevel> = Vec::new();
    for named in levels {
        let at = named.level.hundredths();
        let parts = [
            ("code", &named.code, MAX_CODE_CHARS),
            ("name", &named.name, MAX_LEVEL_NAME_CHARS),
            ("description", &named.description, MAX_LEVEL_DESCRIPTION_CHARS),
        ];
        checks.that(
            scale.holds(named.level),
            &format!("name-{at}"),
            format!("{} is no level of this scale.", named.level),
        );
        parts.iter().for_each(|(part, text, most)| check_text(&format!("{part}-{at}"), text, *most, &mut checks));
        let [code, own_name, description] = parts.map(|(_, text, _)| text.trim().to_owned());
        let code = if code.is_empty() { named.level.to_string() } else { code };
        if !own_name.is_empty() || !description.is_empty() || code != named.level.to_string() {
            kept.push(NamedLevel { level: named.level, code, name: own_name, description });
        }
    }
    checks.done()?;
    kept.sort_by_key(|named| named.level);
    Scale { levels: kept.clone(), ..scale.clone() }.check()?;
    Ok(kept)
}

async fn replace_levels(tx: &mut Tx, id: i64, levels: &[NamedLevel]) -> db::Result<()> {
    tx.q(sql!("DELETE FROM scale_levels WHERE scale_id = ?")).bind(id).execute().await?;
    if levels.is_empty() {
        return Ok(());
    }
    let rows: Vec<Row> = levels
        .iter()
        .map(|named| Row {
            level: named.level.hundredths(),
            code: &named.code,
            name: &named.name,
            description: &named.description,
        })
        .collect();
    let query = tx.q(sql!(
        "INSERT INTO scale_levels (scale_id, level, code, name, description)
         SELECT ?, item.level, item.code, item.name, item.description
         FROM {rows level i64, code text, name text, description text}"
    ));
    query.bind(id).bind_rows(&rows).execute().await?;
    Ok(())
}

/// Deletes a scale that no skill stands on.
pub async fn delete(app: &App, actor: &Actor, id: i64) -> Result<String> {
    actor.require(EDIT)?;
    let Listed { scale, skills, is_preset, .. } = get(app, actor, id).await?;
    Checks::only(
        !is_preset,
        "",
        format!("Every installation has “{}”: it can be renamed, but not deleted.", scale.name),
    )?;
    Checks::only(
        skills == 0,
        "",
        format!("{skills} skills stand on “{}”. Give them another scale first.", scale.name),
    )?;
    let query = app.db.q(sql!("SELECT COUNT(*) FROM skill_rescalings WHERE from_scale_id = ? OR to_scale_id = ?"));
    let (turns,) = query.bind(id).bind(id).one::<(i64,)>().await?;
    let text = format!("Skills stood on “{}” before. Their history is read on it, so that it stays.", scale.name);
    Checks::only(turns == 0, "", text)?;
    let mut tx = app.db.begin().await?;
    tx.q(sql!("DELETE FROM scales WHERE id = ?")).bind(id).execute().await?;
    let detail = serde_json::json!({ "name": scale.name });
    events::record(&mut tx, actor, app.now_ms(), "skills.scale_deleted", &format!("scale:{id}"), &detail).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    Ok(scale.name)
}

fn taken(error: db::Error, name: &str) -> Error {
    match error {
        db::Error::Unique => Error::invalid("name", format!("There is a scale “{}” already.", name.trim())),
        other => other.into(),
    }
}
