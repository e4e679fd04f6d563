//! What may be set, what it is now, and setting it.

use super::super::SYSTEM;
use crate::accounts::Actor;
use crate::app::App;
use crate::config::Shown;
use crate::db::{self, Tx};
use crate::error::{Checks, Error, Result};
use crate::events;
use crate::settings::{SETTINGS, Setting, SettingInput, TOPIC};
use crate::sql;
use serde_json::json;
use std::collections::HashMap;

pub struct Line {
    pub setting: &'static Setting,
    /// In force now.
    pub shown: Shown,
    /// What the configuration says, where something else is in force.
    pub configured: Option<Shown>,
    pub version: i64,
}

/// What became of a change.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Saved,
    /// Somebody else was quicker.
    Conflict,
}

#[derive(sqlx::FromRow)]
struct Overridden {
    name: String,
    value: Option<String>,
    version: i64,
}

pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Line>> {
    actor.require(SYSTEM)?;
    let rows: Vec<Overridden> = app.db.q(sql!("SELECT name, value, version FROM overridden_options")).all().await?;
    let rows: HashMap<String, Overridden> = rows.into_iter().map(|row| (row.name.clone(), row)).collect();
    let config = app.settings.config();
    let line = |setting: &'static Setting| {
        let row = rows.get(setting.option);
        let is_overridden = row.is_some_and(|row| row.value.is_some());
        Line {
            setting,
            shown: config.shown(setting.option),
            configured: is_overridden.then(|| app.settings.base().shown(setting.option)),
            version: row.map_or(0, |row| row.version),
        }
    };
    Ok(all(app).map(line).collect())
}

/// Those of the portal, then those of the plugins that are on.
fn all(app: &App) -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().chain(app.plugins_on().flat_map(|plugin| plugin.settings))
}

/// Sets an option that is still at this version; `None` lets the configuration count again.
pub async fn save(app: &App, actor: &Actor, option: &str, value: Option<&str>, version: i64) -> Result<Outcome> {
    actor.require(SYSTEM)?;
    let setting = all(app).find(|setting| setting.option == option).ok_or(Error::NotFound)?;
    let value = value.map(str::trim);
    if let Some(value) = value {
        check(app, setting, value)?;
    }
    let before = app.settings.config().shown(option).value;
    let mut tx = app.db.begin().await?;
    if !write(&mut tx, option, value, version, app.now_ms()).await? {
        return Ok(Outcome::Conflict);
    }
    let after = value.map_or_else(|| app.settings.base().shown(option).value, str::to_owned);
    let detail = events::changes(&json!({ option: before }), &json!({ option: after }));
    events::record(&mut tx, actor, app.now_ms(), "admin.option_set", &format!("option:{option}"), &detail).await?;
    tx.commit().await?;
    app.publish(TOPIC, option).await;
    app.settings.refresh().await;
    Ok(Outcome::Saved)
}

fn check(app: &App, setting: &Setting, value: &str) -> Result<()> {
    let mut checks = Checks::default();
    if let SettingInput::Text { max_length } = setting.input {
        checks.that(value.chars().count() <= max_length, "value", format!("At most {max_length} characters fit here."));
    }
    checks.that(!value.chars().any(char::is_control), "value", "Control characters are not allowed here.");
    if let Err(refused) = app.settings.tried(setting.option, value) {
        checks.that(false, "value", capitalised(refused.problem()));
    }
    checks.done()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).chain(['.']).collect()
}

/// `false` when the option is no longer at `version`, 0 of one that was never set.
async fn write(tx: &mut Tx, option: &str, value: Option<&str>, version: i64, now_ms: i64) -> Result<bool> {
    if version > 0 {
        let query = tx.q(sql!(
            "UPDATE overridden_options SET value = ?, version = version + 1, changed_at = ? WHERE name = ? AND version = ?"
        ));
        return Ok(query.bind(value.map(str::to_owned)).bind(now_ms).bind(option).bind(version).execute().await? == 1);
    }
    let query = tx.q(sql!("INSERT INTO overridden_options (name, value, version, changed_at) VALUES (?, ?, 1, ?)"));
    match query.bind(option).bind(value.map(str::to_owned)).bind(now_ms).execute().await {
        Ok(_) => Ok(true),
        Err(db::Error::Unique) => Ok(false),
        Err(other) => Err(other.into()),
    }
}
