//! A pasted block against the matrix: who and what its cells are about, and what becomes of each.

use super::super::as_of::AsOf;
use super::super::levels::{Scale, Standing};
use super::super::matrix::filter::Filter;
use super::super::matrix::narrowing::model::lists;
use super::super::ratings::model::may_rate;
use super::super::scales::{self, Scales};
use super::super::sight::Sight;
use super::super::{RATE_OWN, READ};
use super::block::{Block, MAX_CELLS, Now, Seen, SeenCell, Verdict, cells_of, judge};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::sql;
use std::collections::HashMap;
use std::sync::Arc;

/// A row of the block: a person as they are now.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub team_id: Option<i64>,
    pub active: bool,
}

/// A column of the block.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Skill {
    pub id: i64,
    pub name: String,
    pub scale_id: i64,
    pub owner_id: Option<i64>,
    pub active: bool,
}

/// A cell of the block.
#[derive(Clone, Debug)]
pub struct PastedCell {
    pub typed: String,
    /// What stands there now.
    pub now: Now,
    /// Who changed it last.
    pub by: Option<String>,
    pub verdict: Verdict,
}

/// A block with what becomes of each cell.
pub struct Preview {
    pub block: Block,
    /// `None` below the last person of the matrix.
    pub people: Vec<Option<Person>>,
    /// `None` behind the last skill.
    pub skills: Vec<Option<Skill>>,
    pub rows: Vec<Vec<PastedCell>>,
    pub scales: Arc<Scales>,
}

/// How many cells of each kind a preview has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub ok: usize,
    pub same: usize,
    pub changed: usize,
    pub undecided: usize,
    /// Of those undecided, the ones that the person has not been shown yet.
    pub stale: usize,
    pub refused: usize,
}

impl Preview {
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for cell in self.rows.iter().flatten() {
            match &cell.verdict {
                Verdict::Ok(_) => counts.ok += 1,
                Verdict::Same => counts.same += 1,
                Verdict::Refused(_) => counts.refused += 1,
                Verdict::Changed { decision, is_new, .. } => {
                    counts.changed += 1;
                    counts.undecided += usize::from(decision.is_none());
                    counts.stale += usize::from(*is_new);
                }
            }
        }
        counts
    }

    /// The cells with their people and skills; those outside of the matrix have none.
    pub fn cells(&self) -> impl Iterator<Item = (Option<&Person>, Option<&Skill>, &PastedCell)> {
        self.rows.iter().zip(&self.people).flat_map(move |(row, person)| {
            row.iter().zip(&self.skills).map(move |(cell, skill)| (person.as_ref(), skill.as_ref(), cell))
        })
    }

    pub fn scale_of(&self, skill: &Skill) -> &Scale {
        self.scales.get(skill.scale_id).expect("a foreign key keeps the scale of every skill")
    }
}

/// Where a paste begins in a filtered matrix, and the people and skills from there on.
pub async fn place(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    (person_id, skill_id): (i64, i64),
    text: String,
    seen: Seen,
) -> Result<Block> {
    actor.require(READ)?;
    let cells = cells_of(&text);
    let (height, width) = (cells.len(), cells.iter().map(Vec::len).max().unwrap_or(0));
    if height == 0 {
        return Err(Error::invalid("text", "There is nothing to paste. Copy some cells of a spreadsheet first."));
    }
    if height * width > MAX_CELLS {
        return Err(Error::invalid(
            "text",
            format!("At most {MAX_CELLS} cells fit in one paste; these are {}.", height * width),
        ));
    }
    let lists = lists(app, &filter.within(&Sight::of(app, actor).await?), AsOf::Now).await?;
    let from = |ids: &[i64], first: i64, count: usize| {
        let start = ids.iter().position(|id| *id == first)?;
        Some(ids[start..].iter().take(count).copied().collect::<Vec<i64>>())
    };
    let people = from(&lists.people, person_id, height);
    let skills = from(&lists.skills, skill_id, width);
    let (Some(people), Some(skills)) = (people, skills) else {
        return Err(Error::invalid("person_id", "Choose a cell of the matrix to begin with."));
    };
    Ok(Block { people, skills, text, seen, contested: HashMap::new() })
}

/// Marks each cell of a block.
pub async fn preview(app: &App, actor: &Actor, block: Block) -> Result<Preview> {
    actor.require(READ)?;
    let (people, skills) = tokio::try_join!(people(app, &block.people), skills(app, &block.skills))?;
    let known = known(app, &block).await?;
    let scales = scales::all(app).await?;
    Ok(Examination { actor, people: &people, skills: &skills, known: &known, scales: &scales }
        .of(block, scales.clone()))
}

async fn people(app: &App, ids: &[i64]) -> Result<HashMap<i64, Person>> {
    let query = app.db.q(sql!("SELECT id, name, team_id, active FROM people WHERE id IN ({ids})"));
    let rows: Vec<Person> = query.bind_ids(ids).all().await?;
    Ok(rows.into_iter().map(|person| (person.id, person)).collect())
}

async fn skills(app: &App, ids: &[i64]) -> Result<HashMap<i64, Skill>> {
    let query = app.db.q(sql!("SELECT id, name, scale_id, owner_id, active FROM skills WHERE id IN ({ids})"));
    let rows: Vec<Skill> = query.bind_ids(ids).all().await?;
    Ok(rows.into_iter().map(|skill| (skill.id, skill)).collect())
}

