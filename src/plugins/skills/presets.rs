//! The scales that every installation starts with.

use super::levels::Level;

/// A scale that every installation starts with.
pub struct Preset {
    pub name: &'static str,
    pub lowest: i64,
    pub highest: i64,
    pub step: i64,
    /// Level in hundredths, code, name, behaviour.
    pub levels: &'static [(i64, &'static str, &'static str, &'static str)],
}

impl Preset {
    fn holds(&self, level: Level) -> bool {
        let level = level.hundredths();
        (self.lowest..=self.highest).contains(&level) && (level - self.lowest) % self.step == 0
    }
}

/// The presets, the one with the fewest levels first; a fractional one counts its fractions.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "Yes/No",
        lowest: 0,
        highest: 100,
        step: 100,
        levels: &[(0, "No", "No", "Does not have it."), (100, "Yes", "Yes", "Has it.")],
    },
    Preset {
        name: "ILUO",
        lowest: 100,
        highest: 400,
        step: 100,
        levels: &[
            (100, "I", "In training", "Is being instructed; watches and tries under guidance."),
            (200, "L", "Under supervision", "Does the work while somebody experienced looks on."),
            (300, "U", "Unsupervised", "Does the work alone, in the time and quality asked for."),
            (400, "O", "Trainer", "Does the work and trains others in it."),
        ],
    },
    Preset {
        name: "Dreyfus 1–5",
        lowest: 100,
        highest: 500,
        step: 100,
        levels: &[
            (100, "1", "Novice", "Follows rules step by step."),
            (200, "2", "Advanced beginner", "Recognises recurring situations; still needs rules."),
            (300, "3", "Competent", "Plans and decides; copes with the usual trouble."),
            (400, "4", "Proficient", "Sees the whole; knows what matters in a situation."),
            (500, "5", "Expert", "Acts by intuition; others come to ask."),
        ],
    },
    Preset {
        name: "0–4",
        lowest: 0,
        highest: 400,
        step: 100,
        levels: &[
            (0, "0", "None", "No knowledge."),
            (100, "1", "Basic", "Knows what it is about; needs help."),
            (200, "2", "Working", "Does everyday work alone."),
            (300, "3", "Advanced", "Solves hard problems; helps others."),
            (400, "4", "Expert", "Sets the direction; teaches."),
        ],
    },
    Preset {
        name: "SFIA 1–7",
        lowest: 100,
        highest: 700,
        step: 100,
        levels: &[
            (100, "1", "Follow", "Works under close direction."),
            (200, "2", "Assist", "Works under routine direction."),
            (300, "3", "Apply", "Works under general direction, with own judgement."),
            (400, "4", "Enable", "Works with clear responsibility; guides others."),
            (500, "5", "Ensure, advise", "Works with broad responsibility; advises."),
            (600, "6", "Initiate, influence", "Shapes policy; has authority for a large area."),
            (700, "7", "Set strategy, inspire", "Decides on strategy at the highest level."),
        ],
    },
    Preset {
        name: "0–10",
        lowest: 0,
        highest: 1000,
        step: 100,
        levels: &[
            (0, "0", "None", "No knowledge."),
            (500, "5", "Solid", "Does everyday work alone."),
            (1000, "10", "Master", "One of the best."),
        ],
    },
    Preset {
        name: "O*NET 0–7",
        lowest: 0,
        highest: 700,
        step: 1,
        levels: &[
            (0, "0", "Not needed", "The skill plays no part."),
            (700, "7", "Highest", "The highest level that any occupation asks for."),
        ],
    },
];

/// The smallest preset that holds all these levels, each written as a number, a code or a name.
pub fn smallest_preset<'a>(levels: impl IntoIterator<Item = &'a str> + Clone) -> Option<&'static Preset> {
    let holds = |preset: &Preset, text: &str| match Level::parse(text) {
        Some(level) => preset.holds(level),
        None => preset
            .levels
            .iter()
            .any(|(_, code, name, _)| code.eq_ignore_ascii_case(text.trim()) || name.eq_ignore_ascii_case(text.trim())),
    };
    PRESETS.iter().find(|preset| levels.clone().into_iter().all(|text| holds(preset, text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_preset_holds_every_level_of_a_file() {
        let name = |levels: &[&str]| smallest_preset(levels.iter().copied()).map(|preset| preset.name);
        assert_eq!(name(&["0", "1"]), Some("Yes/No"));
        assert_eq!(name(&["yes", "No"]), Some("Yes/No"));
        assert_eq!(name(&["1", "4"]), Some("ILUO"));
        assert_eq!(name(&["I", "u"]), Some("ILUO"));
        assert_eq!(name(&["1", "5"]), Some("Dreyfus 1–5"));
        assert_eq!(name(&["0", "4"]), Some("0–4"));
        assert_eq!(name(&["2", "7"]), Some("SFIA 1–7"));
        assert_eq!(name(&["1", "10"]), Some("0–10"));
        assert_eq!(name(&["4.75", "0"]), Some("O*NET 0–7"));
        assert_eq!(name(&["11"]), None);
        assert_eq!(name(&["good"]), None);
    }

    #[test]
    fn presets_stand_by_their_number_of_levels() {
        let sizes: Vec<i64> = PRESETS.iter().map(|preset| (preset.highest - preset.lowest) / preset.step + 1).collect();
        assert!(sizes.is_sorted());
    }
}
