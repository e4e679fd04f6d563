//! Concepts: skills as a classification names them, which a new skill can take its name and its definition from.
//!
//! Table: concepts. The European classification (ESCO) is taken as it is published, on the command line by `import
//! concepts`, or in the browser as any other import; a concept that is there already takes the file's name.

pub mod file;
pub mod handlers;
pub mod model;
mod views;

use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::tables::{Limits, Problem};
use bytes::Bytes;
use std::path::Path;

/// How taking a file in ended.
#[derive(Debug)]
pub enum Outcome {
    Imported {
        added: usize,
        renamed: usize,
        unchanged: usize,
    },
    /// There are problems; nothing was written.
    Refused(Vec<Problem>),
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Outcome::Imported { added, renamed, unchanged } => {
                writeln!(f, "{added} concepts added, {renamed} renamed, {unchanged} as they were.")
            }
            Outcome::Refused(problems) => problems.iter().try_for_each(|problem| writeln!(f, "{problem}")),
        }
    }
}

/// Takes a file in from the command line.
///
/// # Errors
/// Invalid for a file that cannot be opened.
pub async fn run(app: &App, path: &Path) -> Result<Outcome> {
    let unreadable = |error: std::io::Error| Error::invalid("", format!("{}: {error}", path.display()));
    let length = tokio::fs::metadata(path).await.map_err(unreadable)?.len();
    let most = Limits::default().bytes as u64;
    if length > most {
        return Err(Error::invalid("", format!("{} has {length} bytes; at most {most} are read.", path.display())));
    }
    let bytes: Bytes = tokio::fs::read(path).await.map_err(unreadable)?.into();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    model::import(app, &Actor::system(), &name, bytes).await
}
