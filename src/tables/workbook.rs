//! XLSX workbooks: the cells of the first visible worksheet that has any, read one after the other.
//!
//! The cells are streamed because the range that calamine would build has a place for every cell between the first
//! and the last one, and a workbook of a few bytes can put the last one at XFD1048576.

use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::builder::{Builder, Record, ShortRows, Stopped};
use super::problem::{Problem, quoted};
use super::{Limits, Table, column_letters, package};

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<Table, Vec<Problem>> {
    package::check(bytes, &limits).map_err(|problem| vec![problem])?;
    // calamine computes with the numbers of a cell's address unchecked: a made-up address makes it panic.
    let outcome = catch_unwind(AssertUnwindSafe(|| read_checked(bytes, limits)));
    match outcome {
        Ok(Ok(builder)) => builder.finish(),
        Ok(Err(error)) => Err(vec![Problem::file(damage(&error))]),
        Err(_) => Err(vec![Problem::file("the workbook is damaged: it holds a cell address that cannot be")]),
    }
}

fn damage(error: &XlsxError) -> String {
    match error {
        XlsxError::Password => "the workbook is protected by a password; save it without one and try again".to_owned(),
        error => format!("the workbook is damaged ({error}); save it anew and try again"),
    }
}

fn read_checked(bytes: &[u8], limits: Limits) -> Result<Builder, XlsxError> {
    let mut workbook = Workbook::new(Cursor::new(bytes))?;
    let mut builder = Builder::new(limits, ShortRows::ArePadded);
    let mut filled = filled_worksheets(&mut workbook)?.into_iter();
    if let Some(worksheet) = filled.next() {
        // Stopping early is no error of its own: the builder holds the problem.
        let _stopped = read_worksheet(&mut workbook, &worksheet, &limits, &mut builder)?;
        let others: Vec<String> = filled.map(|name| quoted(&name)).collect();
        if !others.is_empty() {
            let notice = format!("only the worksheet {} was read, not {}", quoted(&worksheet), others.join(", "));
            builder.notices.push(notice);
        }
    }
    Ok(builder)
}

/// The names of the visible worksheets that have a cell which is not empty.
fn filled_worksheets(workbook: &mut Workbook<'_>) -> Result<Vec<String>, XlsxError> {
    let sheets = workbook.sheets_metadata().iter();
    let visible = sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    let mut filled = Vec::new();
    for name in names {
        let mut cells = workbook.worksheet_cells_reader(&name)?;
        while let Some(cell) = cells.next_cell()? {
            if *cell.get_value() != DataRef::Empty {
                filled.push(name);
                break;
            }
        }
    }
    Ok(filled)
}

fn read_worksheet(
    workbook: &mut Workbook<'_>,
    name: &str,
    limits: &Limits,
    builder: &mut Builder,
) -> Result<Result<(), Stopped>, XlsxError> {
    let merged = workbook.merge_cells_by_sheet_name(name)?;
    let mut sheet = Sheet { builder, record: Record::new(limits), limits, merged, formulas: 0 };
    let mut cells = workbook.worksheet_cells_reader(name)?;
    while let Some(cell) = cells.next_cell_with_formula_metadata()? {
        let address = (cell.pos.0.saturating_add(1), cell.pos.1 as usize);
        let is_formula = cell.formula.is_some();
        let text = cell_text(&cell.value, is_formula);
        if text.as_ref().is_ok_and(|text| text.is_empty()) {
            continue;
        }
        sheet.formulas += usize::from(is_formula && text.is_ok());
        if sheet.place(address, text).is_err() {
            return Ok(Err(Stopped));
        }
    }
    Ok(sheet.finish())
}

/// A worksheet on its way into the builder.
struct Sheet<'a> {
    builder: &'a mut Builder,
    /// The row that is being read.
    record: Record,
    limits: &'a Limits,
    merged: Vec<Dimensions>,
    /// How many cells hold a formula whose stored result was taken.
    formulas: usize,
}

