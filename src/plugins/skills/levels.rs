//! Levels and the scales that they stand on: pure rules, no database.
//!
//! A level is kept in hundredths, so that the fractions of O*NET compare exactly. Unset, not applicable and level zero are
//! three different things.

use crate::error::{Checks, Error};
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

    /// Every level, from the lowest to the highest. One that has no name has a number for a code, and nothing more.
    pub fn all_levels(&self) -> Vec<NamedLevel> {
        let steps = (self.lowest.0..=self.highest.0).step_by(usize::try_from(self.step.0).unwrap_or(1).max(1));
        let level = |at: i64| {
            let named = self.levels.iter().find(|named| named.level == Level(at)).cloned();
            named.unwrap_or_else(|| NamedLevel {
                level: Level(at),
                code: Level(at).to_string(),
                name: String::new(),
                description: String::new(),
            })
        };
        steps.map(level).collect()
    }

    /// The same scale with other texts for some of its levels; an empty text leaves the one that is there.
    pub fn with(&self, own: &[NamedLevel]) -> Scale {
        let mut scale = self.clone();
        for own in own.iter().filter(|own| !own.name.is_empty() || !own.description.is_empty()) {
            let Some(place) = scale.levels.iter().position(|named| named.level >= own.level) else {
                scale.levels.push(NamedLevel { code: own.level.to_string(), ..own.clone() });
                continue;
            };
            if scale.levels[place].level > own.level {
                scale.levels.insert(place, NamedLevel { code: own.level.to_string(), ..own.clone() });
                continue;
            }
            let named = &mut scale.levels[place];
            for (text, new) in [(&mut named.name, &own.name), (&mut named.description, &own.description)] {
                if !new.is_empty() {
                    text.clone_from(new);
                }
            }
        }
        scale
    }

    /// Whether each code and each name, and each number, means one level alone: what is typed must not be read as another.
    pub fn check(&self) -> Result<(), Error> {
        let mut checks = Checks::default();
        for named in &self.levels {
            let field = |part: &str| format!("{part}-{}", named.level.hundredths());
            checks.that(!named.code.is_empty(), &field("code"), format!("Level {} has no code.", named.level));
            for (part, text) in [("code", &named.code), ("name", &named.name)] {
                if let Some(problem) = self.problem_of(named, text) {
                    checks.that(false, &field(part), problem);
                }
            }
        }
        checks.done()
    }

    fn problem_of(&self, named: &NamedLevel, text: &str) -> Option<String> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("n/a") {
            return Some("“n/a” means not applicable, so that no level can be called so.".to_owned());
        }
        let number = Level::parse(text).filter(|number| *number != named.level);
        let is_read_as = |other: &&NamedLevel| {
            !text.is_empty()
                && other.level != named.level
                && [&other.code, &other.name].iter().any(|taken| taken.to_lowercase() == text.to_lowercase())
        };
        let other = self.levels.iter().find(is_read_as).map(|other| other.level).or(number);
        other.map(|other| {
            format!("“{text}” is read as level {other}, so that level {} cannot be called so.", named.level)
        })
    }

    pub fn has_fractions(&self) -> bool {
        self.step < Level(100)
    }

    /// A level as a share of the scale. Where the scale has no zero, its lowest level is still more than nothing.
    pub fn share(&self, level: Level) -> f64 {
        (level.0 - self.nothing()) as f64 / (self.highest.0 - self.nothing()) as f64
    }

    /// In hundredths, what has that share of the scale; it need not be one of its levels.
    pub fn at_share(&self, share: f64) -> f64 {
        self.nothing() as f64 + share * (self.highest.0 - self.nothing()) as f64
    }

    fn nothing(&self) -> i64 {
        if self.lowest == Level::ZERO { 0 } else { self.lowest.0 - 100 }
    }

    pub fn glyph(&self, level: Level) -> Glyph {
        Glyph::of_share(self.share(level))
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(40).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(level: i64, code: &str, name: &str) -> NamedLevel {
        NamedLevel { level: Level(level), code: code.into(), name: name.into(), description: format!("as {name}") }
    }

    fn scale(levels: Vec<NamedLevel>) -> Scale {
        let (lowest, highest, step) = (Level(0), Level(400), Level(100));
        Scale { id: 1, name: "0–4".into(), lowest, highest, step, levels }
    }

    #[test]
    fn a_skill_has_its_own_texts_and_the_scale_s_for_the_rest() {
        let scale = scale(vec![named(0, "0", "None"), named(200, "M", "Middle"), named(400, "4", "All")]);
        let text = |level, name: &str, description: &str| NamedLevel {
            level: Level(level),
            code: String::new(),
            name: name.into(),
            description: description.into(),
        };
        let own = scale.with(&[
            text(200, "Halfway", ""),
            text(300, "", "Nearly"),
            text(400, "", "Everything"),
            text(0, "", ""),
        ]);
        let shown: Vec<(i64, &str, &str, &str)> = own
            .levels
            .iter()
            .map(|named| (named.level.0, named.code.as_str(), named.name.as_str(), named.description.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                (0, "0", "None", "as None"),
                (200, "M", "Halfway", "as Middle"),
                (300, "3", "", "Nearly"),
                (400, "4", "All", "Everything")
            ]
        );
        assert_eq!(own.parse("halfway"), Ok(Level(200)));
        assert_eq!(own.all_levels().len(), 5);
        assert_eq!(own.all_levels()[1].code, "1");
    }

    #[test]
    fn no_text_may_be_read_as_another_level() {
        let problem = |levels| match scale(levels).check() {
            Err(Error::Invalid(invalid)) => invalid.to_string(),
            Ok(()) => String::new(),
            Err(other) => panic!("{other}"),
        };
        assert_eq!(problem(vec![named(0, "0", "None"), named(100, "1", "1"), named(200, "U", "Alone")]), "");
        assert!(problem(vec![named(100, "2", "x")]).contains("“2” is read as level 2"));
        assert!(problem(vec![named(100, "1", "2")]).contains("“2” is read as level 2"));
        assert!(problem(vec![named(100, "a", "x"), named(200, "b", "A")]).contains("name-200: “A” is read as level 1"));
        assert!(problem(vec![named(100, "N/A", "x")]).contains("not applicable"));
        assert!(problem(vec![named(100, "", "x")]).contains("has no code"));
        assert_eq!(problem(vec![named(100, "1", ""), named(200, "2", "")]), "", "several may have no name");
    }

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
}
