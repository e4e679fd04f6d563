//! Ratings and skills from files, in the browser and on the command line.
//!
//! A file is read (`file`), held against what is there (`plan`), shown (`preview`), and written all or nothing
//! (`acceptance`). In the browser an uploaded file waits in the table skill_imports between preview and acceptance;
//! the acceptance plans anew inside of its transaction, and asks again when that is no longer what was shown. Many
//! ratings are written in the background (`runs`). Every import can be taken back as a whole (`batches::traces`).

mod acceptance;
pub mod file;
mod handlers;
mod model;
mod plan;
mod preview;
mod progress;
mod recent;
mod runs;
mod views;

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;

use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::plugin::Job;
use crate::tables::Limits;

pub use acceptance::model::{Outcome, Run, accept};
pub use handlers::routes;
pub use model::preview;
pub use preview::{Line, Listing, Preview};
pub use progress::Progress;

/// Forgets the uploads that nobody came back to.
pub const PURGE: Job =
    Job { name: "skills.purge_imports", interval: Duration::from_secs(3600), run: |app| Box::pin(model::purge(app)) };

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Ratings,
    Skills,
    /// Role profiles of occupations.
    Profiles,
    /// The skills of a classification.
    Concepts,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Ratings, Kind::Skills, Kind::Profiles, Kind::Concepts];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Ratings => "ratings",
            Kind::Skills => "skills",
            Kind::Profiles => "profiles",
            Kind::Concepts => "concepts",
        }
    }

    pub fn from_name(name: &str) -> Option<Kind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A file on its way in.
#[derive(Clone, Debug)]
pub struct Upload {
    pub kind: Kind,
    pub file_name: String,
    /// The name of the scale that new skills get; none for the smallest that holds all levels.
    pub scale: Option<String>,
    pub bytes: Bytes,
}

/// What the command line asks for.
pub struct Order<'a> {
    pub kind: Kind,
    pub path: &'a Path,
    /// As in [`Upload`].
    pub scale: Option<&'a str>,
    pub dry_run: bool,
}

/// Imports a file from the command line, or with `dry_run` tells what that would do. When the answer says that it is
/// refused, nothing was written.
///
/// # Errors
/// Invalid for a file that cannot be opened and a scale that nobody knows; Conflict when somebody else changed the
/// same things at the same time.
pub async fn run(app: &App, order: &Order<'_>, progress: &Progress) -> Result<Preview> {
    let file_name = order.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = read(order.path).await?;
    let upload = Upload { kind: order.kind, file_name, scale: order.scale.map(str::to_owned), bytes };
    let actor = Actor::system();
    if order.dry_run {
        return preview(app, &actor, &upload).await;
    }
    let run = Run { progress: progress.clone(), ..Run::default() };
    match accept(app, &actor, &upload, &run).await? {
        Outcome::Imported(preview) | Outcome::Refused(preview) => Ok(preview),
        Outcome::Outdated(_) => {
            Err(Error::Conflict("Somebody changed the same things at the same time. Nothing was written.".to_owned()))
        }
    }
}

async fn read(path: &Path) -> Result<Bytes> {
    let unreadable = |error: std::io::Error| Error::invalid("", format!("{}: {error}", path.display()));
    let length = tokio::fs::metadata(path).await.map_err(unreadable)?.len();
    let most = Limits::default().bytes as u64;
    if length > most {
        return Err(Error::invalid("", format!("{} has {length} bytes; at most {most} are read.", path.display())));
    }
    Ok(tokio::fs::read(path).await.map_err(unreadable)?.into())
}
