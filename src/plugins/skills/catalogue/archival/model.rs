//! Whether a skill is in use. Its ratings stay; the counters of people leave out what is archived.

use super::super::super::{CATALOGUE_TOPIC, EDIT, TOPIC, requirements, summaries};
use super::super::mergers::model as mergers;
use super::super::model::{Skill, get};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Error, Result};
use crate::{events, sql};

/// The summaries of how many people are counted anew by one statement.
const AT_ONCE: usize = 1000;

/// Archives a skill, or takes it out again. One that is so already stays as it is.
pub async fn set_active(app: &App, actor: &Actor, id: i64, active: bool) -> Result<Skill> {
    actor.require(EDIT)?;
    let skill = get(app, actor, id).await?;
    let went = mergers::of_skill(app, actor, id).await?.into_iter().find(|merge| merge.merged_id == id);
    if let Some(merge) = went.filter(|_| active && !skill.active) {
        let text = format!("“{}” was merged into “{}”. Undo that instead.", skill.name, merge.kept);
        return Err(Error::Conflict(text));
    }
    let mut tx = app.db.begin().await?;
    requirements::take_turn(&mut tx).await?;
    if switch(&mut tx, id, active, app.now_ms()).await? {
        let kind = if active { "skills.reactivated" } else { "skills.archived" };
        events::record(&mut tx, actor, app.now_ms(), kind, &format!("skill:{id}"), &serde_json::json!({})).await?;
    }
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    app.publish(TOPIC, "*").await;
    get(app, actor, id).await
}

/// Inside of a larger change. `false` when it is so already.
pub async fn switch(tx: &mut Tx, id: i64, active: bool, now_ms: i64) -> db::Result<bool> {
    let query =
        tx.q(sql!("UPDATE skills SET active = ?, version = version + 1, updated_at = ? WHERE id = ? AND active = ?"));
    if query.bind(active).bind(now_ms).bind(id).bind(!active).execute().await? == 0 {
        return Ok(false);
    }
    let query = tx.q(sql!("SELECT person_id FROM ratings WHERE skill_id = ? ORDER BY person_id"));
    let people: Vec<i64> = query.bind(id).all::<(i64,)>().await?.into_iter().map(|(person_id,)| person_id).collect();
    requirements::of_skills(tx, &[id], now_ms).await?;
    summaries::recount(tx, &[], &[id]).await?;
    for people in people.chunks(AT_ONCE) {
        summaries::recount(tx, people, &[]).await?;
    }
    Ok(true)
}
