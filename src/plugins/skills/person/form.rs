//! The form of a whole category: for each skill the fields `level-12`, `interest-12`, `note-12`, the version that was
//! shown, and what was shown, so that only what the person touched is saved.

use super::super::levels::Scale;
use super::super::ratings::handlers::{interest, standing_text};
use super::super::ratings::model::{Base, RatingPatch, Values, Voice};
use crate::error::{Error, Result};
use crate::web::form::number_of;
use std::collections::HashMap;

/// The fields as they were sent.
pub struct CategoryForm(HashMap<String, String>);

/// What was typed for one skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    pub level: String,
    pub interest: String,
    pub note: String,
}

impl Typed {
    /// What the fields show when nothing was typed.
    pub fn of(scale: &Scale, values: &Values, voice: Voice) -> Self {
        Typed {
            level: standing_text(scale, values.said_by(voice)),
            interest: values.interest.map(|interest| interest.value().to_string()).unwrap_or_default(),
            note: values.note.clone(),
        }
    }

    /// One text for a hidden field. Line ends are told alike, because browsers send them as CRLF.
    pub fn fingerprint(&self) -> String {
        format!("{}|{}|{}", self.level, self.interest, self.note.trim().replace("\r\n", "\n"))
    }

    pub fn patch(&self, scale: &Scale) -> Result<RatingPatch> {
        let standing = scale.parse_standing(&self.level).map_err(|problem| Error::invalid("level", problem))?;
        Ok(RatingPatch {
            standing: Some(standing),
            interest: Some(interest(&self.interest)?),
            note: Some(self.note.replace("\r\n", "\n")),
            ..RatingPatch::default()
        })
    }
}

impl CategoryForm {
    pub fn new(fields: HashMap<String, String>) -> Self {
        CategoryForm(fields)
    }

    /// What was typed for a skill, if it is another thing than what was shown.
    pub fn touched(&self, skill_id: i64) -> Option<Typed> {
        let field = |name: &str| self.0.get(&format!("{name}-{skill_id}")).cloned();
        let typed = Typed { level: field("level")?, interest: field("interest")?, note: field("note")? };
        (field("was").as_deref() != Some(&typed.fingerprint())).then_some(typed)
    }

    pub fn base(&self, skill_id: i64) -> Base {
        let version = self.0.get(&format!("version-{skill_id}"));
        Base::Version(version.and_then(|text| number_of(text)).unwrap_or(0))
    }
}
