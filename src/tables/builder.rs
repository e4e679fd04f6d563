//! Builds a table row by row out of what a file's reader found, and checks what holds for every kind of file.

use std::collections::HashMap;

use super::cell::{forbidden_char, normalize};
use super::problem::{Capped, Problem, quoted};
use super::{Limits, Table, column_letters};

/// One row as it stands in the file; used again for every row.
pub(super) struct Record {
    /// Line or row in the file (1-based).
    pub number: u32,
    text: String,
    ends: Vec<usize>,
    /// Cells seen, also those beyond the greatest number that is kept.
    seen: usize,
    max_cells: usize,
}

impl Record {
    pub fn new(limits: &Limits) -> Record {
        Record { number: 1, text: String::new(), ends: Vec::new(), seen: 0, max_cells: limits.columns }
    }

    pub fn start(&mut self, number: u32) {
        self.number = number;
        self.text.clear();
        self.ends.clear();
        self.seen = 0;
    }

    /// Adds to the cell that is being read.
    pub fn append(&mut self, text: &str) {
        if self.seen < self.max_cells {
            self.text.push_str(text);
        }
    }

    pub fn end_cell(&mut self) {
        if self.seen < self.max_cells {
            self.ends.push(self.text.len());
        }
        self.seen += 1;
    }

    /// The number of cells, also of those that were not kept.
    pub fn len(&self) -> usize {
        self.seen
    }

    pub fn cell(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }

    fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|index| self.cell(index))
    }

    pub fn is_blank(&self) -> bool {
        self.cells().all(|cell| normalize(cell).is_empty())
    }
}

/// What a row shorter than the header means.
#[derive(PartialEq)]
pub(super) enum ShortRows {
    /// In a CSV file a delimiter is missing.
    AreProblems,
    /// A worksheet does not store its empty cells.
    ArePadded,
}

/// The file cannot be read on; the problem that says why stands in the list.
pub(super) struct Stopped;

pub(super) struct Builder {
    pub problems: Capped<Problem>,
    pub notices: Vec<String>,
    limits: Limits,
    short_rows: ShortRows,
    header: Option<(u32, Vec<String>)>,
    text: String,
    ends: Vec<u32>,
    numbers: Vec<u32>,
}

impl Builder {
    pub fn new(limits: Limits, short_rows: ShortRows) -> Builder {
        Builder {
            problems: Capped::default(),
            notices: Vec::new(),
            limits,
            short_rows,
            header: None,
            text: String::new(),
            ends: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// Takes the next row: the first one that is not blank is the header.
    pub fn push(&mut self, record: &Record) -> Result<(), Stopped> {
        if record.is_blank() {
            return Ok(());
        }
        match self.header.as_ref().map(|(_, names)| names.len()) {
            None => self.push_header(record),
            Some(columns) => self.push_row(record, columns),
        }
    }

    pub fn has_header(&self) -> bool {
        self.header.is_some()
    }

    /// The name by which a person finds a column.
    pub fn column_name(&self, index: usize) -> String {
        let named = self.header.as_ref().and_then(|(_, names)| names.get(index)).filter(|name| !name.is_empty());
        named.cloned().unwrap_or_else(|| column_letters(index))
    }

    /// Leaves out a row that cannot be read. Without its header the rest of the file means nothing.
    pub fn refuse(&mut self, problem: Problem) -> Result<(), Stopped> {
        self.problems.push(problem);
        if self.header.is_some() { Ok(()) } else { Err(Stopped) }
    }

    /// The file can only be understood up to here.
    pub fn stop(&mut self, problem: Problem) -> Stopped {
        self.problems.push(problem);
        Stopped
    }

    /// # Errors
    /// All problems that were found.
    pub fn finish(mut self) -> Result<Table, Vec<Problem>> {
        if self.header.is_none() && self.problems.is_empty() {
            self.problems.push(Problem::file("the file is empty; its first row should name the columns"));
        }
        match self.header {
            Some((header_row, header)) if self.problems.is_empty() => {
                let Builder { notices, text, ends, numbers, .. } = self;
                Ok(Table { header, header_row, notices, text, ends, numbers })
            }
            _ => Err(self.problems.into_problems()),
        }
    }

    fn push_header(&mut self, record: &Record) -> Result<(), Stopped> {
        let row = record.number;
        if record.len() > self.limits.columns {
            let message = format!("the header has {} columns; at most {} are read", record.len(), self.limits.columns);
            return Err(self.stop(Problem::row(row, message)));
        }
        let mut names: Vec<String> = Vec::with_capacity(record.len());
        let mut first: HashMap<String, usize> = HashMap::new();
        for (index, raw) in record.cells().enumerate() {
            let name = normalize(raw).into_owned();
            if let Some(fault) = header_fault(&name, first.get(&name).copied(), &self.limits) {
                self.problems.push(Problem::cell(row, column_letters(index), fault));
            }
            first.entry(name.clone()).or_insert(index);
            names.push(name);
        }
        self.header = Some((row, names));
        Ok(())
    }

    fn push_row(&mut self, record: &Record, columns: usize) -> Result<(), Stopped> {
        let row = record.number;
        if record.len() > columns || (record.len() < columns && self.short_rows == ShortRows::AreProblems) {
            let message = format!("the row has {}, the header {columns}", count(record.len(), "cell"));
            self.problems.push(Problem::row(row, message));
            return Ok(());
        }
        if let Some(message) = self.full(columns) {
            return Err(self.stop(Problem::row(row, message)));
        }
        for (index, raw) in record.cells().enumerate() {
            let cell = normalize(raw);
            if let Some(fault) = cell_fault(&cell, &self.limits) {
                self.problems.push(Problem::cell(row, self.column_name(index), fault));
            } else if self.text.len() + cell.len() > self.limits.bytes {
                let message = format!("the cells hold more than {} bytes of text", self.limits.bytes);
                return Err(self.stop(Problem::row(row, message)));
            } else {
                self.text.push_str(&cell);
            }
            self.ends.push(self.text.len() as u32);
        }
        let padding = columns - record.len();
        self.ends.extend(std::iter::repeat_n(self.text.len() as u32, padding));
        self.numbers.push(row);
        Ok(())
    }

    fn full(&self, columns: usize) -> Option<String> {
        if self.numbers.len() == self.limits.rows {
            return Some(format!("the file has more than {} rows; split it", self.limits.rows));
        }
        let cells = self.ends.len() + columns;
        (cells > self.limits.cells).then(|| format!("the file has more than {} cells; split it", self.limits.cells))
    }
}

fn header_fault(name: &str, earlier: Option<usize>, limits: &Limits) -> Option<String> {
    if name.is_empty() {
        return Some("the column has no name; name it or delete it".into());
    }
    if let Some(earlier) = earlier {
        return Some(format!("{} is already the name of column {}", quoted(name), column_letters(earlier)));
    }
    cell_fault(name, limits)
}

fn cell_fault(text: &str, limits: &Limits) -> Option<String> {
    // Bytes are never fewer than characters, and they need no counting.
    if text.len() > limits.cell_chars && text.chars().count() > limits.cell_chars {
        let chars = text.chars().count();
        return Some(format!("the cell has {chars} characters; at most {} are read", limits.cell_chars));
    }
    let forbidden = forbidden_char(text)? as u32;
    Some(format!("the cell holds the control character U+{forbidden:04X}; remove it"))
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