#[derive(sqlx::FromRow)]
struct KnownRow {
    person_id: i64,
    skill_id: i64,
    level: Option<i64>,
    not_applicable: bool,
    version: i64,
    updated_by: Option<String>,
}

type KnownCells = HashMap<(i64, i64), (Now, Option<String>)>;

async fn known(app: &App, block: &Block) -> Result<KnownCells> {
    let query = app.db.q(sql!(
        "SELECT r.person_id, r.skill_id, r.level, r.not_applicable, r.version, u.name AS updated_by
         FROM ratings r LEFT JOIN people u ON u.id = r.updated_by
         WHERE r.person_id IN ({ids}) AND r.skill_id IN ({ids})"
    ));
    let rows: Vec<KnownRow> = query.bind_ids(&block.people).bind_ids(&block.skills).all().await?;
    let known = rows.into_iter().map(|row| {
        let standing = Standing::from_columns(row.level, row.not_applicable);
        ((row.person_id, row.skill_id), (Now { standing, version: row.version }, row.updated_by))
    });
    Ok(known.collect())
}

/// What the cells of a block are held against.
struct Examination<'a> {
    actor: &'a Actor,
    people: &'a HashMap<i64, Person>,
    skills: &'a HashMap<i64, Skill>,
    known: &'a KnownCells,
    scales: &'a Scales,
}

impl Examination<'_> {
    fn of(&self, block: Block, scales: Arc<Scales>) -> Preview {
        let cells = cells_of(&block.text);
        let seen = match &block.seen {
            Seen::Texts(text) => cells_of(text),
            _ => Vec::new(),
        };
        let width = cells.iter().map(Vec::len).max().unwrap_or(0);
        let people: Vec<_> = (0..cells.len()).map(|row| self.people.get(block.people.get(row)?).cloned()).collect();
        let skills: Vec<_> = (0..width).map(|column| self.skills.get(block.skills.get(column)?).cloned()).collect();
        let seen_cell = |row: usize, column: usize| match &block.seen {
            Seen::Nothing => None,
            Seen::Texts(_) => seen.get(row).and_then(|line| line.get(column)).map(|text| SeenCell::Text(text)),
            Seen::Versions(versions) => versions.get(row * width + column).map(|v| SeenCell::Version(*v)),
        };
        let judged = |row: usize, column: usize, typed: &str| {
            self.cell(people[row].as_ref(), skills[column].as_ref(), typed, seen_cell(row, column), &block)
        };
        let line = |(row, line): (usize, &Vec<&str>)| {
            line.iter().enumerate().map(|(column, typed)| judged(row, column, typed)).collect::<Vec<PastedCell>>()
        };
        let rows = cells.iter().enumerate().map(line).collect();
        Preview { block, people, skills, rows, scales }
    }

    fn cell(
        &self,
        person: Option<&Person>,
        skill: Option<&Skill>,
        typed: &str,
        seen: Option<SeenCell>,
        block: &Block,
    ) -> PastedCell {
        let typed_text = typed.to_owned();
        let nothing = Now { standing: Standing::Unset, version: 0 };
        let refused = |why: &str| Verdict::Refused(why.to_owned());
        let (Some(person), Some(skill)) = (person, skill) else {
            let verdict = refused("This lies outside of the matrix.");
            return PastedCell { typed: typed_text, now: nothing, by: None, verdict };
        };
        let (now, by) = self.known.get(&(person.id, skill.id)).cloned().unwrap_or((nothing, None));
        let verdict = match self.scales.get(skill.scale_id) {
            _ if !person.active => refused("This person is not here any more."),
            _ if !skill.active => refused("This skill is archived."),
            _ if !self.may_rate(person, skill) => refused("You may not rate this."),
            None => refused("This skill has no scale."),
            Some(scale) => judge(typed, scale, now, seen, block.contested.get(&(person.id, skill.id)).copied()),
        };
        PastedCell { typed: typed_text, now, by, verdict }
    }

    fn may_rate(&self, person: &Person, skill: &Skill) -> bool {
        let is_owner = skill.owner_id.is_some_and(|owner| self.actor.is(owner)) && self.actor.may(RATE_OWN);
        is_owner || may_rate(self.actor, person.id, person.team_id)
    }
}

/// What the form that takes the text offers to begin with.
pub struct Starts {
    pub people: Vec<(i64, String)>,
    pub skills: Vec<(i64, String)>,
}

/// The people and skills of a filtered matrix by name, as many as a form can list; `None` for more.
pub async fn starts(app: &App, actor: &Actor, filter: &Filter, most: usize) -> Result<Option<Starts>> {
    actor.require(READ)?;
    let lists = lists(app, &filter.within(&Sight::of(app, actor).await?), AsOf::Now).await?;
    if lists.people.len() > most || lists.skills.len() > most {
        return Ok(None);
    }
    let (people, skills) = tokio::try_join!(people(app, &lists.people), skills(app, &lists.skills))?;
    let people = lists.people.iter().filter_map(|id| Some((*id, people.get(id)?.name.clone())));
    let skills = lists.skills.iter().filter_map(|id| Some((*id, skills.get(id)?.name.clone())));
    Ok(Some(Starts { people: people.collect(), skills: skills.collect() }))
}
