//! The ratings of a file against those that are there.
//!
//! Unset, not applicable and level zero are three different things. What the file does not say, an absent column or an
//! empty cell, stays as it is.

use std::collections::HashMap;

use super::super::file::{LevelText, Rating, RatingFile};
use super::scales::is_level_of_a_preset;
use super::{Findings, Plan};
use crate::plugins::skills::batches::model::Known;
use crate::plugins::skills::levels::{Interest, Scale, Standing};
use crate::plugins::skills::ratings::model::{RatingPatch, Values, Voice};
use crate::plugins::skills::scales::Scales;
use crate::tables::{Problem, quoted};

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

/// Adds ratings to a plan whose people and skills stand already.
pub struct Planner<'a> {
    pub file: &'a RatingFile,
    pub scales: &'a Scales,
    pub plan: &'a mut Plan,
    pub findings: &'a mut Findings,
}

impl Planner<'_> {
    /// Plans these ratings of the file; `known` holds what is there of their people, by person and skill.
    pub fn take(&mut self, indices: &[usize], known: &mut HashMap<(i64, i64), Known>) {
        for &index in indices {
            let rating = &self.file.ratings[index];
            let (person, skill) = (&self.plan.people[rating.person], &self.plan.skills[rating.skill]);
            let before = person.id().zip(skill.id()).and_then(|key| known.remove(&key));
            // Without a scale the reason is told already, or will be for the file as a whole.
            let Some(scale) = skill.scale_id.and_then(|id| self.scales.get(id)) else { continue };
            match after(rating, before.as_ref().map(|known| &known.values), scale) {
                Ok(after) => self.sort(index, before, after),
                Err(message) => self.findings.refuse(rating.row, self.file.level_column(rating), message),
            }
        }
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
            before => {
                let (person, skill) = (rating.person, rating.skill);
                self.plan.ratings.push(PlannedRating { index, person, skill, before, after });
            }
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
            if let LevelText::Value(level) = &rating.level
                && !is_level_of_a_preset(level)
            {
                let message =
                    format!("{} is a level of no preset scale; choose the scale of new skills", quoted(level));
                self.findings.refuse(rating.row, self.file.level_column(rating), message);
            }
        }
        let left = (0..self.plan.skills.len()).any(is_left);
        if left && self.findings.problems.len() == before {
            let message = "no preset scale holds all levels of the file; choose the scale of new skills";
            self.findings.problems.push(Problem::file(message));
        }
    }
}

fn after(rating: &Rating, before: Option<&Values>, scale: &Scale) -> Result<Values, String> {
    let standing = match &rating.level {
        LevelText::Unset => None,
        LevelText::NotApplicable => Some(Standing::NotApplicable),
        LevelText::Value(text) => Some(Standing::At(scale.parse(text)?)),
    };
    let interest = rating.interest.and_then(|interest| Interest::new(i64::from(interest)));
    let patch =
        RatingPatch { standing, interest: interest.map(Some), note: rating.note.clone(), ..RatingPatch::default() };
    Ok(before.cloned().unwrap_or_default().patched(&patch, Voice::File, 0))
}
