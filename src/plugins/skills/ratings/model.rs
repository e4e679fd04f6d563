//! One rating: what a person can do with a skill, and how it is changed when others may be changing it too.
//!
//! Every change writes an event, and keeps the summaries of its row and column in the same transaction. A save reads the
//! cell once and writes it if it still has the version that was read, so that nothing is locked while rules are checked.

use super::super::levels::{Level, Scale, Standing};
use super::super::sight::Sight;
use super::super::summaries::{self, Weight};
use super::super::{RATE_ALL, RATE_OWN, RATE_TEAM, TOPIC, scales};
use super::columns::Columns;
use super::rules::check;
pub use super::values::{RatingPatch, Suspension, Values, Voice};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Query, Tx};
use crate::error::{Error, Result};
use crate::{clock, sql, value_columns};
use jiff::civil::Date;

/// How often a change that met a deadlock, or somebody who was quicker, is tried.
const ATTEMPTS: usize = 4;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    pub person_id: i64,
    pub skill_id: i64,
    pub values: Values,
    /// Whether it was expired or suspended when it was last looked at, so that the level does not count.
    pub lapsed: bool,
    /// 0 while there is no row.
    pub version: i64,
    /// In UTC milliseconds; 0 while there is no row.
    pub updated_at: i64,
    /// Who changed it last.
    pub updated_by: Option<String>,
    /// Who confirmed the level, if anybody did.
    pub confirmed_by: Option<String>,
}

/// The cell around a rating: whose it is, of what, and on which scale.
#[derive(Clone, Debug)]
pub struct Cell {
    pub person: String,
    pub team_id: Option<i64>,
    pub skill: String,
    /// Who looks after the skill, and may rate everybody on it.
    pub owner_id: Option<i64>,
    /// An archived skill takes no ratings.
    pub is_archived: bool,
    pub scale: Scale,
    /// What the targets ask of this person.
    pub required: Option<Level>,
    /// Of the counters of the column, if it has any: grows when `scale` or `required` may have changed.
    pub revision: Option<i64>,
    pub rating: Rating,
}

impl Cell {
    pub fn may_be_rated_by(&self, actor: &Actor) -> bool {
        let is_owner = self.owner_id.is_some_and(|owner| actor.is(owner)) && actor.may(RATE_OWN);
        is_owner || may_rate(actor, self.rating.person_id, self.team_id)
    }
}

/// What the editor had before their eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    Version(i64),
    /// The grid shows no versions, but the standing.
    Seen(Standing),
}

/// By what means a rating was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Cell,
    Page,
    Api,
    Import,
    Paste,
    Undo,
    /// Two skills became one, or are two again.
    Merge,
    /// A skill was given another scale, or its former one.
    Scale,
}

impl Origin {
    pub fn name(self) -> &'static str {
        match self {
            Origin::Cell => "cell",
            Origin::Page => "page",
            Origin::Api => "api",
            Origin::Import => "import",
            Origin::Paste => "paste",
            Origin::Undo => "undo",
            Origin::Merge => "merge",
            Origin::Scale => "scale",
        }
    }
}

#[derive(Debug)]
pub enum Outcome {
    Saved(Rating),
    /// Somebody else changed it in between. Nothing was written; this is what stands there now.
    Conflict(Rating),
}

/// Whether the actor may rate this person on every skill.
pub fn may_rate(actor: &Actor, person_id: i64, team_id: Option<i64>) -> bool {
    let same_team = team_id.is_some() && actor.team_id == team_id;
    actor.may(RATE_ALL) || (same_team && actor.may(RATE_TEAM)) || (actor.is(person_id) && actor.may(RATE_OWN))
}

/// Whose word it is when the actor rates this person.
pub fn voice_of(actor: &Actor, person_id: i64) -> Voice {
    if actor.is(person_id) { Voice::Own } else { Voice::Other(actor.person_id) }
}

#[derive(sqlx::FromRow)]
struct CellRow {
    person: String,
    team_id: Option<i64>,
    skill: String,
    owner_id: Option<i64>,
    active: bool,
    scale_id: i64,
    required: Option<i64>,
    revision: Option<i64>,
    #[sqlx(flatten)]
    rating: RatingRow,
}

/// Every column may be missing: an outer join finds no rating where nothing was said.
#[derive(sqlx::FromRow)]
struct RatingRow {
    #[sqlx(flatten)]
    columns: Columns,
    lapsed: Option<bool>,
    version: Option<i64>,
    updated_at: Option<i64>,
    updated_by: Option<String>,
    confirmed_by: Option<String>,
}

impl RatingRow {
    fn into_rating(self, person_id: i64, skill_id: i64) -> Rating {
        Rating {
            person_id,
            skill_id,
            values: self.columns.into(),
            lapsed: self.lapsed.unwrap_or(false),
            version: self.version.unwrap_or(0),
            updated_at: self.updated_at.unwrap_or(0),
            updated_by: self.updated_by,
            confirmed_by: self.confirmed_by,
        }
    }
}

