//! Reads config.toml: one table for each profile, and nothing beside them. A misspelt profile would otherwise be
//! ignored in silence, and so would a section that lacks its profile.

use std::path::Path;

use figment::Provider;
use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};

use super::{ConfigError, Profile};

pub(super) fn parse(path: &Path, text: &str) -> Result<Map<figment::Profile, Dict>, ConfigError> {
    let file = path.display().to_string();
    let tables = Toml::string(text).data().map_err(|e| ConfigError::new(&file, syntax_problem(&e.to_string())))?;
    let mut profiles = Map::new();
    for (name, value) in tables.into_values().flatten() {
        let known = name == "default" || Profile::named(&name).is_some();
        match value {
            Value::Dict(_, options) if known => profiles.insert(figment::Profile::new(&name), options),
            _ => {
                let problem = "is not a profile; options stand in [default], [development], [test] or [production], \
                    or in a section such as [default.http]";
                return Err(ConfigError::new(name, problem).from(file));
            }
        };
    }
    Ok(profiles)
}

/// The place and the reason, without the lines in between that quote the file: they may hold a secret.
fn syntax_problem(message: &str) -> String {
    let mut lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    let place = lines.next().unwrap_or("cannot be read");
    let is_excerpt = |line: &str| {
        line.contains('|') && line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').starts_with('|')
    };
    let reasons: Vec<&str> = lines.filter(|line| !is_excerpt(line)).collect();
    if reasons.is_empty() { place.to_string() } else { format!("{place}: {}", reasons.join(", ")) }
}
