//! One rating: what a person can do with a skill, and how it is changed when others may be changing it too.
//!
//! Every change writes an event, and keeps the summaries of its row and column in the same transaction.

use super::super::levels::{Interest, Level, Scale, Standing};
use super::super::{RATE_ALL, RATE_OWN, RATE_TEAM, READ, TOPIC, scales, summaries};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Db, Tx};
use crate::error::{Checks, Error, Result};
use crate::sql;

pub const MAX_NOTE_CHARS: usize = 2000;
/// How often a change that met a deadlock is tried.
const ATTEMPTS: usize = 3;

/// What is said of a person and a skill. The default is that nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    pub standing: Standing,
    pub interest: Option<Interest>,
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    pub person_id: i64,
    pub skill_id: i64,
    pub values: Values,
    /// 0 while there is no row.
    pub version: i64,
    /// In UTC milliseconds; 0 while there is no row.
    pub updated_at: i64,
    /// Who changed it last.
    pub updated_by: Option<String>,
}

/// The cell around a rating: whose it is, of what, and on which scale.
#[derive(Clone, Debug)]
pub struct Cell {
    pub person: String,
    pub team_id: Option<i64>,
    pub skill: String,
    pub scale: Scale,
    pub rating: Rating,
}

/// What the editor had before their eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    Version(i64),
    /// The grid shows no versions, but the standing.
    Seen(Standing),
}

/// What is to be changed; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct RatingPatch {
    pub standing: Option<Standing>,
    pub interest: Option<Option<Interest>>,
    pub note: Option<String>,
}

/// By what means a rating was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Cell,
    Page,
    Api,
    Import,
}

impl Origin {
    pub fn name(self) -> &'static str {
        match self {
            Origin::Cell => "cell",
            Origin::Page => "page",
            Origin::Api => "api",
            Origin::Import => "import",
        }
    }
}

#[derive(Debug)]
pub enum Outcome {
    Saved(Rating),
    /// Somebody else changed it in between. Nothing was written; this is what stands there now.
    Conflict(Rating),
}

/// Whether the actor may rate this person.
pub fn may_rate(actor: &Actor, person_id: i64, team_id: Option<i64>) -> bool {
    let same_team = team_id.is_some() && actor.team_id == team_id;
    actor.may(RATE_ALL) || (same_team && actor.may(RATE_TEAM)) || (actor.is(person_id) && actor.may(RATE_OWN))
}

#[derive(sqlx::FromRow)]
struct CellRow {
    person: String,
    team_id: Option<i64>,
    skill: String,
    scale_id: i64,
}

#[derive(sqlx::FromRow)]
struct RatingRow {
    level: Option<i64>,
    not_applicable: bool,
    interest: Option<i64>,
    note: String,
    version: i64,
    updated_at: i64,
    updated_by: Option<String>,
}

pub async fn get(app: &App, actor: &Actor, person_id: i64, skill_id: i64) -> Result<Cell> {
    actor.require(READ)?;
    let query = app.db.q(sql!(
        "SELECT p.name AS person, p.team_id, s.name AS skill, s.scale_id FROM people p JOIN skills s ON s.id = ?
         WHERE p.id = ? AND p.active = TRUE"
    ));
    let row: CellRow = query.bind(skill_id).bind(person_id).one().await?;
    let scales = scales::all(app).await?;
    let scale = scales.get(row.scale_id).ok_or(Error::NotFound)?.clone();
    let rating = current(&app.db, person_id, skill_id).await?;
    Ok(Cell { person: row.person, team_id: row.team_id, skill: row.skill, scale, rating })
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    skill_id: i64,
    #[sqlx(flatten)]
    rating: RatingRow,
}

/// A page of what is said of a person, by category and skill, and how much there is in all.
pub async fn list(app: &App, actor: &Actor, person_id: i64, limit: i64, offset: i64) -> Result<(Vec<Rating>, i64)> {
    actor.require(READ)?;
    let query = app.db.q(sql!("SELECT id FROM people WHERE id = ? AND active = TRUE"));
    let _: (i64,) = query.bind(person_id).one().await?;
    let query = app.db.q(sql!(
        "SELECT r.skill_id, r.level, r.not_applicable, r.interest, r.note, r.version, r.updated_at, u.name AS updated_by
         FROM ratings r JOIN skills s ON s.id = r.skill_id LEFT JOIN people u ON u.id = r.updated_by
         WHERE r.person_id = ? ORDER BY s.category_position, s.name_key, s.id LIMIT ? OFFSET ?"
    ));
    let rows: Vec<ListedRow> = query.bind(person_id).bind(limit).bind(offset).all().await?;
    let query = app.db.q(sql!("SELECT COUNT(*) FROM ratings WHERE person_id = ?"));
    let (total,) = query.bind(person_id).one::<(i64,)>().await?;
    let ratings = rows.into_iter().map(|row| rating(person_id, row.skill_id, Some(row.rating)));
    Ok((ratings.collect(), total))
}

