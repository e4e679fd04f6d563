//! Training plans as they are read.

use super::super::assessments::rules::{confirms, leads};
use super::super::levels::{Level, Scale};
use super::super::ratings::model as ratings;
use super::super::sight::Sight;
use super::super::{RATE_ALL, RATE_TEAM, READ, READ_ALL, scales};
use crate::accounts::Actor;
use crate::accounts::people::Person;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Error, Result};
use crate::notices::{self, NewNotice};
use crate::sql;
use jiff::civil::Date;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Planned,
    Done,
    Dropped,
}

impl State {
    pub fn title(self) -> &'static str {
        match self {
            State::Planned => "Planned",
            State::Done => "Done",
            State::Dropped => "Dropped",
        }
    }

    fn from_name(name: &str) -> State {
        match name {
            "planned" => State::Planned,
            "done" => State::Done,
            _ => State::Dropped,
        }
    }
}

/// A plan in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: i64,
    pub person_id: i64,
    pub person: String,
    pub skill_id: i64,
    pub skill: String,
    pub scale_id: i64,
    pub trainer: Option<String>,
    /// In hundredths.
    pub level: i64,
    /// As YYYY-MM-DD.
    pub due: String,
    pub state: String,
}

impl Row {
    pub fn state(&self) -> State {
        State::from_name(&self.state)
    }

    pub fn is_overdue(&self, today: Date) -> bool {
        self.state() == State::Planned && self.due.parse::<Date>().is_ok_and(|due| due < today)
    }
}

/// What somebody has to do with training.
pub struct Lists {
    pub own: Vec<Row>,
    pub trained: Vec<Row>,
    /// Of those whom the actor leads, or may read all of.
    pub others: Vec<Row>,
    pub closed: Vec<Row>,
}

const MOST_LISTED: i64 = 100;

macro_rules! listed {
    ($condition:literal) => {
        sql!(concat!(
            "SELECT a.id, a.person_id, p.name AS person, a.skill_id, s.name AS skill, s.scale_id, u.name AS trainer, a.level, a.due, a.state
             FROM training_plans a JOIN people p ON p.id = a.person_id JOIN skills s ON s.id = a.skill_id
             LEFT JOIN people u ON u.id = a.trainer_id
             WHERE p.active = TRUE AND ",
            $condition,
            " ORDER BY a.closed_at DESC, a.due, a.id LIMIT ?"
        ))
    };
}

pub async fn lists(app: &App, actor: &Actor) -> Result<Lists> {
    actor.require(READ)?;
    let person = actor.person_id.unwrap_or(0);
    let team = actor.team_id.filter(|_| actor.may(RATE_TEAM)).unwrap_or(0);
    let all = i64::from(actor.may(RATE_ALL) || actor.may(READ_ALL));
    let query = app.db.q(listed!("a.state = 'planned' AND a.person_id = ?"));
    let own = query.bind(person).bind(MOST_LISTED).all().await?;
    let query = app.db.q(listed!("a.state = 'planned' AND a.trainer_id = ?"));
    let trained = query.bind(person).bind(MOST_LISTED).all().await?;
    let query = app.db.q(listed!(
        "a.state = 'planned' AND a.person_id <> ? AND COALESCE(a.trainer_id, 0) <> ? AND (? = 1 OR p.team_id = ? OR a.planned_by = ?)"
    ));
    let query = query.bind(person).bind(person).bind(all).bind(team).bind(person);
    let others = query.bind(MOST_LISTED).all().await?;
    let query = app.db.q(listed!(
        "a.state <> 'planned' AND (a.person_id = ? OR a.trainer_id = ? OR ? = 1 OR p.team_id = ? OR a.planned_by = ?)"
    ));
    let query = query.bind(person).bind(person).bind(all).bind(team).bind(person);
    let closed = query.bind(20i64).all().await?;
    Ok(Lists { own, trained, others, closed })
}

/// The open plans of a person, as far as the actor sees the skills.
pub async fn of_person(app: &App, actor: &Actor, person: &Person) -> Result<Vec<Row>> {
    let sight = Sight::of(app, actor).await?;
    let query = app.db.q(listed!("a.state = 'planned' AND a.person_id = ?"));
    let mut plans: Vec<Row> = query.bind(person.id).bind(MOST_LISTED).all().await?;
    plans.retain(|plan| sight.sees(person.id, person.team_id, plan.skill_id));
    Ok(plans)
}

