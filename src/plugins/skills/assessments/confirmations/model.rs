//! Confirming what somebody said of themself, skill by skill, until all of it is.

use super::super::super::levels::{Level, Scale, Standing};
use super::super::super::ratings::model::{self as ratings, Base, Origin, Outcome, RatingPatch};
use super::super::model::{Assessment, Item, get, tell};
use super::super::rules::check_note;
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Checks, Error, Result};
use crate::{notices, sql};

/// What is to be confirmed, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Confirmation {
    pub level: String,
    pub note: String,
    /// Of the rating.
    pub version: i64,
}

/// Confirms one skill, as it was handed in or at another level with a note that says why. The last one validates the
/// assessment.
pub async fn confirm(app: &App, actor: &Actor, id: i64, skill_id: i64, confirmation: &Confirmation) -> Result<Outcome> {
    let assessment = get(app, actor, id).await?;
    let item = assessment.items.iter().find(|item| item.skill_id == skill_id).ok_or(Error::NotFound)?;
    if item.confirmed.is_some() {
        return Err(Error::Conflict(format!("{} was confirmed by somebody else in the meantime.", item.skill)));
    }
    if !assessment.is_confirmed_by(actor, item) {
        return Err(Error::Forbidden);
    }
    let scale = assessment.scales.of_skill(item.skill_id, item.scale_id).ok_or(Error::NotFound)?;
    let standing = check(&scale, item, confirmation)?;
    let patch = RatingPatch { standing: Some(standing), restated: true, ..RatingPatch::default() };
    let cell = (assessment.person_id, skill_id);
    let outcome = ratings::save(app, actor, cell, Base::Version(confirmation.version), &patch, Origin::Page).await?;
    if let Outcome::Saved(_) = outcome {
        keep(app, actor, &assessment, item, standing, &confirmation.note).await?;
    }
    Ok(outcome)
}

fn check(scale: &Scale, item: &Item, confirmation: &Confirmation) -> Result<Standing> {
    let standing = scale.parse_standing(&confirmation.level);
    let mut checks = Checks::default();
    if let Err(problem) = &standing {
        checks.that(false, "level", problem.clone());
    }
    let standing = standing.unwrap_or_default();
    checks.that(standing != Standing::Unset, "level", "Choose a level, or “not applicable”.");
    let says_why = standing == item.own || !confirmation.note.trim().is_empty();
    checks.that(says_why, "note", "Say why it is another level than the person's own.");
    check_note(&mut checks, &confirmation.note);
    checks.done()?;
    Ok(standing)
}

/// The rating is saved already: who does this a second time changes nothing.
async fn keep(
    app: &App,
    actor: &Actor,
    assessment: &Assessment,
    item: &Item,
    standing: Standing,
    note: &str,
) -> Result<()> {
    let (id, now) = (assessment.id, app.now_ms());
    let mut tx = app.db.begin().await?;
    // All who confirm take the assessment first, so that one of them sees that theirs was the last.
    let query = tx.q(sql!("UPDATE assessments SET version = version + 1 WHERE id = ? AND state = 'filled'"));
    if query.bind(id).execute().await? == 0 {
        return Err(Error::Conflict("This assessment was closed by somebody else in the meantime.".to_owned()));
    }
    let query = tx.q(sql!(
        "UPDATE assessment_items SET confirmed_level = ?, confirmed_na = ?, confirmed_at = ?, confirmed_by = ?, note = ?
         WHERE assessment_id = ? AND skill_id = ? AND confirmed_at IS NULL"
    ));
    let query = query.bind(standing.level().map(Level::hundredths)).bind(standing == Standing::NotApplicable).bind(now);
    query.bind(actor.person_id).bind(note.trim()).bind(id).bind(item.skill_id).execute().await?;
    let query = tx.q(sql!("SELECT COUNT(*) FROM assessment_items WHERE assessment_id = ? AND confirmed_at IS NULL"));
    let (open,): (i64,) = query.bind(id).one().await?;
    let mut told = Vec::new();
    if open == 0 {
        let query = tx.q(sql!("UPDATE assessments SET state = 'validated', closed_at = ?, closed_by = ? WHERE id = ?"));
        query.bind(now).bind(actor.person_id).bind(id).execute().await?;
        let people: Vec<i64> = [Some(assessment.person_id), assessment.asked_by].into_iter().flatten().collect();
        let people: Vec<i64> = people.into_iter().filter(|person| !actor.is(*person)).collect();
        let title = format!("The assessment of {} is validated", assessment.person);
        told = tell(&mut tx, &people, "validated", id, &title, now).await?;
    }
    tx.commit().await?;
    notices::publish(&app.bus, now, &told).await;
    Ok(())
}
