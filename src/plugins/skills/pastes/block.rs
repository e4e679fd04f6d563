//! A block of tab-separated text, and what becomes of each of its cells: pure rules, no database.

use super::super::levels::{Scale, Standing};
use std::collections::HashMap;

/// So many cells fit in one paste: a sheet of 200 people and 50 skills.
pub const MAX_CELLS: usize = 10_000;

/// What was pasted, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Who stands in its rows, from the first on; fewer than rows where the matrix ends before the text does.
    pub people: Vec<i64>,
    /// What stands in its columns.
    pub skills: Vec<i64>,
    pub text: String,
    pub seen: Seen,
    /// The cells that somebody changed meanwhile, and what was decided about them so far.
    pub contested: HashMap<(i64, i64), Option<Decision>>,
}

/// What stood in the cells when the person looked at them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// Nobody has looked yet: the preview is the first look.
    #[default]
    Nothing,
    /// The texts of the grid, row by row.
    Texts(String),
    /// The versions of the preview, row by row; 0 where there was no rating.
    Versions(Vec<i64>),
}

/// What is to become of a cell that somebody else changed meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Theirs,
    Mine,
}

impl Decision {
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "theirs" => Some(Decision::Theirs),
            "mine" => Some(Decision::Mine),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Decision::Theirs => "theirs",
            Decision::Mine => "mine",
        }
    }
}

/// The cells of a text as spreadsheets write it: lines of values with tabs between them.
pub fn cells_of(text: &str) -> Vec<Vec<&str>> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Vec::new();
    }
    text.split('\n').map(|line| line.trim_end_matches('\r').split('\t').map(str::trim).collect()).collect()
}

/// What stands in a cell now, as far as a paste asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    pub standing: Standing,
    pub version: i64,
}

/// What becomes of a pasted cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It says that already.
    Same,
    Ok(Standing),
    /// Somebody else changed it since it was seen. `is_new` tells that the person has not been shown that yet.
    Changed {
        mine: Standing,
        decision: Option<Decision>,
        is_new: bool,
    },
    /// Why it cannot be taken.
    Refused(String),
}

/// Reads a value against what stands there. `seen` is the text or the version that the person saw, where they did;
/// `contested` what they decided about a cell that was shown as changed.
pub fn judge(
    typed: &str,
    scale: &Scale,
    now: Now,
    seen: Option<SeenCell>,
    contested: Option<Option<Decision>>,
) -> Verdict {
    let mine = match scale.parse_standing(typed) {
        Ok(standing) => standing,
        Err(problem) => return Verdict::Refused(problem),
    };
    let is_stale = match seen {
        None => false,
        Some(SeenCell::Version(version)) => version != now.version,
        // A text that says nothing on this scale was seen on another one.
        Some(SeenCell::Text(text)) => scale.parse_standing(text) != Ok(now.standing),
    };
    match contested {
        // What was decided about the value before says nothing about this one.
        _ if is_stale && mine != now.standing => Verdict::Changed { mine, decision: None, is_new: true },
        Some(decision) => Verdict::Changed { mine, decision, is_new: false },
        None if mine == now.standing => Verdict::Same,
        None => Verdict::Ok(mine),
    }
}

/// What was seen in one cell.
#[derive(Clone, Copy, Debug)]
pub enum SeenCell<'a> {
    Text(&'a str),
    Version(i64),
}

#[cfg(test)]
mod tests {
    use super::super::super::levels::Level;
    use super::*;
    use proptest::prelude::*;

    fn scale() -> Scale {
        let level = Level::from_hundredths;
        Scale {
            id: 1, name: "0–4".into(), lowest: level(0), highest: level(400), step: level(100), levels: Vec::new()
        }
    }

    fn at(level: i64) -> Standing {
        Standing::At(Level::from_hundredths(level * 100))
    }

    #[test]
    fn lines_and_tabs_make_cells() {
        assert_eq!(cells_of("1\t2\r\n3\t\r\n"), [vec!["1", "2"], vec!["3", ""]]);
        assert_eq!(cells_of("1\n\n2"), [vec!["1"], vec![""], vec!["2"]]);
        assert_eq!(cells_of(" \t\n"), [vec!["", ""]]);
        assert!(cells_of("").is_empty() && cells_of("\n").is_empty());
    }

    #[test]
    fn each_cell_is_judged_by_what_stands_there_and_what_was_seen() {
        let now = Now { standing: at(2), version: 3 };
        let judged = |typed, seen, decision| judge(typed, &scale(), now, seen, decision);
        assert_eq!(judged("2", None, None), Verdict::Same);
        assert_eq!(judged("3", None, None), Verdict::Ok(at(3)));
        assert_eq!(judged("", None, None), Verdict::Ok(Standing::Unset));
        assert_eq!(judged("n/a", None, None), Verdict::Ok(Standing::NotApplicable));
        assert!(matches!(judged("9", None, None), Verdict::Refused(problem) if problem.contains("0–4")));
        let changed = Verdict::Changed { mine: at(3), decision: None, is_new: true };
        assert_eq!(judged("3", Some(SeenCell::Version(2)), None), changed);
        assert_eq!(judged("3", Some(SeenCell::Text("1")), None), changed);
        assert_eq!(judged("3", Some(SeenCell::Text("2")), None), Verdict::Ok(at(3)));
        assert_eq!(judged("2", Some(SeenCell::Version(2)), None), Verdict::Same, "both say the same");
        let mine = Some(Decision::Mine);
        let decided = Verdict::Changed { mine: at(3), decision: mine, is_new: false };
        assert_eq!(judged("3", Some(SeenCell::Version(3)), Some(mine)), decided);
        assert_eq!(judged("3", Some(SeenCell::Version(2)), Some(mine)), changed, "it changed once more");
        let open = Verdict::Changed { mine: at(3), decision: None, is_new: false };
        assert_eq!(judged("3", Some(SeenCell::Version(3)), Some(None)), open);
    }

    proptest! {
        /// What the grid copies comes back cell by cell.
        #[test]
        fn a_copied_block_reads_back(rows in prop::collection::vec(prop::collection::vec("[0-4]?|n/a", 1..6), 1..6)) {
            let blank = rows.len() == 1 && rows[0].len() == 1 && rows[0][0].is_empty();
            prop_assume!(!blank && !rows.last().unwrap().concat().is_empty());
            let text = rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n");
            prop_assert_eq!(cells_of(&text), rows);
        }
    }
}
