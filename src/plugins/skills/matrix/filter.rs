//! What of the matrix is shown, as the address says it: which people and skills, in which mode.
//!
//! An address is read leniently: what is no team, level or mode is left out. Written again it holds what counts, in the
//! order of the form, so that two who look at the same thing share an address, a cached window and a saved view.

use super::super::as_of::AsOf;
use super::super::levels::Level;
use super::super::sight::{Limits, Sight};
use super::mode::Mode;
use crate::accounts::people::MAX_NAME_CHARS;
use crate::error::Result;
use crate::web::form::id_of;
use serde::Deserialize;

/// Which people and skills the matrix shows. The default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub team_id: Option<i64>,
    pub job_role_id: Option<i64>,
    pub category_id: Option<i64>,
    /// A tag of the skill, as a key.
    pub tag: String,
    /// A part of the person's name.
    pub person: String,
    /// A part of the skill's name, or of an alias.
    pub skill: String,
    /// People who have a level of a shown skill, and the skills that they have it in.
    pub level: Option<LevelRule>,
    /// People with a gap in a shown skill, and the skills with one.
    pub gaps_only: bool,
    /// One person alone: who sees nobody else.
    pub only: Option<i64>,
}

/// A level on each skill's own scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelRule {
    AtLeast(Level),
    Exactly(Level),
}

impl LevelRule {
    pub fn level(self) -> Level {
        match self {
            LevelRule::AtLeast(level) | LevelRule::Exactly(level) => level,
        }
    }

    /// The lowest and the highest level that fit, in hundredths.
    pub fn bounds(self) -> (i64, i64) {
        match self {
            LevelRule::AtLeast(level) => (level.hundredths(), i64::MAX),
            LevelRule::Exactly(level) => (level.hundredths(), level.hundredths()),
        }
    }
}

impl Filter {
    /// Whether more than names, teams and categories decides, so that the people and skills must be sought first.
    pub fn is_narrow(&self) -> bool {
        self.only.is_some() || self.job_role_id.is_some() || !self.tag.is_empty() || self.depends_on_ratings()
    }

    /// Leaves out the people of whom `sight` shows nothing.
    pub fn within(&self, sight: &Sight) -> Filter {
        match sight {
            Sight::Limited(limits) if !sight.shows_everybody() => self.narrowed(limits),
            _ => self.clone(),
        }
    }

    /// The own team, which is as quick as any other; of another team nothing but oneself, who is not in it.
    fn narrowed(&self, limits: &Limits) -> Filter {
        let is_own = self.team_id.is_none() || self.team_id == limits.team_id;
        match limits.team_id {
            Some(_) if is_own => Filter { team_id: limits.team_id, ..self.clone() },
            _ => Filter { only: Some(limits.person_id), ..self.clone() },
        }
    }

    /// Whether a change of a rating may change who and what is shown.
    pub fn depends_on_ratings(&self) -> bool {
        self.level.is_some() || self.gaps_only
    }
}

/// What is looked at: the whole address of a matrix, but for the place of the window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub filter: Filter,
    pub mode: Mode,
    /// The day at whose end it is looked at.
    pub as_of: AsOf,
}

/// The fields of the address; a form sends those that are empty, too.
#[derive(Clone, Debug, Deserialize, Default)]
#[serde(default)]
pub struct ViewFields {
    pub team: String,
    pub role: String,
    pub category: String,
    pub tag: String,
    pub person: String,
    pub skill: String,
    pub level: String,
    /// `least` or `exact`.
    pub rule: String,
    pub gaps: String,
    pub mode: String,
    pub as_of: String,
}

impl ViewFields {
    /// What these fields ask for.
    ///
    /// # Errors
    /// Invalid, field `as_of`, for what is no past day: another day than the one asked for would mislead.
    pub fn view(&self, now_ms: i64) -> Result<View> {
        let as_of = AsOf::parse(&self.as_of, now_ms)?;
        Ok(View { filter: self.filter(), mode: self.mode(), as_of })
    }

    /// As `view`, of today.
    pub fn today(&self) -> View {
        View { filter: self.filter(), mode: self.mode(), as_of: AsOf::Now }
    }

    fn mode(&self) -> Mode {
        Mode::from_name(&self.mode).unwrap_or_default()
    }

    fn filter(&self) -> Filter {
        let text = |text: &str| text.trim().chars().take(MAX_NAME_CHARS).collect::<String>();
        Filter {
            team_id: id_of(&self.team),
            job_role_id: id_of(&self.role),
            category_id: id_of(&self.category),
            tag: text(&self.tag).to_lowercase(),
            person: text(&self.person),
            skill: text(&self.skill),
            level: Level::parse(&self.level).map(|level| match self.rule.as_str() {
                "exact" => LevelRule::Exactly(level),
                _ => LevelRule::AtLeast(level),
            }),
            gaps_only: self.gaps == "yes",
            only: None,
        }
    }
}

