//! `export`: writes what is there to standard output or into a file.

use super::output::Output;
use super::{Failure, with_app};
use crate::app::App;
use crate::config::Flags;
use crate::plugins::skills::exports::{self, AsOf, Form, Format, What};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::fs::{self, File};
use std::io::{BufWriter, IsTerminal, stdout};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Export {
    /// What is written
    #[arg(value_name = "WHAT", value_parser = PossibleValuesParser::new(What::NAMES))]
    what: String,
    /// Else what the name of the file ends in, else csv
    #[arg(long, value_parser = formats())]
    format: Option<Format>,
    /// Ratings: one row for each (long, the default), or one column for each skill
    #[arg(long, value_parser = forms())]
    form: Option<Form>,
    /// Ratings: as they were at the end of this day (2026-06-01), in UTC
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Write into this file, which is replaced once all of it is there
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::NAMES).try_map(|name| Format::from_name(&name).ok_or("is not known"))
}

fn forms() -> impl TypedValueParser<Value = Form> {
    PossibleValuesParser::new(["long", "wide"]).try_map(|name| Form::from_name(&name).ok_or("is not known"))
}

impl Export {
    fn what(&self) -> Result<What, Failure> {
        let what = What::from_name(&self.what, self.form.unwrap_or_default());
        match what {
            Some(What::Skills | What::People) if self.form.is_some() => {
                Err(Failure::new(format!("--form is for ratings; {} have one form only", self.what)))
            }
            Some(What::Skills | What::People) if self.as_of.is_some() => {
                Err(Failure::new(format!("--as-of is for ratings; {} are told as they are now", self.what)))
            }
            Some(what) => Ok(what),
            None => Err(Failure::new(format!("{} cannot be exported", self.what))),
        }
    }

    fn format(&self) -> Format {
        let ending = self.output.as_deref().and_then(Path::extension).and_then(|ending| ending.to_str());
        self.format.or_else(|| Format::from_name(&ending?.to_lowercase())).unwrap_or(Format::Csv)
    }
}

pub async fn run(flags: &Flags, export: Export) -> Result<(), Failure> {
    let (what, format) = (export.what()?, export.format());
    if export.output.is_none() && format == Format::Xlsx && stdout().is_terminal() {
        return Err(Failure::new("a workbook is nothing to read on a terminal; name a file with --output"));
    }
    with_app(flags, async |app| {
        let as_of = AsOf::parse(export.as_of.as_deref().unwrap_or_default(), app.now_ms())?;
        match &export.output {
            Some(path) => to_file(app, what, format, as_of, path).await,
            None => Ok(exports::write(app, what, format, as_of, BufWriter::new(Output)).await?),
        }
    })
    .await
}

/// An export that breaks off leaves what the file held before.
async fn to_file(app: &App, what: What, format: Format, as_of: AsOf, path: &Path) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", path.display()));
    let part = part_of(path);
    let file = File::create(&part).map_err(|error| failed(&error))?;
    let written = exports::write(app, what, format, as_of, BufWriter::new(file)).await;
    let placed = written.map_err(|error| failed(&error)).and_then(|()| {
        let moved = if part == path { Ok(()) } else { fs::rename(&part, path) };
        moved.map_err(|error| failed(&error))
    });
    if placed.is_err() && part != path {
        // It may be gone already; the failure itself is what counts.
        let _ = fs::remove_file(&part);
    }
    placed
}

/// Where the file grows until it is whole. A device or a pipe is written to as it is: nothing can take its place.
fn part_of(path: &Path) -> PathBuf {
    if path.exists() && !path.is_file() {
        return path.to_owned();
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}
