//! A file of concepts, as the European classification (ESCO) is published: `concept_uri`, `preferred_label` and, where
//! there is one, `reuse_level`. Other columns are left out.

use crate::tables::{Capped, Problem, Row, Table, quoted};
use serde::Serialize;
use std::collections::HashMap;

const MAX_CHARS: usize = 190;
const MAX_LEVEL_CHARS: usize = 40;

/// A concept of a file, as `{rows …}` takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Concept {
    pub uri: String,
    pub name: String,
    pub name_key: String,
    pub reuse_level: String,
    /// Where it stands in the file (1-based).
    #[serde(skip)]
    pub row: u32,
}

/// # Errors
/// Every problem with its row and column, in the file's order; after two hundred only their number.
pub fn read(table: &Table) -> Result<Vec<Concept>, Vec<Problem>> {
    let column = |names: &[&str]| {
        let is_it = |header: &String| names.iter().any(|name| header.trim().eq_ignore_ascii_case(name));
        table.header.iter().position(is_it)
    };
    let (uri, name) = (column(&["concept_uri", "uri"]), column(&["preferred_label", "name"]));
    let (Some(uri), Some(name)) = (uri, name) else {
        let message = "a file of concepts has the columns concept_uri and preferred_label";
        return Err(vec![Problem::row(table.header_row, message)]);
    };
    let mut reader = Reader {
        table,
        uri,
        name,
        reuse_level: column(&["reuse_level"]),
        first: HashMap::new(),
        problems: Capped::default(),
    };
    let concepts: Vec<Concept> = table.rows().map(|row| reader.take(row)).collect();
    if reader.problems.is_empty() { Ok(concepts) } else { Err(reader.problems.into_problems()) }
}

struct Reader<'a> {
    table: &'a Table,
    uri: usize,
    name: usize,
    reuse_level: Option<usize>,
    /// The row in which an address stood first.
    first: HashMap<String, u32>,
    problems: Capped<Problem>,
}

impl Reader<'_> {
    fn take(&mut self, row: Row<'_>) -> Concept {
        let uri = row.cell(self.uri).to_owned();
        let name = row.cell(self.name).to_owned();
        let reuse_level = self.reuse_level.map_or("", |column| row.cell(column));
        for (column, text) in [(self.uri, &uri), (self.name, &name)] {
            let chars = text.chars().count().max(text.to_lowercase().chars().count());
            self.check(row.number, column, !text.is_empty(), "the cell is empty".to_owned());
            let long = format!("the text has {chars} characters; at most {MAX_CHARS} are taken here");
            self.check(row.number, column, chars <= MAX_CHARS, long);
            let is_plain = !text.chars().any(char::is_control);
            self.check(
                row.number,
                column,
                is_plain,
                "the text has a line break or another control character".to_owned(),
            );
        }
        if let Some(first) = self.first.insert(uri.clone(), row.number).filter(|_| !uri.is_empty()) {
            self.check(row.number, self.uri, false, format!("{} stands in row {first} already", quoted(&uri)));
        }
        let reuse_level = reuse_level.chars().filter(|letter| !letter.is_control()).take(MAX_LEVEL_CHARS).collect();
        Concept { name_key: name.to_lowercase(), uri, name, reuse_level, row: row.number }
    }

    fn check(&mut self, row: u32, column: usize, holds: bool, message: String) {
        if !holds {
            self.problems.push(Problem::cell(row, self.table.header[column].clone(), message));
        }
    }
}
