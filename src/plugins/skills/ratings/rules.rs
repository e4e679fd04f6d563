//! What can be said of a rating: by whom, on which scale, until when. Pure rules, no database.

use super::super::levels::Standing;
use super::model::Cell;
use super::values::{RatingPatch, Suspension, Voice};
use crate::error::{Checks, Error, Result};
use jiff::civil::Date;

pub const MAX_NOTE_CHARS: usize = 2000;
pub const MAX_EVIDENCE_CHARS: usize = 500;

/// Whether what is to be said can be said: by this person, on this scale, on this day.
pub fn check(cell: &Cell, patch: &RatingPatch, voice: Voice, today: Date) -> Result<()> {
    let before = &cell.rating.values;
    if voice == Voice::Own && patch.suspension.as_ref().is_some_and(|wanted| *wanted != before.suspension) {
        return Err(Error::Forbidden);
    }
    let mut checks = Checks::default();
    checks.that(!cell.is_archived, "level", "This skill is archived: it takes no ratings.");
    if let Some(Standing::At(level)) = patch.standing {
        let scale = &cell.scale;
        checks.that(scale.holds(level), "level", format!("The scale {} goes {}.", scale.name, scale.range()));
    }
    check_texts(&mut checks, patch);
    if let Some(Some(until)) = patch.valid_until.filter(|until| *until != before.valid_until) {
        checks.that(
            until >= today,
            "valid_until",
            format!("{until} is past. A certificate holds until today at least."),
        );
    }
    if let Some(Some(suspension)) = patch.suspension.as_ref().filter(|wanted| **wanted != before.suspension) {
        let Suspension { until, reason } = suspension;
        checks.that(
            *until >= today,
            "suspended_until",
            format!("{until} is past. A suspension ends today at the earliest."),
        );
        checks.that(!reason.trim().is_empty(), "suspension_reason", "Say why.");
    }
    checks.done()
}

/// Whether the texts of a patch can be kept as they are.
pub fn check_texts(checks: &mut Checks, patch: &RatingPatch) {
    check_text(checks, "note", patch.note.as_deref(), MAX_NOTE_CHARS, "\r\n\t");
    check_text(checks, "evidence", patch.evidence.as_deref(), MAX_EVIDENCE_CHARS, "");
    check_link(checks, patch.evidence.as_deref());
    let reason = patch.suspension.iter().flatten().map(|suspension| suspension.reason.as_str()).next();
    check_text(checks, "suspension_reason", reason, MAX_EVIDENCE_CHARS, "");
}

fn check_text(checks: &mut Checks, field: &str, text: Option<&str>, most: usize, allowed: &str) {
    let Some(text) = text else { return };
    let name = field.split('_').next_back().unwrap_or(field);
    checks.that(text.chars().count() <= most, field, format!("A {name} has at most {most} characters."));
    let is_control = |letter: char| letter.is_control() && !allowed.contains(letter);
    checks.that(!text.chars().any(is_control), field, "Control characters are not allowed here.");
}

/// A link leads to a page; anything else is taken as the number of a certificate and never becomes a link.
fn check_link(checks: &mut Checks, evidence: Option<&str>) {
    let Some((scheme, _)) = evidence.and_then(|text| text.trim().split_once(':')) else { return };
    let is_scheme = scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    let is_web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let is_refused = is_scheme && !is_web && scheme.chars().next().is_some_and(|letter| letter.is_ascii_alphabetic());
    checks.that(!is_refused, "evidence", "A link begins with https:// or http://.");
}
