//! `import`: takes a file in, or tells what that would do.

use super::{Failure, output, with_app};
use crate::accounts::Actor;
use crate::config::Flags;
use crate::plugins::skills::concepts;
use crate::plugins::skills::imports::{self, Kind, Order, Progress};
use crate::plugins::skills::profiles;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

/// How often the progress is told.
const TOLD: Duration = Duration::from_millis(250);

#[derive(clap::Args)]
pub struct Import {
    /// What the file holds
    #[arg(value_name = "WHAT", value_parser = whats())]
    what: What,
    /// A CSV or XLSX file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The scale of skills that are new; else the smallest that holds all levels of the file
    #[arg(long, value_name = "NAME")]
    scale: Option<String>,
    /// Tell what would be made, changed and refused, and write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy)]
enum What {
    Matrix(Kind),
    Profiles,
    Concepts,
}

fn whats() -> impl TypedValueParser<Value = What> {
    let names = Kind::ALL.map(Kind::name);
    PossibleValuesParser::new(names).try_map(|name| match Kind::from_name(&name) {
        Some(Kind::Profiles) => Ok(What::Profiles),
        Some(Kind::Concepts) => Ok(What::Concepts),
        kind => kind.map(What::Matrix).ok_or("is not known"),
    })
}

pub async fn run(flags: &Flags, import: Import) -> Result<(), Failure> {
    let Import { what, file, scale, dry_run } = import;
    with_app(flags, async |app| {
        let (is_refused, report) = match what {
            What::Matrix(kind) => {
                let progress = Progress::default();
                let order = Order { kind, path: &file, scale: scale.as_deref(), dry_run };
                let report = watched(imports::run(app, &order, &progress), &progress).await?;
                (report.is_refused(), report.to_string())
            }
            What::Profiles if scale.is_some() => {
                return Err(Failure::new("profiles have a scale of their own, so --scale says nothing here"));
            }
            What::Concepts if scale.is_some() || dry_run => {
                return Err(Failure::new(
                    "concepts have no scale and change no skill; leave --scale and --dry-run out",
                ));
            }
            What::Concepts => {
                let outcome = concepts::run(app, &file).await?;
                (matches!(outcome, concepts::Outcome::Refused(_)), outcome.to_string())
            }
            What::Profiles => {
                let report = profiles::imports::run(app, &Actor::system(), &file, dry_run).await?;
                (report.is_refused(), report.to_string())
            }
        };
        if is_refused {
            // What is wrong with a file takes more than one line; the last one tells how it ended.
            eprint!("{report}");
            return Err(Failure::new(format!("{} was not imported", file.display())));
        }
        output::text(&report)
    })
    .await
}

/// Tells how far the work is, where somebody looks on.
async fn watched<T>(work: impl Future<Output = T>, progress: &Progress) -> T {
    if !stderr().is_terminal() {
        return work.await;
    }
    const CLEAR_LINE: &str = "\r\x1b[K";
    let mut work = pin!(work);
    let mut ticks = tokio::time::interval(TOLD);
    loop {
        tokio::select! {
            done = &mut work => {
                eprint!("{CLEAR_LINE}");
                return done;
            }
            _ = ticks.tick() => eprint!("{CLEAR_LINE}{progress}"),
        }
    }
}
