//! A skill is given another name.

use super::super::super::{CATALOGUE_TOPIC, EDIT};
use super::super::model::{Skill, changed_meanwhile, check_name, get, taken};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Checks, Result};
use crate::{events, sql};

/// Renames a skill that is still at `version`.
pub async fn rename(app: &App, actor: &Actor, id: i64, version: i64, name: &str) -> Result<Skill> {
    actor.require(EDIT)?;
    let mut checks = Checks::default();
    check_name(name, &mut checks);
    checks.done()?;
    let current = get(app, actor, id).await?;
    let name = name.trim();
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE skills SET name = ?, name_key = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?"
    ));
    let query = query.bind(name).bind(name.to_lowercase()).bind(app.now_ms()).bind(id).bind(version);
    let changed = query.execute().await.map_err(|error| taken(error, &current.category, name))?;
    if changed == 0 {
        return Err(changed_meanwhile(&current));
    }
    let detail = serde_json::json!({ "name": name, "before": current.name });
    events::record(&mut tx, actor, app.now_ms(), "skills.renamed", &format!("skill:{id}"), &detail).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    get(app, actor, id).await
}
