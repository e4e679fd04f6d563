//! What commands write to standard output. A reader that went away, such as `head`, is no failure.

use super::Failure;
use std::io::{ErrorKind, Write, stdout};

pub(super) fn line(text: &str) -> Result<(), Failure> {
    written(writeln!(stdout().lock(), "{text}"))
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
    written(stdout().lock().write_all(text.as_bytes()))
}

fn written(result: std::io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("the output could not be written: {error}")))
        }
        _ => Ok(()),
    }
}
