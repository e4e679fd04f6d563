//! What a person is told of an import, before it and after it: how much, and the first two hundred of each kind.

mod references;
mod report;
mod words;

use super::Kind;
use super::file::RatingFile;
use super::plan::{New, PersonAct, Plan, PlannedPerson, PlannedRating, PlannedSkill, SkillAct, counted};
use crate::plugins::skills::categories::category_title;
use crate::plugins::skills::levels::Scale;
use crate::plugins::skills::ratings::model::Values;
use crate::plugins::skills::scales::Scales;
use crate::tables::Problem;
use words::{of_details, of_new, of_post, of_values};

/// How many lines of a list are shown.
const SHOWN: usize = 200;

const RATINGS: (&str, &str) = ("rating", "ratings");

/// What an import would do, or did.
#[derive(Debug)]
pub struct Preview {
    pub kind: Kind,
    /// Whether it was written; else it is a plan.
    pub is_done: bool,
    /// What it is taken back by, once it was written.
    pub batch_id: Option<i64>,
    /// Names the plan, so that another one is not accepted in its place.
    pub fingerprint: String,
    /// New teams, people, categories, skills and ratings, in this order; kinds without any are left out.
    pub created: Vec<Listing>,
    /// People, skills and ratings that change; kinds without any are left out.
    pub changed: Vec<Listing>,
    /// People, skills and ratings that are already as the file says.
    pub unchanged: usize,
    /// Nothing is written while there is one of these.
    pub refused: Vec<Problem>,
    /// What a person should know, in full sentences.
    pub notices: Vec<String>,
}

/// The first lines of a list, and how long it is.
#[derive(Debug)]
pub struct Listing {
    /// One of them, and many: `skill`, `skills`.
    pub nouns: (&'static str, &'static str),
    pub total: usize,
    pub lines: Vec<Line>,
}

/// One thing that is made or changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Where the file asks for it (1-based).
    pub row: u32,
    pub column: String,
    /// Its name.
    pub what: String,
    /// What it is changed from; empty for what is new.
    pub before: String,
    pub after: String,
}

impl Listing {
    fn of(nouns: (&'static str, &'static str), lines: impl Iterator<Item = Line>) -> Option<Listing> {
        let mut lines = lines.fuse();
        let shown: Vec<Line> = lines.by_ref().take(SHOWN).collect();
        let total = shown.len() + lines.count();
        (total > 0).then_some(Listing { nouns, total, lines: shown })
    }

    /// `3 skills`.
    pub fn title(&self) -> String {
        counted(self.total, self.nouns.0, self.nouns.1)
    }
}

impl Preview {
    /// Of a file that cannot be read.
    pub fn refused(kind: Kind, problems: Vec<Problem>) -> Preview {
        Preview {
            kind,
            is_done: false,
            batch_id: None,
            fingerprint: String::new(),
            created: Vec::new(),
            changed: Vec::new(),
            unchanged: 0,
            refused: problems,
            notices: Vec::new(),
        }
    }

    /// `file` is the rating file that the plan was made from; a list of skills has none.
    pub fn of(kind: Kind, plan: &Plan, file: Option<&RatingFile>, scales: &Scales) -> Preview {
        let lines = Lines { plan, file, scales };
        Preview {
            fingerprint: plan.fingerprint(),
            created: lines.created(),
            changed: lines.changed(),
            unchanged: lines.unchanged(),
            ..Preview::refused(kind, Vec::new())
        }
    }

    pub fn is_refused(&self) -> bool {
        !self.refused.is_empty()
    }

    pub fn changes_nothing(&self) -> bool {
        self.created.is_empty() && self.changed.is_empty()
    }

    /// How many ratings are new or change.
    pub fn ratings(&self) -> usize {
        let lists = self.created.iter().chain(&self.changed);
        lists.filter(|list| list.nouns == RATINGS).map(|list| list.total).sum()
    }

