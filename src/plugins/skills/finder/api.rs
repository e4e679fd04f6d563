//! The finder in the JSON API.

use super::super::levels::{Interest, Standing};
use super::model::{self, Condition};
use super::ranking::{Fit, Held, LevelVerdict, Verdict};
use super::terms::model as terms;
use super::terms::{MAX_TERMS, Term, Terms};
use crate::app::App;
use crate::error::{Checks, Error, Result};
use crate::web::api::{Caller, default_limit};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi, Tags};

pub struct FinderApi {
    pub app: App,
}

#[derive(Tags)]
enum Tag {
    Skills,
}

/// The people who fit, exact matches first. `exact` and `near` count all of them, `items` is the page.
#[derive(Object)]
struct Matches {
    items: Vec<Match>,
    exact: i64,
    near: i64,
    limit: i64,
    offset: i64,
}

/// How a person fits.
#[derive(Enum)]
#[oai(rename_all = "snake_case")]
enum MatchFit {
    Exact,
    /// Every level is there, but not the interest.
    LacksInterest,
    /// One level is a step short, or has lapsed.
    Short,
    /// One of several skills is not there.
    LacksSkill,
}

#[derive(Object)]
struct Match {
    person_id: i64,
    name: String,
    title: String,
    team: Option<String>,
    fit: MatchFit,
    /// In the order of the conditions that were asked for.
    conditions: Vec<MatchCondition>,
}

/// What somebody has in a skill that was asked for.
#[derive(Object)]
struct MatchCondition {
    skill_id: i64,
    skill: String,
    level: Option<f64>,
    not_applicable: bool,
    /// 0 none, 1 some, 2 much, 3 very much; null when nobody said.
    interest: Option<i64>,
    /// Expired or suspended: the level does not count.
    lapsed: bool,
    level_is_enough: bool,
    interest_is_enough: bool,
}

#[OpenApi]
impl FinderApi {
    /// Who knows these skills
    ///
    /// Each condition is `SKILL:LEVEL` or `SKILL:LEVEL:INTEREST`: the id of a skill, the least level on its scale (empty for
    /// any), the least interest from 0 to 3. For example `condition=12:3&condition=40::2`.
    #[oai(path = "/finder", method = "get", operation_id = "findPeople", tag = "Tag::Skills")]
    async fn find_people(
        &self,
        caller: Caller,
        /// One to eight of them.
        condition: Query<Vec<String>>,
        /// The id of a team: only its people.
        team: Query<Option<i64>>,
        /// A day, as 2026-06-01: what was true at its end.
        as_of: Query<Option<String>>,
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))] limit: Query<i64>,
        #[oai(default, validator(minimum(value = "0")))] offset: Query<i64>,
    ) -> Result<Json<Matches>> {
        let rows = rows(&condition.0)?;
        let as_of = as_of.0.unwrap_or_default();
        let terms = Terms { rows, team_id: team.0, as_of, ..Terms::default() };
        let reading = terms::read(&self.app, &caller.0, &terms).await?;
        let search = reading.search.map_err(Error::Invalid)?;
        let found = model::find(&self.app, &caller.0, &search, limit.0, offset.0).await?;
        let items = found.matches.into_iter().map(|one| Match::of(one, &search.conditions)).collect();
        let (exact, near) = (found.exact as i64, found.near as i64);
        Ok(Json(Matches { items, exact, near, limit: limit.0, offset: offset.0 }))
    }
}

/// The conditions as the page's form would send them.
fn rows(conditions: &[String]) -> Result<Vec<Term>> {
    let mut checks = Checks::default();
    let count = conditions.len();
    checks.that((1..=MAX_TERMS).contains(&count), "condition", format!("Give one to {MAX_TERMS} conditions."));
    let row = |text: &String| {
        let mut parts = text.splitn(3, ':').map(|part| part.trim().to_owned());
        let mut next = || parts.next().unwrap_or_default();
        Term { skill: next(), level: next(), interest: next() }
    };
    let rows: Vec<Term> = conditions.iter().map(row).collect();
    for (row, text) in rows.iter().zip(conditions) {
        let is_id = row.skill.parse::<i64>().is_ok_and(|id| id > 0);
        checks.that(is_id, "condition", format!("“{text}” does not begin with the id of a skill."));
    }
    checks.done()?;
    Ok(rows)
}

impl Match {
    fn of(one: model::Match, conditions: &[Condition]) -> Self {
        let judged = conditions.iter().zip(&one.held).zip(&one.verdicts);
        let conditions = judged.map(|((condition, held), verdict)| MatchCondition::of(condition, held, *verdict));
        Match {
            person_id: one.person.id,
            name: one.person.name,
            title: one.person.title,
            team: one.person.team,
            fit: match one.fit {
                Fit::Exact => MatchFit::Exact,
                Fit::LacksInterest => MatchFit::LacksInterest,
                Fit::Short => MatchFit::Short,
                Fit::LacksSkill => MatchFit::LacksSkill,
            },
            conditions: conditions.collect(),
        }
    }
}

impl MatchCondition {
    fn of(condition: &Condition, held: &Held, verdict: Verdict) -> Self {
        MatchCondition {
            skill_id: condition.skill.id,
            skill: condition.skill.name.clone(),
            level: held.standing.level().map(|level| level.hundredths() as f64 / 100.0),
            not_applicable: held.standing == Standing::NotApplicable,
            interest: held.interest.map(Interest::value),
            lapsed: held.lapsed,
            level_is_enough: verdict.level == LevelVerdict::Enough,
            interest_is_enough: verdict.is_interested,
        }
    }
}
