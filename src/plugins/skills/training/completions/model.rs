//! Closing a plan: the level that was reached becomes a confirmed rating, with its evidence.

use super::super::super::levels::Standing;
use super::super::super::ratings::model::{self as ratings, Base, Origin, Outcome, RatingPatch};
use super::super::model::{Plan, get, tell};
use crate::accounts::{Actor, Grants};
use crate::app::App;
use crate::error::{Checks, Error, Result};
use crate::{notices, sql};
use jiff::civil::Date;

/// What was reached, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Completion {
    pub level: String,
    pub evidence: String,
    pub valid_until: String,
    /// Of the rating.
    pub version: i64,
}

pub enum Completed {
    Done,
    /// Somebody changed the rating meanwhile; nothing was written.
    Conflict(Box<ratings::Rating>),
}

/// Completes a plan: first the rating, then the plan, so that a plan that is done has its level. Who does it twice changes
/// nothing the second time.
pub async fn complete(app: &App, actor: &Actor, id: i64, completion: &Completion) -> Result<Completed> {
    let plan = get(app, actor, id).await?;
    if plan.state != super::super::model::State::Planned {
        return Err(Error::Conflict(format!("This training is {} already.", plan.state.title().to_lowercase())));
    }
    if !plan.is_completed_by(actor) {
        return Err(Error::Forbidden);
    }
    let patch = check(&plan, completion)?;
    let cell = (plan.person_id, plan.skill_id);
    let base = Base::Version(completion.version);
    match ratings::save(app, &on_behalf_of_the_plan(actor), cell, base, &patch, Origin::Page).await? {
        Outcome::Conflict(rating) => return Ok(Completed::Conflict(Box::new(rating))),
        Outcome::Saved(_) => {}
    }
    let title = format!("{} completed the training of {} in {}", actor.name, plan.person, plan.skill);
    close(app, actor, &plan, "done", &title).await?;
    Ok(Completed::Done)
}

/// The trainer may rate nobody by their role. Whoever named them in the plan may, and that was checked.
fn on_behalf_of_the_plan(actor: &Actor) -> Actor {
    Actor { grants: Grants::Everything, scopes: None, ..actor.clone() }
}

fn check(plan: &Plan, completion: &Completion) -> Result<RatingPatch> {
    let standing = plan.scale.parse(&completion.level).map(Standing::At);
    let day = completion.valid_until.trim();
    let valid_until = day.parse::<Date>().ok();
    let evidence = completion.evidence.trim();
    let mut checks = Checks::default();
    if let Err(problem) = &standing {
        checks.that(false, "level", problem.clone());
    }
    checks.that(!evidence.is_empty(), "evidence", "Say what shows it: a link, or a number.");
    checks.that(day.is_empty() || valid_until.is_some(), "valid_until", "Give a date, as in 2026-12-31.");
    checks.done()?;
    Ok(RatingPatch {
        standing: standing.ok(),
        restated: true,
        evidence: Some(evidence.to_owned()),
        valid_until: valid_until.map(Some),
        ..RatingPatch::default()
    })
}

/// Drops a plan that is still at `version`.
pub async fn give_up(app: &App, actor: &Actor, id: i64, version: i64) -> Result<()> {
    let plan = get(app, actor, id).await?;
    if !plan.is_changed_by(actor) {
        return Err(Error::Forbidden);
    }
    if plan.version != version {
        return Err(Error::Conflict(format!(
            "The training of {} was changed by somebody else in the meantime.",
            plan.person
        )));
    }
    let title = format!("{} dropped the training of {} in {}", actor.name, plan.person, plan.skill);
    close(app, actor, &plan, "dropped", &title).await
}

async fn close(app: &App, actor: &Actor, plan: &Plan, state: &'static str, title: &str) -> Result<()> {
    let now = app.now_ms();
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE training_plans SET state = ?, closed_at = ?, closed_by = ?, version = version + 1 WHERE id = ? AND state = 'planned'"
    ));
    let query = query.bind(state).bind(now).bind(actor.person_id).bind(plan.id);
    if query.execute().await? == 0 {
        return Err(Error::Conflict("This training was closed by somebody else in the meantime.".to_owned()));
    }
    let people = [Some(plan.person_id), plan.trainer_id].into_iter().flatten();
    let people: Vec<i64> = people.filter(|person| !actor.is(*person)).collect();
    let told = tell(&mut tx, &people, state, plan.id, title, now).await?;
    tx.commit().await?;
    notices::publish(&app.bus, now, &told).await;
    Ok(())
}
