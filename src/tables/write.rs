//! Rows written as CSV (UTF-8, commas, CRLF, as RFC 4180 and Excel have it) or as an XLSX workbook.
//!
//! What is written reads back the same with `read`, apart from white space around a text.

use std::io::{self, Write};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::cell::{guard, guard_apostrophe};

/// A cell to write. Numbers are never guarded against being run as a formula; texts are.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    Text(&'a str),
    /// For rows that are gone when the next one comes.
    Owned(String),
    Number(f64),
}

/// Writes a CSV file row by row. Text that a spreadsheet program would run as a formula (it starts with `=`, `+`,
/// `-` or `@`) gets an apostrophe before it, which `read` takes away again.
///
/// # Errors
/// What `out` answers, or InvalidInput for a row that is not as long as the header.
pub fn write_csv<'a, R>(header: &[&str], rows: impl IntoIterator<Item = R>, mut out: impl Write) -> io::Result<()>
where
    R: IntoIterator<Item = Cell<'a>>,
{
    // Other delimiters than the comma inside of the header's names would mislead those who look for the delimiter.
    let misleading = header.iter().any(|name| name.contains([';', '\t', '|']));
    let style = if misleading { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
    let mut first = writer(style, &mut out);
    first.write_record(header.iter().map(|name| guard(name).into_owned()))?;
    first.flush()?;
    drop(first);
    let mut writer = writer(csv::QuoteStyle::Necessary, out);
    for row in rows {
        let mut cells = 0;
        for cell in row {
            cells += 1;
            match cell {
                Cell::Text(text) => writer.write_field(guard(text).as_bytes())?,
                Cell::Owned(text) => writer.write_field(guard(&text).as_bytes())?,
                // Adding zero makes a plain zero of the negative one.
                Cell::Number(number) => writer.write_field((number + 0.0).to_string())?,
            }
        }
        check_width(cells, header.len())?;
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

/// Makes a workbook of one worksheet: the header stays in view, numbers are numbers, texts are texts (a text is never
/// run as a formula there).
///
/// # Errors
/// InvalidInput for what a worksheet cannot hold (more than 1,048,576 rows, 16,384 columns or 32,767 characters in a
/// cell) and for a row that is not as long as the header.
pub fn write_xlsx<'a, R>(header: &[&str], rows: impl IntoIterator<Item = R>) -> io::Result<Vec<u8>>
where
    R: IntoIterator<Item = Cell<'a>>,
{
    let mut workbook = Workbook::new();
    // Its rows wait in a temporary file; in memory a hundred thousand of them would take 300 MB.
    let worksheet = workbook.add_worksheet_with_low_memory().map_err(unwritable)?;
    fill(worksheet, header, rows)?;
    workbook.save_to_buffer().map_err(unwritable)
}

fn fill<'a, R>(worksheet: &mut Worksheet, header: &[&str], rows: impl IntoIterator<Item = R>) -> io::Result<()>
where
    R: IntoIterator<Item = Cell<'a>>,
{
    let bold = Format::new().set_bold();
    let mut widths = Vec::with_capacity(header.len());
    for (column, name) in (0u16..).zip(header) {
        worksheet.write_string_with_format(0, column, guard_apostrophe(name), &bold).map_err(unwritable)?;
        widths.push(name.chars().count());
    }
    for (row, cells) in (1u32..).zip(rows) {
        let mut count = 0;
        for (column, cell) in (0u16..).zip(cells) {
            count += 1;
            let width = write_cell(worksheet, row, column, cell).map_err(unwritable)?;
            if let Some(widest) = widths.get_mut(usize::from(column)) {
                *widest = width.max(*widest);
            }
        }
        check_width(count, header.len())?;
    }
    lay_out(worksheet, &widths).map_err(unwritable)
}

/// Writes a cell and returns how many characters wide it is.
fn write_cell(worksheet: &mut Worksheet, row: u32, column: u16, cell: Cell<'_>) -> Result<usize, XlsxError> {
    match cell {
        Cell::Text(text) => write_text(worksheet, row, column, text),
        Cell::Owned(text) => write_text(worksheet, row, column, &text),
        Cell::Number(number) => {
            worksheet.write_number(row, column, number)?;
            Ok(number.to_string().len())
        }
    }
}

fn write_text(worksheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<usize, XlsxError> {
    if !text.is_empty() {
        worksheet.write_string(row, column, guard_apostrophe(text))?;
    }
    Ok(text.chars().count())
}

fn lay_out(worksheet: &mut Worksheet, widths: &[usize]) -> Result<(), XlsxError> {
    const NARROWEST: usize = 8;
    const WIDEST: usize = 48;
    worksheet.set_freeze_panes(1, 0)?;
    for (column, &width) in (0u16..).zip(widths) {
        worksheet.set_column_width(column, (width.clamp(NARROWEST, WIDEST) + 2) as f64)?;
    }
    Ok(())
}

fn writer<W: Write>(style: csv::QuoteStyle, out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).quote_style(style).flexible(true).from_writer(out)
}

fn check_width(cells: usize, columns: usize) -> io::Result<()> {
    if cells == columns {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("a row has {cells} cells, the header {columns}")))
}

fn unwritable(error: XlsxError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error)
}
