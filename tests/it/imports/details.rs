//! What the long form tells beside the level: whose word it is, what proves it, until when it counts.

use quarterdeck::accounts::Actor;
use quarterdeck::plugins::skills::exports::{Form, Format, What};
use quarterdeck::plugins::skills::imports::{Outcome, Run, accept, preview};
use quarterdeck::sql;

use super::{import, lines, look, ratings, told};
use crate::exports::{export, rows};
use crate::support::{NOW_MS, TestApp, on_every_database};

const FILE: &str = "name,email,skill,level,scale,own_level,confirmed_level,evidence,valid_until,suspended_until,suspension_reason\n\
    Ann,ann@x.example,Welding,3,0-4,4,3,https://x.example/7,2027-03-01,,\n\
    Bo,bo@x.example,Welding,,0-4,2,,,,2026-12-01,Hand injury\n\
    Cy,cy@x.example,Welding,,0-4,1,n/a,,,,\n\
    Di,di@x.example,Welding,0,0-4,,,No. 12,,,\n";

#[derive(Debug, PartialEq, sqlx::FromRow)]
struct Kept {
    name: String,
    level: Option<i64>,
    self_level: Option<i64>,
    self_at: Option<i64>,
    validated_level: Option<i64>,
    validated_na: bool,
    validated_at: Option<i64>,
    lapsed: bool,
}

async fn kept(app: &TestApp) -> Vec<Kept> {
    let query = app.app.db.q(sql!(
        "SELECT p.name, r.level, r.self_level, r.self_at, r.validated_level, r.validated_na, r.validated_at, r.lapsed
         FROM ratings r JOIN people p ON p.id = r.person_id ORDER BY p.name"
    ));
    query.all().await.unwrap()
}

#[tokio::test]
async fn a_file_tells_whose_word_a_level_is() {
    on_every_database(async |app| {
        let seen = look(app, &ratings(FILE)).await;
        assert_eq!(
            lines(&seen)[5..],
            [
                "2 Ann: Welding:  → 3, confirmed, own 4, evidence “https://x.example/7”, valid until 2027-03-01",
                "3 Bo: Welding:  → 2, own 2, suspended until 2026-12-01: “Hand injury”",
                "4 Cy: Welding:  → n/a, confirmed, own 1",
                "5 Di: Welding:  → 0, evidence “No. 12”",
            ]
        );
        app.app.clock.advance(60_000);
        let outcome = accept(
            &app.app,
            &Actor::system(),
            &ratings(FILE),
            &Run { expected: Some(&seen.fingerprint), ..Run::default() },
        )
        .await
        .unwrap();
        assert!(matches!(outcome, Outcome::Imported(_)), "a minute later it is still the same plan: {outcome:?}");
        let said = |own: bool| own.then_some(NOW_MS + 60_000);
        let of = |name: &str, level, self_level: Option<i64>, validated_level, validated_na, confirmed, lapsed| Kept {
            name: name.to_owned(),
            level,
            self_level,
            self_at: said(self_level.is_some()),
            validated_level,
            validated_na,
            validated_at: said(confirmed),
            lapsed,
        };
        let expected = [
            of("Ann", Some(300), Some(400), Some(300), false, true, false),
            of("Bo", Some(200), Some(200), None, false, false, true),
            of("Cy", None, Some(100), None, true, true, false),
            of("Di", Some(0), None, None, false, false, false),
        ];
        assert_eq!(kept(app).await, expected);
        let able = sql!("SELECT able * 10 + rated FROM skill_summaries");
        assert_eq!(app.count(able).await, 12, "who is suspended does not count");

        app.app.clock.advance(60_000);
        assert!(import(app, &ratings(FILE)).await.changes_nothing(), "what is said already is not said again");
        assert_eq!(kept(app).await, expected);
    })
    .await;
}