impl Sheet<'_> {
    /// Puts a cell into the row that is being read, after the row before it was passed on.
    fn place(&mut self, (row, column): (u32, usize), text: Result<Cow<'_, str>, String>) -> Result<(), Stopped> {
        if column >= self.limits.columns {
            let most = self.limits.columns;
            let message = format!("there is a cell in column {}; at most {most} are read", column + 1);
            return Err(self.builder.stop(Problem::row(row, message)));
        }
        if row > self.record.number {
            self.pass_on()?;
            self.record.start(row);
        }
        if row < self.record.number || column < self.record.len() {
            let message = "the cells do not follow each other in order; save the workbook anew and try again";
            return Err(self.builder.stop(Problem::cell(row, column_letters(column), message)));
        }
        while self.record.len() < column {
            self.record.end_cell();
        }
        match text {
            Ok(text) => self.record.append(&text),
            Err(fault) => {
                let column = self.builder.column_name(column);
                self.builder.problems.push(Problem::cell(row, column, fault));
            }
        }
        self.record.end_cell();
        Ok(())
    }

    /// Hands the row to the builder, unless it is a title above the header. With the header it is known which merged
    /// cells lie in what is read.
    fn pass_on(&mut self) -> Result<(), Stopped> {
        if self.builder.has_header() {
            return self.builder.push(&self.record);
        }
        let row = self.record.number;
        if self.is_title() {
            let notice = format!("row {row} was not read: its cells are merged, so it is taken for a title");
            self.builder.notices.push(notice);
            return Ok(());
        }
        self.builder.push(&self.record)?;
        if self.builder.has_header() {
            self.refuse_merged(row);
        }
        Ok(())
    }

    /// Whether everything in the row stands at the beginning of an area that is wider than one cell.
    fn is_title(&self) -> bool {
        let row = self.record.number;
        let mut filled =
            (0..self.record.len()).filter(|&column| !self.record.cell(column).trim().is_empty()).peekable();
        let begins = |column: usize| {
            let is_here = |area: &&Dimensions| (area.start.0 + 1, area.start.1 as usize) == (row, column);
            self.merged.iter().find(is_here).is_some_and(|area| area.end.1 > area.start.1)
        };
        filled.peek().is_some() && filled.all(begins)
    }

    /// Only the first cell of a merged area has a value, so the others would be read as empty.
    fn refuse_merged(&mut self, header_row: u32) {
        for area in self.merged.iter().filter(|area| area.end.0.saturating_add(1) >= header_row) {
            let message = format!("the cells {} are merged; unmerge them and fill each one", range_name(area));
            self.builder.problems.push(Problem::row(area.start.0.saturating_add(1), message));
        }
    }

    fn finish(mut self) -> Result<(), Stopped> {
        self.pass_on()?;
        match self.formulas {
            0 => {}
            1 => self.builder.notices.push("1 cell holds a formula; its result as it was saved last was taken".into()),
            many => {
                let notice = format!("{many} cells hold formulas; their results as they were saved last were taken");
                self.builder.notices.push(notice);
            }
        }
        Ok(())
    }
}

/// The text that the cell shows, as far as it does not depend on its number format.
fn cell_text<'a>(value: &'a DataRef<'_>, is_formula: bool) -> Result<Cow<'a, str>, String> {
    Ok(match value {
        DataRef::Empty if is_formula => {
            return Err("the formula has no stored result; open the file in a spreadsheet program and save it".into());
        }
        DataRef::Empty => Cow::Borrowed(""),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cow::Borrowed(text),
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::Int(number) => Cow::Owned(number.to_string()),
        // Adding zero makes a plain zero of the negative one.
        DataRef::Float(number) => Cow::Owned((number + 0.0).to_string()),
        DataRef::Bool(true) => Cow::Borrowed("TRUE"),
        DataRef::Bool(false) => Cow::Borrowed("FALSE"),
        DataRef::DateTime(moment) => Cow::Owned(moment_text(moment)),
        DataRef::Error(error) => return Err(format!("the cell shows the error {error}")),
    })
}

/// A date, a time of day or both in ISO 8601; a worksheet stores them as days since 1900.
fn moment_text(moment: &ExcelDateTime) -> String {
    let days = moment.as_f64();
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if moment.is_duration() {
        let seconds = (days * 86_400.0).round() as i64;
        return format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    match (days < 1.0, days.fract() == 0.0) {
        (true, _) => time,
        (_, true) => date,
        _ => format!("{date}T{time}"),
    }
}

fn range_name(range: &Dimensions) -> String {
    let address = |(row, column): (u32, u32)| format!("{}{}", column_letters(column as usize), u64::from(row) + 1);
    format!("{}:{}", address(range.start), address(range.end))
}
