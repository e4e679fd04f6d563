//! A list of skills, one in each row, also as the European classification of skills (ESCO) is published.

use std::collections::HashMap;

use crate::tables::{Problem, Row, Table, quoted};

use super::Findings;
use super::columns::{Column, find_one, note_unknown};
use super::skills::Spellings;
use crate::error::{Checks, Error};
use crate::plugins::skills::catalogue::labels::model::Labels;
use crate::plugins::skills::catalogue::model::{MAX_DESCRIPTION_CHARS, MAX_URI_CHARS};

/// Everything that a file of skills says.
#[derive(Debug)]
pub struct SkillFile {
    /// In the order of the file. No two have the same category and name.
    pub skills: Vec<SkillRow>,
    /// What a person should know although the file can be taken, in full sentences.
    pub notices: Vec<String>,
}

/// One skill of a file. A field is none where the file has no such column, or where the cell is empty; only the
/// category tells these two apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkillRow {
    /// Where it stands in the file (1-based).
    pub row: u32,
    pub name: String,
    /// None where the file has no such column; empty where the skill has no category.
    pub category: Option<String>,
    pub description: Option<String>,
    /// Where the skill is defined.
    pub uri: Option<String>,
    pub scale: Option<String>,
    pub aliases: Option<Vec<String>>,
    pub tags: Option<Vec<String>>,
    /// Who looks after it: an address, or a name.
    pub owner: Option<String>,
}

const NAME: [&str; 3] = ["name", "skill", "preferred_label"];
const CATEGORY: [&str; 2] = ["category", "reuse_level"];
const URI: [&str; 2] = ["uri", "concept_uri"];
const KNOWN: [&str; 12] = [
    "name",
    "skill",
    "preferred_label",
    "category",
    "reuse_level",
    "description",
    "uri",
    "concept_uri",
    "scale",
    "aliases",
    "tags",
    "owner",
];

impl SkillFile {
    /// # Errors
    /// Every problem with its row and column, in the file's order; after two hundred only their number.
    pub fn read(table: &Table) -> Result<SkillFile, Vec<Problem>> {
        let mut findings = Findings::new(table);
        note_unknown(table, &KNOWN, &mut findings);
        let Some(columns) = Columns::find(table, &mut findings) else {
            let message = format!("the header names no column of skills; it is called {}", NAME.join(" or "));
            findings.problems.push(Problem::row(table.header_row, message));
            return Err(findings.problems.into_problems());
        };
        let mut reader = SkillReader { columns, rows: HashMap::new(), spellings: Spellings::default(), findings };
        let skills = table.rows().filter_map(|row| reader.read(row)).collect();
        let Findings { problems, notices } = reader.findings;
        if problems.is_empty() {
            Ok(SkillFile { skills, notices: notices.into_notices() })
        } else {
            Err(problems.into_problems())
        }
    }
}

struct Columns {
    name: Column,
    category: Option<Column>,
    description: Option<Column>,
    uri: Option<Column>,
    scale: Option<Column>,
    aliases: Option<Column>,
    tags: Option<Column>,
    owner: Option<Column>,
}

impl Columns {
    fn find(table: &Table, findings: &mut Findings) -> Option<Columns> {
        let mut one = |names: &[&str]| find_one(table, names, findings);
        Some(Columns {
            name: one(&NAME)?,
            category: one(&CATEGORY),
            description: one(&["description"]),
            uri: one(&URI),
            scale: one(&["scale"]),
            aliases: one(&["aliases"]),
            tags: one(&["tags"]),
            owner: one(&["owner"]),
        })
    }
}

struct SkillReader {
    columns: Columns,
    /// The row in which a category and name stood first.
    rows: HashMap<(String, String), u32>,
    spellings: Spellings,
    findings: Findings,
}

impl SkillReader {
    fn read(&mut self, row: Row<'_>) -> Option<SkillRow> {
        let name = self.columns.name.cell(row);
        let category = self.columns.category.as_ref().map(|column| column.cell(row));
        self.check(row, name, category)?;
        let filled = |column: &Option<Column>| {
            let text = column.as_ref().map(|column| column.cell(row)).filter(|text| !text.is_empty());
            text.map(str::to_owned)
        };
        let labels = Labels::typed(
            &filled(&self.columns.aliases).unwrap_or_default(),
            &filled(&self.columns.tags).unwrap_or_default(),
        );
        self.check_labels(row.number, name, &labels);
        let listed = |list: Vec<String>| Some(list).filter(|list| !list.is_empty());
        Some(SkillRow {
            row: row.number,
            name: name.to_owned(),
            category: category.map(str::to_owned),
            description: filled(&self.columns.description),
            uri: filled(&self.columns.uri),
            scale: filled(&self.columns.scale),
            aliases: listed(labels.aliases),
            tags: listed(labels.tags),
            owner: filled(&self.columns.owner),
        })
    }

    fn check_labels(&mut self, row: u32, name: &str, labels: &Labels) {
        let mut checks = Checks::default();
        labels.check(name, &mut checks);
        let Err(Error::Invalid(invalid)) = checks.done() else { return };
        for error in invalid.errors() {
            self.findings.problems.push(Problem::cell(row, error.field.clone(), error.message.clone()));
        }
    }

    fn check(&mut self, row: Row<'_>, name: &str, category: Option<&str>) -> Option<()> {
        let (number, column) = (row.number, &self.columns.name.name);
        if name.is_empty() {
            self.findings.problems.push(Problem::cell(number, column.clone(), "the row names no skill"));
            return None;
        }
        let key = (category.unwrap_or_default().to_owned(), name.to_owned());
        if let Some(first) = self.rows.get(&key) {
            let message = format!("{} stands in row {first} already", quoted(name));
            self.findings.problems.push(Problem::cell(number, column.clone(), message));
            return None;
        }
        self.findings.check_name(number, column, name);
        for column in [&self.columns.category, &self.columns.scale, &self.columns.owner].into_iter().flatten() {
            self.findings.check_name(number, &column.name, column.cell(row));
        }
        let long = [(&self.columns.description, MAX_DESCRIPTION_CHARS), (&self.columns.uri, MAX_URI_CHARS)];
        for (column, most) in long {
            if let Some(column) = column {
                self.findings.check_length(number, &column.name, column.cell(row), most);
            }
        }
        self.spellings.note(number, &key.0, name, &mut self.findings);
        self.rows.insert(key, number);
        Some(())
    }
}
