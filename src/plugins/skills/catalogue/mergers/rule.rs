//! Which of two ratings of a person counts when their skills become one: pure, without a database.

use super::super::super::levels::Standing;
use super::super::super::ratings::model::Values;

/// What is said of a person, and when that was said last.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub values: Values,
    /// In UTC milliseconds.
    pub at: i64,
}

/// What becomes of a rating of the skill that is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The kept skill has none, or one that says nothing.
    Moves,
    /// It is newer than that of the kept skill.
    Replaces,
    /// That of the kept skill is newer, or as new.
    Yields,
}

/// The fate of a rating; none where it says nothing.
pub fn fate(kept: Option<&Said>, merged: &Said) -> Option<Fate> {
    if !says_something(&merged.values) {
        return None;
    }
    Some(match kept.filter(|kept| says_something(&kept.values)) {
        None => Fate::Moves,
        Some(kept) if merged.at > kept.at => Fate::Replaces,
        Some(_) => Fate::Yields,
    })
}

fn says_something(values: &Values) -> bool {
    let Values { standing, interest, note, own, confirmed, evidence, .. } = values;
    *standing != Standing::Unset
        || interest.is_some()
        || own.is_some()
        || confirmed.is_some()
        || !note.is_empty()
        || !evidence.is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::super::super::levels::Level;
    use super::*;

    fn said(standing: Standing, at: i64) -> Said {
        Said { values: Values { standing, ..Values::default() }, at }
    }

    #[test]
    fn the_newer_one_counts() {
        let (three, zero) = (Standing::At(Level::from_hundredths(300)), Standing::At(Level::ZERO));
        let cases = [
            (None, said(three, 5), Some(Fate::Moves)),
            (Some(said(Standing::Unset, 9)), said(three, 5), Some(Fate::Moves)),
            (Some(said(zero, 4)), said(three, 5), Some(Fate::Replaces)),
            (Some(said(three, 5)), said(zero, 5), Some(Fate::Yields)),
            (Some(said(Standing::NotApplicable, 6)), said(three, 5), Some(Fate::Yields)),
            (Some(said(three, 1)), said(Standing::NotApplicable, 5), Some(Fate::Replaces)),
            (Some(said(three, 1)), said(Standing::Unset, 5), None),
            (None, said(Standing::Unset, 5), None),
        ];
        for (kept, merged, expected) in cases {
            assert_eq!(fate(kept.as_ref(), &merged), expected, "{kept:?} {merged:?}");
        }
        let noted = Said { values: Values { note: "Course booked".into(), ..Values::default() }, at: 2 };
        assert_eq!(fate(None, &noted), Some(Fate::Moves), "a note alone says something");
    }
}
