//! Assessments as they are read, and withdrawn.

use super::super::levels::Standing;
use super::super::scales::{self, Scales};
use super::super::sight::Sight;
use super::super::{RATE_ALL, RATE_OWN, RATE_TEAM, READ, READ_ALL};
use super::rules::{State, confirms, leads};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Error, Result};
use crate::notices::{self, NewNotice};
use crate::{clock, sql};
use jiff::civil::Date;
use std::sync::Arc;

/// An assessment in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: i64,
    pub person_id: i64,
    pub person: String,
    pub team: Option<String>,
    pub asked_by: Option<String>,
    pub state: String,
    /// As YYYY-MM-DD.
    pub due: String,
    pub skills: i64,
    pub confirmed: i64,
}

impl Row {
    pub fn state(&self) -> State {
        State::from_name(&self.state).unwrap_or(State::Withdrawn)
    }

    pub fn is_overdue(&self, today: Date) -> bool {
        self.state().is_open() && self.due.parse::<Date>().is_ok_and(|due| due < today)
    }
}

/// What waits for whom.
pub struct ToDo {
    pub to_answer: Vec<Row>,
    pub to_confirm: Vec<Row>,
    /// Of those whom the actor leads, or may read all of.
    pub under_way: Vec<Row>,
    pub closed: Vec<Row>,
    pub may_ask: bool,
}

const MOST_LISTED: i64 = 100;

macro_rules! listed {
    ($condition:literal) => {
        sql!(concat!(
            "SELECT a.id, a.person_id, p.name AS person, t.name AS team, u.name AS asked_by, a.state, a.due, COUNT(i.skill_id) AS skills,
             COUNT(i.confirmed_at) AS confirmed
             FROM assessments a JOIN people p ON p.id = a.person_id JOIN assessment_items i ON i.assessment_id = a.id
             LEFT JOIN teams t ON t.id = p.team_id LEFT JOIN people u ON u.id = a.asked_by
             WHERE p.active = TRUE AND ",
            $condition,
            " GROUP BY a.id, a.person_id, p.name, t.name, u.name, a.state, a.due, a.closed_at
             ORDER BY a.closed_at DESC, a.due, a.id LIMIT ?"
        ))
    };
}

pub async fn to_do(app: &App, actor: &Actor) -> Result<ToDo> {
    actor.require(READ)?;
    let person = actor.person_id.unwrap_or(0);
    let query = app.db.q(listed!("a.state = 'asked' AND a.person_id = ?"));
    let to_answer = query.bind(person).bind(MOST_LISTED).all().await?;
    Ok(ToDo {
        to_answer,
        to_confirm: to_confirm(app, actor).await?,
        under_way: under_way(app, actor).await?,
        closed: closed(app, actor).await?,
        may_ask: actor.may(RATE_ALL) || (actor.may(RATE_TEAM) && actor.team_id.is_some()),
    })
}

/// The team that the actor leads; 0 for none.
fn led_team(actor: &Actor) -> i64 {
    actor.team_id.filter(|_| actor.may(RATE_TEAM)).unwrap_or(0)
}

async fn to_confirm(app: &App, actor: &Actor) -> Result<Vec<Row>> {
    let person = actor.person_id.unwrap_or(0);
    let query = app.db.q(listed!(
        "a.state = 'filled' AND a.person_id <> ? AND EXISTS
         (SELECT 1 FROM assessment_items j JOIN skills s ON s.id = j.skill_id
          LEFT JOIN people o ON o.id = s.owner_id AND o.active = TRUE AND o.id <> a.person_id
          WHERE j.assessment_id = a.id AND j.confirmed_at IS NULL
          AND (o.id = ? OR (o.id IS NULL AND (p.team_id = ? OR (? = 1 AND a.asked_by = ?)))))"
    ));
    let query = query.bind(person).bind(person).bind(led_team(actor));
    Ok(query.bind(i64::from(actor.may(RATE_ALL))).bind(person).bind(MOST_LISTED).all().await?)
}

async fn under_way(app: &App, actor: &Actor) -> Result<Vec<Row>> {
    let query = app.db.q(listed!(
        "a.state IN ('asked', 'filled') AND a.person_id <> ? AND (? = 1 OR p.team_id = ? OR a.asked_by = ?)"
    ));
    let person = actor.person_id.unwrap_or(0);
    let query = query.bind(person).bind(sees_all(actor)).bind(led_team(actor)).bind(person);
    Ok(query.bind(MOST_LISTED).all().await?)
}

