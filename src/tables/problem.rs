//! What is wrong with a file, and where: the words that a person needs to put it right.

use std::fmt;

/// How many problems are told one by one: a person who sees two hundred knows what is wrong with the file.
const TOLD: usize = 200;

/// Something that keeps a file from being taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line of a CSV file or the row of a worksheet (1-based); none where the whole file is meant.
    pub row: Option<u32>,
    /// The header of the column, or its letters where it has none.
    pub column: Option<String>,
    /// What is wrong, and where it helps what to do, without a full stop.
    pub message: String,
}

impl Problem {
    /// A problem of the file as a whole.
    pub fn file(message: impl Into<String>) -> Problem {
        Problem { row: None, column: None, message: message.into() }
    }

    /// A problem of a whole row.
    pub fn row(row: u32, message: impl Into<String>) -> Problem {
        Problem { row: Some(row), column: None, message: message.into() }
    }

    /// A problem of one cell.
    pub fn cell(row: u32, column: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { row: Some(row), column: Some(column.into()), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, &self.column) {
            (Some(row), Some(column)) => write!(f, "row {row}, column {}: {}", quoted(column), self.message),
            (Some(row), None) => write!(f, "row {row}: {}", self.message),
            (None, Some(column)) => write!(f, "column {}: {}", quoted(column), self.message),
            (None, None) => f.write_str(&self.message),
        }
    }
}

/// A list that keeps its first two hundred entries and counts the rest, so that a bad file of a million rows
/// neither fills the memory nor the page.
#[derive(Debug)]
pub struct Capped<T> {
    kept: Vec<T>,
    more: usize,
}

impl<T> Default for Capped<T> {
    fn default() -> Self {
        Capped { kept: Vec::new(), more: 0 }
    }
}

impl<T> Capped<T> {
    pub fn push(&mut self, entry: T) {
        if self.kept.len() < TOLD {
            self.kept.push(entry);
        } else {
            self.more += 1;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

impl Capped<Problem> {
    /// The first of these problems, with a last one that counts those that were left out.
    pub fn of(problems: Vec<Problem>) -> Vec<Problem> {
        let mut capped = Capped::default();
        problems.into_iter().for_each(|problem| capped.push(problem));
        capped.into_problems()
    }

    /// The problems, with a last one that counts those that were left out.
    pub fn into_problems(mut self) -> Vec<Problem> {
        if self.more > 0 {
            self.kept.push(Problem::file(format!("and {} more", self.more)));
        }
        self.kept
    }
}

impl Capped<String> {
    /// The sentences, with a last one that counts those that were left out.
    pub fn into_notices(mut self) -> Vec<String> {
        if self.more > 0 {
            self.kept.push(format!("and {} more", self.more));
        }
        self.kept
    }
}

/// A text from a file in quotation marks, cut short and on one line, for use inside of a message.
pub fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    let shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let cut = if text.chars().nth(SHOWN).is_some() { "…" } else { "" };
    format!("“{shown}{cut}”")
}
