//! Whole files in the shapes in which teams keep them: small ones of the project's own, and the real ones where they
//! lie beside it.

use std::path::Path;

use quarterdeck::error::Result;
use quarterdeck::plugins::skills::imports::{self, Kind, Order, Preview, Progress};
use quarterdeck::sql;

use super::{import, upload};
use crate::import_files::{own, shared};
use crate::support::{TestApp, on_every_database};

#[tokio::test]
async fn the_small_files_are_taken_on_every_database() {
    on_every_database(async |app| {
        let wide = import(app, &upload(Kind::Ratings, own("ratings-wide.csv"))).await;
        assert_eq!(wide.summary(), "2 teams, 4 people, 5 skills, 8 ratings new; 0 unchanged");
        let skills = import(app, &upload(Kind::Skills, own("skills.csv"))).await;
        assert!(!skills.is_refused() && !skills.changes_nothing());
        let long = import(app, &upload(Kind::Ratings, own("ratings-long.csv"))).await;
        assert!(!long.changes_nothing());
    })
    .await;
}

#[tokio::test]
async fn the_real_files_are_taken_on_every_database() {
    let (Some(practice), Some(ops), Some(esco)) =
        (shared("practice-matrix-wide.csv"), shared("ops-ratings-long.csv"), shared("esco-skills.csv"))
    else {
        return;
    };
    on_every_database(async |app| {
        let preview = import(app, &upload(Kind::Ratings, practice.clone())).await;
        assert!(
            preview.summary().ends_with("100 people, 151 skills, 1999 ratings new; 0 unchanged"),
            "{}",
            preview.summary()
        );
        let scale = sql!("SELECT COUNT(*) FROM skills s JOIN scales c ON c.id = s.scale_id WHERE c.name = '0–10'");
        assert_eq!(app.count(scale).await, 151);
        let preview = import(app, &upload(Kind::Ratings, ops.clone())).await;
        assert!(preview.summary().contains("34 people"), "{}", preview.summary());
        assert!(preview.summary().ends_with("101 skills, 980 ratings new; 0 unchanged"), "{}", preview.summary());
        let interested = sql!("SELECT COUNT(*) FROM ratings WHERE level = 0 AND interest > 0");
        assert!(app.count(interested).await > 0, "levels of zero keep their interest");
        let preview = import(app, &upload(Kind::Skills, esco.clone())).await;
        assert!(preview.summary().ends_with("4199 skills new; 0 unchanged"), "{}", preview.summary());
        let again = import(app, &upload(Kind::Skills, esco.clone())).await;
        assert!(again.changes_nothing() && again.unchanged == 4199, "{}", again.summary());
    })
    .await;
}

async fn run(app: &TestApp, path: &Path, scale: Option<&str>, dry_run: bool) -> Result<Preview> {
    let order = Order { kind: Kind::Ratings, path, scale, dry_run };
    imports::run(&app.app, &order, &Progress::default()).await
}

#[tokio::test]
async fn the_command_line_imports_a_file() {
    let app = TestApp::sqlite().await;
    let path = app.folder.join("ratings.csv");
    std::fs::write(&path, "name,Welding\nAnn,3\n").unwrap();
    let dry = run(&app, &path, Some("0-4"), true).await.unwrap();
    assert!(!dry.is_done && dry.to_string().contains("scale 0–4"), "{dry}");
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people")).await, 0);
    let done = run(&app, &path, None, false).await.unwrap();
    assert!(done.to_string().starts_with("Imported: 1 person, 1 skill, 1 rating new; 0 unchanged.\n"), "{done}");
    let missing = run(&app, &app.folder.join("none.csv"), None, true).await.unwrap_err();
    assert!(missing.to_string().contains("none.csv: No such file"), "{missing}");
    assert!(done.to_string().contains("It can be taken back on the page /skills/imports."), "{done}");
    let same = run(&app, &path, None, false).await.unwrap();
    assert_eq!(same.to_string(), "Imported: 1 unchanged.\n");
    app.stop().await;
}
