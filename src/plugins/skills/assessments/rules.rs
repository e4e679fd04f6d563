//! Who asks, answers and confirms, and when two levels lie far apart: pure rules, no database.

use super::super::levels::{Level, Scale, Standing};
use super::super::{RATE_ALL, RATE_TEAM};
use crate::accounts::Actor;
use crate::error::Checks;
use jiff::civil::Date;

pub const MAX_NOTE_CHARS: usize = 2000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Asked,
    Filled,
    Validated,
    Withdrawn,
}

impl State {
    pub const ALL: [State; 4] = [State::Asked, State::Filled, State::Validated, State::Withdrawn];

    /// As the column holds it.
    pub fn name(self) -> &'static str {
        match self {
            State::Asked => "asked",
            State::Filled => "filled",
            State::Validated => "validated",
            State::Withdrawn => "withdrawn",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            State::Asked => "Asked",
            State::Filled => "Filled in",
            State::Validated => "Validated",
            State::Withdrawn => "Withdrawn",
        }
    }

    pub fn from_name(name: &str) -> Option<State> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    pub fn is_open(self) -> bool {
        matches!(self, State::Asked | State::Filled)
    }
}

/// Whether the actor leads this person: rates them, and is somebody else.
pub fn leads(actor: &Actor, person_id: i64, team_id: Option<i64>) -> bool {
    let same_team = team_id.is_some() && actor.team_id == team_id;
    !actor.is(person_id) && (actor.may(RATE_ALL) || (same_team && actor.may(RATE_TEAM)))
}

/// Whether the actor confirms the level: the owner of the skill does, or whoever leads the person where there is none.
/// Nobody confirms their own.
pub fn confirms(actor: &Actor, person_id: i64, team_id: Option<i64>, owner_id: Option<i64>) -> bool {
    if actor.is(person_id) {
        return false;
    }
    match owner_id.filter(|owner| *owner != person_id) {
        Some(owner) => actor.is(owner) || actor.may(RATE_ALL),
        None => leads(actor, person_id, team_id),
    }
}

/// Whether the person's own level and the confirmed one differ by two levels or more. Where a scale has fractions, a
/// level is a whole one.
pub fn lie_far_apart(scale: &Scale, own: Standing, confirmed: Standing) -> bool {
    let one = scale.step.max(Level::from_hundredths(100)).hundredths();
    match (own, confirmed) {
        (Standing::At(own), Standing::At(confirmed)) => (own.hundredths() - confirmed.hundredths()).abs() >= 2 * one,
        _ => false,
    }
}

/// The day until which something is to be done, as a form writes it; what is wrong goes to `checks`.
pub fn due_day(checks: &mut Checks, text: &str, today: Date) -> Option<Date> {
    let day = text.trim().parse::<Date>().ok();
    checks.that(day.is_some(), "due", "Give a date, as in 2026-12-31.");
    checks.that(day.is_none_or(|day| day >= today), "due", "That day is past. Choose today or a later one.");
    day.filter(|day| *day >= today)
}

pub fn check_note(checks: &mut Checks, note: &str) {
    checks.that(
        note.chars().count() <= MAX_NOTE_CHARS,
        "note",
        format!("A note has at most {MAX_NOTE_CHARS} characters."),
    );
    let is_control = |letter: char| letter.is_control() && !"\r\n\t".contains(letter);
    checks.that(!note.chars().any(is_control), "note", "Control characters are not allowed here.");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{Grants, Permission, PermissionIndex};
    use std::sync::Arc;

    fn actor(id: i64, team: Option<i64>, permissions: &[&'static str]) -> Actor {
        let index = Arc::new(PermissionIndex::new(permissions.iter().copied().map(Permission)));
        let grants = Grants::Only { held: index.all(), index };
        Actor { person_id: Some(id), team_id: team, grants, ..Actor::system() }
    }

    #[test]
    fn the_owner_confirms_or_the_lead_where_there_is_none() {
        let lead = actor(1, Some(9), &["skills.rate_team"]);
        let owner = actor(2, None, &["skills.rate_own"]);
        let training = actor(3, None, &["skills.rate_all"]);
        let member = actor(4, Some(9), &["skills.rate_own"]);
        let table = [
            // (who, person, team, owner, confirms)
            (&lead, 4, Some(9), None, true),
            (&lead, 4, Some(9), Some(2), false),
            (&lead, 4, Some(8), None, false),
            (&lead, 1, Some(9), None, false),
            // Who owns the skill does not confirm themself.
            (&owner, 2, Some(9), Some(2), false),
            (&lead, 2, Some(9), Some(2), true),
            (&owner, 4, Some(9), Some(2), true),
            (&training, 4, Some(9), Some(2), true),
            (&training, 3, Some(9), None, false),
            (&member, 4, Some(9), None, false),
            (&member, 5, Some(9), None, false),
        ];
        for (who, person, team, owner, confirms) in table {
            assert_eq!(
                super::confirms(who, person, team, owner),
                confirms,
                "{:?} {person} {team:?} {owner:?}",
                who.person_id
            );
        }
    }

    #[test]
    fn two_levels_or_more_are_far_apart() {
        let at = |hundredths: i64| Standing::At(Level::from_hundredths(hundredths));
        let scale = |step: i64| Scale {
            id: 1,
            name: "0–4".into(),
            lowest: Level::ZERO,
            highest: Level::from_hundredths(400),
            step: Level::from_hundredths(step),
            levels: Vec::new(),
        };
        assert!(lie_far_apart(&scale(100), at(400), at(200)));
        assert!(lie_far_apart(&scale(100), at(0), at(200)));
        assert!(!lie_far_apart(&scale(100), at(300), at(200)));
        assert!(!lie_far_apart(&scale(1), at(399), at(200)));
        assert!(lie_far_apart(&scale(1), at(400), at(200)));
        assert!(!lie_far_apart(&scale(100), Standing::NotApplicable, at(200)));
        assert!(!lie_far_apart(&scale(100), Standing::Unset, at(200)));
    }
}
