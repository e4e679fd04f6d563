//! What is said of a person and a skill, by whom, and what of it counts: pure rules, no database.
//!
//! The person's own word and a confirmed level stand side by side. What counts is the confirmed level; where nobody
//! confirmed one, the person's own; where they said nothing either, what a file said.

use super::super::levels::{Interest, Level, Standing};
use jiff::civil::Date;

/// What the person said of themself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    pub standing: Standing,
    /// In UTC milliseconds.
    pub at: i64,
}

/// What somebody else has confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmation {
    pub standing: Standing,
    /// In UTC milliseconds.
    pub at: i64,
    /// The person who did; `None` for the command line.
    pub by: Option<i64>,
}

/// Until when a person must not do it, and why. It ends by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    /// The last day.
    pub until: Date,
    pub reason: String,
}

/// What is said of a person and a skill. The default is that nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// What counts.
    pub standing: Standing,
    pub interest: Option<Interest>,
    pub note: String,
    pub own: Option<Statement>,
    pub confirmed: Option<Confirmation>,
    /// Where the proof is: a link, or the number of a certificate.
    pub evidence: String,
    /// The last day on which a certificate holds.
    pub valid_until: Option<Date>,
    pub suspension: Option<Suspension>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The person themself.
    Own,
    /// Somebody else, who thereby confirms; the person's id where there is one.
    Other(Option<i64>),
    /// A file: what counts, without anybody's word for it.
    File,
}

/// What is to be changed; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct RatingPatch {
    pub standing: Option<Standing>,
    /// The level is said once more although it is the one that counts: confirmed, or claimed, as of now.
    pub restated: bool,
    pub interest: Option<Option<Interest>>,
    pub note: Option<String>,
    pub evidence: Option<String>,
    pub valid_until: Option<Option<Date>>,
    pub suspension: Option<Option<Suspension>>,
}

/// Why a level does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// The last day on which it held.
    Expired(Date),
    /// The last day on which the person must not do it.
    Suspended(Date),
}

impl Values {
    /// Why the level does not count on that day, if it does not.
    pub fn lapse(&self, today: Date) -> Option<Lapse> {
        let suspended = self.suspension.as_ref().map(|suspension| suspension.until).filter(|until| *until >= today);
        let expired = self.valid_until.filter(|until| *until < today);
        suspended.map(Lapse::Suspended).or(expired.map(Lapse::Expired))
    }

    /// How far the person's own level and the confirmed one lie apart, where both are levels.
    pub fn disagreement(&self) -> Option<Level> {
        let own = self.own?.standing.level()?.hundredths();
        let confirmed = self.confirmed?.standing.level()?.hundredths();
        Some(Level::from_hundredths((own - confirmed).abs()))
    }

    /// What stands there after the patch.
    pub fn patched(&self, patch: &RatingPatch, voice: Voice, now_ms: i64) -> Values {
        let mut after = self.clone();
        if let Some(standing) = patch.standing.filter(|standing| patch.restated || *standing != self.said_by(voice)) {
            after.say(standing, voice, now_ms);
        }
        if let Some(interest) = patch.interest {
            after.interest = interest;
        }
        if let Some(note) = &patch.note {
            after.note = note.trim().to_owned();
        }
        if let Some(evidence) = &patch.evidence {
            after.evidence = evidence.trim().to_owned();
        }
        if let Some(valid_until) = patch.valid_until {
            after.valid_until = valid_until;
        }
        if let Some(suspension) = &patch.suspension {
            after.suspension = suspension.clone();
        }
        after
    }

    /// What somebody would repeat without saying anything new; a form begins with it.
    pub fn said_by(&self, voice: Voice) -> Standing {
        match (voice, self.own) {
            (Voice::Own, Some(own)) => own.standing,
            _ => self.standing,
        }
    }

