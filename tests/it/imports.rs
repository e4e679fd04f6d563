//! Importing files: what a preview says, what is written, and what is refused.

mod aliases;
mod bad_files;
pub mod browser;
mod details;
mod real_files;
mod runs;
mod undo;

use bytes::Bytes;
use quarterdeck::accounts::Actor;
use quarterdeck::plugins::skills::imports::{Kind, Outcome, Preview, Run, Upload, accept, preview};
use quarterdeck::sql;

use crate::support::{TestApp, on_every_database};

pub fn upload(kind: Kind, text: impl Into<Vec<u8>>) -> Upload {
    Upload { kind, file_name: "file.csv".to_owned(), scale: None, bytes: Bytes::from(text.into()) }
}

pub fn ratings(text: &str) -> Upload {
    upload(Kind::Ratings, text)
}

pub async fn import(app: &TestApp, upload: &Upload) -> Preview {
    match accept(&app.app, &Actor::system(), upload, &Run::default()).await.unwrap() {
        Outcome::Imported(preview) => preview,
        other => panic!("{other:?}"),
    }
}

async fn look(app: &TestApp, upload: &Upload) -> Preview {
    preview(&app.app, &Actor::system(), upload).await.unwrap()
}

fn told(preview: &Preview) -> Vec<String> {
    preview.refused.iter().map(ToString::to_string).collect()
}

/// `name: before → after` of all that is new or changes.
fn lines(preview: &Preview) -> Vec<String> {
    let lists = preview.created.iter().chain(&preview.changed);
    let lines = lists.flat_map(|list| &list.lines);
    lines.map(|line| format!("{} {}: {} → {}", line.row, line.what, line.before, line.after)).collect()
}

#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
struct Stored {
    person: String,
    skill: String,
    level: Option<i64>,
    not_applicable: bool,
    interest: Option<i64>,
    note: String,
    version: i64,
}

async fn stored(app: &TestApp) -> Vec<Stored> {
    let query = app.app.db.q(sql!(
        "SELECT p.name AS person, s.name AS skill, r.level, r.not_applicable, r.interest, r.note, r.version
         FROM ratings r JOIN people p ON p.id = r.person_id JOIN skills s ON s.id = r.skill_id"
    ));
    let mut rows: Vec<Stored> = query.all().await.unwrap();
    rows.sort_by(|one, other| (&one.person, &one.skill).cmp(&(&other.person, &other.skill)));
    rows
}

fn rating(person: &str, skill: &str, level: Option<i64>, interest: Option<i64>, note: &str, version: i64) -> Stored {
    let (person, skill, note) = (person.to_owned(), skill.to_owned(), note.to_owned());
    Stored { person, skill, level, not_applicable: false, interest, note, version }
}

const LONG: &str = "name,email,team,title,category,skill,level,interest,note\n\
    Ann,ann@x.example,Night,Smith,Forge,Welding,3,2,with care\n\
    Ann,ann@x.example,Night,Smith,Forge,Casting,0,3,\n\
    Bo,,Day,,Forge,Welding,,1,\n\
    Bo,,Day,,,Riding,n/a,,\n\
    Bo,,Day,,,Sailing,,,\n";

#[tokio::test]
async fn a_preview_tells_everything_and_writes_nothing() {
    on_every_database(async |app| {
        let preview = look(app, &ratings(LONG)).await;
        let expected = [
            "2 Night:  → ",
            "4 Day:  → ",
            "2 Ann:  → ann@x.example, Night, Smith",
            "4 Bo:  → Day",
            "2 Forge:  → ",
            "2 Welding:  → Forge, scale 0–4",
            "3 Casting:  → Forge, scale 0–4",
            "5 Riding:  → Uncategorised, scale 0–4",
            "6 Sailing:  → Uncategorised, scale 0–4",
            "2 Ann: Welding:  → 3, interest 2, note “with care”",
            "3 Ann: Casting:  → 0, interest 3",
            "4 Bo: Welding:  → no level, interest 1",
            "5 Bo: Riding:  → n/a",
        ];
        assert_eq!(lines(&preview), expected);
        let summary = "2 teams, 2 people, 1 category, 4 skills, 4 ratings new; 0 unchanged";
        assert_eq!(preview.summary(), summary);
        assert_eq!(preview.notices, ["1 row has no level, interest or note, so there is no rating to record"]);
        assert!(preview.to_string().starts_with(&format!("Preview, nothing was written: {summary}.\n")), "{preview}");
        for table in [
            sql!("SELECT COUNT(*) FROM teams"),
            sql!("SELECT COUNT(*) FROM people"),
            sql!("SELECT COUNT(*) FROM skills"),
        ] {
            assert_eq!(app.count(table).await, 0);
        }
    })
    .await;
}

