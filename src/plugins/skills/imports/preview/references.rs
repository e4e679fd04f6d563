//! The preview of what is looked up: role profiles, and the concepts of a classification.

use super::super::Kind;
use super::{Line, Listing, Preview, line};
use crate::plugins::skills::concepts::file::Concept;
use crate::plugins::skills::profiles::imports::model::Fresh;
use sha2::{Digest, Sha256};

impl Preview {
    pub fn of_profiles(fresh: &[Fresh], unchanged: usize) -> Preview {
        let lines = fresh.iter().map(|Fresh { row, profile, before }| {
            let about = format!("{}, {} skills", profile.code, profile.skills.len());
            let after = if before.is_some() { format!("{}, {about}", profile.name) } else { about };
            (line(*row, "role", profile.name.clone(), before.clone().unwrap_or_default(), after), before.is_none())
        });
        of_lines(Kind::Profiles, ("profile", "profiles"), lines.collect(), unchanged)
    }

    pub fn of_concepts(fresh: &[(Concept, Option<String>)], unchanged: usize) -> Preview {
        let lines = fresh.iter().map(|(concept, before)| {
            let after = if before.is_some() { concept.name.clone() } else { concept.uri.clone() };
            let before_text = before.clone().unwrap_or_default();
            (line(concept.row, "preferred_label", concept.name.clone(), before_text, after), before.is_none())
        });
        of_lines(Kind::Concepts, ("concept", "concepts"), lines.collect(), unchanged)
    }
}

/// Each line with whether it is of something new.
fn of_lines(kind: Kind, nouns: (&'static str, &'static str), lines: Vec<(Line, bool)>, unchanged: usize) -> Preview {
    let mut digest = Sha256::new();
    lines.iter().for_each(|line| digest.update(format!("{line:?}")));
    let fingerprint = digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let (new, changed): (Vec<_>, Vec<_>) = lines.into_iter().partition(|(_, is_new)| *is_new);
    let listing = |lines: Vec<(Line, bool)>| Listing::of(nouns, lines.into_iter().map(|(line, _)| line));
    Preview {
        fingerprint,
        created: listing(new).into_iter().collect(),
        changed: listing(changed).into_iter().collect(),
        unchanged,
        ..Preview::refused(kind, Vec::new())
    }
}
