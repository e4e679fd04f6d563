//! The ratings of a file against those that are there.
//!
//! Unset, not applicable and level zero are three different things. What the file does not say, an absent column or an
//! empty cell, stays as it is. `level` is what counts; a confirmed level in the file is confirmed by who imports it.

use std::collections::HashMap;

use jiff::civil::Date;

use super::super::file::{LevelText, Rating, RatingFile};
use super::scales::is_level_of_a_preset;
use super::{Findings, Plan};
use crate::plugins::skills::batches::model::Known;
use crate::plugins::skills::levels::{Interest, Scale, Standing};
use crate::plugins::skills::ratings::model::{RatingPatch, Values, Voice};
use crate::plugins::skills::scales::Scales;
use crate::tables::{Problem, quoted};

/// Stands where the moment will stand at which something is said: a plan is the same whenever it is made.
const WHEN_WRITTEN: i64 = 0;

#[derive(Debug)]
pub struct PlannedRating {
    /// Index into [`RatingFile::ratings`].
    pub index: usize,
    /// Index into [`Plan::people`].
    pub person: usize,
    /// Index into [`Plan::skills`].
    pub skill: usize,
    /// None where there is no rating yet.
    pub before: Option<Known>,
    pub after: Values,
}

impl PlannedRating {
    /// What is to stand there, said at that moment as far as it is new.
    pub fn said_at(&self, now_ms: i64) -> Values {
        let mut values = self.after.clone();
        let own = values.own.as_mut().map(|own| &mut own.at);
        let confirmed = values.confirmed.as_mut().map(|confirmed| &mut confirmed.at);
        own.into_iter().chain(confirmed).filter(|at| **at == WHEN_WRITTEN).for_each(|at| *at = now_ms);
        values
    }
}

/// Adds ratings to a plan whose people and skills stand already.
pub struct Planner<'a> {
    pub file: &'a RatingFile,
    pub scales: &'a Scales,
    pub plan: &'a mut Plan,
    pub findings: &'a mut Findings,
    /// Who imports, and thereby confirms; none for the command line.
    pub importer: Option<i64>,
    pub today: Date,
}

impl Planner<'_> {
    /// Plans these ratings of the file; `known` holds what is there of their people, by person and skill.
    pub fn take(&mut self, indices: &[usize], known: &mut HashMap<(i64, i64), Known>) {
        for &index in indices {
            let rating = &self.file.ratings[index];
            let (person, skill) = (&self.plan.people[rating.person], &self.plan.skills[rating.skill]);
            let before = person.id().zip(skill.id()).and_then(|key| known.remove(&key));
            let is_own = self.importer.is_some() && person.id() == self.importer;
            // Without a scale the reason is told already, or will be for the file as a whole.
            let Some(scale) = skill.scale_id.and_then(|id| self.scales.get(id)) else { continue };
            let said = Said::of(rating, scale, self.file.level_column(rating));
            let values = before.as_ref().map(|known| known.values.clone()).unwrap_or_default();
            match said {
                Ok(said) => {
                    let said = if is_own { self.unconfirmed(rating.row, said) } else { said };
                    self.sort(index, before, said.after(rating, values, self.importer));
                }
                Err((column, message)) => self.findings.refuse(rating.row, &column, message),
            }
        }
    }

    /// Nobody confirms themself, so the level is taken and the confirmation is left.
    fn unconfirmed(&mut self, row: u32, said: Said) -> Said {
        if said.confirmed.is_none() {
            return said;
        }
        let notice =
            format!("row {row}: this is your own rating, which you cannot confirm; the level is taken without it");
        self.findings.notices.push(notice);
        Said { level: said.level.or(said.confirmed), confirmed: None, ..said }
    }

    fn sort(&mut self, index: usize, before: Option<Known>, after: Values) {
        let rating = &self.file.ratings[index];
        let had_level = before.as_ref().is_some_and(|before| before.values.standing != Standing::Unset);
        if rating.level == LevelText::Unset && had_level {
            self.findings.left += 1;
        }
        match before {
            None if after == Values::default() => self.findings.silent += 1,
            Some(before) if before.values == after => self.plan.unchanged_ratings += 1,
            _ if self.plan.skills[rating.skill].is_archived => {
                let name = quoted(&self.plan.skills[rating.skill].name);
                let message = format!("{name} is archived, so that it takes no ratings");
                self.findings.refuse(rating.row, self.file.level_column(rating), message);
            }
            before => {
                let (person, skill) = (rating.person, rating.skill);
                self.tally_past(index, before.as_ref().map(|known| &known.values), &after);
                self.plan.ratings.push(PlannedRating { index, person, skill, before, after });
            }
        }
    }

    /// History is taken as it was, but nobody should find out later that it does not count.
    fn tally_past(&mut self, index: usize, before: Option<&Values>, after: &Values) {
        let row = self.file.ratings[index].row;
        let is_new = after.valid_until != before.and_then(|values| values.valid_until);
        if is_new && after.valid_until.is_some_and(|until| until < self.today) {
            self.findings.expired.count(row);
        }
        let until = |values: &Values| values.suspension.as_ref().map(|suspension| suspension.until);
        if until(after) != before.and_then(until) && until(after).is_some_and(|until| until < self.today) {
            self.findings.ended.count(row);
        }
    }

    /// Puts the ratings into the order of the file, and tells why skills are left without a scale.
    pub fn finish(self) {
        self.plan.ratings.sort_unstable_by_key(|rating| rating.index);
        let is_left = |skill: usize| {
            let skill = &self.plan.skills[skill];
            skill.scale_id.is_none() && matches!(skill.act, super::SkillAct::Create(_))
        };
        let before = self.findings.problems.len();
        for rating in self.file.ratings.iter().filter(|rating| is_left(rating.skill)) {
            let columns = [self.file.level_column(rating), "own_level", "confirmed_level"];
            for (level, column) in rating.levels().into_iter().zip(columns) {
                if let LevelText::Value(level) = level
                    && !is_level_of_a_preset(level)
                {
                    let message =
                        format!("{} is a level of no preset scale; choose the scale of new skills", quoted(level));
                    self.findings.refuse(rating.row, column, message);
                }
            }
        }
        let left = (0..self.plan.skills.len()).any(is_left);
        if left && self.findings.problems.len() == before {
            let message = "no preset scale holds all levels of the file; choose the scale of new skills";
            self.findings.problems.push(Problem::file(message));
        }
    }
}

