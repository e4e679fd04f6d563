//! What an import would do: every person, skill and rating of a file held against what is there.
//!
//! Pure rules, no database: the model reads what is known and hands it in. Nothing here decides in silence; what
//! cannot be taken becomes a problem with its row and column, and what a person might not expect becomes a notice.

pub mod catalogue;
pub mod people;
pub mod ratings;
pub mod scales;
pub mod skills;

pub use catalogue::Details;
pub use people::{PersonAct, PlannedPerson, Post};
pub use ratings::PlannedRating;
pub use skills::{PlannedSkill, SkillAct};

use std::collections::HashSet;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::tables::{Capped, Problem};

/// A team or a category that is not there yet.
#[derive(Debug)]
pub struct New {
    /// Where it was first named (1-based).
    pub row: u32,
    pub column: &'static str,
    pub name: String,
}

/// Everything that an import would do. People and skills stand in the order of the file, one for each of it.
#[derive(Debug, Default)]
pub struct Plan {
    pub teams: Vec<New>,
    pub people: Vec<PlannedPerson>,
    pub categories: Vec<New>,
    pub skills: Vec<PlannedSkill>,
    /// Only what is new or changes, in the order of the file.
    pub ratings: Vec<PlannedRating>,
    /// Ratings that say already what the file says.
    pub unchanged_ratings: usize,
}

/// What planning has to say beside the plan.
#[derive(Default)]
pub struct Findings {
    pub problems: Vec<Problem>,
    pub notices: Capped<String>,
    /// Empty cells that leave a team, a title, a level or another detail as it is.
    pub left: usize,
    /// Ratings of the file that say nothing.
    pub silent: usize,
    /// Certificates that have expired already.
    pub expired: Tally,
    /// Suspensions that are over already.
    pub ended: Tally,
}

/// How many rows something is true of, and the first of them.
#[derive(Default)]
pub struct Tally {
    count: usize,
    first: u32,
}

impl Tally {
    pub fn count(&mut self, row: u32) {
        self.first = if self.count == 0 { row } else { self.first.min(row) };
        self.count += 1;
    }
}

impl Findings {
    pub fn refuse(&mut self, row: u32, column: &str, message: impl Into<String>) {
        self.problems.push(Problem::cell(row, column, message));
    }

    /// The problems in the order of the file, and the notices.
    pub fn into_parts(mut self) -> (Vec<Problem>, Vec<String>) {
        self.problems.sort_by_key(|problem| problem.row);
        if self.left > 0 {
            let cells = counted(self.left, "empty cell leaves", "empty cells leave");
            self.notices.push(format!("{cells} what is there as it is: an empty cell never erases"));
        }
        if self.silent > 0 {
            let rows = counted(self.silent, "row has", "rows have");
            self.notices.push(format!("{rows} no level, interest or note, so there is no rating to record"));
        }
        if self.expired.count > 0 {
            let Tally { count, first } = self.expired;
            let certificates = counted(count, "certificate has expired", "certificates have expired");
            self.notices.push(format!("row {first}: {certificates} already; taken in as history, without counting"));
        }
        if self.ended.count > 0 {
            let Tally { count, first } = self.ended;
            let suspensions = counted(count, "suspension is over", "suspensions are over");
            self.notices.push(format!("row {first}: {suspensions} already; taken in as history"));
        }
        (Capped::of(self.problems), self.notices.into_notices())
    }
}

impl Plan {
    /// Whether everything is already as the file says.
    pub fn changes_nothing(&self) -> bool {
        let new = self.teams.len() + self.categories.len() + self.ratings.len();
        let people = self.people.iter().all(|person| matches!(person.act, PersonAct::Keep { .. }));
        let skills = self.skills.iter().all(|skill| matches!(skill.act, SkillAct::Keep { .. }));
        new == 0 && people && skills
    }

    /// Names this plan: another one, also the same on newer versions of what it changes, has another fingerprint.
    pub fn fingerprint(&self) -> String {
        let mut digest = Digested(Sha256::new());
        write!(digest, "{self:?}").expect("a digest takes any text");
        digest.0.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

struct Digested(Sha256);

impl Write for Digested {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// Teams or categories that are named and not there, each once.
struct Newcomers<'a> {
    known: HashSet<&'a str>,
    column: &'static str,
    new: Vec<New>,
}

impl<'a> Newcomers<'a> {
    fn new(known: impl IntoIterator<Item = &'a str>, column: &'static str) -> Self {
        Newcomers { known: known.into_iter().collect(), column, new: Vec::new() }
    }

    fn name(&mut self, row: u32, name: &'a str) {
        if self.known.insert(name) {
            self.new.push(New { row, column: self.column, name: name.to_owned() });
        }
    }
}

/// `1 row has`, `3 rows have`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
