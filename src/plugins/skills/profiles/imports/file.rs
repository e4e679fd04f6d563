//! What a file of profiles says: one row for each occupation and skill, as O*NET's databases are published.
//!
//! The columns are role_code, role, skill, importance (1 to 5) and level (0 to 7, with fractions), in any order.

use crate::plugins::skills::levels::Level;
use crate::plugins::skills::profiles::model::{Profile, ProfileSkill};
use crate::tables::{Capped, Problem, Row, Table, quoted};
use std::collections::{HashMap, HashSet};

/// The longest code and the longest name that the database takes, in characters.
const MAX_CODE_CHARS: usize = 40;
const MAX_NAME_CHARS: usize = 190;
const IMPORTANCE: (Level, Level) = (Level::from_hundredths(100), Level::from_hundredths(500));
const LEVEL: (Level, Level) = (Level::ZERO, Level::from_hundredths(700));
const COLUMNS: [&str; 5] = ["role_code", "role", "skill", "importance", "level"];

/// The profiles in the order of the file, each with the row in which it begins and at least one skill.
///
/// # Errors
/// Every problem with its row and column; after two hundred only their number.
pub fn read(table: &Table) -> Result<Vec<(u32, Profile)>, Vec<Problem>> {
    let mut reader = Reader { columns: columns(table)?, ..Reader::default() };
    for row in table.rows() {
        reader.read(row);
    }
    if table.rows().len() == 0 {
        reader.problems.push(Problem::file("the file has a header and nothing below it"));
    }
    if reader.problems.is_empty() { Ok(reader.profiles) } else { Err(reader.problems.into_problems()) }
}

/// Where each of `COLUMNS` stands.
fn columns(table: &Table) -> Result<[usize; 5], Vec<Problem>> {
    let place = |name: &&str| table.header.iter().position(|header| header.to_lowercase() == **name);
    let missing: Vec<&str> = COLUMNS.iter().filter(|name| place(name).is_none()).copied().collect();
    if missing.is_empty() {
        return Ok(COLUMNS.map(|name| place(&name).expect("none is missing")));
    }
    let noun = if missing.len() == 1 { "column" } else { "columns" };
    let text =
        format!("the header lacks the {noun} {}; a file of profiles has {}", missing.join(", "), COLUMNS.join(", "));
    Err(vec![Problem::row(table.header_row, text)])
}

#[derive(Default)]
struct Reader {
    columns: [usize; 5],
    profiles: Vec<(u32, Profile)>,
    /// The place in `profiles` of each code, and the row in which it stood first.
    codes: HashMap<String, (usize, u32)>,
    /// The place in `profiles`, and the skill.
    seen: HashSet<(usize, String)>,
    problems: Capped<Problem>,
}

impl Reader {
    fn read(&mut self, row: Row<'_>) {
        let [code, name, skill, importance, level] = self.columns.map(|column| row.cell(column));
        let number = row.number;
        for (column, text, most) in [(0, code, MAX_CODE_CHARS), (1, name, MAX_NAME_CHARS), (2, skill, MAX_NAME_CHARS)] {
            self.check_name(number, COLUMNS[column], text, most);
        }
        let importance = self.number(number, COLUMNS[3], importance, IMPORTANCE);
        let level = self.number(number, COLUMNS[4], level, LEVEL);
        let (Some(importance), Some(level)) = (importance, level) else { return };
        if code.is_empty() || skill.is_empty() {
            return;
        }
        let place = self.profile(number, code, name);
        if self.seen.insert((place, skill.to_owned())) {
            self.profiles[place].1.skills.push(ProfileSkill { name: skill.to_owned(), importance, level });
        } else {
            let text = format!("{} has the skill {} already", quoted(name), quoted(skill));
            self.problems.push(Problem::cell(number, COLUMNS[2], text));
        }
    }

