//! `import`: takes a file in, or tells what that would do.

use super::{Failure, output, with_app};
use crate::config::Flags;
use crate::plugins::skills::imports::{self, Kind};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Import {
    /// What the file holds
    #[arg(value_name = "WHAT", value_parser = kinds())]
    kind: Kind,
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

fn kinds() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.map(Kind::name)).try_map(|name| Kind::from_name(&name).ok_or("is not known"))
}

pub async fn run(flags: &Flags, import: Import) -> Result<(), Failure> {
    let Import { kind, file, scale, dry_run } = import;
    with_app(flags, async |app| {
        let report = imports::run(app, kind, &file, scale.as_deref(), dry_run).await?;
        if report.is_refused() {
            // What is wrong with a file takes more than one line; the last one tells how it ended.
            eprint!("{report}");
            return Err(Failure::new(format!("{} was not imported", file.display())));
        }
        output::text(&report.to_string())
    })
    .await
}
