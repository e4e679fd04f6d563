//! The form of a whole category: for each skill the fields `level-12`, `interest-12`, `note-12` and those of a certificate,
//! the version that was shown, and what was shown, so that only what the person touched is saved.

use super::super::levels::Scale;
use super::super::ratings::handlers::{interest, standing_text};
use super::super::ratings::model::{Base, RatingPatch, Suspension, Values, Voice};
use crate::error::{Checks, Error, Result};
use crate::web::form::number_of;
use jiff::civil::Date;
use std::collections::HashMap;

/// The fields as they were sent.
pub struct CategoryForm(HashMap<String, String>);

/// What was typed for one skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    pub level: String,
    pub interest: String,
    pub note: String,
    /// Confirmed although it is the level that stands there.
    pub confirm: bool,
    /// `None` where the form had no such fields.
    pub certificate: Option<Certificate>,
    /// `None` where the form had no such fields: nobody suspends themself.
    pub suspension: Option<TypedSuspension>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    pub evidence: String,
    pub valid_until: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedSuspension {
    pub until: String,
    pub reason: String,
}

impl Typed {
    /// What the fields show when nothing was typed.
    pub fn of(scale: &Scale, values: &Values, voice: Voice) -> Self {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let suspension = values.suspension.as_ref();
        Typed {
            level: standing_text(scale, values.said_by(voice)),
            interest: values.interest.map(|interest| interest.value().to_string()).unwrap_or_default(),
            note: values.note.clone(),
            confirm: false,
            certificate: Some(Certificate { evidence: values.evidence.clone(), valid_until: day(values.valid_until) }),
            suspension: Some(TypedSuspension {
                until: day(suspension.map(|suspension| suspension.until)),
                reason: suspension.map(|suspension| suspension.reason.clone()).unwrap_or_default(),
            }),
        }
    }

    /// One text for a hidden field. Line ends are told alike, because browsers send them as CRLF.
    pub fn fingerprint(&self) -> String {
        format!("{}|{}|{}", self.level, self.interest, self.note.trim().replace("\r\n", "\n"))
    }

    /// The same for the certificate and the suspension.
    pub fn further_fingerprint(&self) -> String {
        let Certificate { evidence, valid_until } = self.certificate.clone().unwrap_or_default();
        let TypedSuspension { until, reason } = self.suspension.clone().unwrap_or_default();
        format!("{}|{valid_until}|{until}|{}", evidence.trim(), reason.trim())
    }

    pub fn patch(&self, scale: &Scale) -> Result<RatingPatch> {
        let standing = scale.parse_standing(&self.level).map_err(|problem| Error::invalid("level", problem))?;
        let mut checks = Checks::default();
        let valid_until = self.certificate.as_ref().map(|typed| day(&mut checks, "valid_until", &typed.valid_until));
        let suspension = self.suspension.as_ref().map(|typed| typed.suspension(&mut checks));
        checks.done()?;
        Ok(RatingPatch {
            standing: Some(standing),
            restated: self.confirm,
            interest: Some(interest(&self.interest)?),
            note: Some(self.note.replace("\r\n", "\n")),
            evidence: self.certificate.as_ref().map(|typed| typed.evidence.clone()),
            valid_until,
            suspension,
        })
    }
}

impl TypedSuspension {
    /// A reason without a day says nothing.
    fn suspension(&self, checks: &mut Checks) -> Option<Suspension> {
        let until = day(checks, "suspended_until", &self.until);
        let has_day = until.is_some() || self.reason.trim().is_empty() || !self.until.trim().is_empty();
        checks.that(has_day, "suspended_until", "Give the last day of the suspension.");
        until.map(|until| Suspension { until, reason: self.reason.trim().to_owned() })
    }
}

fn day(checks: &mut Checks, field: &str, text: &str) -> Option<Date> {
    let text = text.trim();
    let day = text.parse::<Date>().ok();
    checks.that(text.is_empty() || day.is_some(), field, format!("“{text}” is no date. Write it as 2026-12-31."));
    day
}

impl CategoryForm {
    pub fn new(fields: HashMap<String, String>) -> Self {
        CategoryForm(fields)
    }

    /// What was typed for a skill, if it is another thing than what was shown.
    pub fn touched(&self, skill_id: i64) -> Option<Typed> {
        let field = |name: &str| self.0.get(&format!("{name}-{skill_id}")).cloned();
        let certificate = field("evidence").zip(field("valid_until"));
        let suspension = field("suspended_until").zip(field("suspension_reason"));
        let typed = Typed {
            level: field("level")?,
            interest: field("interest")?,
            note: field("note")?,
            confirm: field("confirm").is_some(),
            certificate: certificate.map(|(evidence, valid_until)| Certificate { evidence, valid_until }),
            suspension: suspension.map(|(until, reason)| TypedSuspension { until, reason }),
        };
        let is_new = |name: &str, now: String| field(name).as_deref() != Some(&now);
        let has_further = typed.certificate.is_some() && is_new("further", typed.further_fingerprint());
        (typed.confirm || has_further || is_new("was", typed.fingerprint())).then_some(typed)
    }

    pub fn base(&self, skill_id: i64) -> Base {
        let version = self.0.get(&format!("version-{skill_id}"));
        Base::Version(version.and_then(|text| number_of(text)).unwrap_or(0))
    }
}
