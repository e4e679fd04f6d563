//! XLSX workbooks, also those that were made to do harm.

use std::io::{Cursor, Read, Write};

use quarterdeck::tables::{self, Cell, Limits, write_xlsx};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{read, rows, told};

#[test]
fn other_kinds_of_files_are_named() {
    let named = |bytes: &[u8], name| told(tables::read(bytes, Some(name), Limits::default())).join("\n");
    let compound = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    assert!(named(&compound, "x.csv").contains("old Excel file"));
    let mut encrypted = compound;
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(named(&encrypted, "x.xlsx").contains("protected by a password"));
    assert!(named(b"name\nAnn\n", "x.XLSX").contains("“x.xlsx” is named like a spreadsheet"));
    assert!(named(&zipped(&[("a.txt", b"x")]), "x.zip").contains("not an Excel workbook"));
    assert!(named(&zipped(&[("content.xml", b"x")]), "x.ods").contains("OpenDocument"));
    assert!(named(b"PK\x03\x04 cut off", "x.xlsx").contains("damaged"));
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The workbook with one part changed, or added where `part` is not there.
fn patched(workbook: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut entries: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        entries.push((entry.name().unwrap().into_owned(), bytes));
    }
    match entries.iter_mut().find(|(name, _)| name == part) {
        Some((_, bytes)) => *bytes = change(String::from_utf8(bytes.clone()).unwrap()).into_bytes(),
        None => entries.push((part.to_owned(), change(String::new()).into_bytes())),
    }
    let entries: Vec<(&str, &[u8])> = entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    zipped(&entries)
}

pub(super) fn small_workbook() -> Vec<u8> {
    write_xlsx(&["name", "level"], [[Cell::Text("Ann"), Cell::Number(4.0)]]).unwrap()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[test]
fn workbook_cells_become_short_texts() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for (column, header) in (0..).zip(["a", "b", "c", "d", "e", "f", "g"]) {
        sheet.write(1, column, header).unwrap();
    }
    sheet.write(3, 0, 4.0).unwrap();
    sheet.write(3, 1, 4.75).unwrap();
    sheet.write(3, 2, true).unwrap();
    let day = ExcelDateTime::from_ymd(2026, 3, 4).unwrap();
    sheet.write_with_format(3, 3, &day, &date).unwrap();
    sheet.write_with_format(3, 4, day.and_hms(13, 5, 9).unwrap(), &date).unwrap();
    sheet.write(3, 5, Formula::new("1+1").set_result("2")).unwrap();
    let table = read(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(rows(&table), [["4", "4.75", "TRUE", "2026-03-04", "2026-03-04T13:05:09", "2", ""]]);
    assert_eq!((table.header_row, table.rows().next().unwrap().number), (2, 4));
}

#[test]
fn workbook_faults_name_the_cell() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "name").unwrap();
    sheet.write(0, 1, "level").unwrap();
    sheet.write(1, 0, Formula::new("A9").set_result("#REF!")).unwrap();
    sheet.merge_range(2, 0, 3, 1, "both", &Format::new()).unwrap();
    sheet.write(5, 1, "bell\u{7}").unwrap();
    sheet.write(6, 2, "beyond").unwrap();
    let problems = told(read(&workbook.save_to_buffer().unwrap()));
    assert_eq!(
        problems,
        [
            "row 3: the cells A3:B4 are merged; unmerge them and fill each one",
            "row 2, column “name”: the cell shows the error #REF!",
            "row 6, column “level”: the cell holds the control character U+0007; remove it",
            "row 7: the row has 3 cells, the header 2"
        ]
    );
    let unsaved = patched(&small_workbook(), SHEET, |xml| xml.replace("<v>4</v>", "<f>1+3</f>"));
    assert!(told(read(&unsaved))[0].starts_with("row 2, column “level”: the formula has no stored result"));
}

#[test]
fn merged_cells_above_the_header_are_a_title() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.merge_range(0, 0, 1, 2, "Skills of the night shift", &Format::new()).unwrap();
    sheet.merge_range(3, 0, 3, 1, "Who", &Format::new()).unwrap();
    sheet.merge_range(3, 2, 3, 3, "What", &Format::new()).unwrap();
    for (column, header) in (0..).zip(["name", "email", "Welding"]) {
        sheet.write(4, column, header).unwrap();
    }
    sheet.write(5, 0, "Ann").unwrap();
    sheet.write(5, 2, 3).unwrap();
    let table = read(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(table.header_row, 5);
    assert_eq!(rows(&table), [["Ann", "", "3"]]);
    let notice = |row: u32| format!("row {row} was not read: its cells are merged, so it is taken for a title");
    assert_eq!(table.notices, [notice(1), notice(4)]);
}

