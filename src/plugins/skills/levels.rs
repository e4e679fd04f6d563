//! Levels and the scales that they stand on: pure rules, no database.
//!
//! A level is kept in hundredths, so that the fractions of O*NET compare exactly. Unset, not applicable and level zero are
//! three different things.

use crate::web::components::Glyph;
use std::fmt;

/// A level on some scale, in hundredths of a step: 475 is 4.75.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Level(i64);

impl Level {
    pub const ZERO: Level = Level(0);

    pub const fn from_hundredths(hundredths: i64) -> Self {
        Level(hundredths)
    }

    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// Reads `4`, `4.75` or `4,75`; `None` for anything else, also for more than two decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let decimals = decimals.trim_end_matches('0');
        if !digits(whole) || whole.len() > 4 || decimals.len() > 2 || !(decimals.is_empty() || digits(decimals)) {
            return None;
        }
        let hundredths: i64 = format!("{decimals:0<2}").parse().ok()?;
        Some(Level(whole.parse::<i64>().ok()? * 100 + hundredths))
    }
}

impl fmt::Display for Level {
    /// Without zeros that say nothing: `4`, `4.5`, `4.75`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (whole, decimals) = (self.0 / 100, self.0 % 100);
        match decimals {
            0 => write!(f, "{whole}"),
            _ if decimals % 10 == 0 => write!(f, "{whole}.{}", decimals / 10),
            _ => write!(f, "{whole}.{decimals:02}"),
        }
    }
}

/// Where a person stands with a skill.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Standing {
    /// Nobody has said anything yet.
    #[default]
    Unset,
    /// The skill is none of this person's business.
    NotApplicable,
    At(Level),
}

impl Standing {
    /// As the columns `level` and `not_applicable` hold it.
    pub fn from_columns(level: Option<i64>, not_applicable: bool) -> Self {
        match level {
            _ if not_applicable => Standing::NotApplicable,
            Some(hundredths) => Standing::At(Level(hundredths)),
            None => Standing::Unset,
        }
    }

    pub fn level(self) -> Option<Level> {
        match self {
            Standing::At(level) => Some(level),
            _ => None,
        }
    }

    /// Whether the person can do it at all.
    pub fn is_able(self) -> bool {
        self.level().is_some_and(|level| level > Level::ZERO)
    }
}

/// How much a person would like to work with a skill: 0 none, 1 some, 2 much, 3 very much.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Interest(u8);

impl Interest {
    pub const NAMES: [&str; 4] = ["none", "some", "much", "very much"];

    pub fn new(value: i64) -> Option<Self> {
        u8::try_from(value).ok().filter(|value| usize::from(*value) < Self::NAMES.len()).map(Interest)
    }

    pub fn value(self) -> i64 {
        i64::from(self.0)
    }
}

/// A level that has a name on its scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLevel {
    pub level: Level,
    /// What a cell shows: `3`, `U`, `Yes`.
    pub code: String,
    pub name: String,
    /// How somebody at this level behaves.
    pub description: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    pub id: i64,
    pub name: String,
    pub lowest: Level,
    pub highest: Level,
    /// The distance of two neighbouring levels.
    pub step: Level,
    /// From the lowest to the highest.
    pub levels: Vec<NamedLevel>,
}

impl Scale {
    pub fn holds(&self, level: Level) -> bool {
        (self.lowest..=self.highest).contains(&level) && (level.0 - self.lowest.0) % self.step.0 == 0
    }

    /// Reads a number, or the code or name of a level.
    pub fn parse(&self, text: &str) -> Result<Level, String> {
        let text = text.trim();
        let named =
            |level: &&NamedLevel| level.code.eq_ignore_ascii_case(text) || level.name.eq_ignore_ascii_case(text);
        let level = Level::parse(text).or_else(|| self.levels.iter().find(named).map(|level| level.level));
        match level {
            Some(level) if self.holds(level) => Ok(level),
            _ => Err(format!(
                "“{}” is not a level of the scale {}, which goes {}",
                shortened(text),
                self.name,
                self.range()
            )),
        }
    }

    /// Reads a level, `n/a`, or nothing.
    pub fn parse_standing(&self, text: &str) -> Result<Standing, String> {
        match text.trim().to_lowercase().as_str() {
            "" => Ok(Standing::Unset),
            "n/a" => Ok(Standing::NotApplicable),
            _ => self.parse(text).map(Standing::At),
        }
    }

    /// `from 0 to 4`, `from I to O`.
    pub fn range(&self) -> String {
        format!("from {} to {}", self.code(self.lowest), self.code(self.highest))
    }

    /// What a cell shows for a level.
    pub fn code(&self, level: Level) -> String {
        let named = self.levels.iter().find(|named| named.level == level);
        named.map_or_else(|| level.to_string(), |named| named.code.clone())
    }

    pub fn has_fractions(&self) -> bool {
        self.step < Level(100)
    }

    /// A level as a share of the scale. Where the scale has no zero, its lowest level is still more than nothing.
    pub fn share(&self, level: Level) -> f64 {
        let nothing = if self.lowest == Level::ZERO { 0 } else { self.lowest.0 - 100 };
        (level.0 - nothing) as f64 / (self.highest.0 - nothing) as f64
    }

    pub fn glyph(&self, level: Level) -> Glyph {
        Glyph::of_share(self.share(level))
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(40).chain(['…']).collect() }
}

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
        (self.lowest..=self.highest).contains(&level.0) && (level.0 - self.lowest) % self.step == 0
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
    fn a_level_reads_back_as_it_was_written() {
        for text in ["0", "4", "4.5", "4.75", "10"] {
            assert_eq!(Level::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Level::parse(" 4,75 "), Some(Level(475)));
        assert_eq!(Level::parse("4.0"), Some(Level(400)));
        for text in ["", "x", "-1", "4.755", "1e3", ".5", "99999", "４"] {
            assert_eq!(Level::parse(text), None, "{text}");
        }
    }

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
