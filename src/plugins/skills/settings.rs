//! The section [default.skills] of config.toml.

use crate::app::App;
use crate::config::{ConfigError, Loaded};
use crate::error::{Error, Result};
use crate::settings::{self, Setting, SettingInput};
use serde::Deserialize;
use std::sync::Arc;

const SECTION: &str = "skills";

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub visibility: Visibility,
}

/// Whose ratings people see who hold no further permission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    #[default]
    Everybody,
    /// Their own, those of their team, and everybody's on the skills that they own.
    Team,
}

/// What administrators may set while the portal runs.
pub const SETTINGS: &[Setting] = &[Setting {
    option: "skills.visibility",
    title: "Whose ratings people see",
    hint: "Administrators and auditors see everything either way.",
    input: SettingInput::Choice(&[
        ("everybody", "All who may see the matrix see all of it"),
        ("team", "Their own, their team's, and everybody's on skills that they look after"),
    ]),
    may_be_empty: false,
}];

/// Refuses a section that nobody understands, before anything starts.
pub fn check(config: &Loaded) -> Result<(), ConfigError> {
    config.section::<Settings>(SECTION).map(drop)
}

/// The section, read once in a while: taking it out of its layers costs more than a query.
pub async fn of(app: &App) -> Result<Arc<Settings>> {
    let read = async || {
        app.settings.refresh().await;
        app.settings.config().section::<Settings>(SECTION).map_err(|error| Error::internal(error.to_string()))
    };
    app.cache.get_or(&[settings::TOPIC], format!("{SECTION}/settings"), read).await
}
