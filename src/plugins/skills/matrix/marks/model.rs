//! What stands in the cells of a window: the level that counts, and what the mode regards beside it.
//!
//! Each mode costs one query more at most, which runs beside that of the ratings; a join of the two would be slower.

use super::super::super::levels::{Interest, Level, Standing};
use super::super::super::sight::Sight;
use super::super::blocks::{Skills, blocks};
use super::super::mode::{Mode, Validation};
use super::super::model::{PersonRow, SkillColumn};
use crate::app::App;
use crate::db::{Row, Sql};
use crate::error::Result;
use crate::sql;
use futures_util::future::try_join_all;
use std::collections::HashMap;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    pub standing: Standing,
    pub interest: Option<Interest>,
    /// The level is there, but does not count: it is expired or suspended.
    pub lapsed: bool,
    pub regard: Regard,
}

/// What a mode looks at beside the level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Regard {
    #[default]
    Nothing,
    /// What the targets ask for.
    Required(Level),
    /// Who stands behind the level, and what the person says.
    Voices(Validation, Standing),
    /// When it was said last, in UTC milliseconds.
    SaidAt(i64),
}

/// The rows and columns of a window, by the ids of their people and skills.
pub struct Places<'a> {
    pub people: Vec<i64>,
    pub skills: Vec<i64>,
    /// The team of each of the people.
    teams: Vec<Option<i64>>,
    /// What of the cells may be seen.
    pub sight: &'a Sight,
    row_of: HashMap<i64, usize>,
    column_of: HashMap<i64, usize>,
}

impl<'a> Places<'a> {
    pub fn of(people: &[PersonRow], skills: &[SkillColumn], sight: &'a Sight) -> Self {
        let teams = people.iter().map(|person| person.team_id).collect();
        let people: Vec<i64> = people.iter().map(|person| person.id).collect();
        let skills: Vec<i64> = skills.iter().map(|skill| skill.id).collect();
        let place = |ids: &[i64]| ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        Places { row_of: place(&people), column_of: place(&skills), people, skills, teams, sight }
    }

    /// One cell, whoever may see it.
    pub fn of_one(person_id: i64, skill_id: i64) -> Self {
        Places {
            people: vec![person_id],
            skills: vec![skill_id],
            teams: vec![None],
            sight: &Sight::All,
            row_of: HashMap::from([(person_id, 0)]),
            column_of: HashMap::from([(skill_id, 0)]),
        }
    }

    /// Where a mark of this person and skill belongs. A block may hold skills that the window does not show, and cells that
    /// must not be seen.
    pub fn of_cell(&self, person_id: i64, skill_id: i64) -> Option<usize> {
        let (row, column) = (*self.row_of.get(&person_id)?, self.column_of.get(&skill_id)?);
        let is_seen = self.sight.sees(person_id, self.teams[row], skill_id);
        is_seen.then_some(row * self.skills.len() + column)
    }

    /// Those of whom not everything may be seen.
    pub fn hidden(&self) -> Vec<i64> {
        let people = self.people.iter().zip(&self.teams);
        people.filter(|(id, team)| !self.sight.sees_all_of(**id, **team)).map(|(id, _)| *id).collect()
    }

    /// The rows of a query that is asked for each block of the window.
    async fn read<T: Row + Send>(&self, app: &App, sql: &OfBlocks) -> Result<Vec<T>> {
        let rows = try_join_all(blocks(&self.people, &self.skills).into_iter().map(async |block| {
            let query = match block.skills {
                Skills::Between(first, last) => app.db.q(sql.between).bind_list(block.people).bind(first).bind(last),
                Skills::Each(ids) => app.db.q(sql.each).bind_list(block.people).bind_list(&ids),
            };
            query.all::<T>().await
        }));
        Ok(rows.await?.into_iter().flatten().collect())
    }

    pub fn blank(&self) -> Vec<Mark> {
        vec![Mark::default(); self.people.len() * self.skills.len()]
    }
}

/// A query of the cells of a block, in both ways in which its skills are given.
pub struct OfBlocks {
    /// The people, first and last skill.
    pub between: &'static Sql,
    /// The people, the skills.
    pub each: &'static Sql,
}

macro_rules! of_blocks {
    ($select:literal) => {
        OfBlocks {
            between: sql!(concat!($select, " WHERE person_id IN ({list}) AND skill_id BETWEEN ? AND ?")),
            each: sql!(concat!($select, " WHERE person_id IN ({list}) AND skill_id IN ({list})")),
        }
    };
}

#[derive(sqlx::FromRow)]
pub struct MarkRow {
    person_id: i64,
    skill_id: i64,
    level: Option<i64>,
    not_applicable: bool,
    interest: Option<i64>,
    lapsed: bool,
}

