//! Exporting ratings, skills and people: what is written, in which order, and that an import takes it back.

mod round_trip;

use poem::http::StatusCode;
use quarterdeck::plugins::skills::exports::{AsOf, Filter, Form, Format, What, prepare, write};
use quarterdeck::plugins::skills::imports::Kind;
use quarterdeck::tables::{self, Limits};

use crate::import_files::shared;
use crate::imports::{import, ratings, upload};
use crate::support::{TestApp, on_every_database};

/// Everything as a file, as the command line writes it.
pub async fn export(app: &TestApp, what: What, format: Format) -> Vec<u8> {
    let path = app.folder.join("export");
    write(&app.app, what, format, AsOf::Now, std::fs::File::create(&path).unwrap()).await.unwrap();
    std::fs::read(path).unwrap()
}

async fn csv(app: &TestApp, what: What) -> String {
    String::from_utf8(export(app, what, Format::Csv).await).unwrap().replace("\r\n", "\n")
}

/// Header and rows of a file of either format.
pub fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let table = tables::read(bytes, None, Limits::default()).unwrap();
    let rows = table.rows().map(|row| (0..table.header.len()).map(|column| row.cell(column).to_owned()).collect());
    std::iter::once(table.header.clone()).chain(rows).collect()
}

const LONG: &str = "name,email,team,title,category,skill,level,interest,note,scale\n\
    Bo,bo@x.example,Day,,Forge,Welding,0,1,,O*NET\n\
    Ann,Ann@x.example,Night,Smith,Forge,welding,4.75,,\"with, care\",O*NET\n\
    Ann,Ann@x.example,Night,Smith,Forge,Welding,n/a,,,O*NET\n\
    Ann,Ann@x.example,Night,Smith,,Welding,,3,,ILUO\n\
    Émile,,,,,Welding,2,,,ILUO\n\
    Zed,zed@x.example,Day,,,Riding,,,,ILUO\n";

#[tokio::test]
async fn ratings_are_written_by_address_and_skill_on_every_database() {
    on_every_database(async |app| {
        import(app, &ratings(LONG)).await;
        let expected = "name,email,team,title,category,skill,level,interest,note,scale,own_level,confirmed_level,confirmed_by,\
            confirmed_at,evidence,valid_until,suspended_until,suspension_reason\n\
            Émile,,,,,Welding,2,,,ILUO,,,,,,,,\n\
            Ann,Ann@x.example,Night,Smith,,Welding,,3,,ILUO,,,,,,,,\n\
            Ann,Ann@x.example,Night,Smith,Forge,Welding,n/a,,,O*NET 0–7,,,,,,,,\n\
            Ann,Ann@x.example,Night,Smith,Forge,welding,4.75,,\"with, care\",O*NET 0–7,,,,,,,,\n\
            Bo,bo@x.example,Day,,Forge,Welding,0,1,,O*NET 0–7,,,,,,,,\n";
        assert_eq!(csv(app, What::Ratings(Form::Long)).await, expected);
        let people = "name,email,team,title\nÉmile,,,\nAnn,Ann@x.example,Night,Smith\nBo,bo@x.example,Day,\nZed,zed@x.example,Day,\n";
        assert_eq!(csv(app, What::People).await, people);
        let skills = "name,category,description,uri,scale,aliases,tags,owner\nWelding,Forge,,,O*NET 0–7,,,\n\
            welding,Forge,,,O*NET 0–7,,,\nRiding,,,,ILUO,,,\nWelding,,,,ILUO,,,\n";
        assert_eq!(csv(app, What::Skills).await, skills);
    })
    .await;
}

#[tokio::test]
async fn the_wide_form_has_a_row_for_each_person() {
    on_every_database(async |app| {
        let text = "name,email,category,skill,level,interest,scale\nBo,bo@x.example,Forge,Welding,0,1,0-4\n\
            Ann,ann@x.example,Forge,Casting,n/a,,0-4\nAnn,ann@x.example,,Riding,3,,ILUO\nCy,,,Riding,,2,ILUO\n";
        import(app, &ratings(text)).await;
        let expected = "name,email,team,title,Casting,Welding,Riding\nCy,,,,,,\nAnn,ann@x.example,,,n/a,,3\nBo,bo@x.example,,,,0,\n";
        assert_eq!(csv(app, What::Ratings(Form::Wide)).await, expected);
        assert_eq!(rows(&export(app, What::Ratings(Form::Wide), Format::Xlsx).await), rows(expected.as_bytes()));
    })
    .await;
}

