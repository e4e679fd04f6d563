//! Whatever the names, what was imported is exported the same, in both forms and both formats.

use proptest::prelude::*;
use quarterdeck::plugins::skills::exports::{Form, Format, What};
use quarterdeck::plugins::skills::imports::{Kind, Upload};
use quarterdeck::tables::{Cell, write_csv};

use super::{export, rows};
use crate::import_files::{name, names};
use crate::imports::{import, upload};
use crate::support::TestApp;

const COLUMNS: [&str; 15] = [
    "name",
    "email",
    "team",
    "title",
    "category",
    "skill",
    "level",
    "interest",
    "note",
    "own_level",
    "confirmed_level",
    "evidence",
    "valid_until",
    "suspended_until",
    "suspension_reason",
];

fn level() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), Just("n/a".to_owned()), (0..=10).prop_map(|level: i32| level.to_string())]
}

#[derive(Debug)]
struct Case {
    people: Vec<String>,
    skills: Vec<String>,
    team: String,
    category: String,
    /// Used in turn.
    ratings: Vec<Said>,
}

/// The cells of a row after the skill.
#[derive(Clone, Debug)]
struct Said([String; 9]);

/// As an export writes it: a confirmed level is the one that counts, else one's own where a row says no other.
fn said() -> impl Strategy<Value = Said> {
    let text = || prop_oneof![Just(String::new()), name()];
    let interest = prop::option::of(0u8..4).prop_map(|interest| interest.map_or(String::new(), |i| i.to_string()));
    let evidence = text().prop_map(|text| if text.is_empty() { text } else { format!("No. {text}") });
    let suspension = prop::option::of((day(), name()));
    let levels = (level(), level(), level());
    (levels, interest, text(), evidence, prop::option::of(day()), suspension).prop_map(
        |((level, own, confirmed), interest, note, evidence, valid_until, suspension)| {
            let first = [&confirmed, &level, &own].into_iter().find(|level| !level.is_empty());
            let level = first.cloned().unwrap_or_default();
            let (until, reason) = suspension.unwrap_or_default();
            Said([level, interest, note, own, confirmed, evidence, valid_until.unwrap_or_default(), until, reason])
        },
    )
}

/// Also days that are past.
fn day() -> impl Strategy<Value = String> {
    (2020..2035, 1..13, 1..29).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}"))
}

fn case() -> impl Strategy<Value = Case> {
    let ratings = prop::collection::vec(said(), 7);
    (names(1..4), names(1..5), name(), name(), ratings).prop_map(|(people, skills, team, category, ratings)| Case {
        people,
        skills,
        team,
        category,
        ratings,
    })
}

impl Case {
    /// Rows as an import takes them; every second person has an address and every second skill a category.
    fn rows(&self) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for (p, person) in self.people.iter().enumerate() {
            for (s, skill) in self.skills.iter().enumerate() {
                let Said(said) = &self.ratings[(p * self.skills.len() + s) % self.ratings.len()];
                let email = if p % 2 == 0 { format!("p{p}@x.example") } else { String::new() };
                let category = if s % 2 == 0 { self.category.clone() } else { String::new() };
                let row = [person.clone(), email, self.team.clone(), String::new(), category, skill.clone()];
                rows.push(row.into_iter().chain(said.iter().cloned()).collect());
            }
        }
        rows
    }

    fn upload(&self) -> Upload {
        let rows = self.rows();
        let cells = rows.iter().map(|row| row.iter().map(|text| Cell::Text(text)));
        let mut csv = Vec::new();
        write_csv(&COLUMNS, cells, &mut csv).unwrap();
        Upload { scale: Some("0-10".to_owned()), ..upload(Kind::Ratings, csv) }
    }
}

async fn comes_back(case: &Case) {
    let app = TestApp::sqlite().await;
    import(&app, &case.upload()).await;
    let mut sent: Vec<Vec<String>> =
        case.rows().into_iter().filter(|row| row[6..].iter().any(|cell| !cell.is_empty())).collect();
    sent.sort();
    for format in [Format::Csv, Format::Xlsx] {
        let long = export(&app, What::Ratings(Form::Long), format).await;
        let table = rows(&long);
        let places = COLUMNS.map(|column| table[0].iter().position(|name| name == column).unwrap());
        let mut written: Vec<Vec<String>> =
            table[1..].iter().map(|row| places.iter().map(|place| row[*place].clone()).collect()).collect();
        written.sort();
        assert_eq!(written, sent);
        let again = import(&app, &upload(Kind::Ratings, long)).await;
        assert!(again.changes_nothing(), "{again}");
        let is_taken =
            |skill: &String| COLUMNS[..4].contains(&&*skill.to_lowercase()) || skill.to_lowercase() == "skill";
        if !case.skills.iter().any(is_taken) {
            let wide = export(&app, What::Ratings(Form::Wide), format).await;
            let again = import(&app, &upload(Kind::Ratings, wide)).await;
            assert!(again.changes_nothing(), "{again}");
        }
    }
    app.stop().await;
}

proptest! {
    // Each case makes a database and six files.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_imported_is_exported_the_same(case in case()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(comes_back(&case));
    }
}
