//! Reading and writing of CSV and XLSX files: what is taken, what is refused and with which words.

mod round_trip;
mod workbook;

use quarterdeck::tables::{self, Cell, Limits, Problem, Table, write_csv, write_xlsx};

fn read(bytes: &[u8]) -> Result<Table, Vec<Problem>> {
    tables::read(bytes, None, Limits::default())
}

fn rows(table: &Table) -> Vec<Vec<&str>> {
    table.rows().map(|row| (0..table.header.len()).map(|column| row.cell(column)).collect()).collect()
}

fn told(result: Result<Table, Vec<Problem>>) -> Vec<String> {
    result.expect_err("the file should be refused").iter().map(Problem::to_string).collect()
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[test]
fn every_unicode_encoding_reads_the_same() {
    let text = "name;skill\nZoë;Réseau\n";
    let with_mark = format!("\u{FEFF}{text}");
    let files = [
        text.as_bytes().to_vec(),
        with_mark.into_bytes(),
        utf16(text, u16::to_le_bytes),
        utf16(text, u16::to_be_bytes),
    ];
    for file in files {
        let table = read(&file).unwrap();
        assert_eq!(table.header, ["name", "skill"]);
        assert_eq!(rows(&table), [["Zoë", "Réseau"]]);
    }
}

#[test]
fn another_encoding_is_refused_where_it_shows_first() {
    let latin1 = b"name,team\nAnn,Caf\xE9\n";
    let problems = told(read(latin1));
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("row 2, column “team”: the byte 0xE9 is not UTF-8"), "{problems:?}");
    assert!(problems[0].contains("CSV UTF-8"));
    assert!(told(read(b"name,t\xE9am\n"))[0].starts_with("row 1, column “B”:"));
    assert!(told(read(b"\xE9,team\n"))[0].starts_with("row 1, column “A”:"));
    assert!(told(read(b"name,team\nAnn,A\n\xE9va,B\n"))[0].starts_with("row 3, column “name”:"));
    assert!(told(read(b"\xFF\xFEa\x00\x00\xD8b\x00"))[0].contains("0xD800 stands alone"));
}

#[test]
fn delimiters_are_told_from_the_header() {
    for delimiter in [",", ";", "\t", "|"] {
        let file = ["name", "\"a, b; c | d\"", "x\n1", "2", "3\n"].join(delimiter);
        let table = read(file.as_bytes()).unwrap();
        assert_eq!(table.header, ["name", "a, b; c | d", "x"], "{delimiter:?}");
        assert_eq!(rows(&table), [["1", "2", "3"]]);
    }
    let table = read(b"sep=|\r\na,b|c\r\n1|2\r\n").unwrap();
    assert_eq!((table.header_row, &table.header[0]), (2, &"a,b".to_owned()));
    let unquoted = read("name;Mail, Post, Fax\nAnn;4\n".as_bytes()).unwrap();
    assert_eq!(unquoted.header, ["name", "Mail, Post, Fax"]);
    assert_eq!(read("sep=é\n1\n".as_bytes()).unwrap().header, ["sep=é"]);
}

#[test]
fn rows_are_counted_as_lines_with_every_line_ending() {
    for ending in ["\n", "\r\n", "\r"] {
        let file = ["note,n", "\"one", "two\",1", "", ",", "three,3"].join(ending);
        let table = read(file.as_bytes()).unwrap();
        assert_eq!(rows(&table), [["one\ntwo", "1"], ["three", "3"]], "{ending:?}");
        assert_eq!(table.rows().map(|row| row.number).collect::<Vec<_>>(), [2, 6]);
    }
}

#[test]
fn cells_lose_white_space_and_the_guarding_apostrophe() {
    let table = read("a,b,c,d\n  x y ,'=1+1,''-2,'tis\n".as_bytes()).unwrap();
    assert_eq!(rows(&table), [["x y", "=1+1", "'-2", "'tis"]]);
}

