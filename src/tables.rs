//! Tables of text cells read from and written to CSV and XLSX files.
//!
//! `read` turns an uploaded file into a [`Table`], or into a list of problems that say which row and column is
//! wrong. Nothing here knows what the columns mean and nothing touches the database: callers turn rows into their
//! own types. Everything is bounded by [`Limits`], because these files come from outside.

mod builder;
mod cell;
mod delimited;
mod encoding;
mod package;
mod problem;
mod workbook;
mod write;

pub use problem::{Capped, Problem, quoted};
pub use write::{Cell, write_csv, write_xlsx};

/// What a file may hold at most; a file beyond any of these is refused.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file as it was uploaded, and of the text that its cells hold together.
    pub bytes: usize,
    /// Bytes that a workbook's parts may unpack to, all together.
    pub unpacked_bytes: u64,
    /// Files inside of a workbook's zip container.
    pub entries: usize,
    /// Rows below the header.
    pub rows: usize,
    /// Columns of the header.
    pub columns: usize,
    /// Cells below the header, empty ones included.
    pub cells: usize,
    /// Characters of one cell (Excel's own limit is 32,767).
    pub cell_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 64 << 20,
            unpacked_bytes: 64 << 20,
            entries: 1_000,
            rows: 200_000,
            columns: 16_384,
            cells: 16_000_000,
            cell_chars: 32_767,
        }
    }
}

/// A header and the rows below it; every row has exactly as many cells as the header.
///
/// All cells lie in one text, with their ends beside it: a file of a million cells takes two allocations, not a
/// million.
#[derive(Debug)]
pub struct Table {
    /// The names of the columns: none is empty, no two are equal.
    pub header: Vec<String>,
    /// Where the header stands in the file (1-based).
    pub header_row: u32,
    /// What a person should know although the file could be read, in full sentences.
    pub notices: Vec<String>,
    text: String,
    ends: Vec<u32>,
    numbers: Vec<u32>,
}

impl Table {
    /// The rows below the header in the file's order, without those that are completely empty.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.numbers.iter().enumerate().map(|(index, &number)| {
            let first = index * self.header.len();
            Row { number, text: &self.text, ends: &self.ends, first }
        })
    }
}

/// One row of a [`Table`].
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The line of a CSV file on which the row starts, or the row of a worksheet (1-based).
    pub number: u32,
    text: &'a str,
    ends: &'a [u32],
    first: usize,
}

impl<'a> Row<'a> {
    /// The text of one cell, without surrounding white space; line breaks inside are `\n`.
    pub fn cell(&self, column: usize) -> &'a str {
        let cell = self.first + column;
        let start = if cell == 0 { 0 } else { self.ends[cell - 1] };
        &self.text[start as usize..self.ends[cell] as usize]
    }
}

/// Reads a CSV or XLSX file, told apart by its content.
///
/// # Errors
/// Every problem that was found, in the file's order; after two hundred only their number.
pub fn read(bytes: &[u8], file_name: Option<&str>, limits: Limits) -> Result<Table, Vec<Problem>> {
    if bytes.len() > limits.bytes {
        let message = format!("the file has {} bytes; at most {} are read", bytes.len(), limits.bytes);
        return Err(vec![Problem::file(message)]);
    }
    match Kind::of(bytes, file_name).map_err(|problem| vec![problem])? {
        Kind::Workbook => workbook::read(bytes, limits),
        Kind::Delimited => delimited::read(bytes, limits),
    }
}

/// The name of a column as a spreadsheet shows it: A, B, …, Z, AA (`index` counts from 0).
pub fn column_letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

enum Kind {
    Workbook,
    Delimited,
}

impl Kind {
    fn of(bytes: &[u8], file_name: Option<&str>) -> Result<Kind, Problem> {
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return Ok(Kind::Workbook);
        }
        if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
            return Err(Problem::file(old_office_message(bytes)));
        }
        let name = file_name.unwrap_or_default().to_lowercase();
        if [".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"].iter().any(|ending| name.ends_with(ending)) {
            let message = format!("{} is named like a spreadsheet but does not hold one", quoted(&name));
            return Err(Problem::file(message));
        }
        Ok(Kind::Delimited)
    }
}

/// Excel puts an encrypted .xlsx into the same container that .xls files use, under this name in UTF-16.
fn old_office_message(bytes: &[u8]) -> &'static str {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|window| window == name) {
        "the workbook is protected by a password; save it without one and try again"
    } else {
        "this is an old Excel file (.xls); save it as .xlsx or CSV and try again"
    }
}
