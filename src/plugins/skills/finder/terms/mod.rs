//! The search as it stands in the address: `skill=12&level=3&interest=2&skill=…&team=4`. Pure text, no database.
//!
//! `level` and `interest` belong to the `skill` before them. A skill is an id, as links have it, or a name, as people
//! type it. What was typed is kept as it is, so that a mistake can be shown where it was made.

pub mod model;

use crate::web::form::{id_of, number_of};

/// More conditions than this nobody looks through, and each costs a query.
pub const MAX_TERMS: usize = 8;
/// Rows that an empty search offers.
const FIRST_ROWS: usize = 2;

/// One row of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    pub skill: String,
    pub level: String,
    pub interest: String,
}

impl Term {
    fn is_blank(&self) -> bool {
        self.skill.trim().is_empty()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Those that name a skill.
    pub rows: Vec<Term>,
    /// How many empty rows the form shows below them.
    pub blank: usize,
    pub team_id: Option<i64>,
    /// How many matches to skip.
    pub offset: i64,
    pub as_of: String,
}

impl Terms {
    pub fn read(pairs: &[(String, String)]) -> Self {
        let mut terms = Terms::default();
        let mut rows: Vec<Term> = Vec::new();
        let mut removed = None;
        let mut more = 0;
        for (name, value) in pairs {
            match (name.as_str(), rows.last_mut()) {
                ("skill", _) => rows.push(Term { skill: value.trim().to_owned(), ..Term::default() }),
                ("level", Some(row)) => row.level = value.trim().to_owned(),
                ("interest", Some(row)) => row.interest = value.trim().to_owned(),
                ("team", _) => terms.team_id = id_of(value),
                ("offset", _) => terms.offset = number_of(value).unwrap_or(0).max(0),
                ("as_of", _) => terms.as_of = value.trim().to_owned(),
                ("remove", _) => removed = number_of(value),
                ("more", _) => more = 1,
                _ => {}
            }
        }
        let place = removed.and_then(|place| usize::try_from(place).ok());
        if let Some(place) = place.filter(|place| *place < rows.len()) {
            rows.remove(place);
        }
        let blank = rows.iter().filter(|row| row.is_blank()).count();
        terms.rows = rows.into_iter().filter(|row| !row.is_blank()).take(MAX_TERMS).collect();
        let least = if terms.rows.is_empty() { FIRST_ROWS } else { 1 };
        terms.blank = (blank + more).max(least).min(MAX_TERMS - terms.rows.len());
        terms
    }

    /// The address of this search, without what nobody filled in. The skills are named by `ids`, as names may change.
    pub fn query(&self, ids: &[i64], offset: i64) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        for (row, id) in self.rows.iter().zip(ids) {
            pairs.extend([("skill", id.to_string()), ("level", row.level.clone()), ("interest", row.interest.clone())]);
        }
        pairs.push(("team", self.team_id.map(|id| id.to_string()).unwrap_or_default()));
        pairs.push(("as_of", self.as_of.clone()));
        pairs.push(("offset", if offset > 0 { offset.to_string() } else { String::new() }));
        pairs.retain(|(_, value)| !value.is_empty());
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(query: &str) -> Terms {
        Terms::read(&serde_urlencoded::from_str::<Vec<(String, String)>>(query).unwrap())
    }

    #[test]
    fn level_and_interest_belong_to_the_skill_before_them() {
        let terms = read("level=9&skill=12&level=3&skill=Welding&interest=2&skill=&level=4&team=7&unknown=1");
        let row = |skill: &str, level: &str, interest: &str| Term {
            skill: skill.into(),
            level: level.into(),
            interest: interest.into(),
        };
        assert_eq!(terms.rows, [row("12", "3", ""), row("Welding", "", "2")]);
        assert_eq!((terms.team_id, terms.blank), (Some(7), 1));
        assert_eq!(terms.query(&[12, 40], 50), "skill=12&level=3&skill=40&interest=2&team=7&offset=50");
    }

    #[test]
    fn rows_are_added_and_removed_by_buttons() {
        assert_eq!(read("").blank, 2);
        assert_eq!(read("skill=&skill=&more=1").blank, 3);
        assert_eq!(read("skill=a&skill=b&remove=0").rows.len(), 1);
        assert_eq!(read("skill=a&skill=b&remove=0").rows[0].skill, "b");
        assert_eq!(read("skill=a&remove=7").rows.len(), 1);
        let many = "skill=a&".repeat(20);
        assert_eq!((read(&many).rows.len(), read(&many).blank), (MAX_TERMS, 0));
    }

    proptest! {
        #[test]
        fn an_address_reads_back_as_it_was_written(ids in prop::collection::vec(1i64..9999, 1..MAX_TERMS), team in prop::option::of(1i64..99), offset in 0i64..200) {
            let rows = ids.iter().map(|id| Term { skill: id.to_string(), level: "3".into(), interest: String::new() }).collect();
            let terms = Terms { rows, blank: 1, team_id: team, offset, as_of: String::new() };
            prop_assert_eq!(read(&terms.query(&ids, offset)), terms);
        }
    }
}