/// The levels that a row says.
struct Said {
    /// What counts.
    level: Option<Standing>,
    own: Option<Standing>,
    confirmed: Option<Standing>,
}

impl Said {
    /// # Errors
    /// The column that is wrong, and why.
    fn of(rating: &Rating, scale: &Scale, level_column: &str) -> Result<Said, (String, String)> {
        let read = |text: &LevelText, column: &str| match text {
            LevelText::Unset => Ok(None),
            LevelText::NotApplicable => Ok(Some(Standing::NotApplicable)),
            LevelText::Value(text) => match scale.parse(text) {
                Ok(level) => Ok(Some(Standing::At(level))),
                Err(message) => Err((column.to_owned(), message)),
            },
        };
        let said = Said {
            level: read(&rating.level, level_column)?,
            own: read(&rating.details.own_level, "own_level")?,
            confirmed: read(&rating.details.confirmed_level, "confirmed_level")?,
        };
        match (said.level, said.confirmed) {
            (Some(level), Some(confirmed)) if level != confirmed => {
                let code = |standing| quoted(&shown(standing, scale));
                let (level, confirmed) = (code(level), code(confirmed));
                let message = format!(
                    "the row confirms {confirmed} and says that {level} counts; the confirmed level is the one that counts"
                );
                Err(("confirmed_level".to_owned(), message))
            }
            _ => Ok(said),
        }
    }

    /// What stands there after the row. What is said already keeps the moment at which it was said.
    fn after(&self, rating: &Rating, mut values: Values, importer: Option<i64>) -> Values {
        let mut say = |standing: Option<Standing>, voice: Voice| {
            let is_said = match voice {
                Voice::Own => standing == values.own.map(|own| own.standing),
                Voice::Other(_) => standing == values.confirmed.map(|confirmed| confirmed.standing),
                Voice::File => standing == Some(values.standing),
            };
            if standing.is_some() && !is_said {
                let patch = RatingPatch { standing, restated: true, ..RatingPatch::default() };
                values = values.patched(&patch, voice, WHEN_WRITTEN);
            }
        };
        say(self.own, Voice::Own);
        say(self.level, Voice::File);
        say(self.confirmed, Voice::Other(importer));
        let details = &rating.details;
        let interest = rating.interest.and_then(|interest| Interest::new(i64::from(interest)));
        let patch = RatingPatch {
            interest: interest.map(Some),
            note: rating.note.clone(),
            evidence: details.evidence.clone(),
            valid_until: details.valid_until.map(Some),
            suspension: details.suspension.clone().map(Some),
            ..RatingPatch::default()
        };
        values.patched(&patch, Voice::File, WHEN_WRITTEN)
    }
}

/// A standing as a file and a preview write it.
pub fn shown(standing: Standing, scale: &Scale) -> String {
    match standing {
        Standing::Unset => "no level".to_owned(),
        Standing::NotApplicable => "n/a".to_owned(),
        Standing::At(level) => scale.code(level),
    }
}