#[test]
fn merged_cells_of_the_header_and_below_are_refused() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.merge_range(0, 0, 0, 1, "Title", &Format::new()).unwrap();
    sheet.write(1, 0, "name").unwrap();
    sheet.merge_range(1, 1, 1, 2, "Welding", &Format::new()).unwrap();
    sheet.merge_range(2, 0, 3, 0, "Ann", &Format::new()).unwrap();
    let problems = told(read(&workbook.save_to_buffer().unwrap()));
    assert_eq!(
        problems,
        [
            "row 2: the cells B2:C2 are merged; unmerge them and fill each one",
            "row 3: the cells A3:A4 are merged; unmerge them and fill each one",
        ]
    );
}

#[test]
fn stored_results_of_formulas_are_taken_and_counted() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "name").unwrap();
    sheet.write(0, 1, "level").unwrap();
    sheet.write(1, 0, Formula::new("\"An\"&\"n\"").set_result("Ann")).unwrap();
    sheet.write(1, 1, Formula::new("1+2").set_result("3")).unwrap();
    sheet.write(2, 0, "Bo").unwrap();
    let table = read(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(rows(&table), [["Ann", "3"], ["Bo", ""]]);
    assert_eq!(table.notices, ["2 cells hold formulas; their results as they were saved last were taken"]);
}

#[test]
fn the_first_filled_worksheet_is_read_and_the_others_named() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("Empty").unwrap();
    workbook.add_worksheet().set_name("Hidden").unwrap().set_hidden(true).write(0, 0, "hidden").unwrap();
    workbook.add_worksheet().set_name("Team").unwrap().write(0, 0, "name").unwrap();
    workbook.add_worksheet().set_name("Old").unwrap().write(0, 0, "old").unwrap();
    let table = read(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(table.header, ["name"]);
    assert_eq!(table.notices, ["only the worksheet “Team” was read, not “Old”"]);
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_stopped() {
    let bomb = patched(&small_workbook(), "xl/media/image1.png", |_| "0".repeat(3 << 20));
    assert!(bomb.len() < 64 << 10, "the bomb is small as long as it is packed");
    let limits = Limits { unpacked_bytes: 2 << 20, ..Limits::default() };
    let problems = told(tables::read(&bomb, None, limits));
    assert_eq!(problems, ["the workbook unpacks to more than 2 MiB; split it or use CSV"]);
    let limits = Limits { entries: 3, ..Limits::default() };
    assert!(told(tables::read(&bomb, None, limits))[0].contains("at most 3 are read"));
}

#[test]
fn made_up_addresses_and_counts_do_no_harm() {
    let far = patched(&small_workbook(), SHEET, |xml| xml.replace("r=\"B2\"", "r=\"XFD1048576\""));
    assert_eq!(told(read(&far)), ["row 1048576: the row has 16384 cells, the header 2"]);
    for address in ["XFE2", "ZZZZZZZZZ2", "B99999999999", "B0", "2", "é"] {
        let file = patched(&small_workbook(), SHEET, |xml| xml.replace("r=\"B2\"", &format!("r=\"{address}\"")));
        assert!(read(&file).is_err(), "{address}");
    }
    let backwards = patched(&small_workbook(), SHEET, |xml| xml.replace("r=\"B2\"", "r=\"B1\""));
    assert!(told(read(&backwards))[0].contains("do not follow each other in order"));
    for count in ["99999999999", "999999999999999999999", " 0099999999999"] {
        let claim = format!("uniqueCount=\"{count}\"");
        let file = patched(&small_workbook(), "xl/sharedStrings.xml", |xml| xml.replace("uniqueCount=\"3\"", &claim));
        assert!(told(read(&file))[0].contains("sharedstrings.xml” is damaged"), "{count}");
    }
}

#[test]
fn a_shared_text_cannot_be_multiplied_without_end() {
    let text = "x".repeat(1000);
    let rows = std::iter::repeat_n([Cell::Text(text.as_str())], 100);
    let file = write_xlsx(&["note"], rows).unwrap();
    let limits = Limits { bytes: 50_000, ..Limits::default() };
    assert!(file.len() < limits.bytes);
    assert_eq!(told(tables::read(&file, None, limits)), ["row 52: the cells hold more than 50000 bytes of text"]);
}
