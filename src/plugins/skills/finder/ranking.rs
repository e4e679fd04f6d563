//! Who fits a search, and how well: pure rules, no database.
//!
//! Each condition is judged by itself: is the level enough, is the interest. A person is an exact match when everything
//! is, and a near one when a single step is missing: somebody a training, a renewal or a talk away. All others are left out.

use super::super::levels::{Interest, Level, Scale, Standing};
use std::cmp::Reverse;

/// A fraction of a level is no step that anybody trains for.
const SMALLEST_STEP: Level = Level::from_hundredths(100);

/// What is asked for in one skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub minimum: Level,
    /// The least interest; `None` asks for none.
    pub interest: Option<Interest>,
    /// One step on the scale, of at least a whole level.
    pub step: Level,
}

impl Wanted {
    pub fn on(scale: &Scale, minimum: Level, interest: Option<Interest>) -> Self {
        Wanted { minimum, interest, step: scale.step.max(SMALLEST_STEP) }
    }

    /// The lowest level that bears on the result at all. Level zero is never one step short: who cannot do it is not near.
    pub fn floor(&self) -> Level {
        let below = self.minimum.hundredths() - self.step.hundredths();
        Level::from_hundredths(below.max(1).min(self.minimum.hundredths()))
    }
}

/// What a person has in one skill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub standing: Standing,
    pub interest: Option<Interest>,
    /// Expired or suspended, so that the level does not count.
    pub lapsed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelVerdict {
    Enough,
    OneStepShort,
    /// It would be enough if it had not expired or were not suspended.
    Lapsed,
    Missing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub level: LevelVerdict,
    pub is_interested: bool,
}

impl Verdict {
    pub fn is_met(self) -> bool {
        self.level == LevelVerdict::Enough && self.is_interested
    }
}

/// How a person fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Exact,
    /// Every level is there, only interest is not, or not said.
    LacksInterest,
    /// One level is a step short, or has lapsed.
    Short,
    /// One of several skills is not there.
    LacksSkill,
}

pub fn judge(wanted: &Wanted, held: &Held) -> Verdict {
    let level = match held.standing {
        Standing::At(level) if level >= wanted.minimum && held.lapsed => LevelVerdict::Lapsed,
        Standing::At(level) if level >= wanted.minimum => LevelVerdict::Enough,
        Standing::At(level) if level >= wanted.floor() && !held.lapsed => LevelVerdict::OneStepShort,
        _ => LevelVerdict::Missing,
    };
    Verdict { level, is_interested: held.interest >= wanted.interest }
}

/// `None` when more is missing than a single step. Where a skill is missing altogether, the interest in it does not matter.
pub fn fit(verdicts: &[Verdict]) -> Option<Fit> {
    let others_interested =
        verdicts.iter().filter(|one| one.level == LevelVerdict::Enough).all(|one| one.is_interested);
    let mut short = verdicts.iter().filter(|one| one.level != LevelVerdict::Enough);
    match (short.next(), short.next()) {
        (None, _) if others_interested => Some(Fit::Exact),
        (None, _) => Some(Fit::LacksInterest),
        (Some(one), None) if others_interested => match one.level {
            LevelVerdict::OneStepShort | LevelVerdict::Lapsed if one.is_interested => Some(Fit::Short),
            _ if verdicts.len() > 1 => Some(Fit::LacksSkill),
            _ => None,
        },
        _ => None,
    }
}

/// The order of the rows: by fit, then the levels that count as shares of their scales, then the interest, then the name.
pub type Rank = (Fit, Reverse<i64>, Reverse<i64>, String, i64);

