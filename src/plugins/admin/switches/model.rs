//! Which plugins there are, and the switches of those that have one.

use super::super::{PLUGIN, SYSTEM};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Error, Result};
use crate::plugin::Plugin;
use crate::settings::TOPIC;
use crate::sql;
use crate::{events, plugins};
use serde_json::json;
use std::collections::HashMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Without it nobody could switch anything, or see who is there.
    Always,
    On,
    Off,
    /// The configuration leaves it out.
    Excluded,
}

pub struct Line {
    pub plugin: &'static Plugin,
    pub state: State,
    pub version: i64,
}

/// What became of a switch.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Switched,
    /// Somebody else was quicker.
    Conflict,
}

#[derive(sqlx::FromRow)]
struct Switch {
    plugin: String,
    is_on: bool,
    version: i64,
}

pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Line>> {
    actor.require(SYSTEM)?;
    let rows: Vec<Switch> = app.db.q(sql!("SELECT plugin, is_on, version FROM plugin_switches")).all().await?;
    let switches: HashMap<String, Switch> = rows.into_iter().map(|row| (row.plugin.clone(), row)).collect();
    let line = |plugin: &&'static Plugin| {
        let switch = switches.get(plugin.id);
        let is_on = switch.is_none_or(|switch| switch.is_on);
        Line { plugin, state: state(app, plugin, is_on), version: switch.map_or(0, |switch| switch.version) }
    };
    Ok(plugins::ALL.iter().map(line).collect())
}

fn state(app: &App, plugin: &Plugin, is_on: bool) -> State {
    match is_on {
        _ if !app.plugins.iter().any(|allowed| allowed.id == plugin.id) => State::Excluded,
        _ if is_indispensable(plugin) => State::Always,
        true => State::On,
        false => State::Off,
    }
}

fn is_indispensable(plugin: &Plugin) -> bool {
    [PLUGIN.id, plugins::people::PLUGIN.id].contains(&plugin.id)
}

/// Switches a plugin whose switch is still at this version, in every process.
pub async fn switch(app: &App, actor: &Actor, id: &str, on: bool, version: i64) -> Result<Outcome> {
    actor.require(SYSTEM)?;
    let plugin = app.plugins.iter().find(|plugin| plugin.id == id).ok_or(Error::NotFound)?;
    if is_indispensable(plugin) {
        return Err(Error::invalid("", format!("{} cannot be switched off.", plugin.title)));
    }
    let mut tx = app.db.begin().await?;
    let Some(was_on) = write(&mut tx, id, on, version, app.now_ms()).await? else { return Ok(Outcome::Conflict) };
    let detail = events::changes(&json!({ "on": was_on }), &json!({ "on": on }));
    events::record(&mut tx, actor, app.now_ms(), "admin.plugin_switched", &format!("plugin:{id}"), &detail).await?;
    tx.commit().await?;
    app.publish(TOPIC, id).await;
    app.settings.refresh().await;
    Ok(Outcome::Switched)
}

/// What the switch was before; `None` when it is no longer at `version`, 0 of one that was never touched.
async fn write(tx: &mut Tx, id: &str, on: bool, version: i64, now_ms: i64) -> Result<Option<bool>> {
    let query = tx.q(sql!("SELECT is_on, version FROM plugin_switches WHERE plugin = ? {for_update}"));
    match query.bind(id).optional::<(bool, i64)>().await? {
        Some((was_on, current)) if current == version => {
            let query = tx.q(sql!(
                "UPDATE plugin_switches SET is_on = ?, version = version + 1, changed_at = ? WHERE plugin = ?"
            ));
            query.bind(on).bind(now_ms).bind(id).execute().await?;
            Ok(Some(was_on))
        }
        Some(_) => Ok(None),
        None => {
            let query =
                tx.q(sql!("INSERT INTO plugin_switches (plugin, is_on, version, changed_at) VALUES (?, ?, 1, ?)"));
            match query.bind(id).bind(on).bind(now_ms).execute().await {
                Ok(_) => Ok(Some(true)),
                Err(db::Error::Unique) => Ok(None),
                Err(other) => Err(other.into()),
            }
        }
    }
}
