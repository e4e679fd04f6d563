//! The one line that stops the start: which option, what is wrong with its value, and where that value came from.
//! It never holds a secret nor a line break.

use std::fmt;

use figment::Figment;
use figment::error::{Actual, Kind};

use super::layers;
use super::secret::{MASK, is_secret, mask_url};

/// Longer values are cut in messages.
const LONGEST_VALUE: usize = 120;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    subject: String,
    problem: String,
    source: Option<String>,
}

impl ConfigError {
    /// `subject` is an option's name or a file's; `problem` reads on after it.
    pub(super) fn new(subject: impl Into<String>, problem: impl Into<String>) -> ConfigError {
        ConfigError { subject: subject.into(), problem: problem.into(), source: None }
    }

    /// A default is nobody's doing, so it is not named as a source.
    pub(super) fn from(self, source: impl Into<String>) -> ConfigError {
        ConfigError { source: Some(source.into()).filter(|source| source != layers::DEFAULT_SOURCE), ..self }
    }

    /// Tells of the first mistake that Figment found. `section` is the one that was extracted, `""` for the whole.
    pub(super) fn from_figment(layers: &Figment, section: &str, error: figment::Error) -> ConfigError {
        let mut path = error.path;
        if !section.is_empty() {
            // Figment puts the section behind the path within it instead of ahead of it.
            path.retain(|part| part != section);
            path.insert(0, section.to_string());
        }
        if let Kind::MissingField(name) = &error.kind {
            path.push(name.to_string());
        }
        let option = path.join(".");
        let problem = problem(&option, &error.kind);
        let source = layers::source(layers, &option);
        ConfigError::new(option, problem).from(source)
    }
}

impl ConfigError {
    /// What is wrong, without the option's name: `"x" is not a log filter`.
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "config: {}: {}", self.subject, self.problem.replace(['\n', '\r'], " "))?;
        match &self.source {
            Some(source) => write!(f, " (from {source})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ConfigError {}

/// A value as a message shows it: in quotes, its secrets masked, not endless.
pub(super) fn quoted(option: &str, value: &str) -> String {
    if is_secret(option) {
        return MASK.to_string();
    }
    let masked = mask_url(value);
    match masked.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{:?}…", &masked[..end]),
        None => format!("{masked:?}"),
    }
}

fn problem(option: &str, kind: &Kind) -> String {
    match kind {
        Kind::InvalidType(actual, expected) | Kind::InvalidValue(actual, expected) => {
            format!("{} is not {}", found(option, actual), wanted(expected))
        }
        Kind::UnknownVariant(value, known) => format!("{} is not one of {}", quoted(option, value), known.join(", ")),
        Kind::UnknownField(..) => "is not an option".to_string(),
        Kind::MissingField(_) => "is missing".to_string(),
        other => other.to_string(),
    }
}

fn found(option: &str, actual: &Actual) -> String {
    match actual {
        Actual::Str(text) => quoted(option, text),
        Actual::Seq => "a list".to_string(),
        Actual::Map => "a section".to_string(),
        Actual::Unit | Actual::Option => "nothing".to_string(),
        _ if is_secret(option) => MASK.to_string(),
        Actual::Bool(value) => value.to_string(),
        Actual::Unsigned(value) => value.to_string(),
        Actual::Signed(value) => value.to_string(),
        Actual::Float(value) => value.to_string(),
        other => other.to_string(),
    }
}

/// Serde names Rust's types; people who configure a server need not know them.
fn wanted(expected: &str) -> &str {
    match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number, 0 or more",
        "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a string" => "text in quotes",
        "a sequence" => "a list",
        struct_name if struct_name.starts_with("struct ") => "a section",
        other => other,
    }
}
