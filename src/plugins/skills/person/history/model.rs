//! Reads what was changed, each with what stood there before, so that it can be told from what to what.

use super::super::super::ratings::columns::Columns;
use super::super::super::ratings::model::{Origin, Values};
use super::super::super::scales::{self, Scales};
use super::super::model::person;
use crate::accounts::Actor;
use crate::accounts::people::Person;
use crate::app::App;
use crate::error::{Error, Result};
use crate::{sql, value_columns};
use std::collections::HashMap;
use std::sync::Arc;

/// A page of what was changed, the newest first.
pub struct History {
    pub person: Person,
    /// Id and name, where it is of one skill alone.
    pub skill: Option<(i64, String)>,
    pub changes: Vec<Change>,
    pub total: i64,
    pub scales: Arc<Scales>,
}

#[derive(Clone, Debug)]
pub struct Change {
    pub skill_id: i64,
    pub skill: String,
    /// The scale that `before` stands on, and that of `after`: they differ where the skill was given another one.
    pub scales: (i64, i64),
    /// In UTC milliseconds.
    pub at: i64,
    /// Who did it; `None` for the command line.
    pub actor: Option<String>,
    /// By what means, as `Origin::name` says it.
    pub origin: String,
    pub before: Values,
    pub after: Values,
}

#[derive(sqlx::FromRow)]
struct Row {
    skill_id: i64,
    skill: String,
    scale_id: i64,
    at: i64,
    actor: Option<String>,
    origin: String,
    before_id: Option<i64>,
    /// How often the skill turned to another scale since: each turn writes every rating anew.
    turns_since: i64,
    #[sqlx(flatten)]
    columns: Columns,
}

#[derive(sqlx::FromRow)]
struct BeforeRow {
    id: i64,
    #[sqlx(flatten)]
    columns: Columns,
}

/// Of one skill, or of all that the actor may see. What they may not see looks missing.
pub async fn history(
    app: &App,
    actor: &Actor,
    person_id: i64,
    skill_id: Option<i64>,
    limit: i64,
    offset: i64,
) -> Result<History> {
    let (person, sight) = person(app, actor, person_id).await?;
    let skill = match skill_id {
        Some(id) => {
            sight.require(person_id, person.team_id, id)?;
            Some(app.db.q(sql!("SELECT id, name FROM skills WHERE id = ?")).bind(id).one::<(i64, String)>().await?)
        }
        None => None,
    };
    let wanted = skill_id.unwrap_or(0);
    let query = app.db.q(sql!(concat!(
        "SELECT r.skill_id, s.name AS skill, s.scale_id, r.at, u.name AS actor, r.origin,
         (SELECT MAX(b.id) FROM rating_events b WHERE b.person_id = r.person_id AND b.skill_id = r.skill_id AND b.id < r.id) AS before_id,
         (SELECT COUNT(*) FROM rating_events b WHERE b.person_id = r.person_id AND b.skill_id = r.skill_id AND b.id > r.id
          AND b.origin = 'scale') AS turns_since, ",
        value_columns!("r."),
        " FROM rating_events r JOIN people p ON p.id = r.person_id JOIN skills s ON s.id = r.skill_id LEFT JOIN people u ON u.id = r.actor_id
         WHERE r.person_id = ? AND (? = 0 OR r.skill_id = ?) AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids}))
         ORDER BY r.id DESC LIMIT ? OFFSET ?"
    )));
    let query = sight.bind(query.bind(person_id).bind(wanted).bind(wanted)).bind(limit).bind(offset);
    let rows: Vec<Row> = query.all().await?;
    let query = app.db.q(sql!(
        "SELECT COUNT(*) FROM rating_events r JOIN people p ON p.id = r.person_id
         WHERE r.person_id = ? AND (? = 0 OR r.skill_id = ?) AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids}))"
    ));
    let (total,) = sight.bind(query.bind(person_id).bind(wanted).bind(wanted)).one::<(i64,)>().await?;
    let scales = scales::all(app).await?;
    let changes = with_before(app, rows, &scales).await?;
    Ok(History { person, skill, changes, total, scales })
}

async fn with_before(app: &App, rows: Vec<Row>, scales: &Scales) -> Result<Vec<Change>> {
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.before_id).collect();
    let query = app.db.q(sql!(concat!("SELECT id, ", value_columns!(), " FROM rating_events WHERE id IN ({ids})")));
    let before: Vec<BeforeRow> = query.bind_ids(&ids).all().await?;
    let before: HashMap<i64, Values> = before.into_iter().map(|row| (row.id, row.columns.into())).collect();
    let change = |row: Row| Change {
        scales: scales_of(&row, scales),
        skill_id: row.skill_id,
        skill: row.skill,
        at: row.at,
        actor: row.actor,
        origin: row.origin,
        before: row.before_id.and_then(|id| before.get(&id).cloned()).unwrap_or_default(),
        after: row.columns.into(),
    };
    Ok::<_, Error>(rows.into_iter().map(change).collect())
}

fn scales_of(row: &Row, scales: &Scales) -> (i64, i64) {
    let turns = row.turns_since as usize;
    let before = turns + usize::from(row.origin == Origin::Scale.name());
    (scales.id_before(row.skill_id, row.scale_id, before), scales.id_before(row.skill_id, row.scale_id, turns))
}