#[tokio::test]
async fn the_wide_form_refuses_what_it_cannot_tell_apart() {
    let app = TestApp::sqlite().await;
    import(&app, &ratings("name,category,skill,level\nAnn,Forge,Oil,1\nAnn,Kitchen,Oil,1\n")).await;
    let wide = What::Ratings(Form::Wide);
    let error = write(&app.app, wide, Format::Csv, AsOf::Now, std::io::sink()).await.unwrap_err().to_string();
    assert_eq!(error, "form: The wide form cannot tell “Oil” of “Forge” from “Oil” of “Kitchen”. Use the long form.");
    let ada = app.administrator().await;
    let answer = ada.get("/skills/exports/ratings.csv?form=wide").await;
    answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("Use the long form.");
    let other = TestApp::sqlite().await;
    import(&other, &upload(Kind::Skills, "name\nEmail\n")).await;
    let error = write(&other.app, wide, Format::Csv, AsOf::Now, std::io::sink()).await.unwrap_err().to_string();
    assert!(error.contains("the skill “Email” would be taken for another column"), "{error}");
    other.stop().await;
    app.stop().await;
}

#[tokio::test]
async fn cells_that_a_spreadsheet_would_run_are_made_harmless() {
    let app = TestApp::sqlite().await;
    let text = "name,team,skill,level,note\n'=1+1,'@home,'+Oil,1,'-2\n";
    import(&app, &ratings(text)).await;
    let written = csv(&app, What::Ratings(Form::Long)).await;
    assert!(written.contains("\n'=1+1,,'@home,,,'+Oil,1,,'-2,Yes/No,,,,,,,,\n"), "{written}");
    assert!(import(&app, &ratings(&written)).await.changes_nothing());
    app.stop().await;
}

#[tokio::test]
async fn what_went_in_comes_out_the_same_from_each_database() {
    let Some(ops) = shared("ops-ratings-long.csv") else { return };
    on_every_database(async |app| {
        import(app, &upload(Kind::Ratings, ops.clone())).await;
        let mut sent: Vec<Vec<String>> = rows(&ops);
        sent[1..].sort_by(|one, other| (&one[1], &one[5], &one[4]).cmp(&(&other[1], &other[5], &other[4])));
        for format in [Format::Csv, Format::Xlsx] {
            let written = rows(&export(app, What::Ratings(Form::Long), format).await);
            let written: Vec<Vec<String>> = written.into_iter().map(|row| row[..8].to_vec()).collect();
            assert_eq!(written, sent);
        }
    })
    .await;
}

