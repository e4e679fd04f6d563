//! Making and changing plans: who is suggested as a trainer, what is checked, who is told.

use super::super::super::assessments::rules::{check_note, due_day};
use super::super::super::levels::{Level, Scale};
use super::super::super::ratings::model::{self as ratings, Cell};
use super::super::super::sight::Sight;
use super::super::model::{Plan, get, plans_for, tell};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Checks, Error, Result};
use crate::{clock, notices, sql};

/// More are not suggested.
const MOST_TRAINERS: i64 = 12;

/// A plan as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewPlan {
    pub trainer: Option<i64>,
    pub level: String,
    pub due: String,
    pub note: String,
}

/// Somebody who is good at the skill.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Trainer {
    pub id: i64,
    pub name: String,
    pub team: Option<String>,
    /// In hundredths.
    pub level: i64,
}

/// The cell that a plan is made for; `Forbidden` to those who may not.
pub async fn cell(app: &App, actor: &Actor, person_id: i64, skill_id: i64) -> Result<Cell> {
    let cell = ratings::get(app, actor, person_id, skill_id).await?;
    if cell.is_archived {
        return Err(Error::NotFound);
    }
    if plans_for(actor, person_id, cell.team_id, cell.owner_id) { Ok(cell) } else { Err(Error::Forbidden) }
}

/// Those at the top levels of the skill whom the actor sees, the own team first among equals.
pub async fn trainers(
    app: &App,
    actor: &Actor,
    (person_id, team_id): (i64, Option<i64>),
    skill_id: i64,
) -> Result<Vec<Trainer>> {
    let sight = Sight::of(app, actor).await?;
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, t.name AS team, r.level FROM ratings r JOIN people p ON p.id = r.person_id LEFT JOIN teams t ON t.id = p.team_id
         WHERE r.skill_id = ? AND r.level > 0 AND r.lapsed = FALSE AND p.active = TRUE AND p.id <> ?
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids}))
         ORDER BY r.level DESC, CASE WHEN p.team_id = ? THEN 0 ELSE 1 END, p.name_key, p.id LIMIT ?"
    ));
    let query = sight.bind(query.bind(skill_id).bind(person_id));
    Ok(query.bind(team_id.unwrap_or(0)).bind(MOST_TRAINERS).all().await?)
}

/// What was checked of a plan.
struct Checked {
    level: i64,
    due: String,
}

async fn check(app: &App, scale: &Scale, person_id: i64, new: &NewPlan) -> Result<Checked> {
    let level = scale.parse(&new.level);
    let mut checks = Checks::default();
    if let Err(problem) = &level {
        checks.that(false, "level", problem.clone());
    }
    checks.that(level.as_ref().is_ok_and(|level| *level > Level::ZERO), "level", "Choose a level above zero.");
    checks.that(new.trainer != Some(person_id), "trainer", "Nobody trains themself.");
    checks.that(trainer_is_there(app, new.trainer).await?, "trainer", "There is no such person any more.");
    let due = due_day(&mut checks, &new.due, clock::day_of(app.now_ms()));
    check_note(&mut checks, &new.note);
    checks.done()?;
    let level = level.map_or(0, Level::hundredths);
    Ok(Checked { level, due: due.map(|due| due.to_string()).unwrap_or_default() })
}

async fn trainer_is_there(app: &App, trainer: Option<i64>) -> Result<bool> {
    let Some(id) = trainer else { return Ok(true) };
    let query = app.db.q(sql!("SELECT id FROM people WHERE id = ? AND active = TRUE"));
    Ok(query.bind(id).optional::<(i64,)>().await?.is_some())
}

/// Plans, and tells the person and the trainer.
pub async fn create(app: &App, actor: &Actor, (person_id, skill_id): (i64, i64), new: &NewPlan) -> Result<i64> {
    let cell = cell(app, actor, person_id, skill_id).await?;
    let checked = check(app, &cell.scale, person_id, new).await?;
    let now = app.now_ms();
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "INSERT INTO training_plans (person_id, skill_id, trainer_id, level, due, note, state, planned_at, planned_by)
         VALUES (?, ?, ?, ?, ?, ?, 'planned', ?, ?) {returning id}"
    ));
    let query = query.bind(person_id).bind(skill_id).bind(new.trainer).bind(checked.level).bind(&*checked.due);
    let id = query.bind(new.note.trim()).bind(now).bind(actor.person_id).insert().await?;
    let about = About { person_id, person: &cell.person, skill: &cell.skill, trainer: new.trainer, due: &checked.due };
    let told = tell_both(&mut tx, actor, (id, 1), &about, now).await?;
    tx.commit().await?;
    notices::publish(&app.bus, now, &told).await;
    Ok(id)
}

/// Changes a plan that is still at `version`.
pub async fn update(app: &App, actor: &Actor, id: i64, version: i64, new: &NewPlan) -> Result<Plan> {
    let plan = get(app, actor, id).await?;
    if !plan.is_changed_by(actor) {
        return Err(Error::Forbidden);
    }
    let keeps_day = plan.due == new.due.trim();
    // A day that has passed since stays, unless another one is typed.
    let wanted =
        if keeps_day { NewPlan { due: clock::day_of(app.now_ms()).to_string(), ..new.clone() } } else { new.clone() };
    let checked = check(app, &plan.scale, plan.person_id, &wanted).await?;
    let due = if keeps_day { plan.due.clone() } else { checked.due };
    let now = app.now_ms();
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE training_plans SET trainer_id = ?, level = ?, due = ?, note = ?, version = version + 1
         WHERE id = ? AND version = ? AND state = 'planned'"
    ));
    let query = query.bind(new.trainer).bind(checked.level).bind(&*due).bind(new.note.trim()).bind(id).bind(version);
    if query.execute().await? == 0 {
        return Err(Error::Conflict(format!(
            "The training of {} was changed by somebody else in the meantime.",
            plan.person
        )));
    }
    let about =
        About { person_id: plan.person_id, person: &plan.person, skill: &plan.skill, trainer: new.trainer, due: &due };
    let told = tell_both(&mut tx, actor, (id, version + 1), &about, now).await?;
    tx.commit().await?;
    notices::publish(&app.bus, now, &told).await;
    get(app, actor, id).await
}

/// What the notices of a plan say.
struct About<'a> {
    person_id: i64,
    person: &'a str,
    skill: &'a str,
    trainer: Option<i64>,
    due: &'a str,
}

async fn tell_both(
    tx: &mut Tx,
    actor: &Actor,
    (id, version): (i64, i64),
    about: &About<'_>,
    now_ms: i64,
) -> Result<Vec<i64>> {
    let About { person_id, person, skill, trainer, due } = about;
    let step = format!("planned:{version}");
    let title = format!("{} plans training for you: {skill}, by {due}", actor.name);
    let mut told = tell(tx, &[*person_id], &step, id, &title, now_ms).await?;
    if let Some(trainer) = trainer.filter(|trainer| !actor.is(*trainer)) {
        let title = format!("{} asks you to train {person} in {skill}, by {due}", actor.name);
        told.extend(tell(tx, &[trainer], &step, id, &title, now_ms).await?);
    }
    Ok(told)
}
