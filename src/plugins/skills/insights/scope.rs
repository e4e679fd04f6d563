//! What a picture is about, as its address says: `?team=3&category=7&as_of=2026-06-01`.

use super::super::as_of::AsOf;
use crate::app::App;
use crate::error::Result;
use crate::web::form::id_of;
use serde::Deserialize;

/// The parameters that all pictures share; a form sends those that are empty, too.
#[derive(Deserialize, Clone, Debug, Default)]
#[serde(default)]
pub struct Parameters {
    pub team: String,
    pub category: String,
    pub as_of: String,
}

/// Which part of the organisation, and which day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    pub team_id: Option<i64>,
    pub category_id: Option<i64>,
    pub as_of: AsOf,
}

impl Parameters {
    pub fn scope(&self, app: &App) -> Result<Scope> {
        let as_of = AsOf::parse(&self.as_of, app.now_ms())?;
        Ok(Scope { team_id: id_of(&self.team), category_id: id_of(&self.category), as_of })
    }
}

impl Scope {
    /// The address's part for the same scope, without what is not narrowed.
    pub fn query(&self) -> String {
        self.query_with(&[])
    }

    /// As `query`, with further parameters ahead.
    pub fn query_with(&self, first: &[(&str, String)]) -> String {
        let mut pairs = first.to_vec();
        pairs.extend(self.team_id.map(|id| ("team", id.to_string())));
        pairs.extend(self.category_id.map(|id| ("category", id.to_string())));
        pairs.extend(self.as_of.day().map(|day| ("as_of", day.to_string())));
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    }

    /// The matrix of this scope, narrowed by further parameters. A bare address would open what the person chose to see first.
    pub fn matrix(&self, first: &[(&str, String)]) -> String {
        let query = self.query_with(first);
        format!("/skills?{}", if query.is_empty() { "all=yes" } else { &query })
    }

    /// In English, for captions: `as of 2026-06-01`.
    pub fn when(&self) -> String {
        self.as_of.day().map(|day| format!("as of {day}")).unwrap_or_else(|| "today".to_owned())
    }
}