/// A cell that the actor may see. What is hidden looks missing.
pub async fn get(app: &App, actor: &Actor, person_id: i64, skill_id: i64) -> Result<Cell> {
    let sight = Sight::of(app, actor).await?;
    let query = app.db.q(sql!(concat!(
        "SELECT p.name AS person, p.team_id, s.name AS skill, s.owner_id, s.active, s.scale_id, q.level AS required, m.revision, ",
        value_columns!("r."),
        ", r.lapsed, r.version, r.updated_at, u.name AS updated_by, v.name AS confirmed_by
         FROM people p JOIN skills s ON s.id = ?
         LEFT JOIN ratings r ON r.person_id = p.id AND r.skill_id = s.id
         LEFT JOIN requirements q ON q.person_id = p.id AND q.skill_id = s.id
         LEFT JOIN skill_summaries m ON m.skill_id = s.id
         LEFT JOIN people u ON u.id = r.updated_by LEFT JOIN people v ON v.id = r.validated_by
         WHERE p.id = ? AND p.active = TRUE"
    )));
    let row: CellRow = query.bind(skill_id).bind(person_id).one().await?;
    sight.require(person_id, row.team_id, skill_id)?;
    let scales = scales::all(app).await?;
    Ok(Cell {
        person: row.person,
        team_id: row.team_id,
        skill: row.skill,
        owner_id: row.owner_id,
        is_archived: !row.active,
        scale: scales.of_skill(skill_id, row.scale_id).ok_or(Error::NotFound)?.into_owned(),
        required: row.required.map(Level::from_hundredths),
        revision: row.revision,
        rating: row.rating.into_rating(person_id, skill_id),
    })
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    skill_id: i64,
    #[sqlx(flatten)]
    rating: RatingRow,
}

/// A page of what is said of a person, by category and skill, and how much there is in all.
pub async fn list(app: &App, actor: &Actor, person_id: i64, limit: i64, offset: i64) -> Result<(Vec<Rating>, i64)> {
    let sight = Sight::of(app, actor).await?;
    let query = app.db.q(sql!("SELECT team_id FROM people WHERE id = ? AND active = TRUE"));
    let (team_id,): (Option<i64>,) = query.bind(person_id).one().await?;
    if !sight.shows(person_id, team_id) {
        return Err(Error::NotFound);
    }
    let query = app.db.q(sql!(concat!(
        "SELECT r.skill_id, ",
        value_columns!("r."),
        ", r.lapsed, r.version, r.updated_at, u.name AS updated_by, v.name AS confirmed_by
         FROM ratings r JOIN people p ON p.id = r.person_id JOIN skills s ON s.id = r.skill_id
         LEFT JOIN people u ON u.id = r.updated_by LEFT JOIN people v ON v.id = r.validated_by
         WHERE r.person_id = ? AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids}))
         ORDER BY s.category_position, s.name_key, s.id LIMIT ? OFFSET ?"
    )));
    let rows: Vec<ListedRow> = sight.bind(query.bind(person_id)).bind(limit).bind(offset).all().await?;
    let query = app.db.q(sql!(
        "SELECT COUNT(*) FROM ratings r JOIN people p ON p.id = r.person_id
         WHERE r.person_id = ? AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids}))"
    ));
    let (total,) = sight.bind(query.bind(person_id)).one::<(i64,)>().await?;
    let ratings = rows.into_iter().map(|row| row.rating.into_rating(person_id, row.skill_id));
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
    save_cell(app, actor, cell, base, patch, origin).await
}

/// As `save`, for a cell that was just read.
pub async fn save_cell(
    app: &App,
    actor: &Actor,
    mut cell: Cell,
    base: Base,
    patch: &RatingPatch,
    origin: Origin,
) -> Result<Outcome> {
    let Rating { person_id, skill_id, .. } = cell.rating;
    if !cell.may_be_rated_by(actor) {
        return Err(Error::Forbidden);
    }
    let today = clock::day_of(app.now_ms());
    for _ in 0..ATTEMPTS {
        let before = &cell.rating;
        if !is_fresh(base, before) {
            return Ok(Outcome::Conflict(cell.rating));
        }
        let voice = voice_of(actor, person_id);
        check(&cell, patch, voice, today)?;
        let after = before.values.patched(patch, voice, app.now_ms());
        if after == before.values {
            return Ok(Outcome::Saved(cell.rating));
        }
        let change = Change { app, actor, cell: &cell, after: &after, today, origin, now_ms: app.now_ms() };
        match change.attempt().await {
            Ok(true) => {
                app.publish(TOPIC, format!("{person_id}:{skill_id}")).await;
                return Ok(Outcome::Saved(change.written()));
            }
            // Somebody was quicker, or was in the way: look again at what stands there now.
            Ok(false) | Err(db::Error::Busy) => cell = look_again(app, actor, &cell).await?,
            Err(other) => return Err(other.into()),
        }
    }
    Err(Error::busy("Many are changing this cell at the moment. Nothing was changed."))
}