/// `None` for those who are left out. `shares` are the levels as thousandths of their scales.
pub fn rank(wanted: &[Wanted], held: &[Held], shares: i64, name_key: &str, id: i64) -> Option<Rank> {
    let verdicts: Vec<Verdict> = wanted.iter().zip(held).map(|(wanted, held)| judge(wanted, held)).collect();
    let interest = held.iter().filter_map(|held| held.interest).map(Interest::value).sum();
    Some((fit(&verdicts)?, Reverse(shares), Reverse(interest), name_key.to_owned(), id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wanted(minimum: i64, interest: Option<i64>) -> Wanted {
        Wanted {
            minimum: Level::from_hundredths(minimum * 100),
            interest: interest.and_then(Interest::new),
            step: SMALLEST_STEP,
        }
    }

    fn held(level: i64, interest: Option<i64>) -> Held {
        let standing = Standing::At(Level::from_hundredths(level * 100));
        Held { standing, interest: interest.and_then(Interest::new), lapsed: false }
    }

    fn fit_of(wanted: &[Wanted], held: &[Held]) -> Option<Fit> {
        rank(wanted, held, 0, "", 1).map(|rank| rank.0)
    }

    #[test]
    fn a_condition_is_judged_by_level_and_interest() {
        let lapsed = Held { lapsed: true, ..held(4, None) };
        let not_applicable = Held { standing: Standing::NotApplicable, ..Held::default() };
        for (wanted, held, level, is_interested) in [
            (wanted(3, None), held(3, None), LevelVerdict::Enough, true),
            (wanted(3, Some(2)), held(4, Some(1)), LevelVerdict::Enough, false),
            (wanted(3, Some(0)), held(4, None), LevelVerdict::Enough, false),
            (wanted(3, Some(2)), held(2, Some(3)), LevelVerdict::OneStepShort, true),
            (wanted(3, None), held(1, None), LevelVerdict::Missing, true),
            (wanted(1, None), held(0, None), LevelVerdict::Missing, true),
            (wanted(3, None), lapsed, LevelVerdict::Lapsed, true),
            (wanted(5, None), lapsed, LevelVerdict::Missing, true),
            (wanted(1, None), not_applicable, LevelVerdict::Missing, true),
            (wanted(1, Some(1)), Held::default(), LevelVerdict::Missing, false),
        ] {
            assert_eq!(judge(&wanted, &held), Verdict { level, is_interested }, "{wanted:?} {held:?}");
        }
    }

    #[test]
    fn a_step_of_a_scale_with_fractions_is_a_whole_level() {
        let fine = Scale {
            id: 1,
            name: "O*NET 0–7".into(),
            lowest: Level::ZERO,
            highest: Level::from_hundredths(700),
            step: Level::from_hundredths(1),
            levels: Vec::new(),
        };
        let wanted = Wanted::on(&fine, Level::from_hundredths(350), None);
        let at = |hundredths| Held { standing: Standing::At(Level::from_hundredths(hundredths)), ..Held::default() };
        assert_eq!(judge(&wanted, &at(250)).level, LevelVerdict::OneStepShort);
        assert_eq!(judge(&wanted, &at(249)).level, LevelVerdict::Missing);
    }

    #[test]
    fn near_is_one_thing_away() {
        let two = [wanted(3, Some(2)), wanted(2, None)];
        assert_eq!(fit_of(&two, &[held(3, Some(2)), held(2, None)]), Some(Fit::Exact));
        assert_eq!(fit_of(&two, &[held(3, None), held(2, None)]), Some(Fit::LacksInterest));
        assert_eq!(fit_of(&two, &[held(2, Some(3)), held(4, None)]), Some(Fit::Short));
        assert_eq!(fit_of(&two, &[held(3, Some(2)), Held::default()]), Some(Fit::LacksSkill));
        assert_eq!(fit_of(&two, &[held(3, None), held(1, None)]), None, "no interest here, a step short there");
        assert_eq!(fit_of(&two, &[held(2, Some(2)), held(1, None)]), None, "two are a step short");
        assert_eq!(fit_of(&two[..1], &[held(1, Some(3))]), None, "of one skill nothing is left");
        assert_eq!(fit_of(&two[..1], &[held(2, None)]), None, "a step short and not interested");
        let lapsed = Held { lapsed: true, ..held(4, Some(2)) };
        assert_eq!(fit_of(&two[..1], &[lapsed]), Some(Fit::Short));
    }

    #[test]
    fn rows_stand_by_fit_then_level_then_interest_then_name() {
        let one = [wanted(3, None)];
        let rank = |level, interest, shares, name: &str| rank(&one, &[held(level, interest)], shares, name, 1).unwrap();
        let ordered = [
            rank(4, None, 1000, "zoe"),
            rank(3, Some(2), 750, "yan"),
            rank(3, None, 750, "anna"),
            rank(3, None, 750, "ben"),
            rank(2, Some(3), 500, "aaron"),
        ];
        assert!(ordered.is_sorted(), "{ordered:?}");
    }

    fn any_held() -> impl Strategy<Value = Held> {
        (0i64..6, prop::option::of(0i64..4), any::<bool>(), 0u8..3).prop_map(|(level, interest, lapsed, kind)| Held {
            standing: match kind {
                0 => Standing::Unset,
                1 => Standing::NotApplicable,
                _ => Standing::At(Level::from_hundredths(level * 100)),
            },
            interest: interest.and_then(Interest::new),
            lapsed,
        })
    }

    fn any_case() -> impl Strategy<Value = (Vec<Wanted>, Vec<Held>)> {
        let wanted = (1i64..6, prop::option::of(0i64..4)).prop_map(|(minimum, interest)| wanted(minimum, interest));
        prop::collection::vec((wanted, any_held()), 1..5).prop_map(|pairs| pairs.into_iter().unzip())
    }

    proptest! {
        #[test]
        fn exact_means_that_every_condition_is_met((wanted, held) in any_case()) {
            let verdicts: Vec<Verdict> = wanted.iter().zip(&held).map(|(wanted, held)| judge(wanted, held)).collect();
            prop_assert_eq!(fit(&verdicts) == Some(Fit::Exact), verdicts.iter().all(|one| one.is_met()));
            // What is below the floor is never asked for, so it must judge like nothing at all.
            for (wanted, held) in wanted.iter().zip(&held) {
                if held.standing.level().is_none_or(|level| level < wanted.floor()) {
                    prop_assert_eq!(judge(wanted, held).level, LevelVerdict::Missing);
                }
            }
        }

        /// Nobody falls behind by learning more, or by wanting more.
        #[test]
        fn more_never_fits_worse((wanted, held) in any_case(), which in 0usize..5) {
            let mut better = held.clone();
            let place = which % better.len();
            better[place] = Held {
                standing: Standing::At(Level::from_hundredths(500)),
                interest: Interest::new(3),
                lapsed: false,
            };
            let (before, after) = (fit_of(&wanted, &held), fit_of(&wanted, &better));
            prop_assert!(after.is_some() || before.is_none());
            prop_assert!(before.is_none() || after <= before, "{:?} became {:?}", before, after);
        }

        /// Each near match is exact once its one fault is mended; for what is missing altogether, that is one skill.
        #[test]
        fn a_near_match_has_one_fault_alone((wanted, held) in any_case()) {
            let Some(fit) = fit_of(&wanted, &held) else { return Ok(()) };
            let verdicts = wanted.iter().zip(&held).map(|(wanted, held)| judge(wanted, held));
            let short = verdicts.filter(|one| one.level != LevelVerdict::Enough).count();
            prop_assert_eq!(short, usize::from(matches!(fit, Fit::Short | Fit::LacksSkill)));
        }
    }
}