impl View {
    /// The view as fields of an address, without the empty ones.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let Filter { team_id, job_role_id, category_id, tag, person, skill, level, gaps_only, only: _ } = &self.filter;
        let id = |id: &Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
        let rule = if matches!(level, Some(LevelRule::Exactly(_))) { "exact" } else { "" };
        let mode = if self.mode == Mode::default() { "" } else { self.mode.name() };
        let mut pairs = vec![
            ("team", id(team_id)),
            ("role", id(job_role_id)),
            ("category", id(category_id)),
            ("tag", tag.clone()),
            ("person", person.clone()),
            ("skill", skill.clone()),
            ("level", level.map(|rule| rule.level().to_string()).unwrap_or_default()),
            ("rule", rule.to_owned()),
            ("gaps", if *gaps_only { "yes".to_owned() } else { String::new() }),
            ("mode", mode.to_owned()),
            ("as_of", self.as_of.day().map(|day| day.to_string()).unwrap_or_default()),
        ];
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// The view as a query string.
    pub fn query(&self) -> String {
        serde_urlencoded::to_string(self.pairs()).unwrap_or_default()
    }

    /// The address of the matrix with this view. Without any field it would be the one that opens with what the person
    /// chose, so that one says that everything is meant.
    pub fn address(&self) -> String {
        of_query(&self.query())
    }

    /// The address without one of the fields; the level goes with its rule.
    pub fn without(&self, field: &str) -> String {
        let goes = |name: &str| name == field || (field == "level" && name == "rule");
        let pairs: Vec<_> = self.pairs().into_iter().filter(|(name, _)| !goes(name)).collect();
        of_query(&serde_urlencoded::to_string(pairs).unwrap_or_default())
    }

    pub fn in_mode(&self, mode: Mode) -> View {
        View { mode, ..self.clone() }
    }

    /// Everybody and everything, in the same mode and on the same day.
    pub fn unfiltered(&self) -> View {
        View { filter: Filter::default(), ..self.clone() }
    }

    /// The same of today.
    pub fn today(&self) -> View {
        View { as_of: AsOf::Now, ..self.clone() }
    }
}

fn of_query(query: &str) -> String {
    address("/skills", if query.is_empty() { "all=yes" } else { query })
}

/// An address with a query, if there is one.
pub fn address(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Friday 20 November 2026, 12:00 UTC.
    const NOW_MS: i64 = 1_795_176_000_000;

    fn read(query: &str) -> View {
        serde_urlencoded::from_str::<ViewFields>(query).unwrap().view(NOW_MS).unwrap()
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let view =
            read("team=x&category=-3&role=&level=much&rule=exact&gaps=no&mode=upside-down&person=+&skill=%20weld+");
        assert_eq!(view, View { filter: Filter { skill: "weld".to_owned(), ..Filter::default() }, ..View::default() });
        assert_eq!(view.query(), "skill=weld");
        assert_eq!(read("").address(), "/skills?all=yes");
        assert_eq!(read("all=yes"), View::default());
    }

    #[test]
    fn a_filter_is_taken_away_by_itself() {
        let view = read("team=3&level=2&rule=exact&mode=gap");
        assert_eq!(view.without("level"), "/skills?team=3&mode=gap");
        assert_eq!(view.without("team"), "/skills?level=2&rule=exact&mode=gap");
        assert_eq!(view.without("mode"), "/skills?team=3&level=2&rule=exact");
    }

    proptest! {
        /// A saved view, a copied address and the script's window must all mean the same.
        #[test]
        fn a_view_reads_back_as_it_was_written(
            team in 0i64..5, role in 0i64..3, category in 0i64..3, person in "[a-zA-ZÀ-ž0-9%&=+ ]{0,12}", tag in "[a-z #]{0,6}",
            level in prop::option::of(0i64..1000), exact: bool, gaps: bool, mode in 0usize..5, day in 1i8..20,
        ) {
            let level = level.map(Level::from_hundredths);
            let filter = Filter {
                team_id: Some(team).filter(|id| *id > 0),
                job_role_id: Some(role).filter(|id| *id > 0),
                category_id: Some(category).filter(|id| *id > 0),
                tag: tag.trim().to_owned(),
                person: person.trim().to_owned(),
                skill: String::new(),
                level: level.map(|level| if exact { LevelRule::Exactly(level) } else { LevelRule::AtLeast(level) }),
                gaps_only: gaps,
                only: None,
            };
            let as_of = if exact { AsOf::Now } else { AsOf::Day(jiff::civil::date(2026, 11, day)) };
            let view = View { filter, mode: Mode::ALL[mode], as_of };
            prop_assert_eq!(read(&view.query()), view);
        }
    }
}
