//! Rating files and lists of skills: what they say, and what is wrong with them.

mod round_trip;

pub use round_trip::{name, names};

use std::io::Write;
use std::path::PathBuf;

use quarterdeck::plugins::skills::imports::file::{LevelText, RatingFile, SkillFile};
use quarterdeck::tables::{self, Limits, Problem, Table};

fn table(bytes: &[u8]) -> Table {
    tables::read(bytes, None, Limits::default()).unwrap()
}

fn ratings(text: &str) -> Result<RatingFile, Vec<Problem>> {
    RatingFile::read(&table(text.as_bytes()))
}

fn refused(text: &str) -> Vec<String> {
    ratings(text).expect_err("the file should be refused").iter().map(Problem::to_string).collect()
}

fn skills(text: &str) -> Result<SkillFile, Vec<Problem>> {
    SkillFile::read(&table(text.as_bytes()))
}

pub fn own(name: &str) -> Vec<u8> {
    std::fs::read(format!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/{}"), name)).unwrap()
}

/// A real file that lies beside the project; none, with a word about it, where it does not.
pub fn shared(name: &str) -> Option<Vec<u8>> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");
    let folder = std::env::var_os("QUARTERDECK_SHARED_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let bytes = std::fs::read(folder.join(name)).ok();
    if bytes.is_none() {
        let _ = writeln!(std::io::stderr(), "left out: shared data not found ({name})");
    }
    bytes
}

fn value(text: &str) -> LevelText {
    LevelText::Value(text.to_owned())
}

#[test]
fn a_wide_file_is_read() {
    let file = RatingFile::read(&table(&own("ratings-wide.csv"))).unwrap();
    let names: Vec<&str> = file.skills.iter().map(|skill| skill.name.as_str()).collect();
    let expected = ["Boiler Inspection", "Pumps, Valves & Seals", "Crane Operation (Tower/Mobile)"];
    assert_eq!(names[..3], expected);
    assert_eq!((names.len(), file.people.len(), file.ratings.len()), (5, 4, 8));
    let (first, last) = (&file.ratings[0], &file.ratings[7]);
    assert_eq!((first.row, first.person, first.skill, &first.level), (2, 0, 1, &value("7")));
    assert_eq!((last.row, file.level_column(last), &last.level), (5, "Welding", &value("8")));
    assert_eq!((file.people[3].name.as_deref(), file.people[3].title.as_deref()), (Some("Zoë Marchetti"), None));
    assert_eq!(file.people[2].team.as_deref(), Some("Yard A"), "a person without a rating stays");
    assert_eq!(file.distinct_levels().into_iter().collect::<Vec<_>>(), ["1", "10", "2", "3", "4", "7", "8", "9"]);
    assert_eq!(file.skills[0].category, None);
}

#[test]
fn a_long_file_is_read() {
    let file = RatingFile::read(&table(&own("ratings-long.csv"))).unwrap();
    assert_eq!((file.people.len(), file.skills.len(), file.ratings.len()), (2, 6, 7));
    let zero = &file.ratings[0];
    assert_eq!((&zero.level, zero.interest, zero.note.as_deref()), (&value("0"), Some(2), None));
    assert_eq!(file.level_column(zero), "level");
    let categories: Vec<_> = file.skills.iter().map(|skill| skill.category.as_deref().unwrap()).collect();
    assert_eq!(categories, ["Réseau & Câbles", "Pipelines", "Pipelines", "", "Scripting", "Méthode"]);
    assert_eq!(file.notices, ["row 4: “CI (GitLab)” differs from “CI (Gitlab)” only by case"]);
}

#[test]
fn columns_come_in_any_order_and_case() {
    let text = "SKILL;Extra;Note;Email;Level;Scale\nRust;x;\"two\nlines\";ann@x.example;N/A;SFIA\n\
                Go;x;;ANN@x.example;;\nC;x;;ann@x.example;4,5;\n";
    let file = ratings(text).unwrap();
    assert_eq!(file.notices.len(), 1);
    assert!(file.notices[0].starts_with("the column “Extra” was not read"));
    assert_eq!(file.people.len(), 1);
    assert_eq!((file.people[0].name.as_deref(), file.people[0].email.as_deref()), (None, Some("ann@x.example")));
    assert_eq!(
        (file.ratings[0].note.as_deref(), &file.ratings[0].level),
        (Some("two\nlines"), &LevelText::NotApplicable)
    );
    assert_eq!(file.skills[0].scale.as_deref(), Some("SFIA"));
    assert_eq!(file.ratings[1].level, LevelText::Unset);
    assert_eq!(file.ratings[2].level.number(), Some(4.5));
}

#[test]
fn not_applicable_unset_and_zero_are_three_things() {
    let cells = ["n/a", "NA", "N.A.", "–", "-", "Not applicable", "0", "-1", "none", ""];
    let text: String = cells.iter().map(|cell| format!("P,S{}{cell},{cell}\n", cell.len())).collect();
    let file = ratings(&format!("name,skill,level\n{text}")).unwrap();
    let levels: Vec<&LevelText> = file.ratings.iter().map(|rating| &rating.level).collect();
    assert!(levels[..6].iter().all(|level| **level == LevelText::NotApplicable));
    assert_eq!(levels[6..], [&value("0"), &value("-1"), &value("none"), &LevelText::Unset]);
    assert_eq!(levels[6..].iter().map(|level| level.number()).collect::<Vec<_>>(), [Some(0.0), Some(-1.0), None, None]);
}

#[test]
fn a_rating_twice_is_refused() {
    assert_eq!(
        refused("name,category,skill,level\nAnn,A,Rust,1\nAnn,B,Rust,1\nAnn,A,Rust,2\n"),
        ["row 4, column “skill”: the person was already rated on “Rust” in row 2"]
    );
    assert_eq!(
        refused("name,email,Rust\nAnn,ann@x.example,1\nAnn,Ann@X.example,2\n"),
        ["row 3: “Ann” stands in row 2 already; one row holds all ratings of a person"]
    );
}

#[test]
fn a_person_cannot_be_two() {
    let text = "name,email,team,title,skill\nAnn,a@x.example,A,,R\nAnne,A@x.example,B,Dev,S\nAnn,a@x.example,A,,T\n";
    assert_eq!(
        refused(text),
        [
            "row 3, column “name”: “Anne” differs from “Ann” in row 2, of the same person",
            "row 3, column “team”: “B” differs from “A” in row 2, of the same person",
            "row 3, column “title”: “Dev” differs from an empty cell in row 2, of the same person"
        ]
    );
    let notices = ratings("name,email,skill\nAnn,,R\nAnn,a@x.example,R\n").unwrap().notices;
    assert_eq!(notices, ["row 2: “Ann” has no email address here and is taken for another “Ann”"]);
}

#[test]
fn faulty_cells_are_named() {
    let text = "name,email,skill,level,interest\n,,R,1,\nAnn,ann.example,R,1,4\nBo,b o@x.example,,1,1.5\nCy,,R,1,x\n";
    assert_eq!(
        refused(text),
        [
            "row 2, column “email”: the row has neither a name nor an email address",
            "row 3, column “email”: “ann.example” is not an email address",
            "row 3, column “interest”: “4” is not a whole number from 0 to 3",
            "row 4, column “email”: “b o@x.example” is not an email address",
            "row 4, column “skill”: the row names no skill",
            "row 5, column “interest”: “x” is not a whole number from 0 to 3"
        ]
    );
}

#[test]
fn names_are_short_and_on_one_line() {
    let (fits, long) = ("é".repeat(190), "é".repeat(191));
    assert!(ratings(&format!("name,team,category,skill\n{fits},{fits},{fits},{fits}\n")).is_ok());
    let message = "the text has 191 characters; at most 190 are taken here";
    assert_eq!(
        refused(&format!(
            "name,team,title,category,skill,level,scale\n{long},{long},{long},{long},{long},{long},{long}\n"
        )),
        ["name", "team", "title", "category", "scale", "skill", "level"]
            .map(|column| format!("row 2, column “{column}”: {message}"))
    );
    assert_eq!(
        refused("name,\"two\nlines\"\nAnn,1\n"),
        ["row 1, column “two lines”: the text has a line break or a tab, which only a note may have"]
    );
}

#[test]
fn a_skill_has_one_scale() {
    let text = "name,skill,scale\nAnn,R,\nBo,R,SFIA\nCy,R,SFIA\nDi,R,ILUO\n";
    assert_eq!(refused(text), ["row 5, column “scale”: “R” has the scale “SFIA” further up, not “ILUO”"]);
    let file = ratings("name,skill,scale\nAnn,R,\nBo,R,SFIA\n").unwrap();
    assert_eq!(file.skills[0].scale.as_deref(), Some("SFIA"));
}

#[test]
fn headers_that_are_not_of_rating_files_are_refused() {
    let person = "row 1: the header needs a column “name” or “email” that tells whose ratings these are";
    assert_eq!(refused("skill,level\nRust,1\n"), [person]);
    assert_eq!(refused("Rust,Go\n1,2\n"), [person]);
    assert!(refused("name,team\nAnn,A\n")[0].starts_with("row 1: the header names no skill"));
    assert_eq!(
        refused("name,Rust,Email\nAnn,1,a@x.example\n"),
        ["row 1, column “Email”: the column stands among the skills; move it before “Rust”"]
    );
    assert!(
        refused("name,Name,skill\nAnn,Ann,Rust\n")[0]
            .starts_with("row 1, column “Name”: the file has the column “name” too")
    );
}

#[test]
fn a_list_of_skills_is_read() {
    let file = SkillFile::read(&table(&own("skills.csv"))).unwrap();
    let names: Vec<&str> = file.skills.iter().map(|skill| skill.name.as_str()).collect();
    assert_eq!(names[1..4], ["inspect belts, chains, and guards", "show patience", "log faults"]);
    assert_eq!(file.skills[2].category.as_deref(), Some("transversal"));
    assert_eq!((file.skills[3].category.as_deref(), file.skills[3].row), (Some(""), 5));
    assert_eq!(file.skills[4].uri.as_deref(), Some("http://skills.example/id/5"));
    let file =
        skills("skill,scale,description,aliases,tags,colour\nRust,SFIA,A language,rs,\"new, safe\",red\n").unwrap();
    assert_eq!((file.skills[0].scale.as_deref(), file.skills[0].category.as_deref()), (Some("SFIA"), None));
    assert_eq!(file.skills[0].aliases.as_deref(), Some(&["rs".to_owned()][..]));
    assert_eq!(file.skills[0].tags.as_deref(), Some(&["new".to_owned(), "safe".to_owned()][..]));
    assert!(file.notices[0].starts_with("the column “colour” was not read"));
}

#[test]
fn faulty_lists_of_skills_are_refused() {
    let refused = |text: &str| -> Vec<String> { skills(text).unwrap_err().iter().map(Problem::to_string).collect() };
    assert_eq!(
        refused("name,category\nRust,A\nRust,B\nRust,A\n,A\n"),
        ["row 4, column “name”: “Rust” stands in row 2 already", "row 5, column “name”: the row names no skill"]
    );
    assert_eq!(
        refused("label\nRust\n"),
        ["row 1: the header names no column of skills; it is called name or skill or preferred_label"]
    );
    assert!(
        refused("name,skill\nRust,Go\n")[0].starts_with("row 1, column “skill”: the file has the column “name” too")
    );
}

#[test]
fn the_real_files_are_taken_as_they_are() {
    if let Some(bytes) = shared("practice-matrix-wide.csv") {
        let file = RatingFile::read(&table(&bytes)).unwrap();
        assert_eq!((file.people.len(), file.skills.len(), file.ratings.len()), (100, 151, 1999));
        assert_eq!(file.distinct_levels().len(), 10);
        assert!(file.notices.is_empty(), "{:?}", file.notices);
    }
    if let Some(bytes) = shared("ops-ratings-long.csv") {
        let file = RatingFile::read(&table(&bytes)).unwrap();
        assert_eq!((file.people.len(), file.skills.len(), file.ratings.len()), (34, 101, 980));
        let kept = file.ratings.iter().filter(|r| r.level == value("0") && r.interest > Some(0)).count();
        assert!(kept > 0, "levels of zero keep their interest");
        assert_eq!(file.notices.len(), 1);
        assert!(file.notices[0].ends_with("“CI/CD (GitLab)” differs from “CI/CD (Gitlab)” only by case"));
    }
    if let Some(bytes) = shared("esco-skills.csv") {
        assert_eq!(SkillFile::read(&table(&bytes)).unwrap().skills.len(), 4199);
    }
}