/// A plan with everything in it.
#[derive(Clone, Debug)]
pub struct Plan {
    pub id: i64,
    pub person_id: i64,
    pub person: String,
    pub team_id: Option<i64>,
    pub skill_id: i64,
    pub skill: String,
    pub owner_id: Option<i64>,
    pub scale: Scale,
    pub trainer_id: Option<i64>,
    pub trainer: Option<String>,
    pub level: Level,
    pub due: String,
    pub note: String,
    pub state: State,
    pub version: i64,
    pub planned_at: i64,
    pub planner: Option<String>,
    pub closed_at: Option<i64>,
    pub closer: Option<String>,
    /// The rating as it is now.
    pub rating: ratings::Rating,
}

impl Plan {
    pub fn is_overdue(&self, today: Date) -> bool {
        self.state == State::Planned && self.due.parse::<Date>().is_ok_and(|due| due < today)
    }

    /// Whoever may confirm the level, or leads the person.
    pub fn is_changed_by(&self, actor: &Actor) -> bool {
        self.state == State::Planned && plans_for(actor, self.person_id, self.team_id, self.owner_id)
    }

    /// The trainer too, because somebody who may confirm has named them.
    pub fn is_completed_by(&self, actor: &Actor) -> bool {
        let is_trainer = self.trainer_id.is_some_and(|trainer| actor.is(trainer)) && !actor.is(self.person_id);
        self.state == State::Planned && (is_trainer || self.is_changed_by(actor))
    }
}

/// Whether the actor makes plans for this person in this skill. Nobody does for themself, because a plan names who
/// confirms.
pub fn plans_for(actor: &Actor, person_id: i64, team_id: Option<i64>, owner_id: Option<i64>) -> bool {
    leads(actor, person_id, team_id) || confirms(actor, person_id, team_id, owner_id)
}

#[derive(sqlx::FromRow)]
struct PlanRow {
    person_id: i64,
    person: String,
    team_id: Option<i64>,
    skill_id: i64,
    skill: String,
    owner_id: Option<i64>,
    scale_id: i64,
    trainer_id: Option<i64>,
    trainer: Option<String>,
    level: i64,
    due: String,
    note: String,
    state: String,
    version: i64,
    planned_at: i64,
    planner: Option<String>,
    closed_at: Option<i64>,
    closer: Option<String>,
}

/// Whoever sees the rating sees its plan, and so does the trainer. To others it looks missing.
pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Plan> {
    let sight = Sight::of(app, actor).await?;
    let query = app.db.q(sql!(
        "SELECT a.person_id, p.name AS person, p.team_id, a.skill_id, s.name AS skill, o.id AS owner_id, s.scale_id, a.trainer_id,
         t.name AS trainer, a.level, a.due, a.note, a.state, a.version, a.planned_at, u.name AS planner, a.closed_at, c.name AS closer
         FROM training_plans a JOIN people p ON p.id = a.person_id JOIN skills s ON s.id = a.skill_id
         LEFT JOIN people o ON o.id = s.owner_id AND o.active = TRUE LEFT JOIN people t ON t.id = a.trainer_id
         LEFT JOIN people u ON u.id = a.planned_by LEFT JOIN people c ON c.id = a.closed_by
         WHERE a.id = ? AND p.active = TRUE"
    ));
    let row: PlanRow = query.bind(id).one().await?;
    let is_trainer = row.trainer_id.is_some_and(|trainer| actor.is(trainer));
    if !is_trainer && !sight.sees(row.person_id, row.team_id, row.skill_id) {
        return Err(Error::NotFound);
    }
    // The rule was applied just now, and the trainer may see what they train.
    let cell = ratings::get(app, &Actor::system(), row.person_id, row.skill_id).await?;
    plan(app, id, row, cell.rating).await
}

async fn plan(app: &App, id: i64, row: PlanRow, rating: ratings::Rating) -> Result<Plan> {
    let scales = scales::all(app).await?;
    let state = State::from_name(&row.state);
    let PlanRow {
        person_id, person, team_id, skill_id, skill, owner_id, trainer_id, trainer, due, note, version, ..
    } = row;
    Ok(Plan {
        id,
        person_id,
        person,
        team_id,
        skill_id,
        skill,
        owner_id,
        scale: scales.get(row.scale_id).ok_or(Error::NotFound)?.clone(),
        trainer_id,
        trainer,
        level: Level::from_hundredths(row.level),
        due,
        note,
        state,
        version,
        planned_at: row.planned_at,
        planner: row.planner,
        closed_at: row.closed_at,
        closer: row.closer,
        rating,
    })
}

/// Raises a notice of a plan for some people; each step of it once.
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
        kind: "skills.training",
        title: title.to_owned(),
        href: format!("/skills/training/{id}"),
        dedup_key: format!("skills.training:{id}:{step}"),
    };
    let notices: Vec<NewNotice> = people.iter().map(notice).collect();
    notices::raise(tx, &notices, now_ms).await
}