/// The marks of a window, row by row.
pub async fn read(app: &App, places: &Places<'_>, mode: Mode) -> Result<Vec<Mark>> {
    match mode {
        Mode::Level | Mode::Interest => levels(app, places).await,
        Mode::Gap => gaps(app, places).await,
        Mode::Validation | Mode::Age => details(app, places, mode).await,
    }
}

pub const WINDOW_MARKS: OfBlocks =
    of_blocks!("SELECT person_id, skill_id, level, not_applicable, interest, lapsed FROM ratings");

async fn levels(app: &App, places: &Places<'_>) -> Result<Vec<Mark>> {
    let mut marks = places.blank();
    for row in places.read::<MarkRow>(app, &WINDOW_MARKS).await? {
        let Some(place) = places.of_cell(row.person_id, row.skill_id) else { continue };
        let standing = Standing::from_columns(row.level, row.not_applicable);
        let interest = row.interest.and_then(Interest::new);
        marks[place] = Mark { standing, interest, lapsed: row.lapsed, regard: Regard::Nothing };
    }
    Ok(marks)
}

pub const WINDOW_REQUIREMENTS: OfBlocks = of_blocks!("SELECT person_id, skill_id, level FROM requirements");

async fn gaps(app: &App, places: &Places<'_>) -> Result<Vec<Mark>> {
    let (mut marks, required) = tokio::try_join!(levels(app, places), required(app, places))?;
    put_required(places, &mut marks, &required);
    Ok(marks)
}

/// Person, skill, and the level that is asked for, in hundredths.
async fn required(app: &App, places: &Places<'_>) -> Result<Vec<(i64, i64, i64)>> {
    places.read(app, &WINDOW_REQUIREMENTS).await
}

pub fn put_required(places: &Places<'_>, marks: &mut [Mark], required: &[(i64, i64, i64)]) {
    for (person_id, skill_id, level) in required {
        if let Some(place) = places.of_cell(*person_id, *skill_id) {
            marks[place].regard = Regard::Required(Level::from_hundredths(*level));
        }
    }
}

/// A rating with who said what, and when.
#[derive(sqlx::FromRow)]
pub struct DetailRow {
    #[sqlx(flatten)]
    mark: MarkRow,
    self_level: Option<i64>,
    self_na: bool,
    self_at: Option<i64>,
    validated_level: Option<i64>,
    validated_na: bool,
    validated_at: Option<i64>,
    /// When anything of it changed last.
    at: i64,
}

impl DetailRow {
    /// Puts the mark where it belongs.
    pub fn put(&self, places: &Places<'_>, marks: &mut [Mark], mode: Mode) {
        if let Some(place) = places.of_cell(self.mark.person_id, self.mark.skill_id) {
            marks[place] = self.mark(mode);
        }
    }

    fn mark(&self, mode: Mode) -> Mark {
        let standing = Standing::from_columns(self.mark.level, self.mark.not_applicable);
        let regard = match mode {
            Mode::Validation => self.voices(standing),
            Mode::Age => self.said_at(standing),
            Mode::Level | Mode::Interest | Mode::Gap => Regard::Nothing,
        };
        Mark { standing, interest: self.mark.interest.and_then(Interest::new), lapsed: self.mark.lapsed, regard }
    }

    fn voices(&self, counts: Standing) -> Regard {
        let own = self.self_at.map(|_| Standing::from_columns(self.self_level, self.self_na));
        let confirmed = self.validated_at.map(|_| Standing::from_columns(self.validated_level, self.validated_na));
        Regard::Voices(Validation::of(counts, own, confirmed), own.unwrap_or_default())
    }

    /// A file says levels without anybody's name, so that the change itself tells when.
    fn said_at(&self, counts: Standing) -> Regard {
        match counts {
            Standing::Unset => Regard::Nothing,
            _ => Regard::SaidAt(self.self_at.max(self.validated_at).unwrap_or(self.at)),
        }
    }
}

/// As `WINDOW_MARKS`, with who said what, and when.
const WINDOW_DETAILS: OfBlocks = of_blocks!(
    "SELECT person_id, skill_id, level, not_applicable, interest, lapsed, self_level, self_na, self_at,
     validated_level, validated_na, validated_at, updated_at AS at FROM ratings"
);

async fn details(app: &App, places: &Places<'_>, mode: Mode) -> Result<Vec<Mark>> {
    let mut marks = places.blank();
    for row in places.read::<DetailRow>(app, &WINDOW_DETAILS).await? {
        row.put(places, &mut marks, mode);
    }
    Ok(marks)
}