#[test]
fn ragged_rows_are_named_with_both_counts() {
    let problems = told(read(b"a,b,c\n1,2\n1,2,3\n1,2,3,4\n1\n"));
    assert_eq!(
        problems,
        [
            "row 2: the row has 2 cells, the header 3",
            "row 4: the row has 4 cells, the header 3",
            "row 5: the row has 1 cell, the header 3"
        ]
    );
}

#[test]
fn headers_must_be_there_and_differ() {
    assert_eq!(
        told(read(b"name,,skill,name\nAnn,1,2,3\n")),
        [
            "row 1, column “B”: the column has no name; name it or delete it",
            "row 1, column “D”: “name” is already the name of column A"
        ]
    );
    for empty in ["", "\n\n", "\u{FEFF}", " , \n"] {
        assert!(told(read(empty.as_bytes()))[0].starts_with("the file is empty"), "{empty:?}");
    }
}

#[test]
fn control_characters_are_named() {
    assert_eq!(
        told(read(b"name,team\nAnn,A\x07\nB\0b,A\n")),
        [
            "row 2, column “team”: the cell holds the control character U+0007; remove it",
            "row 3, column “name”: the cell holds the control character U+0000; remove it"
        ]
    );
}

#[test]
fn quotation_marks_must_match() {
    assert_eq!(
        told(read(b"a,b\n1,2\n3,\"four\n5,6\n")),
        ["row 3, column “b”: the quotation mark that opens the cell is never closed"]
    );
    let problems = told(read(b"a,b\n\"x\"y,1\n1\n"));
    assert!(problems[0].starts_with("row 2, column “a”: there is text after the closing quotation mark"));
    assert_eq!(problems[1], "row 3: the row has 1 cell, the header 2");
    assert_eq!(rows(&read(b"a,b\n\"say \"\"hi\"\"\" ,6\" pipe\n").unwrap()), [["say \"hi\"", "6\" pipe"]]);
}

#[test]
fn limits_are_kept() {
    let limits = Limits { rows: 2, columns: 3, cells: 5, cell_chars: 4, ..Limits::default() };
    let told_with = |limits: Limits, file: &str| told(tables::read(file.as_bytes(), None, limits)).join("\n");
    assert_eq!(told_with(limits, "a\n1\n2\n3\n4\n"), "row 4: the file has more than 2 rows; split it");
    assert_eq!(told_with(limits, "a,b,c,d\n"), "row 1: the header has 4 columns; at most 3 are read");
    assert_eq!(told_with(limits, "a,b,c\n1,2,3\n4,5,6\n"), "row 3: the file has more than 5 cells; split it");
    let long = "row 2, column “a”: the cell has 5 characters; at most 4 are read";
    assert_eq!(told_with(limits, "a\néèêëa\n"), long);
    assert_eq!(rows(&tables::read("a\néèêë\n".as_bytes(), None, limits).unwrap()), [["éèêë"]]);
    let few_bytes = Limits { bytes: 6, ..limits };
    assert_eq!(told_with(few_bytes, "a\n12345"), "the file has 7 bytes; at most 6 are read");
}

#[test]
fn only_two_hundred_problems_are_told() {
    let file = format!("a,b\n{}", "1\n".repeat(250));
    let problems = told(read(file.as_bytes()));
    assert_eq!(problems.len(), 201);
    assert_eq!(problems[200], "and 50 more");
}

#[test]
fn csv_is_written_like_the_files_that_come_in() {
    let rows = [
        [Cell::Text("=1+1"), Cell::Number(-1.0), Cell::Text("a, \"b\"")],
        [Cell::Text("@x"), Cell::Number(4.75), Cell::Text("'-x")],
    ];
    let mut out = Vec::new();
    write_csv(&["name", "level", "note"], rows, &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "name,level,note\r\n'=1+1,-1,\"a, \"\"b\"\"\"\r\n'@x,4.75,''-x\r\n");
}

#[test]
fn rows_of_another_width_are_not_written() {
    let short = || [[Cell::Text("Ann")]];
    assert!(write_csv(&["name", "level"], short(), Vec::new()).is_err());
    assert!(write_xlsx(&["name", "level"], short()).is_err());
}
