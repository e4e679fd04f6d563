//! The long form: one row for each rating.

use std::collections::HashMap;

use crate::tables::{Problem, Row, Table, quoted};

use super::columns::{Column, find_one, note_unknown};
use super::details::DetailColumns;
use super::people::{Found, People, PersonColumns};
use super::skills::{SkillRef, Skills};
use super::{Findings, LevelText, Rating, RatingFile};
use crate::plugins::skills::ratings::rules::MAX_NOTE_CHARS;

/// The columns of the long form, in the order in which it is written. Who confirmed a level and when is written only.
pub const LONG_COLUMNS: [&str; 18] = [
    "name",
    "email",
    "team",
    "title",
    "category",
    "skill",
    "level",
    "interest",
    "note",
    "scale",
    "own_level",
    "confirmed_level",
    "confirmed_by",
    "confirmed_at",
    "evidence",
    "valid_until",
    "suspended_until",
    "suspension_reason",
];

const MAX_INTEREST: u8 = 3;

pub(super) fn read(table: &Table) -> Result<RatingFile, Vec<Problem>> {
    let mut findings = Findings::new(table);
    note_unknown(table, &LONG_COLUMNS, &mut findings);
    let people = PersonColumns::find(table, &mut findings).map(People::new);
    let columns = Columns::find(table, &mut findings);
    let (Some(people), Some(columns)) = (people, columns) else {
        return Err(findings.problems.into_problems());
    };
    let details = DetailColumns::find(table, &mut findings);
    let mut reader =
        LongReader { columns, details, people, skills: Skills::default(), rated: HashMap::new(), findings };
    let ratings = table.rows().filter_map(|row| reader.read(row)).collect();
    reader.finish(ratings)
}

struct Columns {
    skill: Column,
    category: Option<Column>,
    level: Option<Column>,
    interest: Option<Column>,
    note: Option<Column>,
    scale: Option<Column>,
}

impl Columns {
    fn find(table: &Table, findings: &mut Findings) -> Option<Columns> {
        let mut one = |name| find_one(table, &[name], findings);
        Some(Columns {
            skill: one("skill")?,
            category: one("category"),
            level: one("level"),
            interest: one("interest"),
            note: one("note"),
            scale: one("scale"),
        })
    }
}

struct LongReader {
    columns: Columns,
    details: DetailColumns,
    people: People,
    skills: Skills,
    /// The row in which a person was rated on a skill.
    rated: HashMap<(usize, usize), u32>,
    findings: Findings,
}

impl LongReader {
    fn read(&mut self, row: Row<'_>) -> Option<Rating> {
        let person = self.people.take(row, &mut self.findings);
        let skill = self.skill(row)?;
        let (Found::New(person) | Found::Known(person)) = person?;
        if let Some(&first) = self.rated.get(&(person, skill)) {
            let message =
                format!("the person was already rated on {} in row {first}", quoted(&self.skills.list[skill].name));
            self.findings.problems.push(Problem::cell(row.number, self.columns.skill.name.clone(), message));
            return None;
        }
        self.rated.insert((person, skill), row.number);
        let level = self.level(row);
        let interest = self.interest(row);
        let note = self.note(row);
        let details = self.details.read(row, &mut self.findings);
        Some(Rating { row: row.number, person, skill, level, interest, note, details })
    }

    fn note(&mut self, row: Row<'_>) -> Option<String> {
        let column = self.columns.note.as_ref()?;
        let note = column.cell(row);
        self.findings.check_length(row.number, &column.name, note, MAX_NOTE_CHARS);
        (!note.is_empty()).then(|| note.to_owned())
    }

    fn skill(&mut self, row: Row<'_>) -> Option<usize> {
        let name = self.columns.skill.cell(row);
        if name.is_empty() {
            let message = "the row names no skill";
            self.findings.problems.push(Problem::cell(row.number, self.columns.skill.name.clone(), message));
            return None;
        }
        let category = self.columns.category.as_ref().map(|column| column.cell(row));
        match self.skills.find(category.unwrap_or_default(), name) {
            Some(known) => {
                self.check_scale(row, known);
                Some(known)
            }
            None => Some(self.new_skill(row, category, name)),
        }
    }

    fn new_skill(&mut self, row: Row<'_>, category: Option<&str>, name: &str) -> usize {
        if let (Some(column), Some(category)) = (&self.columns.category, category) {
            self.findings.check_name(row.number, &column.name, category);
        }
        let scale = self.scale(row);
        if let (Some(column), Some(scale)) = (&self.columns.scale, scale) {
            self.findings.check_name(row.number, &column.name, scale);
        }
        let skill = SkillRef {
            row: row.number,
            column: self.columns.skill.name.clone(),
            category: category.map(str::to_owned),
            name: name.to_owned(),
            scale: scale.map(str::to_owned),
        };
        self.skills.add(skill, &mut self.findings)
    }

    /// A skill has one scale: its rows agree on it, or leave it empty.
    fn check_scale(&mut self, row: Row<'_>, skill: usize) {
        let Some(scale) = self.scale(row) else { return };
        let column = self.columns.scale.as_ref().map_or("", |column| &column.name);
        let skill = &mut self.skills.list[skill];
        match &skill.scale {
            None => {
                self.findings.check_name(row.number, column, scale);
                skill.scale = Some(scale.to_owned());
            }
            Some(first) if first != scale => {
                let message = format!(
                    "{} has the scale {} further up, not {}",
                    quoted(&skill.name),
                    quoted(first),
                    quoted(scale)
                );
                self.findings.problems.push(Problem::cell(row.number, column, message));
            }
            Some(_) => {}
        }
    }

    fn scale<'a>(&self, row: Row<'a>) -> Option<&'a str> {
        self.columns.scale.as_ref().map(|column| column.cell(row)).filter(|scale| !scale.is_empty())
    }

    fn level(&mut self, row: Row<'_>) -> LevelText {
        let Some(column) = &self.columns.level else { return LevelText::Unset };
        let level = column.cell(row);
        self.findings.check_name(row.number, &column.name, level);
        LevelText::of(level)
    }

    fn interest(&mut self, row: Row<'_>) -> Option<u8> {
        let column = self.columns.interest.as_ref()?;
        let text = column.cell(row);
        if text.is_empty() {
            return None;
        }
        let interest = text.parse().ok().filter(|&interest| interest <= MAX_INTEREST);
        if interest.is_none() {
            let message = format!("{} is not a whole number from 0 to {MAX_INTEREST}", quoted(text));
            self.findings.problems.push(Problem::cell(row.number, column.name.clone(), message));
        }
        interest
    }

    fn finish(mut self, ratings: Vec<Rating>) -> Result<RatingFile, Vec<Problem>> {
        let people = self.people.into_people(&mut self.findings);
        self.details.note_unread(&mut self.findings);
        if !self.findings.problems.is_empty() {
            return Err(self.findings.problems.into_problems());
        }
        Ok(RatingFile {
            people,
            skills: self.skills.list,
            ratings,
            notices: self.findings.notices.into_notices(),
            level_column: Some(self.columns.level.unwrap_or(self.columns.skill).name),
        })
    }
}