#[tokio::test]
async fn unset_not_applicable_and_zero_stay_apart() {
    on_every_database(async |app| {
        assert!(import(app, &ratings(LONG)).await.is_done);
        let mut riding = rating("Bo", "Riding", None, None, "", 1);
        riding.not_applicable = true;
        let expected = [
            rating("Ann", "Casting", Some(0), Some(3), "", 1),
            rating("Ann", "Welding", Some(300), Some(2), "with care", 1),
            riding,
            rating("Bo", "Welding", None, Some(1), "", 1),
        ];
        assert_eq!(stored(app).await, expected);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM rating_events WHERE origin = 'import'")).await, 4);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'skills.imported'")).await, 1);
        let members = sql!("SELECT COUNT(*) FROM person_roles pr JOIN roles r ON r.id = pr.role_id WHERE r.name = 'member'");
        assert_eq!(app.count(members).await, 2);
        let welding = sql!("SELECT m.able * 100 + m.rated FROM skill_summaries m JOIN skills s ON s.id = m.skill_id WHERE s.name = 'Welding'");
        assert_eq!(app.count(welding).await, 101);
        let ann = sql!("SELECT m.able * 100 + m.rated FROM person_summaries m JOIN people p ON p.id = m.person_id WHERE p.name = 'Ann'");
        assert_eq!(app.count(ann).await, 102);
        let day_first = sql!("SELECT COUNT(*) FROM people p JOIN teams t ON t.id = p.team_id WHERE p.team_position = t.position AND t.position = CASE t.name WHEN 'Day' THEN 0 ELSE 1 END");
        assert_eq!(app.count(day_first).await, 2);
    })
    .await;
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    on_every_database(async |app| {
        import(app, &ratings(LONG)).await;
        let again = import(app, &ratings(LONG)).await;
        assert!(again.changes_nothing(), "{again}");
        assert_eq!(again.unchanged, 4);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM events WHERE kind = 'skills.imported'")).await, 1);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM rating_events")).await, 4);
    })
    .await;
}

#[tokio::test]
async fn a_file_changes_what_it_says_and_leaves_the_rest() {
    on_every_database(async |app| {
        import(app, &ratings(LONG)).await;
        let text = "name,email,team,title,category,skill,level\n\
            Annette,ANN@x.example,Day,,Forge,Welding,4\n\
            Annette,ANN@x.example,Day,,Forge,Casting,\n\
            Bo,,,,Forge,Welding,1\n";
        let preview = import(app, &ratings(text)).await;
        let expected = [
            "2 Annette: Night, Smith → Day, Smith",
            "2 Annette: Welding: 3, interest 2, note “with care” → 4, interest 2, note “with care”",
            "4 Bo: Welding: no level, interest 1 → 1, interest 1",
        ];
        assert_eq!(lines(&preview), expected);
        assert_eq!(preview.unchanged, 1);
        let notices = [
            "row 2: “Ann” is called “Annette” here; the name stays “Ann”",
            "3 empty cells leave what is there as it is: an empty cell never erases",
        ];
        assert_eq!(preview.notices, notices);
        let now = stored(app).await;
        assert_eq!(now[1], rating("Ann", "Welding", Some(400), Some(2), "with care", 2));
        assert_eq!(now[3], rating("Bo", "Welding", Some(100), Some(1), "", 2));
        let day = sql!("SELECT COUNT(*) FROM people p JOIN teams t ON t.id = p.team_id WHERE t.name = 'Day' AND p.team_position = t.position");
        assert_eq!(app.count(day).await, 2);
        let able = sql!("SELECT m.able FROM skill_summaries m JOIN skills s ON s.id = m.skill_id WHERE s.name = 'Welding'");
        assert_eq!(app.count(able).await, 2);
    })
    .await;
}