/// Changes a rating that is still as the editor saw it.
pub async fn save(
    app: &App,
    actor: &Actor,
    (person_id, skill_id): (i64, i64),
    base: Base,
    patch: &RatingPatch,
    origin: Origin,
) -> Result<Outcome> {
    let cell = get(app, actor, person_id, skill_id).await?;
    save_cell(app, actor, &cell, base, patch, origin).await
}

/// As `save`, for a cell that was just read.
pub async fn save_cell(
    app: &App,
    actor: &Actor,
    cell: &Cell,
    base: Base,
    patch: &RatingPatch,
    origin: Origin,
) -> Result<Outcome> {
    let Rating { person_id, skill_id, .. } = cell.rating;
    if !may_rate(actor, person_id, cell.team_id) {
        return Err(Error::Forbidden);
    }
    check(&cell.scale, patch)?;
    let change = Change { app, actor, person_id, skill_id, base, patch, origin, now_ms: app.now_ms() };
    for _ in 1..ATTEMPTS {
        match change.attempt().await {
            Err(db::Error::Busy) => {}
            done => return change.outcome(done?).await,
        }
    }
    change.outcome(change.attempt().await?).await
}

fn check(scale: &Scale, patch: &RatingPatch) -> Result<()> {
    let mut checks = Checks::default();
    if let Some(Standing::At(level)) = patch.standing {
        checks.that(scale.holds(level), "level", format!("The scale {} goes {}.", scale.name, scale.range()));
    }
    if let Some(note) = &patch.note {
        checks.that(
            note.chars().count() <= MAX_NOTE_CHARS,
            "note",
            format!("A note has at most {MAX_NOTE_CHARS} characters."),
        );
        let is_control = |letter: char| letter.is_control() && !"\r\n\t".contains(letter);
        checks.that(!note.chars().any(is_control), "note", "Control characters are not allowed here.");
    }
    checks.done()
}

async fn current(db: &Db, person_id: i64, skill_id: i64) -> Result<Rating> {
    let query = db.q(sql!(
        "SELECT r.level, r.not_applicable, r.interest, r.note, r.version, r.updated_at, u.name AS updated_by
         FROM ratings r LEFT JOIN people u ON u.id = r.updated_by WHERE r.person_id = ? AND r.skill_id = ?"
    ));
    let row: Option<RatingRow> = query.bind(person_id).bind(skill_id).optional().await?;
    Ok(rating(person_id, skill_id, row))
}

fn rating(person_id: i64, skill_id: i64, row: Option<RatingRow>) -> Rating {
    let Some(row) = row else {
        return Rating { person_id, skill_id, values: Values::default(), version: 0, updated_at: 0, updated_by: None };
    };
    let standing = Standing::from_columns(row.level, row.not_applicable);
    let values = Values { standing, interest: row.interest.and_then(Interest::new), note: row.note };
    Rating { person_id, skill_id, values, version: row.version, updated_at: row.updated_at, updated_by: row.updated_by }
}

/// A change on its way.
struct Change<'a> {
    app: &'a App,
    actor: &'a Actor,
    person_id: i64,
    skill_id: i64,
    base: Base,
    patch: &'a RatingPatch,
    origin: Origin,
    now_ms: i64,
}

/// How an attempt ended.
enum Attempt {
    Written(Rating),
    /// It says already what it was to say.
    Same,
    Stale,
}

