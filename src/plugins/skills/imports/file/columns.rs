//! Finds the columns of a file by their names, in whatever order and case they come.

use crate::tables::{Problem, Row, Table, quoted};

use super::Findings;

/// A column and its header as the file writes it.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub index: usize,
    pub name: String,
}

impl Column {
    pub fn cell<'a>(&self, row: Row<'a>) -> &'a str {
        row.cell(self.index)
    }
}

/// The first column of that name, whatever its case.
pub(super) fn find(table: &Table, name: &str) -> Option<Column> {
    let index = table.header.iter().position(|header| header.to_lowercase() == name)?;
    Some(Column { index, name: table.header[index].clone() })
}

/// The column that has one of these names; a second one is a problem.
pub(super) fn find_one(table: &Table, names: &[&str], findings: &mut Findings) -> Option<Column> {
    let is_named = |header: &&String| names.contains(&header.to_lowercase().as_str());
    let found: Vec<&String> = table.header.iter().filter(is_named).collect();
    if let [first, second, ..] = found[..] {
        let message = format!("the file has the column {} too, which says the same", quoted(first));
        findings.problems.push(Problem::cell(table.header_row, second.clone(), message));
    }
    names.iter().find_map(|name| find(table, name))
}

/// Tells which columns are left out because nobody knows their names.
pub(super) fn note_unknown(table: &Table, known: &[&str], findings: &mut Findings) {
    let is_unknown = |header: &&String| !known.contains(&header.to_lowercase().as_str());
    let unknown: Vec<String> = table.header.iter().filter(is_unknown).map(|header| quoted(header)).collect();
    if !unknown.is_empty() {
        let noun = if unknown.len() == 1 { "the column" } else { "the columns" };
        let known = known.join(", ");
        findings.notices.push(format!("{noun} {} was not read; known are {known}", unknown.join(", ")));
    }
}
