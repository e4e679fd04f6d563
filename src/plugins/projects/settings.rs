//! The section [default.projects] of config.toml.

use crate::app::App;
use crate::config::{ConfigError, Loaded};
use crate::error::{Error, Result};
use crate::settings;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, de};
use std::sync::Arc;

const SECTION: &str = "projects";

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where days begin and end: due days are days of this place, wherever somebody looks at them.
    #[serde(deserialize_with = "time_zone")]
    pub time_zone: TimeZone,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { time_zone: TimeZone::UTC }
    }
}

fn time_zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TimeZone, D::Error> {
    let name = String::deserialize(deserializer)?;
    TimeZone::get(&name)
        .map_err(|_| de::Error::custom(format!("“{name}” is no time zone; write one as “Europe/Berlin”, or “UTC”")))
}

/// Refuses a section that nobody understands, before anything starts.
pub fn check(config: &Loaded) -> std::result::Result<(), ConfigError> {
    config.section::<Settings>(SECTION).map(drop)
}

async fn of(app: &App) -> Result<Arc<Settings>> {
    let read = async || {
        app.settings.refresh().await;
        app.settings.config().section::<Settings>(SECTION).map_err(|error| Error::internal(error.to_string()))
    };
    app.cache.get_or(&[settings::TOPIC], format!("{SECTION}/settings"), read).await
}

/// The day that it is where the work is done.
pub async fn today(app: &App) -> Result<Date> {
    let now = jiff::Timestamp::from_millisecond(app.now_ms()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    Ok(now.to_zoned(of(app).await?.time_zone.clone()).date())
}
