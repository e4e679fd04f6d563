//! The scale that a skill gets when the file makes it.

use crate::error::{Error, Result};
use crate::plugins::skills::levels::Scale;
use crate::plugins::skills::presets::smallest_preset;
use crate::plugins::skills::scales::Scales;

/// What is used where the file names no scale; none when no preset holds every level of the file.
///
/// # Errors
/// Invalid for a scale that is asked for by a name that nobody knows, and where there are no scales at all.
pub fn default_scale<'a, 'l>(
    scales: &'a Scales,
    asked: Option<&str>,
    levels: impl IntoIterator<Item = &'l str> + Clone,
) -> Result<Option<&'a Scale>> {
    if scales.all().is_empty() {
        return Err(Error::invalid("scale", "There are no scales yet; run `quarterdeck init-data` first."));
    }
    if let Some(name) = asked {
        let unknown = || Error::invalid("scale", format!("There is no scale “{name}”. There are: {}.", scales.names()));
        return scales.named(name).map(Some).ok_or_else(unknown);
    }
    Ok(smallest_preset(levels).and_then(|preset| scales.named(preset.name)))
}

/// Whether some preset has this level, so that only the other levels of the file keep it from being used.
pub fn is_level_of_a_preset(level: &str) -> bool {
    smallest_preset([level]).is_some()
}
