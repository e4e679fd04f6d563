//! Files that cannot be taken: each is told with row and column, in the browser too, and leaves nothing behind.

use std::io::{Cursor, Write};

use poem::http::StatusCode;
use quarterdeck::sql;
use rust_xlsxwriter::{Formula, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::TestApp;

fn bomb() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&vec![b'0'; 30 << 20]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn workbook_with_a_failed_formula() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, text) in ["name", "Welding"].iter().enumerate() {
        sheet.write_string(0, column as u16, *text).unwrap();
    }
    sheet.write_string(1, 0, "Ann").unwrap();
    sheet.write_formula(1, 1, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    workbook.save_to_buffer().unwrap()
}

#[tokio::test]
async fn every_bad_file_is_told_with_its_place_and_leaves_nothing() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let long_name = "x".repeat(10_000);
    let files: [(&str, Vec<u8>, &[&str]); 9] = [
        ("latin1.csv", b"name,Welding\nJos\xe9,1\n".to_vec(), &["UTF-8"]),
        ("ragged.csv", b"name,Welding\nAnn,1,2\n".to_vec(), &["<td>2</td>", "the row has 3 cells, the header 2"]),
        ("twice.csv", b"name,Welding\nAnn,1\nAnn,2\n".to_vec(), &["<td>3</td>", "stands in row 2 already"]),
        ("skills.csv", b"name,Welding,Welding\nAnn,1,2\n".to_vec(), &["already the name of column B"]),
        ("level.csv", b"name,skill,level,scale\nAnn,A,9,ILUO\n".to_vec(), &["<td>2</td><td>level</td>", "from I to O"]),
        ("long.csv", format!("name,Welding\n{long_name},1\n").into_bytes(), &["<td>name</td>", "10000 characters"]),
        ("control.csv", b"name,Welding\nAn\x07n,1\n".to_vec(), &["<td>name</td>", "control character U+0007"]),
        ("formula.xlsx", workbook_with_a_failed_formula(), &["<td>Welding</td>", "the cell shows the error #DIV/0!"]),
        ("bomb.xlsx", bomb(), &["unpacks to more than"]),
    ];
    for (name, bytes, expected) in files {
        let answer = ada.upload("/skills/imports", &[("kind", "ratings"), ("scale", "")], name, &bytes).await;
        answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows(name);
        for text in expected {
            answer.shows(text);
        }
    }
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skill_imports")).await, 0);
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people")).await, 1);
    app.stop().await;
}

#[tokio::test]
async fn an_upload_that_is_too_large_is_answered() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let bytes = vec![b'x'; 100 << 20];
    let answer = ada.upload("/skills/imports", &[("kind", "ratings")], "large.csv", &bytes).await;
    answer.has_status(StatusCode::PAYLOAD_TOO_LARGE).shows("32 MB");
    app.stop().await;
}

#[tokio::test]
async fn an_upload_that_breaks_off_is_answered() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    let kind = "multipart/form-data; boundary=cut";
    let body = b"--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nname,Wel".to_vec();
    let headers = [("sec-fetch-site", "same-origin")];
    let answer = ada.send(poem::http::Method::POST, "/skills/imports", &headers, Some((kind, body))).await;
    answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("could not be read");
    app.stop().await;
}