async fn closed(app: &App, actor: &Actor) -> Result<Vec<Row>> {
    let query = app.db.q(listed!(
        "a.state IN ('validated', 'withdrawn') AND (a.person_id = ? OR ? = 1 OR p.team_id = ? OR a.asked_by = ?)"
    ));
    let person = actor.person_id.unwrap_or(0);
    let query = query.bind(person).bind(sees_all(actor)).bind(led_team(actor)).bind(person);
    Ok(query.bind(20i64).all().await?)
}

fn sees_all(actor: &Actor) -> i64 {
    i64::from(actor.may(RATE_ALL) || actor.may(READ_ALL))
}

/// An assessment with everything in it.
pub struct Assessment {
    pub id: i64,
    pub person_id: i64,
    pub person: String,
    pub team_id: Option<i64>,
    pub asked_by: Option<i64>,
    pub asker: Option<String>,
    pub note: String,
    pub due: String,
    pub state: State,
    pub version: i64,
    pub asked_at: i64,
    pub filled_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub closer: Option<String>,
    pub items: Vec<Item>,
    pub scales: Arc<Scales>,
}

/// A skill of it.
#[derive(Clone, Debug)]
pub struct Item {
    pub skill_id: i64,
    pub skill: String,
    pub category: String,
    pub scale_id: i64,
    /// Who looks after the skill and works here still.
    pub owner_id: Option<i64>,
    pub owner: Option<String>,
    /// What the person says of themself now; `None` while they have said nothing.
    pub own_now: Option<Standing>,
    /// What counts now.
    pub counts: Standing,
    /// The version of the rating.
    pub version: i64,
    /// What was handed in.
    pub own: Standing,
    pub confirmed: Option<Confirmed>,
}

/// What was confirmed, when and by whom.
#[derive(Clone, Debug)]
pub struct Confirmed {
    pub standing: Standing,
    pub at: i64,
    pub by: Option<String>,
    pub note: String,
}

impl Assessment {
    pub fn is_answered_by(&self, actor: &Actor) -> bool {
        self.state == State::Asked && actor.is(self.person_id) && actor.may(RATE_OWN)
    }

    pub fn is_confirmed_by(&self, actor: &Actor, item: &Item) -> bool {
        let is_open = self.state == State::Filled && item.confirmed.is_none();
        is_open && confirms(actor, self.person_id, self.team_id, item.owner_id)
    }

    pub fn is_withdrawn_by(&self, actor: &Actor) -> bool {
        self.state.is_open() && leads(actor, self.person_id, self.team_id)
    }

    pub fn is_overdue(&self, today: Date) -> bool {
        self.state.is_open() && self.due.parse::<Date>().is_ok_and(|due| due < today)
    }
}

#[derive(sqlx::FromRow)]
struct HeadRow {
    person_id: i64,
    person: String,
    team_id: Option<i64>,
    asked_by: Option<i64>,
    asker: Option<String>,
    note: String,
    due: String,
    state: String,
    version: i64,
    asked_at: i64,
    filled_at: Option<i64>,
    closed_at: Option<i64>,
    closer: Option<String>,
}

/// Whoever sees all ratings of the person sees it, and whoever looks after one of its skills. To others it looks missing.
pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Assessment> {
    let sight = Sight::of(app, actor).await?;
    let query = app.db.q(sql!(
        "SELECT a.person_id, p.name AS person, p.team_id, a.asked_by, u.name AS asker, a.note, a.due, a.state, a.version, a.asked_at,
         a.filled_at, a.closed_at, c.name AS closer
         FROM assessments a JOIN people p ON p.id = a.person_id LEFT JOIN people u ON u.id = a.asked_by
         LEFT JOIN people c ON c.id = a.closed_by WHERE a.id = ? AND p.active = TRUE"
    ));
    let head: HeadRow = query.bind(id).one().await?;
    let items = items(app, id, head.person_id).await?;
    let owns_one = items.iter().any(|item| item.owner_id.is_some_and(|owner| actor.is(owner)));
    if !owns_one && !sight.sees_all_of(head.person_id, head.team_id) {
        return Err(Error::NotFound);
    }
    let HeadRow { person_id, person, team_id, asked_by, asker, note, due, version, .. } = head;
    Ok(Assessment {
        id,
        person_id,
        person,
        team_id,
        asked_by,
        asker,
        note,
        due,
        state: State::from_name(&head.state).ok_or(Error::NotFound)?,
        version,
        asked_at: head.asked_at,
        filled_at: head.filled_at,
        closed_at: head.closed_at,
        closer: head.closer,
        items,
        scales: scales::all(app).await?,
    })
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    skill_id: i64,
    skill: String,
    category: String,
    scale_id: i64,
    owner_id: Option<i64>,
    owner: Option<String>,
    level: Option<i64>,
    not_applicable: Option<bool>,
    self_level: Option<i64>,
    self_na: Option<bool>,
    self_at: Option<i64>,
    version: Option<i64>,
    own_level: Option<i64>,
    own_na: bool,
    confirmed_level: Option<i64>,
    confirmed_na: bool,
    confirmed_at: Option<i64>,
    confirmed_by: Option<String>,
    note: String,
}