    fn say(&mut self, standing: Standing, voice: Voice, now_ms: i64) {
        let is_said = standing != Standing::Unset;
        match voice {
            Voice::Own => {
                self.own = is_said.then_some(Statement { standing, at: now_ms });
                self.standing = self.confirmed.map_or(standing, |confirmed| confirmed.standing);
            }
            Voice::Other(by) => {
                self.confirmed = is_said.then_some(Confirmation { standing, at: now_ms, by });
                // Who takes a confirmation back leaves the person's own word.
                let own = self.own.map_or(Standing::Unset, |own| own.standing);
                self.standing = if is_said { standing } else { own };
            }
            Voice::File => {
                self.confirmed = self.confirmed.filter(|confirmed| confirmed.standing == standing);
                self.standing = standing;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEAD: Voice = Voice::Other(Some(7));

    fn at(level: i64) -> Standing {
        Standing::At(Level::from_hundredths(level * 100))
    }

    fn says(values: &Values, voice: Voice, standing: Standing) -> Values {
        values.patched(&RatingPatch { standing: Some(standing), ..RatingPatch::default() }, voice, 1000)
    }

    #[test]
    fn a_confirmed_level_counts_before_the_own_one() {
        let own = says(&Values::default(), Voice::Own, at(3));
        assert_eq!(own.standing, at(3));
        let confirmed = says(&own, LEAD, at(2));
        assert_eq!((confirmed.standing, confirmed.own.unwrap().standing), (at(2), at(3)));
        assert_eq!(confirmed.disagreement(), Some(Level::from_hundredths(100)));
        let again = says(&confirmed, Voice::Own, at(4));
        assert_eq!((again.standing, again.own.unwrap().standing), (at(2), at(4)), "one's own word does not confirm");
        let taken_back = says(&again, LEAD, Standing::Unset);
        assert_eq!((taken_back.standing, taken_back.confirmed), (at(4), None));
    }

    #[test]
    fn what_counts_already_is_confirmed_only_on_purpose() {
        let own = says(&Values::default(), Voice::Own, at(3));
        assert_eq!(says(&own, LEAD, at(3)), own);
        let restated = RatingPatch { standing: Some(at(3)), restated: true, ..RatingPatch::default() };
        let confirmed = own.patched(&restated, LEAD, 2000);
        assert_eq!(confirmed.confirmed, Some(Confirmation { standing: at(3), at: 2000, by: Some(7) }));
    }

    #[test]
    fn a_file_says_what_counts_and_drops_only_another_confirmation() {
        let confirmed = says(&Values::default(), LEAD, at(3));
        assert_eq!(says(&confirmed, Voice::File, at(3)), confirmed);
        let other = says(&confirmed, Voice::File, at(1));
        assert_eq!((other.standing, other.confirmed), (at(1), None));
    }

    #[test]
    fn a_level_lapses_after_its_last_day_and_until_a_suspension_ends() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let certificate = Values { valid_until: Some(day("2026-11-20")), ..Values::default() };
        assert_eq!(certificate.lapse(day("2026-11-20")), None);
        assert_eq!(certificate.lapse(day("2026-11-21")), Some(Lapse::Expired(day("2026-11-20"))));
        let suspension = Some(Suspension { until: day("2026-12-01"), reason: "Hand injury".into() });
        let suspended = Values { suspension, ..certificate };
        assert_eq!(suspended.lapse(day("2026-12-01")), Some(Lapse::Suspended(day("2026-12-01"))));
        assert_eq!(suspended.lapse(day("2026-12-02")), Some(Lapse::Expired(day("2026-11-20"))));
    }

    fn standing() -> impl Strategy<Value = Standing> {
        prop_oneof![Just(Standing::Unset), Just(Standing::NotApplicable), (0i64..5).prop_map(at)]
    }

    fn voice() -> impl Strategy<Value = Voice> {
        prop_oneof![Just(Voice::Own), Just(LEAD), Just(Voice::File)]
    }

    proptest! {
        /// Whoever says what in whatever order: a confirmed level is what counts, and nothing is said twice.
        #[test]
        fn what_counts_is_confirmed_where_anything_is(words in prop::collection::vec((voice(), standing()), 0..12)) {
            let mut values = Values::default();
            for (voice, standing) in words {
                values = says(&values, voice, standing);
                if let Some(confirmed) = values.confirmed {
                    prop_assert_eq!(confirmed.standing, values.standing);
                }
                prop_assert_eq!(&says(&values, voice, values.said_by(voice)), &values);
            }
        }
    }
}