#[tokio::test]
async fn people_without_an_address_are_known_by_their_name() {
    let app = TestApp::sqlite().await;
    import(&app, &ratings("name,email,Welding\nAnn,,1\nAnn,ann@x.example,2\nBo,bo@x.example,3\n")).await;
    let text = "name,Welding\nAnn,4\nBo,4\n";
    let preview = look(&app, &ratings(text)).await;
    assert_eq!(
        lines(&preview),
        ["2 Ann: Welding: I → O", "3 Bo: Welding: U → O"],
        "a row without an address is about the Ann who has none"
    );
    let text = "name,email,Welding\nBo,other@x.example,1\n,nobody@x.example,1\n";
    let preview = look(&app, &ratings(text)).await;
    assert_eq!(preview.notices, ["row 2: “Bo” is new, because the “Bo” who is there has not this address"]);
    assert_eq!(
        told(&preview),
        ["row 3, column “email”: nobody has the address “nobody@x.example”, and the row has no name"]
    );
    import(&app, &ratings("name,email,Welding\nAnn,ann2@x.example,1\n")).await;
    app.app.db.q(sql!("UPDATE people SET email = NULL, email_key = NULL WHERE name = 'Ann'")).execute().await.unwrap();
    let preview = look(&app, &ratings("name,Welding\nAnn,4\n")).await;
    assert_eq!(told(&preview), ["row 2, column “name”: 3 people are named “Ann”; give the email address"]);
    app.app.db.q(sql!("UPDATE people SET active = FALSE WHERE name = 'Bo'")).execute().await.unwrap();
    let preview = look(&app, &ratings("email,Welding\nbo@x.example,4\n")).await;
    assert_eq!(told(&preview), ["row 2, column “email”: “Bo” was deactivated"]);
    app.stop().await;
}