#[tokio::test]
async fn who_imports_confirms_and_an_export_tells_who_did() {
    on_every_database(async |app| {
        let ada = app.administrator().await;
        let actor = app.actor(ada.person_id).await;
        let text = "name,email,skill,level,scale,confirmed_level,confirmed_by,confirmed_at\n\
            Ann,ann@x.example,Welding,3,0-4,3,boss@x.example,2020-01-01\n\
            Ada Admin,ada.admin@example.org,Welding,4,0-4,4,,\n";
        let Outcome::Imported(done) = accept(&app.app, &actor, &ratings(text), &Run::default()).await.unwrap() else { panic!() };
        assert_eq!(
            done.notices,
            [
                "who confirmed a level, and when, is not taken from a file: a level that the import confirms is confirmed by you, as of now",
                "row 3: this is your own rating, which you cannot confirm; the level is taken without it",
            ]
        );
        let written = rows(&export(app, What::Ratings(Form::Long), Format::Csv).await);
        let told: Vec<[&str; 4]> = written[1..].iter().map(|row| [&row[0], &row[6], &row[12], &row[13]].map(String::as_str)).collect();
        assert_eq!(
            told,
            [["Ada Admin", "4", "", ""], ["Ann", "3", "ada.admin@example.org", "2026-11-20"]]
        );
        let again = ratings(std::str::from_utf8(&export(app, What::Ratings(Form::Long), Format::Csv).await).unwrap());
        assert!(preview(&app.app, &actor, &again).await.unwrap().changes_nothing());
    })
    .await;
}

#[tokio::test]
async fn a_file_without_these_columns_leaves_them() {
    let app = TestApp::sqlite().await;
    import(&app, &ratings(FILE)).await;
    let same = import(&app, &ratings("name,email,skill,level\nAnn,ann@x.example,Welding,3\n")).await;
    assert!(same.changes_nothing(), "{same}");
    let other = import(&app, &ratings("name,email,skill,level\nAnn,ann@x.example,Welding,1\n")).await;
    assert_eq!(
        lines(&other),
        ["2 Ann: Welding: 3, confirmed, own 4, evidence “https://x.example/7”, valid until 2027-03-01 → \
          1, own 4, evidence “https://x.example/7”, valid until 2027-03-01"]
    );
    app.stop().await;
}

#[tokio::test]
async fn what_is_past_is_taken_and_told() {
    let app = TestApp::sqlite().await;
    let text = "name,skill,level,valid_until,suspended_until,suspension_reason\nAnn,Welding,1,2026-11-19,,\n\
        Bo,Welding,1,2025-01-01,2026-01-01,Course missed\nCy,Welding,1,2026-11-20,,\n";
    let done = import(&app, &ratings(text)).await;
    assert_eq!(
        done.notices,
        [
            "row 2: 2 certificates have expired already; taken in as history, without counting",
            "row 3: 1 suspension is over already; taken in as history",
        ]
    );
    assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings WHERE lapsed = TRUE")).await, 2);
    assert_eq!(import(&app, &ratings(text)).await.notices, [""; 0], "what was there is no news");
    app.stop().await;
}

#[tokio::test]
async fn what_contradicts_itself_is_refused_with_row_and_column() {
    let app = TestApp::sqlite().await;
    let problems = async |columns: &str, cells: &str| {
        told(&look(&app, &ratings(&format!("name,skill,scale,{columns}\nAnn,Welding,0-4,{cells}\n"))).await)
    };
    let refused = [
        (
            "level,confirmed_level",
            "2,3",
            "row 2, column “confirmed_level”: the row confirms “3” and says that “2” counts; the confirmed level is the one that counts",
        ),
        (
            "level,own_level",
            "2,9",
            "row 2, column “own_level”: “9” is not a level of the scale 0–4, which goes from 0 to 4",
        ),
        (
            "Confirmed_Level",
            "x",
            "row 2, column “confirmed_level”: “x” is not a level of the scale 0–4, which goes from 0 to 4",
        ),
        (
            "level,valid_until",
            "2,31.12.2026",
            "row 2, column “valid_until”: “31.12.2026” is no date; write it as 2026-06-01",
        ),
        (
            "level,Valid_Until",
            "2,2026-02-30",
            "row 2, column “Valid_Until”: “2026-02-30” is no date; write it as 2026-06-01",
        ),
        (
            "level,suspended_until",
            "2,2026-12-01",
            "row 2, column “suspended_until”: the suspension has no reason; give it in a column “suspension_reason”",
        ),
        (
            "level,suspension_reason",
            "2,Injury",
            "row 2, column “suspension_reason”: the suspension has no last day; give it in a column “suspended_until”",
        ),
        ("level,evidence", "2,javascript:alert(1)", "row 2, column “evidence”: A link begins with https:// or http://"),
    ];
    for (columns, cells, message) in refused {
        assert_eq!(problems(columns, cells).await, [message]);
    }
    app.stop().await;
}