impl Change<'_> {
    async fn attempt(&self) -> db::Result<Attempt> {
        let mut tx = self.app.db.begin().await?;
        let before = self.locked(&mut tx).await?;
        if !self.is_fresh(&before) {
            return Ok(Attempt::Stale);
        }
        let after = self.patched(&before.values);
        if before.version > 0 && after == before.values {
            return Ok(Attempt::Same);
        }
        if !self.write(&mut tx, &before, &after).await? {
            return Ok(Attempt::Stale);
        }
        record(&mut tx, self, &after).await?;
        summaries::shift(&mut tx, (self.person_id, self.skill_id), before.values.standing, after.standing).await?;
        tx.commit().await?;
        Ok(Attempt::Written(self.written(&before, after)))
    }

    async fn outcome(&self, attempt: Attempt) -> Result<Outcome> {
        let now = current(&self.app.db, self.person_id, self.skill_id);
        Ok(match attempt {
            Attempt::Stale => Outcome::Conflict(now.await?),
            Attempt::Same => Outcome::Saved(now.await?),
            Attempt::Written(rating) => {
                self.app.publish(TOPIC, format!("{}:{}", self.person_id, self.skill_id)).await;
                Outcome::Saved(rating)
            }
        })
    }

    /// What stands there now, without reading it again.
    fn written(&self, before: &Rating, values: Values) -> Rating {
        Rating {
            person_id: self.person_id,
            skill_id: self.skill_id,
            values,
            version: before.version + 1,
            updated_at: self.now_ms,
            updated_by: self.actor.person_id.map(|_| self.actor.name.clone()),
        }
    }

    async fn locked(&self, tx: &mut Tx) -> db::Result<Rating> {
        let query = tx.q(sql!(
            "SELECT level, not_applicable, interest, note, version, updated_at
             FROM ratings WHERE person_id = ? AND skill_id = ? {for_update}"
        ));
        let row: Option<LockedRow> = query.bind(self.person_id).bind(self.skill_id).optional().await?;
        Ok(rating(self.person_id, self.skill_id, row.map(LockedRow::into_rating_row)))
    }

    fn is_fresh(&self, before: &Rating) -> bool {
        match self.base {
            Base::Version(version) => version == before.version,
            Base::Seen(standing) => standing == before.values.standing,
        }
    }

    fn patched(&self, before: &Values) -> Values {
        Values {
            standing: self.patch.standing.unwrap_or(before.standing),
            interest: self.patch.interest.unwrap_or(before.interest),
            note: self.patch.note.as_ref().map_or_else(|| before.note.clone(), |note| note.trim().to_owned()),
        }
    }

    /// `false` when somebody else wrote the row first.
    async fn write(&self, tx: &mut Tx, before: &Rating, after: &Values) -> db::Result<bool> {
        let query = if before.version == 0 {
            tx.q(sql!(
                "INSERT INTO ratings (level, not_applicable, interest, note, updated_at, updated_by, person_id, skill_id, version)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ? + 1)"
            ))
        } else {
            tx.q(sql!(
                "UPDATE ratings SET level = ?, not_applicable = ?, interest = ?, note = ?, updated_at = ?, updated_by = ?,
                 version = version + 1 WHERE person_id = ? AND skill_id = ? AND version = ?"
            ))
        };
        let written = query
            .bind(after.standing.level().map(Level::hundredths))
            .bind(after.standing == Standing::NotApplicable)
            .bind(after.interest.map(Interest::value))
            .bind(after.note.clone())
            .bind(self.now_ms)
            .bind(self.actor.person_id)
            .bind(self.person_id)
            .bind(self.skill_id)
            .bind(before.version)
            .execute()
            .await;
        match written {
            Ok(rows) => Ok(rows == 1),
            Err(db::Error::Unique) => Ok(false),
            Err(other) => Err(other),
        }
    }
}

/// The row as it is locked: PostgreSQL locks no row of an outer join, so the name of the last editor is not read.
#[derive(sqlx::FromRow)]
struct LockedRow {
    level: Option<i64>,
    not_applicable: bool,
    interest: Option<i64>,
    note: String,
    version: i64,
    updated_at: i64,
}

impl LockedRow {
    fn into_rating_row(self) -> RatingRow {
        let LockedRow { level, not_applicable, interest, note, version, updated_at } = self;
        RatingRow { level, not_applicable, interest, note, version, updated_at, updated_by: None }
    }
}

async fn record(tx: &mut Tx, change: &Change<'_>, after: &Values) -> db::Result<()> {
    tx.q(sql!(
        "INSERT INTO rating_events (person_id, skill_id, at, actor_id, origin, level, not_applicable, interest, note)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ))
    .bind(change.person_id)
    .bind(change.skill_id)
    .bind(change.now_ms)
    .bind(change.actor.person_id)
    .bind(change.origin.name())
    .bind(after.standing.level().map(Level::hundredths))
    .bind(after.standing == Standing::NotApplicable)
    .bind(after.interest.map(Interest::value))
    .bind(after.note.clone())
    .execute()
    .await?;
    Ok(())
}