/// What was typed for the scale that was shown must not be taken for a level of another one.
async fn look_again(app: &App, actor: &Actor, seen: &Cell) -> Result<Cell> {
    let cell = get(app, actor, seen.rating.person_id, seen.rating.skill_id).await?;
    if cell.scale.id == seen.scale.id {
        return Ok(cell);
    }
    let text =
        format!("“{}” was given the scale {} in the meantime. Say your level on it.", cell.skill, cell.scale.name);
    Err(Error::Conflict(text))
}

fn is_fresh(base: Base, now: &Rating) -> bool {
    match base {
        Base::Version(version) => version == now.version,
        Base::Seen(standing) => standing == now.values.standing,
    }
}

/// A change on its way.
struct Change<'a> {
    app: &'a App,
    actor: &'a Actor,
    /// As it was read.
    cell: &'a Cell,
    after: &'a Values,
    today: Date,
    origin: Origin,
    now_ms: i64,
}

impl Change<'_> {
    /// `false` when somebody else wrote the row first, or what it is measured against changed; then nothing is written.
    async fn attempt(&self) -> db::Result<bool> {
        let Rating { person_id, skill_id, lapsed, .. } = self.cell.rating;
        let required = self.cell.required;
        let before = Weight::of(self.cell.rating.values.standing, lapsed, required);
        let after = Weight::of(self.after.standing, self.is_lapsed(), required);
        let (standing, revision) = (self.cell.rating.values.standing, self.cell.revision);
        let counts = (standing, lapsed) != (self.after.standing, self.is_lapsed());
        let mut tx = self.app.db.begin().await?;
        let mut writes = self.record(self.write(&mut tx));
        if counts {
            writes = summaries::shift(writes, (person_id, skill_id), revision, before, after);
        }
        match writes.execute_each().await {
            // The rating, its event, and the counters of the column if they were to be moved.
            Ok(rows) if rows[0] == 1 && rows.get(2).is_none_or(|moved| *moved == 1) => tx.commit().await?,
            Ok(_) | Err(db::Error::Unique) => return Ok(false),
            Err(other) => return Err(other),
        }
        Ok(true)
    }

    fn is_lapsed(&self) -> bool {
        self.after.lapse(self.today).is_some()
    }

    /// What stands there now, without reading it again.
    fn written(&self) -> Rating {
        let before = &self.cell.rating;
        let name = self.actor.person_id.map(|_| self.actor.name.clone());
        let is_confirmed_now = self.after.confirmed != before.values.confirmed;
        Rating {
            values: self.after.clone(),
            lapsed: self.is_lapsed(),
            version: before.version + 1,
            updated_at: self.now_ms,
            confirmed_by: self.after.confirmed.and(if is_confirmed_now {
                name.clone()
            } else {
                before.confirmed_by.clone()
            }),
            updated_by: name,
            ..*before
        }
    }

    /// Writes the rating if it still has the version that was read.
    fn write<'e>(&self, tx: &'e mut Tx) -> Query<'e> {
        let before = &self.cell.rating;
        let query = if before.version == 0 {
            tx.q(sql!(concat!(
                "INSERT INTO ratings (",
                value_columns!(),
                ", lapsed, updated_at, updated_by, person_id, skill_id, version)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? + 1)"
            )))
        } else {
            tx.q(sql!(
                "UPDATE ratings SET level = ?, not_applicable = ?, interest = ?, note = ?, self_level = ?, self_na = ?,
                 self_at = ?, validated_level = ?, validated_na = ?, validated_at = ?, validated_by = ?, evidence = ?,
                 valid_until = ?, suspended_until = ?, suspension_reason = ?, lapsed = ?, updated_at = ?, updated_by = ?,
                 version = version + 1 WHERE person_id = ? AND skill_id = ? AND version = ?"
            ))
        };
        let query = Columns::from(self.after).bind(query).bind(self.is_lapsed());
        let query = query.bind(self.now_ms).bind(self.actor.person_id);
        query.bind(before.person_id).bind(before.skill_id).bind(before.version)
    }

    fn record<'e>(&self, query: Query<'e>) -> Query<'e> {
        let query = query.and(sql!(concat!(
            "INSERT INTO rating_events (",
            value_columns!(),
            ", person_id, skill_id, at, actor_id, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )));
        let Rating { person_id, skill_id, .. } = self.cell.rating;
        let query = Columns::from(self.after).bind(query).bind(person_id).bind(skill_id);
        query.bind(self.now_ms).bind(self.actor.person_id).bind(self.origin.name())
    }
}
