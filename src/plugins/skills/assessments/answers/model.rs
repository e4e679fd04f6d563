//! Handing in: what the person said of each skill becomes what the assessment is about.

use super::super::super::ratings::model::{self as ratings, Base, Origin, Outcome, RatingPatch};
use super::super::super::sight::model::leads as leads_of;
use super::super::model::{Assessment, Item, get, tell};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::plugins::skills::levels::Standing;
use crate::{notices, sql};
use std::collections::BTreeSet;

/// Saves what the person says of one skill. Said once more, what counts already becomes their own word.
pub async fn say(
    app: &App,
    actor: &Actor,
    assessment: &Assessment,
    item: &Item,
    version: i64,
    standing: Standing,
) -> Result<Outcome> {
    if !assessment.is_answered_by(actor) {
        return Err(Error::Forbidden);
    }
    let patch = RatingPatch { standing: Some(standing), restated: true, ..RatingPatch::default() };
    let cell = (assessment.person_id, item.skill_id);
    ratings::save(app, actor, cell, Base::Version(version), &patch, Origin::Page).await
}

/// Hands in an assessment that is still at `version`. Every skill needs a word.
pub async fn hand_in(app: &App, actor: &Actor, id: i64, version: i64) -> Result<()> {
    let assessment = get(app, actor, id).await?;
    if !assessment.is_answered_by(actor) {
        return Err(Error::Forbidden);
    }
    let open = assessment.items.iter().filter(|item| item.own_now.is_none()).count();
    if open > 0 {
        let text = if open == 1 {
            "One skill has no answer yet.".to_owned()
        } else {
            format!("{open} skills have no answer yet.")
        };
        return Err(Error::invalid("", format!("{text} “not applicable” is one, too.")));
    }
    let now = app.now_ms();
    let validators = validators(app, &assessment).await?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE assessments SET state = 'filled', filled_at = ?, version = version + 1 WHERE id = ? AND version = ? AND state = 'asked'"
    ));
    if query.bind(now).bind(id).bind(version).execute().await? == 0 {
        return Err(Error::Conflict("This assessment was changed by somebody else in the meantime.".to_owned()));
    }
    keep_answers(&mut tx, id, assessment.person_id).await?;
    let title = format!("{} filled in an assessment for you to validate", assessment.person);
    let told = tell(&mut tx, &validators, "filled", id, &title, now).await?;
    tx.commit().await?;
    notices::publish(&app.bus, now, &told).await;
    Ok(())
}

async fn keep_answers(tx: &mut crate::db::Tx, id: i64, person_id: i64) -> Result<()> {
    let query = tx.q(sql!(
        "UPDATE assessment_items SET
         own_level = (SELECT r.self_level FROM ratings r WHERE r.person_id = ? AND r.skill_id = assessment_items.skill_id),
         own_na = COALESCE((SELECT r.self_na FROM ratings r WHERE r.person_id = ? AND r.skill_id = assessment_items.skill_id), FALSE)
         WHERE assessment_id = ?"
    ));
    query.bind(person_id).bind(person_id).bind(id).execute().await?;
    Ok(())
}

/// The owners of its skills; for those that have none, whoever asked and whoever leads the person.
async fn validators(app: &App, assessment: &Assessment) -> Result<Vec<i64>> {
    let owner = |item: &Item| item.owner_id.filter(|owner| *owner != assessment.person_id);
    let mut people: BTreeSet<i64> = assessment.items.iter().filter_map(owner).collect();
    if assessment.items.iter().any(|item| owner(item).is_none()) {
        people.extend(assessment.asked_by);
        people.extend(leads_of(app, assessment.team_id).await?.into_iter().map(|lead| lead.id));
    }
    people.remove(&assessment.person_id);
    Ok(people.into_iter().collect())
}
