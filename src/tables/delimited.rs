//! CSV in the shapes that spreadsheet programs save: any of four delimiters, any line ending, quoted cells.
//!
//! The scanner is our own because the `csv` crate reads on in silence where a quotation mark is never closed or is
//! followed by more text. The rest of the file would become one cell; here it is a problem with a row and a column.

use super::builder::{Builder, Record, ShortRows, Stopped};
use super::encoding::{Undecodable, decode};
use super::problem::Problem;
use super::{Limits, Table};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<Table, Vec<Problem>> {
    let text = decode(bytes).map_err(|undecodable| vec![locate(undecodable, &limits)])?;
    let mut builder = Builder::new(limits, ShortRows::AreProblems);
    let mut scanner = Scanner::new(&text, &limits);
    let mut record = Record::new(&limits);
    while let Some(flaw) = scanner.read(&mut record) {
        if take(&mut builder, &record, flaw).is_err() {
            break;
        }
    }
    builder.finish()
}

fn take(builder: &mut Builder, record: &Record, flaw: Flaw) -> Result<(), Stopped> {
    match flaw {
        Flaw::None => builder.push(record),
        Flaw::TextAfterQuote { cell } => {
            let message =
                "there is text after the closing quotation mark; a quotation mark inside of a cell is doubled";
            builder.refuse(Problem::cell(record.number, builder.column_name(cell), message))
        }
        Flaw::Unclosed { cell } => {
            let message = "the quotation mark that opens the cell is never closed";
            Err(builder.stop(Problem::cell(record.number, builder.column_name(cell), message)))
        }
    }
}

/// Says in which row and column the text ends, where the bytes after it are no text.
fn locate(undecodable: Undecodable, limits: &Limits) -> Problem {
    let Undecodable { before, message } = undecodable;
    let mut scanner = Scanner::new(&before, limits);
    let (mut header, mut record) = (Record::new(limits), Record::new(limits));
    scanner.read(&mut header);
    let mut rows = 1;
    while scanner.read(&mut record).is_some() {
        rows += 1;
    }
    let at_row_start = before.is_empty() || before.ends_with(['\n', '\r']);
    let last = if rows > 1 { &record } else { &header };
    let (row, cell) = if at_row_start { (scanner.line, 0) } else { (last.number, last.len().saturating_sub(1)) };
    let named = rows > 1 || (at_row_start && !before.is_empty());
    let name = if named && cell < header.len().min(limits.columns) { header.cell(cell).trim() } else { "" };
    let column = if name.is_empty() { super::column_letters(cell) } else { name.to_owned() };
    Problem::cell(row, column, message)
}

/// What is wrong with the quotation marks of a record; `cell` counts from 0.
#[derive(Clone, Copy)]
enum Flaw {
    None,
    TextAfterQuote { cell: usize },
    Unclosed { cell: usize },
}

#[derive(Clone)]
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The line at `at`, counted from 1.
    line: u32,
    delimiter: u8,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, limits: &Limits) -> Scanner<'a> {
        let mut scanner = Scanner { text, at: 0, line: 1, delimiter: DELIMITERS[0] };
        if let Some(delimiter) = declared_delimiter(text) {
            scanner.delimiter = delimiter;
            scanner.at = "sep=;".len();
            scanner.skip_line_break();
        } else {
            scanner.delimiter = detect_delimiter(&scanner, limits);
        }
        scanner
    }

    /// Reads the next record; `None` at the end of the text.
    fn read(&mut self, record: &mut Record) -> Option<Flaw> {
        if self.at == self.text.len() {
            return None;
        }
        record.start(self.line);
        let mut flaw = Flaw::None;
        loop {
            let found = self.read_cell(record);
            if matches!(flaw, Flaw::None) || matches!(found, Flaw::Unclosed { .. }) {
                flaw = found;
            }
            record.end_cell();
            if self.peek() != Some(self.delimiter) {
                self.skip_line_break();
                return Some(flaw);
            }
            self.at += 1;
        }
    }

    fn read_cell(&mut self, record: &mut Record) -> Flaw {
        if self.peek() != Some(b'"') {
            record.append(self.take_plain());
            return Flaw::None;
        }
        let cell = record.len();
        self.at += 1;
        if !self.read_quoted(record) {
            return Flaw::Unclosed { cell };
        }
        let after = self.take_plain();
        if after.trim().is_empty() { Flaw::None } else { Flaw::TextAfterQuote { cell } }
    }

    /// Reads on to behind the closing quotation mark; false if there is none.
    fn read_quoted(&mut self, record: &mut Record) -> bool {
        loop {
            let rest = &self.text[self.at..];
            let Some(length) = rest.find('"') else {
                self.at = self.text.len();
                return false;
            };
            record.append(&rest[..length]);
            self.line += line_breaks(&rest[..length]);
            self.at += length + 1;
            if self.peek() != Some(b'"') {
                return true;
            }
            record.append("\"");
            self.at += 1;
        }
    }

    /// The text up to the next delimiter or line break.
    fn take_plain(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let is_end = |&b: &u8| b == self.delimiter || b == b'\n' || b == b'\r';
        let length = rest.bytes().position(|b| is_end(&b)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn skip_line_break(&mut self) {
        let rest = &self.text[self.at..];
        let length = if rest.starts_with("\r\n") { 2 } else { rest.len().min(1) };
        self.at += length;
        self.line += u32::from(length > 0);
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

fn line_breaks(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let is_break = |i: usize| bytes[i] == b'\n' || (bytes[i] == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
    (0..bytes.len()).filter(|&i| is_break(i)).count() as u32
}

/// Excel's own first line `sep=;` that names the delimiter.
fn declared_delimiter(text: &str) -> Option<u8> {
    let rest = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP="))?;
    let delimiter = DELIMITERS.into_iter().find(|&delimiter| rest.starts_with(char::from(delimiter)))?;
    let ends = rest.len() == 1 || rest[1..].starts_with(['\r', '\n']);
    ends.then_some(delimiter)
}

/// The delimiter that parts the header. Where the header holds several of them, names contain some: then the one
/// counts with which the most of the next rows have as many cells as the header, and after that the more frequent.
fn detect_delimiter(scanner: &Scanner<'_>, limits: &Limits) -> u8 {
    let mut best = (Trial { sound: false, agreeing: 0, cells: 1 }, DELIMITERS[0]);
    for delimiter in DELIMITERS {
        let trial = try_delimiter(Scanner { delimiter, ..scanner.clone() }, limits);
        if trial.cells > 1 && trial > best.0 {
            best = (trial, delimiter);
        }
    }
    best.1
}

/// How well a delimiter fits; what stands first weighs most.
#[derive(PartialEq, PartialOrd)]
struct Trial {
    /// The header's quotation marks stand where they should.
    sound: bool,
    /// Rows with as many cells as the header.
    agreeing: usize,
    /// Cells of the header.
    cells: usize,
}

fn try_delimiter(mut scanner: Scanner<'_>, limits: &Limits) -> Trial {
    const ROWS_TRIED: usize = 20;
    let mut record = Record::new(limits);
    let mut header = scanner.read(&mut record);
    while header.is_some() && record.is_blank() {
        header = scanner.read(&mut record);
    }
    let cells = record.len();
    let mut agreeing = 0;
    for _ in 0..ROWS_TRIED {
        match scanner.read(&mut record) {
            Some(_) => agreeing += usize::from(record.len() == cells),
            None => break,
        }
    }
    Trial { sound: matches!(header, Some(Flaw::None)), agreeing, cells }
}
