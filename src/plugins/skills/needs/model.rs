//! Skills and levels as other plugins see them: scoped by the sight of whoever asks.

use super::super::levels::{Level, Scale};
use super::super::sight::Sight;
use super::super::{CATALOGUE_TOPIC, READ, scales};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::sql;
use std::sync::Arc;

/// A skill that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSkill {
    pub id: i64,
    pub name: String,
    pub scale: Scale,
}

/// How well somebody knows a skill, as far as the actor may see that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownLevel {
    pub person_id: i64,
    pub skill_id: i64,
    pub level: Level,
}

/// The skills that are not archived, by name. Nothing where the plugin is off, or for who may not see them.
pub async fn known_skills(app: &App, actor: &Actor) -> Result<Arc<Vec<KnownSkill>>> {
    if !actor.may(READ) || !app.plugins_on().any(|plugin| plugin.id == super::super::PLUGIN.id) {
        return Ok(Arc::new(Vec::new()));
    }
    let load = async || {
        let scales = scales::all(app).await?;
        let query = app.db.q(sql!("SELECT id, name, scale_id FROM skills WHERE active = TRUE ORDER BY name_key, id"));
        let rows: Vec<(i64, String, i64)> = query.all().await?;
        let skill = |(id, name, scale_id): (i64, String, i64)| {
            let scale = scales.of_skill(id, scale_id)?.into_owned();
            Some(KnownSkill { id, name, scale })
        };
        Ok::<_, Error>(rows.into_iter().filter_map(skill).collect::<Vec<_>>())
    };
    app.cache.get_or(&[CATALOGUE_TOPIC], "skills/needs/known".to_owned(), load).await
}

/// The levels that count now, of these people on these skills. What the actor may not see, and what has lapsed, is left out.
pub async fn known_levels(app: &App, actor: &Actor, people: &[i64], skills: &[i64]) -> Result<Vec<KnownLevel>> {
    if people.is_empty() || skills.is_empty() || known_skills(app, actor).await?.is_empty() {
        return Ok(Vec::new());
    }
    let sight = Sight::of(app, actor).await?;
    let query = app.db.q(sql!(
        "SELECT r.person_id, r.skill_id, r.level FROM ratings r JOIN people p ON p.id = r.person_id
         WHERE r.person_id IN ({ids}) AND r.skill_id IN ({ids}) AND r.level IS NOT NULL AND r.lapsed = FALSE AND p.active = TRUE
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids})) ORDER BY r.person_id, r.skill_id"
    ));
    let rows: Vec<(i64, i64, i64)> = sight.bind(query.bind_ids(people).bind_ids(skills)).all().await?;
    let known = |(person_id, skill_id, level)| KnownLevel { person_id, skill_id, level: Level::from_hundredths(level) };
    Ok(rows.into_iter().map(known).collect())
}
