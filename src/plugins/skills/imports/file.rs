//! What a file of ratings or of skills says, before anything is looked up in the database.
//!
//! A rating file comes in one of two forms. The long form has a column `skill` and one row for each rating. The wide
//! form has one row for each person, and every column after the person's details is a skill. Both become the same
//! three lists here: people, skills, and ratings that point into them. Levels stay text, because only the scale of a
//! skill tells which of them are good.

mod columns;
mod details;
mod long;
mod people;
mod skill_file;
mod skills;
mod wide;

use std::collections::BTreeSet;

pub use details::RatingDetails;
pub use long::LONG_COLUMNS;
pub use people::Person;
pub use skill_file::{SkillFile, SkillRow};
pub use skills::SkillRef;

use crate::tables::{Capped, Problem, Table};

/// The longest name that the database takes, in characters: of people, teams, titles, categories, skills, scales.
pub const MAX_NAME_CHARS: usize = 190;

/// Everything that a rating file says.
#[derive(Debug)]
pub struct RatingFile {
    /// In the order of the file; in the wide form also those without a rating.
    pub people: Vec<Person>,
    /// In the order of the file; in the wide form also those without a rating.
    pub skills: Vec<SkillRef>,
    /// In the order of the file. No two are of the same person and skill.
    pub ratings: Vec<Rating>,
    /// What a person should know although the file can be taken, in full sentences.
    pub notices: Vec<String>,
    /// The header of the column with the levels; none in the wide form, where that is the skill's own column.
    level_column: Option<String>,
}

/// One rating of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// Where it stands in the file (1-based).
    pub row: u32,
    /// Index into [`RatingFile::people`].
    pub person: usize,
    /// Index into [`RatingFile::skills`].
    pub skill: usize,
    pub level: LevelText,
    /// 0–3; none where the file has no such column or the cell is empty.
    pub interest: Option<u8>,
    /// None where the file has no such column or the cell is empty.
    pub note: Option<String>,
    /// Nothing in the wide form.
    pub details: RatingDetails,
}

/// A level as a file tells it. These three are different things, and so is a level of 0, which is a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum LevelText {
    /// The cell is empty (long form only: an empty cell of the wide form is no rating at all).
    #[default]
    Unset,
    /// The cell says that the skill does not apply to the person.
    NotApplicable,
    /// Anything else, to be checked against the scale of the skill.
    Value(String),
}

impl Rating {
    /// The level that counts, the person's own, and the confirmed one.
    pub fn levels(&self) -> [&LevelText; 3] {
        [&self.level, &self.details.own_level, &self.details.confirmed_level]
    }
}

impl LevelText {
    fn of(cell: &str) -> LevelText {
        match cell.to_lowercase().as_str() {
            "" => LevelText::Unset,
            "n/a" | "na" | "n.a." | "–" | "-" | "not applicable" => LevelText::NotApplicable,
            _ => LevelText::Value(cell.to_owned()),
        }
    }

    /// The level as a number, written with a decimal point or comma; none for names of levels.
    pub fn number(&self) -> Option<f64> {
        let LevelText::Value(text) = self else { return None };
        let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+'));
        if plain { text.replacen(',', ".", 1).parse().ok() } else { None }
    }
}

impl RatingFile {
    /// # Errors
    /// Every problem with its row and column, in the file's order; after two hundred only their number.
    pub fn read(table: &Table) -> Result<RatingFile, Vec<Problem>> {
        if columns::find(table, "skill").is_some() { long::read(table) } else { wide::read(table) }
    }

    /// The header of the column in which the level of a rating stands.
    pub fn level_column(&self, rating: &Rating) -> &str {
        self.level_column.as_deref().unwrap_or(&self.skills[rating.skill].column)
    }

    /// The different levels of the ratings, to find a scale that holds them all.
    pub fn distinct_levels(&self) -> BTreeSet<&str> {
        let levels = self.ratings.iter().flat_map(Rating::levels);
        let values = levels.filter_map(|level| match level {
            LevelText::Value(text) => Some(text.as_str()),
            LevelText::Unset | LevelText::NotApplicable => None,
        });
        values.collect()
    }
}

/// What was found wrong or worth telling while a file is read.
struct Findings {
    problems: Capped<Problem>,
    notices: Capped<String>,
}

impl Findings {
    fn new(table: &Table) -> Findings {
        let mut findings = Findings { problems: Capped::default(), notices: Capped::default() };
        table.notices.iter().for_each(|notice| findings.notices.push(notice.clone()));
        findings
    }

    /// Checks a name that a list shows on one line and the database keeps as a key.
    fn check_name(&mut self, row: u32, column: &str, name: &str) {
        // Its lower case, by which it is searched, can be longer than the name itself.
        let chars = name.chars().count().max(name.to_lowercase().chars().count());
        if chars > MAX_NAME_CHARS {
            let message = format!("the text has {chars} characters; at most {MAX_NAME_CHARS} are taken here");
            self.problems.push(Problem::cell(row, column, message));
        }
        if name.contains(['\n', '\t']) {
            let message = "the text has a line break or a tab, which only a note may have";
            self.problems.push(Problem::cell(row, column, message));
        }
    }

    /// Checks a longer text, which may have several lines.
    fn check_length(&mut self, row: u32, column: &str, text: &str, most: usize) {
        let chars = text.chars().count();
        if chars > most {
            let message = format!("the text has {chars} characters; at most {most} are taken here");
            self.problems.push(Problem::cell(row, column, message));
        }
    }
}
