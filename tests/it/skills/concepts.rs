//! Concepts of a classification: taken in as they are, and suggested for new skills.

use crate::imports::browser::fingerprint;
use crate::support::{TestApp, Visitor, on_every_database};
use poem::http::StatusCode;
use quarterdeck::plugins::skills::concepts::{self, Outcome};
use quarterdeck::sql;
use std::path::Path;

const HERE: &str = "/skills/concepts";
const IMPORTS: &str = "/skills/imports";
const FILE: &str = include_str!("../../data/concepts.csv");

/// Uploads a file, and takes it as its preview says.
async fn take_in(ada: &Visitor<'_>, file: &str) {
    let uploaded = ada.upload(IMPORTS, &[("kind", "concepts"), ("scale", "")], "concepts.csv", file.as_bytes()).await;
    let path = uploaded.has_status(StatusCode::SEE_OTHER).header("location").to_owned();
    let preview = ada.get(&path).await;
    let fingerprint = fingerprint(preview.has_status(StatusCode::OK));
    ada.post(&format!("{path}/acceptance"), &[("fingerprint", &fingerprint)]).await.leads_to(&path);
    ada.get(&path).await.shows("is imported").hides("Undo this import");
}

#[tokio::test]
async fn a_file_is_taken_in_and_again_without_a_change() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        ada.get(HERE).await.has_status(StatusCode::OK).is_page().shows("There are none yet.");
        ada.fragment(HERE).await.is_fragment();
        let fields = [("kind", "concepts"), ("scale", "")];
        let uploaded = ada.upload(IMPORTS, &fields, "concepts.csv", FILE.as_bytes()).await;
        let preview = ada.get(uploaded.has_status(StatusCode::SEE_OTHER).header("location")).await;
        preview.shows("New: 5 concepts").shows("show initiative");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM concepts")).await, 0, "a preview writes nothing");
        take_in(&ada, FILE).await;
        ada.get(HERE).await.shows("There are 5 concepts.").shows("/skills/imports?kind=concepts");
        ada.get("/skills/imports?kind=concepts").await.shows("<option value=\"concepts\" selected>");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/concepts.csv");
        let again = concepts::run(&app.app, &path).await.unwrap();
        assert!(matches!(again, Outcome::Imported { added: 0, renamed: 0, unchanged: 5 }), "{again:?}");
        let renamed = FILE.replace("show initiative", "take the initiative");
        take_in(&ada, &renamed).await;
        ada.get(HERE).await.shows("There are 5 concepts.");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM concepts WHERE name_key = 'take the initiative'")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_name_is_suggested_and_brings_its_address() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        take_in(&ada, FILE).await;
        let lead = app.sign_in("lead", "Lea Lead", None).await;
        let choices = lead.fragment(&format!("{HERE}/choices?name=WELD")).await;
        choices.has_status(StatusCode::OK).is_fragment();
        let text = choices.text();
        let (first, second) = (text.find("weld thin sheet").unwrap(), text.find("operate welding equipment").unwrap());
        assert!(first < second, "what begins with it comes first");
        lead.fragment(&format!("{HERE}/choices?name=w")).await.hides("option");
        lead.fragment(&format!("{HERE}/choices?name=100+%25")).await.shows("100 % inspection");
        let form = [("name", "Weld thin sheet"), ("category", "Workshop"), ("scale", "0–4"), ("uri", "")];
        lead.post("/skills/catalogue", &form).await.has_status(StatusCode::SEE_OTHER);
        let kept = sql!("SELECT COUNT(*) FROM skills WHERE uri LIKE '%000000000001'");
        assert_eq!(app.count(kept).await, 1);
        lead.fragment(&format!("{HERE}/choices?name=weld")).await.shows("in the catalogue already");
        let form = [("name", "Show initiative"), ("scale", "0–4"), ("uri", "https://example.org/own")];
        lead.post("/skills/catalogue", &form).await.has_status(StatusCode::SEE_OTHER);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skills WHERE uri = 'https://example.org/own'")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_bad_file_writes_nothing() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        for (file, text) in [
            ("name,level\r\nx,1\r\n", "has the columns concept_uri and preferred_label"),
            ("concept_uri,preferred_label\r\nhttp://a,\r\n", "<td>preferred_label</td><td>the cell is empty</td>"),
            ("concept_uri,preferred_label\r\nhttp://a,a\r\nhttp://a,b\r\n", "stands in row 2 already"),
            ("concept_uri,preferred_label\r\nhttp://a,\"a\nb\"\r\n", "line break"),
        ] {
            let fields = [("kind", "concepts"), ("scale", "")];
            let refused = ada.upload(IMPORTS, &fields, "concepts.csv", file.as_bytes()).await;
            refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows(text).shows("Nothing was written");
        }
        ada.upload(IMPORTS, &[("kind", "concepts")], "", b"")
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("Choose a file");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM concepts")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn who_may_not_import_takes_nothing_in() {
    let app = TestApp::sqlite().await;
    let lead = app.sign_in("lead", "Lea Lead", None).await;
    lead.get(HERE).await.has_status(StatusCode::FORBIDDEN);
    let fields = [("kind", "concepts")];
    lead.upload(IMPORTS, &fields, "concepts.csv", FILE.as_bytes()).await.has_status(StatusCode::FORBIDDEN);
    let mia = app.sign_in("member", "Mia Member", None).await;
    mia.fragment(&format!("{HERE}/choices?name=weld")).await.has_status(StatusCode::FORBIDDEN);
    app.stop().await;
}