    /// `3 people, 12 skills and 40 ratings new, 2 ratings changed, 7 unchanged`
    pub fn summary(&self) -> String {
        let titles = |lists: &[Listing]| lists.iter().map(Listing::title).collect::<Vec<_>>().join(", ");
        let mut parts = Vec::new();
        if !self.created.is_empty() {
            parts.push(format!("{} new", titles(&self.created)));
        }
        if !self.changed.is_empty() {
            parts.push(format!("{} changed", titles(&self.changed)));
        }
        parts.push(format!("{} unchanged", self.unchanged));
        parts.join("; ")
    }
}

struct Lines<'a> {
    plan: &'a Plan,
    file: Option<&'a RatingFile>,
    scales: &'a Scales,
}

impl Lines<'_> {
    fn created(&self) -> Vec<Listing> {
        let named =
            |new: &New| line(new.row, new.column, category_title(&new.name).to_owned(), String::new(), String::new());
        let people = self.plan.people.iter().filter_map(|person| match &person.act {
            PersonAct::Create { email, post } => Some(person_line(person, String::new(), of_new(email, post))),
            _ => None,
        });
        let skills = self.plan.skills.iter().filter_map(|skill| match &skill.act {
            SkillAct::Create(_) => Some(self.skill_line(skill, String::new(), self.place(skill))),
            _ => None,
        });
        let ratings = self.plan.ratings.iter().filter(|rating| rating.before.is_none());
        let lists = [
            Listing::of(("team", "teams"), self.plan.teams.iter().map(named)),
            Listing::of(("person", "people"), people),
            Listing::of(("category", "categories"), self.plan.categories.iter().map(named)),
            Listing::of(("skill", "skills"), skills),
            Listing::of(RATINGS, ratings.map(|rating| self.rating_line(rating))),
        ];
        lists.into_iter().flatten().collect()
    }

    fn changed(&self) -> Vec<Listing> {
        let people = self.plan.people.iter().filter_map(|person| match &person.act {
            PersonAct::Change { before, after, .. } => Some(person_line(person, of_post(before), of_post(after))),
            _ => None,
        });
        let skills = self.plan.skills.iter().filter_map(|skill| match &skill.act {
            SkillAct::Change { before, after, .. } => {
                Some(self.skill_line(skill, of_details(before), of_details(after)))
            }
            _ => None,
        });
        let ratings = self.plan.ratings.iter().filter(|rating| rating.before.is_some());
        let lists = [
            Listing::of(("person", "people"), people),
            Listing::of(("skill", "skills"), skills),
            Listing::of(RATINGS, ratings.map(|rating| self.rating_line(rating))),
        ];
        lists.into_iter().flatten().collect()
    }

    fn unchanged(&self) -> usize {
        if self.file.is_some() {
            return self.plan.unchanged_ratings;
        }
        self.plan.skills.iter().filter(|skill| matches!(skill.act, SkillAct::Keep { .. })).count()
    }

    fn skill_line(&self, skill: &PlannedSkill, before: String, after: String) -> Line {
        line(skill.row, &skill.column, skill.name.clone(), before, after)
    }

    /// The category of a new skill, and its scale.
    fn place(&self, skill: &PlannedSkill) -> String {
        let scale = self.scale(skill).map_or("no scale", |scale| &scale.name);
        format!("{}, scale {scale}", category_title(&skill.category))
    }

    fn scale(&self, skill: &PlannedSkill) -> Option<&Scale> {
        self.scales.get(skill.scale_id?)
    }

    fn rating_line(&self, rating: &PlannedRating) -> Line {
        let (person, skill) = (&self.plan.people[rating.person], &self.plan.skills[rating.skill]);
        let of_values = |values: &Values| of_values(values, self.scale(skill));
        let before = rating.before.as_ref().map(|known| of_values(&known.values)).unwrap_or_default();
        let (row, column) = self.file.map_or((skill.row, ""), |file| {
            let rating = &file.ratings[rating.index];
            (rating.row, file.level_column(rating))
        });
        line(row, column, format!("{}: {}", person.name, skill.name), before, of_values(&rating.after))
    }
}

fn line(row: u32, column: &str, what: String, before: String, after: String) -> Line {
    Line { row, column: column.to_owned(), what, before, after }
}

fn person_line(person: &PlannedPerson, before: String, after: String) -> Line {
    line(person.row, "name", person.name.clone(), before, after)
}
