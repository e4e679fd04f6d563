//! The columns of the long form that tell who said a level, what proves it, and until when it counts.
//!
//! A file may have any of them or none. An empty cell says nothing, as in all other columns.

use jiff::civil::Date;

use super::columns::{Column, find_one};
use super::{Findings, LevelText};
use crate::error::{Checks, Error};
use crate::plugins::skills::ratings::model::{RatingPatch, Suspension};
use crate::plugins::skills::ratings::rules::check_texts;
use crate::tables::{Problem, Row, Table, quoted};

/// What a file says of a rating beside its level, interest and note.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RatingDetails {
    /// What the person said of themself.
    pub own_level: LevelText,
    /// What somebody else has confirmed.
    pub confirmed_level: LevelText,
    pub evidence: Option<String>,
    /// Any day, also one that is past: history is taken as it was.
    pub valid_until: Option<Date>,
    pub suspension: Option<Suspension>,
}

pub(super) struct DetailColumns {
    own_level: Option<Column>,
    confirmed_level: Option<Column>,
    evidence: Option<Column>,
    valid_until: Option<Column>,
    suspended_until: Option<Column>,
    suspension_reason: Option<Column>,
    /// Who confirmed a level, and when.
    confirmation: [Option<Column>; 2],
    /// Whether these say something.
    has_confirmation: bool,
}

impl DetailColumns {
    pub fn find(table: &Table, findings: &mut Findings) -> DetailColumns {
        let mut one = |name| find_one(table, &[name], findings);
        DetailColumns {
            own_level: one("own_level"),
            confirmed_level: one("confirmed_level"),
            evidence: one("evidence"),
            valid_until: one("valid_until"),
            suspended_until: one("suspended_until"),
            suspension_reason: one("suspension_reason"),
            confirmation: [one("confirmed_by"), one("confirmed_at")],
            has_confirmation: false,
        }
    }

    pub fn read(&mut self, row: Row<'_>, findings: &mut Findings) -> RatingDetails {
        self.has_confirmation |= self.confirmation.iter().any(|column| filled(column, row).is_some());
        let details = RatingDetails {
            own_level: level(&self.own_level, row, findings),
            confirmed_level: level(&self.confirmed_level, row, findings),
            evidence: filled(&self.evidence, row).map(str::to_owned),
            valid_until: day(&self.valid_until, row, findings),
            suspension: self.suspension(row, findings),
        };
        self.check_texts(row, &details, findings);
        details
    }

    /// Nobody confirms in the name of another, so these two columns tell only what was.
    pub fn note_unread(&self, findings: &mut Findings) {
        if self.has_confirmation {
            let notice = "who confirmed a level, and when, is not taken from a file: a level that the import confirms is \
                          confirmed by you, as of now";
            findings.notices.push(notice.to_owned());
        }
    }

    /// A suspension is a day and a reason, never one without the other.
    fn suspension(&self, row: Row<'_>, findings: &mut Findings) -> Option<Suspension> {
        let reason = filled(&self.suspension_reason, row);
        let (missing, message) = match (filled(&self.suspended_until, row), reason) {
            (None, None) => return None,
            (Some(_), Some(reason)) => {
                let until = day(&self.suspended_until, row, findings)?;
                return Some(Suspension { until, reason: reason.to_owned() });
            }
            (Some(_), None) => {
                (&self.suspended_until, "the suspension has no reason; give it in a column “suspension_reason”")
            }
            (None, Some(_)) => {
                (&self.suspension_reason, "the suspension has no last day; give it in a column “suspended_until”")
            }
        };
        let column = missing.as_ref().map(|column| column.name.clone()).unwrap_or_default();
        findings.problems.push(Problem::cell(row.number, column, message));
        None
    }

    /// By the rules of the forms, which know the texts by the same names.
    fn check_texts(&self, row: Row<'_>, details: &RatingDetails, findings: &mut Findings) {
        let (evidence, suspension) = (details.evidence.clone(), Some(details.suspension.clone()));
        let mut checks = Checks::default();
        check_texts(&mut checks, &RatingPatch { evidence, suspension, ..RatingPatch::default() });
        let Err(Error::Invalid(invalid)) = checks.done() else { return };
        for error in invalid.errors() {
            let column = if error.field == "evidence" { &self.evidence } else { &self.suspension_reason };
            let column = column.as_ref().map(|column| column.name.clone()).unwrap_or_default();
            findings.problems.push(Problem::cell(row.number, column, error.message.trim_end_matches('.')));
        }
    }
}

fn filled<'r>(column: &Option<Column>, row: Row<'r>) -> Option<&'r str> {
    column.as_ref().map(|column| column.cell(row)).filter(|text| !text.is_empty())
}

fn level(column: &Option<Column>, row: Row<'_>, findings: &mut Findings) -> LevelText {
    let Some(column) = column else { return LevelText::Unset };
    let level = column.cell(row);
    findings.check_name(row.number, &column.name, level);
    LevelText::of(level)
}

/// Ten characters, because a parser of dates takes times and other ways of writing, too.
fn day(column: &Option<Column>, row: Row<'_>, findings: &mut Findings) -> Option<Date> {
    let text = filled(column, row)?;
    let day = text.parse().ok().filter(|_| text.len() == 10);
    if day.is_none() {
        let column = column.as_ref().map(|column| column.name.clone()).unwrap_or_default();
        let message = format!("{} is no date; write it as 2026-06-01", quoted(text));
        findings.problems.push(Problem::cell(row.number, column, message));
    }
    day
}
