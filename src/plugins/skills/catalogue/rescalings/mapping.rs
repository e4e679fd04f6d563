//! What each level of one scale becomes on another: pure rules, no database.

use super::super::super::levels::{Level, Scale, Standing};
use super::super::super::ratings::model::Values;
use crate::error::{Checks, Result};
use std::collections::BTreeMap;

/// A level that occurs, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurring {
    pub level: Level,
    /// Ratings whose level it is; what people said themselves and targets are not counted.
    pub ratings: i64,
}

/// Old level to new level, in hundredths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping(BTreeMap<i64, i64>);

impl Mapping {
    /// Reads what was typed for each level that occurs; what was typed for others is left out.
    ///
    /// # Errors
    /// Invalid with a field `map-300` for each level, here 3, that is not mapped, or to no level of the new scale.
    pub fn read(old: &Scale, new: &Scale, occurring: &[Occurring], typed: &BTreeMap<i64, String>) -> Result<Mapping> {
        let mut checks = Checks::default();
        let mut mapping = BTreeMap::new();
        for Occurring { level, ratings } in occurring {
            let at = level.hundredths();
            let field = field_of(*level);
            let text = typed.get(&at).map_or("", |text| text.trim());
            if text.is_empty() {
                let text = format!("Say what level {} becomes: {ratings} ratings have it.", old.code(*level));
                checks.that(false, &field, text);
                continue;
            }
            match new.parse(text) {
                Ok(level) => {
                    mapping.insert(at, level.hundredths());
                }
                Err(problem) => checks.that(false, &field, format!("{problem}.")),
            }
        }
        checks.done()?;
        Ok(Mapping(mapping))
    }

    /// The level that has the same share of the new scale, for each that occurs: a suggestion.
    pub fn suggested(old: &Scale, new: &Scale, occurring: &[Occurring]) -> BTreeMap<i64, String> {
        let suggest = |occurring: &Occurring| {
            let share = old.share(occurring.level);
            let distance = |level: &Level| ((new.share(*level) - share).abs() * 1e6) as i64;
            let levels = new.all_levels().into_iter().map(|named| named.level);
            let nearest = levels.min_by_key(distance).unwrap_or(new.lowest);
            (occurring.level.hundredths(), new.code(nearest))
        };
        occurring.iter().map(suggest).collect()
    }

    pub fn level(&self, level: i64) -> i64 {
        self.0.get(&level).copied().unwrap_or(level)
    }

    pub fn pairs(&self) -> &BTreeMap<i64, i64> {
        &self.0
    }

    /// A rating as it is on the new scale: what counts, what the person said, and what was confirmed.
    pub fn values(&self, values: &Values) -> Values {
        let mut after = values.clone();
        after.standing = self.standing(after.standing);
        if let Some(own) = &mut after.own {
            own.standing = self.standing(own.standing);
        }
        if let Some(confirmed) = &mut after.confirmed {
            confirmed.standing = self.standing(confirmed.standing);
        }
        after
    }

    fn standing(&self, standing: Standing) -> Standing {
        match standing {
            Standing::At(level) => Standing::At(Level::from_hundredths(self.level(level.hundredths()))),
            other => other,
        }
    }
}

/// The field of a form in which a level is mapped.
pub fn field_of(level: Level) -> String {
    format!("map-{}", level.hundredths())
}

#[cfg(test)]
mod tests {
    use super::super::super::super::presets::PRESETS;
    use super::*;
    use crate::error::Error;
    use proptest::prelude::*;

    fn scale(name: &str) -> Scale {
        let preset = PRESETS.iter().find(|preset| preset.name == name).unwrap();
        let [lowest, highest, step] = [preset.lowest, preset.highest, preset.step].map(Level::from_hundredths);
        Scale { id: 1, name: name.to_owned(), lowest, highest, step, levels: Vec::new() }
    }

    fn occurring(levels: &[i64]) -> Vec<Occurring> {
        levels.iter().map(|level| Occurring { level: Level::from_hundredths(level * 100), ratings: 2 }).collect()
    }

    #[test]
    fn every_level_that_occurs_is_mapped_or_named() {
        let (old, new) = (scale("0–4"), scale("0–10"));
        let typed = |pairs: &[(i64, &str)]| pairs.iter().map(|(at, text)| (*at, (*text).to_owned())).collect();
        let mapping = Mapping::read(&old, &new, &occurring(&[0, 2]), &typed(&[(0, "0"), (200, " 5 "), (300, "x")]));
        assert_eq!(mapping.unwrap().pairs(), &BTreeMap::from([(0, 0), (200, 500)]));
        let Err(Error::Invalid(invalid)) =
            Mapping::read(&old, &new, &occurring(&[0, 2, 3]), &typed(&[(0, "11"), (200, "")]))
        else {
            panic!("it is refused");
        };
        assert_eq!(invalid.of("map-0"), Some("“11” is not a level of the scale 0–10, which goes from 0 to 10."));
        assert_eq!(invalid.of("map-200"), Some("Say what level 2 becomes: 2 ratings have it."));
        assert_eq!(invalid.of("map-300"), Some("Say what level 3 becomes: 2 ratings have it."));
    }

    #[test]
    fn the_suggestion_keeps_the_share() {
        let suggested = |old: &str, new: &str, levels: &[i64]| {
            let suggested = Mapping::suggested(&scale(old), &scale(new), &occurring(levels));
            suggested.into_values().collect::<Vec<_>>()
        };
        assert_eq!(suggested("0–4", "0–10", &[0, 1, 2, 4]), ["0", "2", "5", "10"]);
        assert_eq!(suggested("0–10", "Yes/No", &[0, 10]), ["0", "1"]);
        assert_eq!(suggested("ILUO", "Dreyfus 1–5", &[1, 4]), ["1", "5"]);
    }

    proptest! {
        /// Whatever is suggested is taken, and lands on the new scale; not applicable and unset stay what they are.
        #[test]
        fn what_is_suggested_can_be_taken(old in 0usize..6, new in 0usize..6, pick in prop::collection::vec(0usize..11, 0..6)) {
            let (old, new) = (scale(PRESETS[old].name), scale(PRESETS[new].name));
            let all = old.all_levels();
            let mut levels: Vec<Level> = pick.iter().map(|place| all[place % all.len()].level).collect();
            levels.sort();
            levels.dedup();
            let occurring: Vec<Occurring> = levels.into_iter().map(|level| Occurring { level, ratings: 1 }).collect();
            let mapping = Mapping::read(&old, &new, &occurring, &Mapping::suggested(&old, &new, &occurring)).unwrap();
            for occurring in &occurring {
                prop_assert!(new.holds(Level::from_hundredths(mapping.level(occurring.level.hundredths()))));
            }
            prop_assert_eq!(mapping.standing(Standing::NotApplicable), Standing::NotApplicable);
            prop_assert_eq!(mapping.standing(Standing::Unset), Standing::Unset);
        }
    }
}
