//! Ratings, skills and people as files: CSV and XLSX, from the browser and the command line.
//!
//! An export is prepared first, which checks the permission and what cannot be written; then its rows are read page by
//! page while a thread of its own writes the file, so that the memory it takes is bounded whatever its length. What an
//! export of ratings or skills writes, an import takes back.

mod handlers;
mod model;
mod stream;

use std::io::Write;

use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;

pub use super::as_of::AsOf;
pub use super::matrix::model::Filter;
pub use handlers::routes;
pub use model::{Export, prepare};

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Ratings(Form),
    Skills,
    People,
}

/// How ratings are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// One row for each rating, with everything that is known of it.
    #[default]
    Long,
    /// One row for each person and one column for each skill, with levels alone.
    Wide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
}

impl What {
    pub const NAMES: [&str; 3] = ["ratings", "skills", "people"];

    /// `form` matters for ratings only.
    pub fn from_name(name: &str, form: Form) -> Option<What> {
        match name {
            "ratings" => Some(What::Ratings(form)),
            "skills" => Some(What::Skills),
            "people" => Some(What::People),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            What::Ratings(_) => "ratings",
            What::Skills => "skills",
            What::People => "people",
        }
    }
}

impl Form {
    pub fn from_name(name: &str) -> Option<Form> {
        match name {
            "long" => Some(Form::Long),
            "wide" => Some(Form::Wide),
            _ => None,
        }
    }
}

impl Format {
    pub const NAMES: [&str; 2] = ["csv", "xlsx"];

    pub fn from_name(name: &str) -> Option<Format> {
        match name {
            "csv" => Some(Format::Csv),
            "xlsx" => Some(Format::Xlsx),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Writes everything from the command line. After an error `out` holds a part of the file.
///
/// # Errors
/// Invalid for what the form cannot hold; Internal for what `out` answers.
pub async fn write(app: &App, what: What, format: Format, as_of: AsOf, out: impl Write + Send + 'static) -> Result<()> {
    let export = prepare(app, &Actor::system(), what, &Filter::default(), as_of).await?;
    stream::write(app, export, format, out).await
}
