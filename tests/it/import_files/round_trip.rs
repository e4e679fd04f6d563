//! Rating files in both forms and both formats come back as they were written, whatever the names.

use proptest::prelude::*;
use quarterdeck::plugins::skills::imports::file::{LONG_COLUMNS, LevelText, RatingFile};
use quarterdeck::tables::{Cell, write_csv, write_xlsx};

use super::table;

/// Names as people and spreadsheet programs spoil them; without line breaks and white space around them.
pub fn name() -> impl Strategy<Value = String> {
    const PIECES: [&str; 24] = [
        "=",
        "+",
        "-",
        "@",
        "'",
        "\"",
        ",",
        ";",
        "|",
        " ",
        "é",
        "日本",
        "007",
        "1e5",
        "3-4",
        "4.0",
        "TRUE",
        "n/a",
        "(GitLab)",
        "2026-01-02",
        "_x000D_",
        "<&>",
        "C++",
        "#REF!",
    ];
    let nasty = prop::collection::vec(prop::sample::select(&PIECES[..]), 1..5).prop_map(|pieces| pieces.concat());
    prop_oneof![nasty, "\\PC{1,12}".prop_map(|text: String| text)]
        .prop_map(|text| text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').to_owned())
        .prop_filter("names are filled", |name| !name.is_empty())
}

pub fn names(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    prop::collection::hash_set(name(), count).prop_map(|names| names.into_iter().collect())
}

fn level() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("n/a".to_owned()),
        Just("-1".to_owned()),
        (0..40).prop_map(|n| (f64::from(n) / 4.0).to_string()),
        name()
    ]
}

/// Both kinds of files out of the same rows.
fn both(header: &[&str], rows: &[Vec<&str>]) -> [RatingFile; 2] {
    let cells = || rows.iter().map(|row| row.iter().map(|text| Cell::Text(text)));
    let mut csv = Vec::new();
    write_csv(header, cells(), &mut csv).unwrap();
    [csv, write_xlsx(header, cells()).unwrap()].map(|bytes| RatingFile::read(&table(&bytes)).unwrap())
}

fn is_same(level: &LevelText, text: &str) -> bool {
    match level {
        LevelText::Unset => text.is_empty(),
        LevelText::NotApplicable => ["n/a", "-"].contains(&text),
        LevelText::Value(value) => value == text,
    }
}

proptest! {
    // Each case packs and unpacks a workbook, which is slow in a debug build.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn long_files_come_back(
        people in names(1..4),
        skills in names(1..5),
        team in name(),
        levels in prop::collection::vec((level(), prop::option::of(0u8..4), name()), 12),
    ) {
        let interests: Vec<String> = levels.iter().map(|(_, interest, _)| interest.map_or(String::new(), |i| i.to_string())).collect();
        let pairs: Vec<(&String, &String)> = people.iter().flat_map(|p| skills.iter().map(move |s| (p, s))).collect();
        let rows: Vec<Vec<&str>> = pairs.iter().enumerate().map(|(i, (person, skill))| {
            let (level, _, note) = &levels[i % 12];
            vec![person.as_str(), "", &team, "", &team, skill, level, &interests[i % 12], note, "SFIA"]
        }).collect();
        for file in both(&LONG_COLUMNS[..10], &rows) {
            prop_assert_eq!(file.ratings.len(), pairs.len());
            for (i, rating) in file.ratings.iter().enumerate() {
                let (level, interest, note) = &levels[i % 12];
                let (person, skill) = (&file.people[rating.person], &file.skills[rating.skill]);
                prop_assert_eq!((person.name.as_ref(), &skill.name), (Some(pairs[i].0), pairs[i].1));
                prop_assert_eq!((person.team.as_ref(), skill.category.as_ref()), (Some(&team), Some(&team)));
                prop_assert_eq!((rating.interest, rating.note.as_ref()), (*interest, Some(note)));
                prop_assert!(is_same(&rating.level, level), "{:?} was {:?}", rating.level, level);
            }
        }
    }

    #[test]
    fn wide_files_come_back(
        people in names(1..4),
        skills in names(1..6),
        levels in prop::collection::vec(level(), 24),
    ) {
        let details = ["name", "email", "team", "title"];
        prop_assume!(skills.iter().all(|skill| !details.contains(&skill.to_lowercase().as_str()) && skill.to_lowercase() != "skill"));
        let header: Vec<&str> = details.into_iter().chain(skills.iter().map(String::as_str)).collect();
        let rows: Vec<Vec<&str>> = people.iter().enumerate().map(|(p, person)| {
            let cells = (0..skills.len()).map(|s| levels[(p * 7 + s) % 24].as_str());
            [person.as_str(), "", "", ""].into_iter().chain(cells).collect()
        }).collect();
        for file in both(&header, &rows) {
            prop_assert_eq!(file.skills.iter().map(|skill| &skill.name).collect::<Vec<_>>(), skills.iter().collect::<Vec<_>>());
            prop_assert_eq!(file.people.iter().map(|p| p.name.as_ref().unwrap()).collect::<Vec<_>>(), people.iter().collect::<Vec<_>>());
            let filled = rows.iter().flat_map(|row| &row[4..]).filter(|cell| !cell.is_empty());
            prop_assert_eq!(file.ratings.len(), filled.count());
            for rating in &file.ratings {
                prop_assert!(is_same(&rating.level, rows[rating.person][4 + rating.skill]));
            }
        }
    }
}
