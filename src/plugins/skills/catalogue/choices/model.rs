//! Which skill is meant when somebody types one.

use super::super::super::EDIT;
use super::super::model::{Skill, SkillFilter, get, list};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::sql;

/// How many skills are suggested, and named when several fit.
const SUGGESTED: i64 = 12;
const NAMED: usize = 4;

/// The skills that a part of a name suggests: the path to be typed, and its other names.
pub async fn suggest(app: &App, actor: &Actor, text: &str) -> Result<Vec<(String, String)>> {
    actor.require(EDIT)?;
    let filter = SkillFilter { text: text.to_owned(), ..SkillFilter::default() };
    let (skills, _) = list(app, actor, &filter, SUGGESTED, 0).await?;
    Ok(skills.iter().map(|skill| (skill.path(), skill.labels.aliases.join(", "))).collect())
}

/// The skill that is meant: by its path, by its name or an alias if only one has it, or by a part that only one has. An
/// archived one is meant only where no other is.
///
/// # Errors
/// The text says which others fit, in a full sentence.
pub async fn resolve(app: &App, actor: &Actor, typed: &str) -> Result<Result<Skill, String>> {
    actor.require(EDIT)?;
    let typed = typed.trim();
    let name = typed.rsplit('›').next().unwrap_or(typed).trim().to_lowercase();
    let query = app.db.q(sql!(
        "SELECT s.id, s.active FROM skills s WHERE s.name_key = ?
           OR EXISTS (SELECT 1 FROM skill_aliases a WHERE a.skill_id = s.id AND a.alias_key = ?)
         ORDER BY s.active DESC, s.category_position, s.name_key, s.id LIMIT 50"
    ));
    let ids: Vec<(i64, bool)> = query.bind(name.clone()).bind(name).all().await?;
    let any_active = ids.iter().any(|(_, active)| *active);
    let mut named = Vec::new();
    for (id, _) in ids.iter().filter(|(_, active)| *active || !any_active) {
        named.push(get(app, actor, *id).await?);
    }
    if let Some(exact) = named.iter().find(|skill| skill.path().to_lowercase() == typed.to_lowercase()) {
        return Ok(Ok(exact.clone()));
    }
    if named.is_empty() && !typed.is_empty() {
        let filter = SkillFilter { text: typed.to_owned(), ..SkillFilter::default() };
        named = list(app, actor, &filter, SUGGESTED, 0).await?.0;
    }
    Ok(match named.as_slice() {
        [] => Err(format!("There is no skill “{typed}”.")),
        [only] => Ok(only.clone()),
        several => {
            let paths: Vec<String> = several.iter().take(NAMED).map(Skill::path).collect();
            let more = if several.len() > NAMED { " …" } else { "" };
            Err(format!("Several skills fit “{typed}”: {}{more}. Type one of them.", paths.join(", ")))
        }
    })
}