#[tokio::test]
async fn a_wide_file_comes_out_as_it_went_in() {
    let Some(practice) = shared("practice-matrix-wide.csv") else { return };
    on_every_database(async |app| {
        import(app, &upload(Kind::Ratings, practice.clone())).await;
        let written = export(app, What::Ratings(Form::Wide), Format::Csv).await;
        let (sent, written) = (rows(&practice), rows(&written));
        let cell = |rows: &[Vec<String>], person: &str, skill: &str| {
            let column = rows[0].iter().position(|name| name == skill).unwrap();
            rows.iter().find(|row| row[1] == person).unwrap()[column].clone()
        };
        assert_eq!(sent.len(), written.len());
        for row in &sent[1..] {
            for (skill, level) in sent[0].iter().zip(row) {
                assert_eq!(&cell(&written, &row[1], skill), level, "{} {skill}", row[1]);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_download_honours_the_filters_of_the_matrix() {
    on_every_database(async |app| {
        import(app, &ratings(LONG)).await;
        let day = app.team("Day").await;
        let mia = app.sign_in("viewer", "Mia Viewer", None).await;
        let all = mia.get("/skills/exports/ratings.csv").await;
        all.has_status(StatusCode::OK);
        assert_eq!(all.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(all.header("content-disposition"), "attachment; filename=\"ratings-2026-11-20.csv\"");
        assert_eq!(rows(&all.bytes).len(), 6);
        let of_day = mia.get(&format!("/skills/exports/ratings.csv?team={day}&category=&person=&skill=")).await;
        assert_eq!(rows(&of_day.bytes)[1..].iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["Bo"]);
        let ann = mia.get("/skills/exports/ratings.xlsx?form=wide&person=ANN&skill=welding&category=1").await;
        ann.has_status(StatusCode::OK);
        assert_eq!(rows(&ann.bytes)[1][..2], ["Ann", "Ann@x.example"]);
        assert_eq!(rows(&ann.bytes)[0][4..], ["Welding"], "category 1 holds the skills without a category");
    })
    .await;
}

#[tokio::test]
async fn a_past_day_is_written_as_it_was() {
    on_every_database(async |app| {
        const DAY_MS: i64 = 86_400_000;
        import(app, &ratings("name,skill,level,scale,note\nAnn,Welding,1,0-4,first\n")).await;
        app.app.clock.advance(2 * DAY_MS);
        import(app, &ratings("name,skill,level,note\nAnn,Welding,3,better\nAnn,Casting,2,\n")).await;
        let mia = app.sign_in("viewer", "Mia Viewer", None).await;
        let said = async |as_of: &str| {
            let answer = mia.get(&format!("/skills/exports/ratings.csv?as_of={as_of}")).await;
            answer.has_status(StatusCode::OK);
            let rows: Vec<String> = rows(&answer.bytes)[1..].iter().map(|row| row[5..9].join(" ")).collect();
            (answer.header("content-disposition").to_owned(), rows)
        };
        let named = |day: &str| format!("attachment; filename=\"ratings-{day}.csv\"");
        assert_eq!(said("2026-11-19").await, (named("2026-11-19"), vec![]), "before anything was said");
        assert_eq!(said("2026-11-20").await, (named("2026-11-20"), vec!["Welding 1  first".to_owned()]));
        assert_eq!(said("2026-11-21").await.1, ["Welding 1  first"]);
        assert_eq!(
            said("").await,
            (named("2026-11-22"), vec!["Casting 2  ".to_owned(), "Welding 3  better".to_owned()])
        );
        let wide = mia.get("/skills/exports/ratings.csv?form=wide&as_of=2026-11-20&person=ann").await;
        assert_eq!(rows(&wide.bytes)[1], ["Ann", "", "", "", "", "1"]);
        let late = mia.get("/skills/exports/ratings.csv?as_of=2026-11-23").await;
        late.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("still to come");
    })
    .await;
}

#[tokio::test]
async fn downloads_need_a_permission_and_a_name() {
    let app = TestApp::sqlite().await;
    let ada = app.administrator().await;
    for path in ["ratings", "ratings.pdf", "pets.csv"] {
        ada.get(&format!("/skills/exports/{path}")).await.has_status(StatusCode::NOT_FOUND);
    }
    let form = ada.get("/skills/exports/ratings.csv?form=round").await;
    form.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("The form is long or wide.");
    let nobody = app.person("Nora Nobody", None).await;
    app.visit_as(nobody).await.get("/skills/exports/ratings.csv").await.has_status(StatusCode::FORBIDDEN);
    app.stranger().get("/skills/exports/ratings.csv").await.has_status(StatusCode::SEE_OTHER);
    let actor = app.actor(nobody).await;
    for what in [What::Ratings(Form::Long), What::Skills, What::People] {
        assert_eq!(prepare(&app.app, &actor, what, &Filter::default(), AsOf::Now).await.unwrap_err().status(), 403);
    }
    app.stop().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_an_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let app = TestApp::sqlite().await;
    import(&app, &ratings(LONG)).await;
    for format in [Format::Csv, Format::Xlsx] {
        assert!(write(&app.app, What::Ratings(Form::Long), format, AsOf::Now, Full).await.is_err());
    }
    app.stop().await;
}
