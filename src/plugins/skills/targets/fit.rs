//! Whether a person is where a target wants them: a pure rule, no database.
//!
//! The counters of gaps (`summaries.rs`) say the same in SQL: what is not `Met` is a gap there.

use super::super::levels::{Level, Scale, Standing};

/// How a standing compares with the level that is required.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fit {
    Met,
    /// One step of the scale is missing.
    Near,
    Gap,
}

impl Fit {
    /// What is not applicable is not missing. What has lapsed does not count, however high it was.
    pub fn of(standing: Standing, required: Level, lapsed: bool, scale: &Scale) -> Fit {
        match standing {
            Standing::NotApplicable => Fit::Met,
            Standing::Unset => Fit::Gap,
            Standing::At(_) if lapsed => Fit::Gap,
            Standing::At(level) if level >= required => Fit::Met,
            Standing::At(level) if required.hundredths() - level.hundredths() <= step(scale) => Fit::Near,
            Standing::At(_) => Fit::Gap,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Fit::Met => "met",
            Fit::Near => "near",
            Fit::Gap => "gap",
        }
    }
}

/// In hundredths. A scale with fractions has a whole level for a step: a hundredth would make nobody near.
fn step(scale: &Scale) -> i64 {
    scale.step.hundredths().max(100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scale(lowest: i64, highest: i64, step: i64) -> Scale {
        let [lowest, highest, step] = [lowest, highest, step].map(Level::from_hundredths);
        Scale { id: 1, name: "some".to_owned(), lowest, highest, step, levels: Vec::new() }
    }

    fn at(hundredths: i64) -> Standing {
        Standing::At(Level::from_hundredths(hundredths))
    }

    #[test]
    fn near_is_one_step_below_and_no_more() {
        let whole = scale(0, 400, 100);
        let fractions = scale(0, 700, 1);
        let coarse = scale(0, 100, 100);
        for (standing, required, lapsed, on, fit) in [
            (at(300), 300, false, &whole, Fit::Met),
            (at(400), 300, false, &whole, Fit::Met),
            (at(200), 300, false, &whole, Fit::Near),
            (at(100), 300, false, &whole, Fit::Gap),
            (at(0), 100, false, &whole, Fit::Near),
            (at(400), 300, true, &whole, Fit::Gap),
            (at(200), 300, true, &whole, Fit::Gap),
            (Standing::Unset, 100, false, &whole, Fit::Gap),
            (Standing::NotApplicable, 400, false, &whole, Fit::Met),
            (Standing::NotApplicable, 400, true, &whole, Fit::Met),
            (at(475), 475, false, &fractions, Fit::Met),
            (at(375), 475, false, &fractions, Fit::Near),
            (at(374), 475, false, &fractions, Fit::Gap),
            (at(0), 100, false, &coarse, Fit::Near),
        ] {
            let found = Fit::of(standing, Level::from_hundredths(required), lapsed, on);
            assert_eq!(found, fit, "{standing:?} for {required}, lapsed {lapsed}, step {}", on.step);
        }
    }

    proptest! {
        #[test]
        fn a_higher_level_never_fits_worse(low in 0..=700i64, more in 0..=700i64, required in 0..=700i64, step in 1..=100i64) {
            let scale = scale(0, 1400, step);
            let required = Level::from_hundredths(required);
            let (lower, higher) = (Fit::of(at(low), required, false, &scale), Fit::of(at(low + more), required, false, &scale));
            prop_assert!(higher <= lower);
            prop_assert_eq!(lower == Fit::Met, low >= required.hundredths());
        }
    }
}
