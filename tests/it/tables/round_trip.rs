//! Whatever is written reads back the same, and nothing brings reading down.

use proptest::prelude::*;
use quarterdeck::tables::{Cell, Table, write_csv, write_xlsx};

use super::workbook::small_workbook;
use super::{read, rows};

/// Pieces that file formats and spreadsheet programs trip over.
const PIECES: [&str; 32] = [
    "=",
    "+",
    "-",
    "@",
    "'",
    "\"",
    "\"\"",
    ",",
    ";",
    "|",
    "\t",
    " ",
    "\n",
    "\r\n",
    "\r",
    "é",
    "日本",
    "👩‍🚒",
    "007",
    "1e5",
    "3-4",
    "4.0",
    "TRUE",
    "_x0041_",
    "_x000D_",
    "\u{FEFF}",
    "\u{A0}",
    "<&>",
    "sep=;",
    "a",
    "B",
    "]]>",
];

fn text() -> impl Strategy<Value = String> {
    let nasty = prop::collection::vec(prop::sample::select(&PIECES[..]), 0..6).prop_map(|pieces| pieces.concat());
    prop_oneof![3 => nasty, 1 => "\\PC{0,12}", 1 => "[a-zA-Z ]{0,8}"]
}

/// What a table makes of a text, said independently of it.
fn kept(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    unified.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').to_owned()
}

fn grid() -> impl Strategy<Value = (Vec<String>, Vec<Vec<Result<String, f64>>>)> {
    let number = prop_oneof![(-40i32..400).prop_map(|n| f64::from(n) / 4.0), prop::num::f64::NORMAL];
    let cell = prop_oneof![4 => text().prop_map(Ok), 1 => number.prop_map(Err)];
    prop::collection::vec(text(), 1..5)
        .prop_filter("headers are filled and differ", |header| {
            let names: std::collections::HashSet<String> = header.iter().map(|name| kept(name)).collect();
            names.len() == header.len() && !names.contains("")
        })
        .prop_flat_map(move |header| {
            let row = prop::collection::vec(cell.clone(), header.len()).prop_filter("blank rows are left out", |row| {
                row.iter().any(|c| c.as_ref().map_or(true, |t| !kept(t).is_empty()))
            });
            (Just(header), prop::collection::vec(row, 0..25))
        })
}

fn check(table: &Table, header: &[String], grid: &[Vec<Result<String, f64>>]) -> Result<(), TestCaseError> {
    prop_assert_eq!(&table.header, &header.iter().map(|name| kept(name)).collect::<Vec<_>>());
    let expected: Vec<Vec<String>> = grid
        .iter()
        .map(|row| row.iter().map(|cell| cell.as_ref().map_or_else(f64::to_string, |text| kept(text))).collect())
        .collect();
    prop_assert_eq!(rows(table), expected);
    Ok(())
}

proptest! {
    // Each case packs and unpacks a workbook, which is slow in a debug build.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_reads_back((header, grid) in grid()) {
        let names: Vec<&str> = header.iter().map(String::as_str).collect();
        let cells = || grid.iter().map(|row| row.iter().map(|cell| match cell {
            Ok(text) => Cell::Text(text),
            Err(number) => Cell::Number(*number),
        }));
        let mut csv = Vec::new();
        write_csv(&names, cells(), &mut csv).unwrap();
        check(&read(&csv).unwrap(), &header, &grid)?;
        let xlsx = write_xlsx(&names, cells()).unwrap();
        check(&read(&xlsx).unwrap(), &header, &grid)?;
    }

    #[test]
    fn no_bytes_bring_reading_down(bytes in prop::collection::vec(any::<u8>(), 0..300), text in text()) {
        // Whether it is taken or refused does not matter here, only that there is an answer.
        let _ = read(&bytes);
        let _ = read(text.as_bytes());
    }

    #[test]
    fn no_broken_workbook_brings_reading_down(at in 0usize..4000, byte in any::<u8>(), cut in 0usize..6000) {
        let mut workbook = small_workbook();
        let at = at % workbook.len();
        workbook[at] = byte;
        let _ = read(&workbook);
        workbook.truncate(cut);
        let _ = read(&workbook);
    }
}
