//! Makes a search of what stands in the address: finds the skills that are named, and reads levels on their scales.

use super::super::super::as_of::AsOf;
use super::super::super::catalogue::lookup::model::{self as lookup, Named};
use super::super::super::levels::{Interest, Level, Scale};
use super::super::super::{READ, scales};
use super::super::model::{Condition, Search};
use super::super::ranking::Wanted;
use super::{Term, Terms};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Checks, Error, Invalid, Result};

/// A skill that is asked for.
#[derive(Clone, Debug)]
pub struct Skill {
    pub id: i64,
    pub name: String,
    pub category: String,
    /// On the day that is looked at.
    pub scale: Scale,
}

/// What a row of the form became.
#[derive(Clone, Debug)]
pub struct ReadTerm {
    pub term: Term,
    /// `None` when there is no such skill.
    pub skill: Option<Skill>,
}

/// A search as it was read, or what is wrong with which field: `skill-0`, `level-0`, `interest-0`, `as_of`.
pub struct Reading {
    pub rows: Vec<ReadTerm>,
    pub search: Result<Search, Invalid>,
}

impl Reading {
    /// The ids of the skills, in the order of the rows.
    pub fn skill_ids(&self) -> Vec<i64> {
        self.rows.iter().filter_map(|row| row.skill.as_ref()).map(|skill| skill.id).collect()
    }
}

/// Its own error is a database that failed, or a lack of rights; mistakes stand in the reading.
pub async fn read(app: &App, actor: &Actor, terms: &Terms) -> Result<Reading> {
    actor.require(READ)?;
    let mut checks = Checks::default();
    let as_of = as_of(app, &terms.as_of, &mut checks)?;
    let mut rows = Vec::new();
    let mut conditions: Vec<Condition> = Vec::new();
    for (place, term) in terms.rows.iter().enumerate() {
        let found = skill_named(app, actor, &term.skill, as_of).await?;
        if let Err(why) = &found {
            checks.that(false, &format!("skill-{place}"), why);
        }
        let skill = found.ok();
        if let Some(skill) = &skill {
            let known = rows.iter().filter_map(|row: &ReadTerm| row.skill.as_ref());
            let is_new = known.into_iter().all(|known| known.id != skill.id);
            checks.that(is_new, &format!("skill-{place}"), format!("“{}” is asked for twice.", skill.name));
            conditions.extend(condition(skill, term, place, &mut checks));
        }
        rows.push(ReadTerm { term: term.clone(), skill });
    }
    let search = Search { conditions, team_id: terms.team_id, as_of };
    let search = match checks.done() {
        Ok(()) => Ok(search),
        Err(Error::Invalid(invalid)) => Err(invalid),
        Err(other) => return Err(other),
    };
    Ok(Reading { rows, search })
}

fn as_of(app: &App, text: &str, checks: &mut Checks) -> Result<AsOf> {
    match AsOf::parse(text, app.now_ms()) {
        Err(Error::Invalid(invalid)) => {
            checks.that(false, "as_of", invalid.of("as_of").unwrap_or("That is no day."));
            Ok(AsOf::Now)
        }
        read => read,
    }
}

fn condition(skill: &Skill, term: &Term, place: usize, checks: &mut Checks) -> Option<Condition> {
    let minimum = match term.level.as_str() {
        "" => Ok(least_able(&skill.scale)),
        text => skill.scale.parse(text),
    };
    let interest = match term.interest.as_str() {
        "" => Ok(None),
        text => text.parse().ok().and_then(Interest::new).map(Some).ok_or(()),
    };
    checks.that(interest.is_ok(), &format!("interest-{place}"), "An interest is a number from 0 to 3.");
    if let Err(problem) = &minimum {
        checks.that(false, &format!("level-{place}"), format!("{problem}."));
    }
    let wanted = Wanted::on(&skill.scale, minimum.ok()?, interest.ok()?);
    Some(Condition { skill: skill.clone(), wanted })
}

/// The lowest level of somebody who can do it at all.
pub fn least_able(scale: &Scale) -> Level {
    match scale.lowest {
        Level::ZERO => scale.step,
        lowest => lowest,
    }
}

/// The skill of that id or name on its scale of today, else why there is none.
pub async fn find_skill(app: &App, actor: &Actor, text: &str) -> Result<Result<Skill, String>> {
    skill_named(app, actor, text.trim(), AsOf::Now).await
}

/// The skill that a row names: by its id, as links have it, or as people type it; else why not.
async fn skill_named(app: &App, actor: &Actor, text: &str, as_of: AsOf) -> Result<Result<Skill, String>> {
    let by_id = match text.parse() {
        Ok(id) => lookup::by_id(app, id).await?.filter(|skill| skill.active),
        Err(_) => None,
    };
    let found = match by_id {
        Some(skill) => Ok(skill),
        None => lookup::find(app, actor, text).await?,
    };
    let scales = scales::all(app).await?;
    Ok(found.map(|Named { id, name, category, scale_id, .. }| {
        let scale_id = scales.id_on(id, scale_id, as_of);
        let scale = scales.get(scale_id).expect("a foreign key keeps the scale of every skill").clone();
        Skill { id, name, category, scale }
    }))
}
