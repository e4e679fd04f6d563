//! Whatever the names, what was imported is exported the same, in both forms and both formats.

use proptest::prelude::*;
use quarterdeck::plugins::skills::exports::{Form, Format, What};
use quarterdeck::plugins::skills::imports::{Kind, Upload};
use quarterdeck::tables::{Cell, write_csv};

use super::{export, rows};
use crate::import_files::{name, names};
use crate::imports::{import, upload};
use crate::support::TestApp;

const COLUMNS: [&str; 9] = ["name", "email", "team", "title", "category", "skill", "level", "interest", "note"];

fn level() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), Just("n/a".to_owned()), (0..=10).prop_map(|level: i32| level.to_string())]
}

#[derive(Debug)]
struct Case {
    people: Vec<String>,
    skills: Vec<String>,
    team: String,
    category: String,
    /// Level, interest and note, used in turn.
    ratings: Vec<(String, Option<u8>, String)>,
}

fn case() -> impl Strategy<Value = Case> {
    let note = prop_oneof![Just(String::new()), name()];
    let ratings = prop::collection::vec((level(), prop::option::of(0u8..4), note), 7);
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
                let (level, interest, note) = &self.ratings[(p * self.skills.len() + s) % self.ratings.len()];
                let email = if p % 2 == 0 { format!("p{p}@x.example") } else { String::new() };
                let category = if s % 2 == 0 { self.category.clone() } else { String::new() };
                let interest = interest.map_or(String::new(), |interest| interest.to_string());
                let row = [person.clone(), email, self.team.clone(), String::new(), category, skill.clone()];
                rows.push(row.into_iter().chain([level.clone(), interest, note.clone()]).collect());
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
        let mut written: Vec<Vec<String>> = rows(&long).into_iter().skip(1).map(|row| row[..9].to_vec()).collect();
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