async fn items(app: &App, id: i64, person_id: i64) -> Result<Vec<Item>> {
    let query = app.db.q(sql!(
        "SELECT i.skill_id, s.name AS skill, c.name AS category, s.scale_id, o.id AS owner_id, o.name AS owner, r.level, r.not_applicable,
         r.self_level, r.self_na, r.self_at, r.version, i.own_level, i.own_na, i.confirmed_level, i.confirmed_na, i.confirmed_at,
         u.name AS confirmed_by, i.note
         FROM assessment_items i JOIN skills s ON s.id = i.skill_id JOIN skill_categories c ON c.id = s.category_id
         LEFT JOIN ratings r ON r.skill_id = i.skill_id AND r.person_id = ?
         LEFT JOIN people o ON o.id = s.owner_id AND o.active = TRUE LEFT JOIN people u ON u.id = i.confirmed_by
         WHERE i.assessment_id = ? ORDER BY s.category_position, s.name_key, s.id"
    ));
    let rows: Vec<ItemRow> = query.bind(person_id).bind(id).all().await?;
    Ok(rows.into_iter().map(Item::from).collect())
}

impl From<ItemRow> for Item {
    fn from(row: ItemRow) -> Self {
        let standing = |level, na: Option<bool>| Standing::from_columns(level, na.unwrap_or(false));
        let confirmed = row.confirmed_at.map(|at| Confirmed {
            standing: standing(row.confirmed_level, Some(row.confirmed_na)),
            at,
            by: row.confirmed_by,
            note: row.note,
        });
        Item {
            skill_id: row.skill_id,
            skill: row.skill,
            category: row.category,
            scale_id: row.scale_id,
            owner_id: row.owner_id,
            owner: row.owner,
            own_now: row.self_at.map(|_| standing(row.self_level, row.self_na)),
            counts: standing(row.level, row.not_applicable),
            version: row.version.unwrap_or(0),
            own: standing(row.own_level, Some(row.own_na)),
            confirmed,
        }
    }
}

/// Takes back one that is still at `version`.
pub async fn withdraw(app: &App, actor: &Actor, id: i64, version: i64) -> Result<()> {
    let assessment = get(app, actor, id).await?;
    if !leads(actor, assessment.person_id, assessment.team_id) {
        return Err(Error::Forbidden);
    }
    let now = app.now_ms();
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE assessments SET state = 'withdrawn', closed_at = ?, closed_by = ?, version = version + 1
         WHERE id = ? AND version = ? AND state IN ('asked', 'filled')"
    ));
    let query = query.bind(now).bind(actor.person_id).bind(id).bind(version);
    if query.execute().await? == 0 {
        return Err(Error::Conflict("This assessment was changed by somebody else in the meantime.".to_owned()));
    }
    let title = format!("{} took back the assessment that was due on {}", actor.name, assessment.due);
    let told = tell(&mut tx, &[assessment.person_id], "withdrawn", id, &title, now).await?;
    tx.commit().await?;
    notices::publish(&app.bus, now, &told).await;
    Ok(())
}

/// Raises the same notice for some people, once for each step of an assessment.
pub(super) async fn tell(
    tx: &mut Tx,
    people: &[i64],
    step: &str,
    id: i64,
    title: &str,
    now_ms: i64,
) -> db::Result<Vec<i64>> {
    let notice = |person: &i64| NewNotice {
        person_id: *person,
        kind: "skills.assessment",
        title: title.to_owned(),
        href: format!("/skills/assessments/{id}"),
        dedup_key: format!("skills.assessment:{id}:{step}"),
    };
    let notices: Vec<NewNotice> = people.iter().map(notice).collect();
    notices::raise(tx, &notices, now_ms).await
}

pub fn today(app: &App) -> Date {
    clock::day_of(app.now_ms())
}