#[tokio::test]
async fn one_name_under_two_addresses_is_told_with_both_rows() {
    on_every_database(async |app| {
        let text = "name,email,Welding\nAnn Lee,ann@x.example,1\nBo,bo@x.example,1\nAnn Lee,a.lee@x.example,1\n";
        let first = look(app, &ratings(text)).await;
        assert_eq!(
            first.notices,
            ["rows 2 and 4: “Ann Lee” stands here under 2 addresses, “ann@x.example”, “a.lee@x.example”, and becomes 2 people"]
        );
        import(app, &ratings("name,email,Welding\nAnn Lee,ANN@x.example,1\n")).await;
        let known = import(app, &ratings(text)).await;
        assert_eq!(
            known.notices,
            ["rows 2 and 4: “Ann Lee” is known under “ann@x.example”; under “a.lee@x.example” another person of that name is made"]
        );
        let both = look(app, &ratings(text)).await;
        assert_eq!(both.notices, [""; 0], "now both are known");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people WHERE name = 'Ann Lee'")).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_skill_is_found_in_its_category_or_by_its_name_alone() {
    let app = TestApp::sqlite().await;
    import(&app, &ratings("name,category,skill,level\nAnn,Forge,Oil,1\nAnn,Kitchen,Oil,2\nAnn,Kitchen,Salt,2\n")).await;
    let preview = look(&app, &ratings("name,Salt,Pepper,Oil\nAnn,3,3,3\n")).await;
    assert_eq!(
        told(&preview),
        ["row 1, column “Oil”: 2 categories have a skill “Oil”; tell which one in a column “category”"]
    );
    assert_eq!(
        lines(&preview),
        ["1 Pepper:  → Uncategorised, scale ILUO", "2 Ann: Pepper:  → U", "2 Ann: Salt: L → U"]
    );
    let preview = look(&app, &ratings("name,category,skill,level\nAnn,,Salt,3\n")).await;
    assert_eq!(preview.created[0].lines[0].what, "Salt", "an empty category is a category too");
    app.stop().await;
}

#[tokio::test]
async fn an_archived_skill_takes_no_ratings_from_a_file() {
    let app = TestApp::sqlite().await;
    import(&app, &ratings("name,Welding,Casting\nAnn,1,1\n")).await;
    app.app.db.q(sql!("UPDATE skills SET active = FALSE WHERE name = 'Welding'")).execute().await.unwrap();
    assert!(look(&app, &ratings("name,Welding,Casting\nAnn,1,1\n")).await.changes_nothing(), "what is there stays");
    let preview = look(&app, &ratings("name,Welding,Casting\nAnn,0,0\n")).await;
    assert_eq!(told(&preview), ["row 2, column “Welding”: “Welding” is archived, so that it takes no ratings"]);
    app.stop().await;
}

#[tokio::test]
async fn a_new_skill_gets_the_scale_that_the_file_or_the_person_asks_for() {
    let app = TestApp::sqlite().await;
    let mut upload = ratings("name,skill,level,scale\nAnn,A,1,sfia\nAnn,B,3,\n");
    assert!(lines(&look(&app, &upload).await)[1].ends_with("scale SFIA 1–7"));
    assert!(lines(&look(&app, &upload).await)[2].ends_with("scale ILUO"), "the smallest that holds 1 and 3");
    upload.scale = Some("0-10".to_owned());
    assert!(lines(&look(&app, &upload).await)[2].ends_with("scale 0–10"));
    import(&app, &upload).await;
    let kept = look(&app, &ratings("name,skill,level,scale\nAnn,A,8,0-10\n")).await;
    assert_eq!(kept.notices, ["row 2: “A” keeps its scale “SFIA 1–7”, although the file says “0-10”"]);
    assert_eq!(
        told(&kept),
        ["row 2, column “level”: “8” is not a level of the scale SFIA 1–7, which goes from 1 to 7"]
    );
    upload.scale = Some("yards".to_owned());
    let error = preview(&app.app, &Actor::system(), &upload).await.unwrap_err().to_string();
    assert!(error.starts_with("scale: There is no scale “yards”. There are: Yes/No, ILUO,"), "{error}");
    let unknown = look(&app, &ratings("name,skill,level,scale\nAnn,C,1,feet\n")).await;
    assert!(told(&unknown)[0].starts_with("row 2, column “scale”: there is no scale “feet”; there are Yes/No"));
    app.stop().await;
}

#[tokio::test]
async fn levels_that_no_preset_holds_are_told_with_their_place() {
    let app = TestApp::sqlite().await;
    let preview = look(&app, &ratings("name,Welding,Casting\nAnn,good,1\nBo,2,40\n")).await;
    let expected = [
        "row 2, column “Welding”: “good” is a level of no preset scale; choose the scale of new skills",
        "row 3, column “Casting”: “40” is a level of no preset scale; choose the scale of new skills",
    ];
    assert_eq!(told(&preview), expected);
    let preview = look(&app, &ratings("name,Welding,Casting\nAnn,8,0.25\n")).await;
    assert_eq!(told(&preview), ["no preset scale holds all levels of the file; choose the scale of new skills"]);
    app.stop().await;
}

#[tokio::test]
async fn nothing_is_written_when_one_cell_is_refused() {
    on_every_database(async |app| {
        import(app, &ratings("name,Welding\nAnn,4\nBo,1\n")).await;
        let upload = ratings("name,team,Welding,Casting\nAnn,Night,3,1\nBo,Night,5,1\nCy,Night,1.5,1\n");
        let outcome = accept(&app.app, &Actor::system(), &upload, &Run::default()).await.unwrap();
        let Outcome::Refused(preview) = outcome else { panic!("{outcome:?}") };
        let range = "is not a level of the scale ILUO, which goes from I to O";
        let expected =
            [format!("row 3, column “Welding”: “5” {range}"), format!("row 4, column “Welding”: “1.5” {range}")];
        assert_eq!(told(&preview), expected);
        assert!(
            preview.to_string().starts_with("Refused, nothing was written:\n  row 3, column “Welding”: “5”"),
            "{preview}"
        );
        assert_eq!(stored(app).await.len(), 2);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM teams")).await, 0);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM skills")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn skills_get_what_a_list_adds() {
    on_every_database(async |app| {
        let text =
            "name,category,description,uri,scale\nOil,Forge,Keeps it running,,Dreyfus\nSalt,,,http://x.example/1,\n";
        let preview = import(app, &upload(Kind::Skills, text)).await;
        assert_eq!(
            lines(&preview),
            ["2 Forge:  → ", "2 Oil:  → Forge, scale Dreyfus 1–5", "3 Salt:  → Uncategorised, scale Yes/No"]
        );
        let text = "name,description\nOil,\nSalt,White\n";
        let preview = import(app, &upload(Kind::Skills, text)).await;
        assert_eq!(lines(&preview), ["3 Salt: “http://x.example/1” → “White”, “http://x.example/1”"]);
        assert_eq!(preview.summary(), "1 skill changed; 1 unchanged");
        assert_eq!(app.count(sql!("SELECT version FROM skills WHERE name = 'Salt'")).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_change_after_the_preview_is_not_overwritten() {
    on_every_database(async |app| {
        import(app, &ratings("name,skill,level,scale\nAnn,Welding,1,ILUO\n")).await;
        let upload = ratings("name,Welding\nAnn,4\n");
        let seen = look(app, &upload).await.fingerprint;
        app.app.db.q(sql!("UPDATE ratings SET level = 200, version = version + 1")).execute().await.unwrap();
        let outcome = accept(&app.app, &Actor::system(), &upload, &Run { expected: Some(&seen), ..Run::default() })
            .await
            .unwrap();
        let Outcome::Outdated(preview) = outcome else { panic!("{outcome:?}") };
        assert_eq!(lines(&preview), ["2 Ann: Welding: L → O"]);
        assert_eq!(stored(app).await[0].level, Some(200));
        let outcome = accept(
            &app.app,
            &Actor::system(),
            &upload,
            &Run { expected: Some(&preview.fingerprint), ..Run::default() },
        )
        .await
        .unwrap();
        assert!(matches!(outcome, Outcome::Imported(_)), "{outcome:?}");
        assert_eq!(stored(app).await[0], rating("Ann", "Welding", Some(400), None, "", 3));
    })
    .await;
}

/// One of two imports that make the same people and skills at once waits, and is then asked again or refused as busy;
/// never is anything there twice or in half.
#[tokio::test(flavor = "multi_thread")]
async fn two_imports_at_once_do_not_mix() {
    on_every_database(async |app| {
        let people: String = (0..300).map(|n| format!("P{n},p{n}@x.example,Night,{}\n", n % 4 + 1)).collect();
        let upload = ratings(&format!("name,email,team,Welding\n{people}"));
        let actor = Actor::system();
        let run = Run::default();
        let (one, other) =
            tokio::join!(accept(&app.app, &actor, &upload, &run), accept(&app.app, &actor, &upload, &run));
        let imported = [&one, &other].iter().filter(|outcome| matches!(outcome, Ok(Outcome::Imported(_)))).count();
        assert!(imported >= 1, "{one:?} {other:?}");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM people")).await, 300);
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM ratings WHERE version = 1")).await, 300);
        assert_eq!(app.count(sql!("SELECT able FROM skill_summaries")).await, 300);
    })
    .await;
}

#[tokio::test]
async fn only_who_may_import_does() {
    let app = TestApp::sqlite().await;
    let lead = app.sign_in("lead", "Lea Lead", None).await;
    let actor = app.actor(lead.person_id).await;
    let upload = ratings("name,Welding\nAnn,1\n");
    assert_eq!(preview(&app.app, &actor, &upload).await.unwrap_err().status(), 403);
    assert_eq!(accept(&app.app, &actor, &upload, &Run::default()).await.unwrap_err().status(), 403);
    app.stop().await;
}
