//! Who sees whose ratings. Every list and look-up of ratings asks this type, and what it hides looks missing.
//!
//! With `visibility = "everybody"` who may see the matrix sees all of it. With `"team"` people see themselves, their own
//! team, and everybody's ratings on the skills that they own. Whoever may read or rate everybody sees everything; an
//! auditor reads all and writes nothing. `Sight::of` finds out; `sees` is the rule; `bind` gives it to a query.

pub mod handlers;
pub mod model;
mod views;

use super::settings::{self, Visibility};
use super::{RATE_ALL, READ, READ_ALL};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Query;
use crate::error::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    All,
    Limited(Limits),
}

/// What somebody sees who does not see everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// 0 for who is no person.
    pub person_id: i64,
    pub team_id: Option<i64>,
    /// The skills that the person looks after, in the order of their ids.
    pub owned: Vec<i64>,
}

impl Sight {
    /// What the actor sees. Requires the permission to see the matrix at all.
    pub async fn of(app: &App, actor: &Actor) -> Result<Sight> {
        actor.require(READ)?;
        let visibility = settings::of(app).await?.visibility;
        if visibility == Visibility::Everybody || actor.may(READ_ALL) || actor.may(RATE_ALL) {
            return Ok(Sight::All);
        }
        let person_id = actor.person_id.unwrap_or(0);
        let owned = model::owned_skills(app, person_id).await?;
        Ok(Sight::Limited(Limits { person_id, team_id: actor.team_id, owned }))
    }

    /// Whether the rating of this person, who is in that team, on this skill may be seen.
    pub fn sees(&self, person_id: i64, team_id: Option<i64>, skill_id: i64) -> bool {
        match self {
            Sight::All => true,
            Sight::Limited(limits) => {
                limits.includes(person_id, team_id) || limits.owned.binary_search(&skill_id).is_ok()
            }
        }
    }

    /// Whether all ratings of this person may be seen.
    pub fn sees_all_of(&self, person_id: i64, team_id: Option<i64>) -> bool {
        match self {
            Sight::All => true,
            Sight::Limited(limits) => limits.includes(person_id, team_id),
        }
    }

    /// Whether the person shows up at all: who looks after a skill sees everybody, on that skill.
    pub fn shows(&self, person_id: i64, team_id: Option<i64>) -> bool {
        self.shows_everybody() || self.sees_all_of(person_id, team_id)
    }

    pub fn shows_everybody(&self) -> bool {
        match self {
            Sight::All => true,
            Sight::Limited(limits) => !limits.owned.is_empty(),
        }
    }

    pub fn is_all(&self) -> bool {
        *self == Sight::All
    }

    /// For a look-up: what is hidden looks missing.
    pub fn require(&self, person_id: i64, team_id: Option<i64>, skill_id: i64) -> Result<()> {
        if self.sees(person_id, team_id, skill_id) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Binds the four parameters of the condition on ratings
    /// `(? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids}))`.
    pub fn bind<'e>(&self, query: Query<'e>) -> Query<'e> {
        let (person_id, team_id, owned) = self.parts();
        query.bind(i64::from(self.is_all())).bind(person_id).bind(team_id).bind_ids(owned)
    }

    /// Binds the three parameters of the condition on people who show up
    /// `(? = 1 OR p.id = ? OR p.team_id = ?)`.
    pub fn bind_people<'e>(&self, query: Query<'e>) -> Query<'e> {
        let (person_id, team_id, _) = self.parts();
        query.bind(i64::from(self.shows_everybody())).bind(person_id).bind(team_id)
    }

    /// Person, team and owned skills, as SQL wants them: nobody and no team are 0.
    fn parts(&self) -> (i64, i64, &[i64]) {
        match self {
            Sight::All => (0, 0, &[]),
            Sight::Limited(limits) => (limits.person_id, limits.team_id.unwrap_or(0), &limits.owned),
        }
    }

    /// Tells apart what is cached for those who see different things.
    pub fn key(&self) -> String {
        match self {
            Sight::All => "all".to_owned(),
            Sight::Limited(limits) => {
                format!("{}/{}/{:?}", limits.person_id, limits.team_id.unwrap_or(0), limits.owned)
            }
        }
    }
}

impl Limits {
    fn includes(&self, person_id: i64, team_id: Option<i64>) -> bool {
        person_id == self.person_id || (team_id.is_some() && team_id == self.team_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(team_id: Option<i64>, owned: &[i64]) -> Sight {
        Sight::Limited(Limits { person_id: 1, team_id, owned: owned.to_vec() })
    }

    #[test]
    fn each_sees_themself_the_own_team_and_the_own_skills() {
        let table = [
            // (sight, person, team, skill, sees)
            (Sight::All, 9, None, 5, true),
            (limited(Some(3), &[]), 1, Some(3), 5, true),
            (limited(Some(3), &[]), 2, Some(3), 5, true),
            (limited(Some(3), &[]), 2, Some(4), 5, false),
            (limited(Some(3), &[]), 2, None, 5, false),
            (limited(Some(3), &[5, 8]), 2, Some(4), 5, true),
            (limited(Some(3), &[5, 8]), 2, Some(4), 6, false),
            // Two people without a team are no team.
            (limited(None, &[]), 2, None, 5, false),
            (limited(None, &[]), 1, None, 5, true),
        ];
        for (sight, person, team, skill, sees) in table {
            assert_eq!(sight.sees(person, team, skill), sees, "{sight:?} {person} {team:?} {skill}");
        }
    }

    #[test]
    fn who_owns_a_skill_is_shown_everybody_but_not_everything_of_them() {
        let owner = limited(Some(3), &[5]);
        assert!(owner.shows(2, Some(4)) && !owner.sees_all_of(2, Some(4)));
        assert!(!limited(Some(3), &[]).shows(2, Some(4)));
        assert!(limited(Some(3), &[]).shows(2, Some(3)));
    }
}
