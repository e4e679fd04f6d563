//! What commands write to standard output. A reader that went away, such as `head`, is no failure.

use super::Failure;
use std::io::{ErrorKind, Result as IoResult, Write, stdout};

/// Standard output, where what nobody reads any more is taken for written.
pub(super) struct Output;

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> IoResult<usize> {
        unless_unread(stdout().write(bytes), bytes.len())
    }

    fn flush(&mut self) -> IoResult<()> {
        unless_unread(stdout().flush(), ())
    }
}

fn unless_unread<T>(result: IoResult<T>, unread: T) -> IoResult<T> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(unread),
        other => other,
    }
}

pub(super) fn line(text: &str) -> Result<(), Failure> {
    self::text(&format!("{text}\n"))
}

/// Lines that end as they are.
pub(super) fn text(text: &str) -> Result<(), Failure> {
    let written = Output.write_all(text.as_bytes()).and_then(|()| Output.flush());
    written.map_err(|error| Failure::new(format!("the output could not be written: {error}")))
}

/// Columns that are as wide as their widest cell.
pub(super) fn table<const N: usize>(head: [&str; N], rows: Vec<[String; N]>) -> Result<(), Failure> {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].as_str()).chain([head[column]]);
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let mut text = String::new();
    for row in [head.map(str::to_owned)].iter().chain(&rows) {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    self::text(&text)
}