    /// The place of the profile, which must be called the same in each of its rows.
    fn profile(&mut self, number: u32, code: &str, name: &str) -> usize {
        if let Some((place, first)) = self.codes.get(code) {
            let called = &self.profiles[*place].1.name;
            if called != name {
                let text = format!("{} is called {} in row {first}", quoted(code), quoted(called));
                self.problems.push(Problem::cell(number, COLUMNS[1], text));
            }
            return *place;
        }
        let place = self.profiles.len();
        let profile = Profile { code: code.to_owned(), name: name.to_owned(), skills: Vec::new() };
        self.profiles.push((number, profile));
        self.codes.insert(code.to_owned(), (place, number));
        place
    }

    fn check_name(&mut self, number: u32, column: &str, text: &str, most: usize) {
        if text.is_empty() {
            self.problems.push(Problem::cell(number, column, "the cell is empty"));
        } else if text.chars().count() > most {
            let text = format!("{} is longer than {most} characters", quoted(text));
            self.problems.push(Problem::cell(number, column, text));
        }
    }

    fn number(&mut self, number: u32, column: &str, text: &str, (lowest, highest): (Level, Level)) -> Option<Level> {
        let found = Level::parse(text).filter(|level| (lowest..=highest).contains(level));
        if found.is_none() {
            let text = format!("{} is not a number from {lowest} to {highest} with at most two decimals", quoted(text));
            self.problems.push(Problem::cell(number, column, text));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::{self, Limits};

    fn problems(text: &str) -> Vec<String> {
        let table = tables::read(text.as_bytes(), None, Limits::default()).unwrap();
        read(&table).unwrap_err().iter().map(Problem::to_string).collect()
    }

    #[test]
    fn each_problem_names_its_row_and_column() {
        let head = "role_code,role,skill,importance,level\n";
        for (rows, expected) in [
            (
                "1,A,Reading,0.5,3\n",
                "row 2, column “importance”: “0.5” is not a number from 1 to 5 with at most two decimals",
            ),
            (
                "1,A,Reading,3,7.01\n",
                "row 2, column “level”: “7.01” is not a number from 0 to 7 with at most two decimals",
            ),
            (
                "1,A,Reading,3,high\n",
                "row 2, column “level”: “high” is not a number from 0 to 7 with at most two decimals",
            ),
            ("1,A,Reading,3,4\n,A,Writing,3,4\n", "row 3, column “role_code”: the cell is empty"),
            ("1,A,Reading,3,4\n1,B,Writing,3,4\n", "row 3, column “role”: “1” is called “A” in row 2"),
            ("1,A,Reading,3,4\n1,A,Reading,3,5\n", "row 3, column “skill”: “A” has the skill “Reading” already"),
        ] {
            assert_eq!(problems(&format!("{head}{rows}")), [expected]);
        }
        assert_eq!(
            problems("role_code,role,skill,level\n1,A,Reading,3\n"),
            [
                "row 1: the header lacks the column importance; a file of profiles has role_code, role, skill, importance, level"
            ]
        );
        assert_eq!(problems(head), ["the file has a header and nothing below it"]);
    }

    #[test]
    fn rows_of_one_code_become_one_profile() {
        let text = "Skill;Level;Importance;Role;Role_code\nReading;4,75;4,12;Chief;11-1\nReading;2;3;Clerk;43-9\nWriting;0;1;Chief;11-1\n";
        let table = tables::read(text.as_bytes(), None, Limits::default()).unwrap();
        let profiles = read(&table).unwrap();
        let told: Vec<(&str, Vec<String>)> = profiles
            .iter()
            .map(|(_, profile)| {
                let skills = profile.skills.iter();
                (profile.code.as_str(), skills.map(|s| format!("{} {} {}", s.name, s.importance, s.level)).collect())
            })
            .collect();
        let chief = vec!["Reading 4.12 4.75".to_owned(), "Writing 1 0".to_owned()];
        assert_eq!(told, [("11-1", chief), ("43-9", vec!["Reading 3 2".to_owned()])]);
    }
}
