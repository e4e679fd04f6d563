//! What people said of their skills in the last nine months: made up, the same at every start, and sensible. People are
//! good at what their team does, seniors better than apprentices, and levels grow with time.

use super::organisation::Seniority;
use crate::plugins::skills::levels::{Level, Scale};
use serde::Serialize;

pub const DAY_MS: i64 = 24 * 3600 * 1000;
pub const DAYS: i64 = 270;

const NOTES: [&str; 8] = [
    "Course booked for next month.",
    "Would like to shadow somebody for a week.",
    "Learnt it in the last job.",
    "Refresher due before the summer.",
    "Can stand in at weekends.",
    "Practised during the yard shutdown.",
    "Is the one to ask on the late shift.",
    "Needs the new manual first.",
];

/// Everything that bears on how somebody rates in a skill.
pub struct Subject<'a> {
    pub person_id: i64,
    pub lead_id: i64,
    pub skill_id: i64,
    pub scale: &'a Scale,
    pub seniority: Seniority,
    /// How much of this person's work the skill's category is, from 0 to 1.
    pub familiarity: f64,
}

/// A change of a rating, as `rating_events` keeps it; the last one of a cell is the rating itself.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    pub person_id: i64,
    pub skill_id: i64,
    pub at: i64,
    pub actor_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<i64>,
    pub not_applicable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interest: Option<i64>,
    pub note: &'static str,
    /// 1 for the first change of a cell.
    pub version: i64,
}

/// The changes of one cell, oldest first; none when nobody has said anything.
pub fn of_cell(subject: &Subject, chance: &mut Chance, now_ms: i64) -> Vec<Change> {
    if !chance.happens(0.20 + 0.76 * subject.familiarity) {
        return Vec::new();
    }
    if subject.familiarity < 0.3 && chance.happens(0.12) {
        return vec![Change { not_applicable: true, ..first_change(subject, chance, now_ms) }];
    }
    let interest = chance.happens(0.45).then(|| interest(subject, chance));
    if chance.happens(0.04) {
        return vec![Change { interest: Some(interest.unwrap_or(2)), ..first_change(subject, chance, now_ms) }];
    }
    let mut changes = growth(subject, chance, now_ms);
    if let Some(last) = changes.last_mut() {
        last.interest = interest;
        last.note = if chance.happens(0.05) { NOTES[chance.below(NOTES.len() as u64) as usize] } else { "" };
    }
    changes
}

/// The way up to the level of today, a step at a time.
fn growth(subject: &Subject, chance: &mut Chance, now_ms: i64) -> Vec<Change> {
    let scale = subject.scale;
    let steps = (scale.highest.hundredths() - scale.lowest.hundredths()) / scale.step.hundredths();
    let reached = (ability(subject, chance) * steps as f64).round() as i64;
    let count = 1 + chance.below(reached.min(3) as u64 + 1) as i64;
    let mut times: Vec<i64> = (0..count).map(|_| moment(chance, now_ms)).collect();
    times.sort_unstable();
    let change = |(index, at): (usize, i64)| {
        let step = (reached - (count - 1 - index as i64)).max(0);
        let level = Level::from_hundredths(scale.lowest.hundredths() + step * scale.step.hundredths());
        Change {
            at,
            level: Some(level.hundredths()),
            version: index as i64 + 1,
            ..first_change(subject, chance, now_ms)
        }
    };
    times.into_iter().enumerate().map(change).collect()
}

/// From 0 to 1, with a little luck.
fn ability(subject: &Subject, chance: &mut Chance) -> f64 {
    let experience = match subject.seniority {
        Seniority::Apprentice => 0.10,
        Seniority::Skilled => 0.50,
        Seniority::Senior => 0.80,
        Seniority::Lead => 0.75,
    };
    let luck = chance.share() * 0.44 - 0.22;
    ((0.15 + 0.85 * subject.familiarity) * (0.4 + 0.6 * experience) + luck).clamp(0.0, 1.0)
}

/// Learners are keen; who is far from it seldom is.
fn interest(subject: &Subject, chance: &mut Chance) -> i64 {
    let keen = if subject.seniority == Seniority::Apprentice { 0.9 } else { 0.3 + 0.5 * subject.familiarity };
    (chance.share() * 2.0 + keen * 1.9) as i64
}

/// Said by the person in most cases, else by the one who leads the team.
fn first_change(subject: &Subject, chance: &mut Chance, now_ms: i64) -> Change {
    let actor_id = if chance.happens(0.7) { subject.person_id } else { subject.lead_id };
    Change {
        person_id: subject.person_id,
        skill_id: subject.skill_id,
        at: moment(chance, now_ms),
        actor_id,
        level: None,
        not_applicable: false,
        interest: None,
        note: "",
        version: 1,
    }
}

/// Between six and eighteen o'clock on one of the days before today.
fn moment(chance: &mut Chance, now_ms: i64) -> i64 {
    let midnight = now_ms - now_ms.rem_euclid(DAY_MS);
    let day = 1 + chance.below(DAYS as u64 - 1) as i64;
    midnight - day * DAY_MS + DAY_MS / 4 + chance.below(DAY_MS as u64 / 2) as i64
}

/// Numbers that look random and are always the same: SplitMix64 (Steele, Lea and Flood 2014).
pub struct Chance(pub u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, but without, 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether something happens that happens with this probability.
    fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    fn below(&mut self, limit: u64) -> u64 {
        (self.share() * limit as f64) as u64
    }
}
