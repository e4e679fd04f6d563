//! Needed skills, with the level that is needed, and how those who work on the task stand to them.

use super::super::checks::model::publish;
use super::super::model::{Details, Face, get};
use super::super::writing::model::note;
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Checks, Error, Result};
use crate::plugins::skills::{KnownLevel, KnownSkill, Level, known_levels, known_skills};
use crate::sql;

const MOST: usize = 20;

/// A skill that a task needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub skill: KnownSkill,
    pub level: Level,
    /// Those who work on the task, with the level that they have; `None` for none that is known.
    pub held: Vec<(Face, Option<Level>)>,
}

impl Need {
    pub fn is_covered(&self) -> bool {
        self.held.iter().any(|(_, level)| level.is_some_and(|level| level >= self.level))
    }
}

pub struct Needs {
    pub needs: Vec<Need>,
    /// What could be asked for.
    pub known: std::sync::Arc<Vec<KnownSkill>>,
}

/// Skill and level of what a task needs. Who has the task in hand was let in.
pub async fn of_task(app: &App, id: i64) -> Result<Vec<(i64, Level)>> {
    let query = app.db.q(sql!("SELECT skill_id, level FROM task_skills WHERE task_id = ? ORDER BY skill_id"));
    let rows: Vec<(i64, i64)> = query.bind(id).all().await?;
    Ok(rows.into_iter().map(|(id, level)| (id, Level::from_hundredths(level))).collect())
}

pub async fn needs(app: &App, actor: &Actor, details: &Details) -> Result<Needs> {
    let known = known_skills(app, actor).await?;
    let asked = of_task(app, details.task.id).await?;
    let people: Vec<i64> = details.task.assignees.iter().map(|face| face.id).collect();
    let ids: Vec<i64> = asked.iter().map(|(id, _)| *id).collect();
    let levels = known_levels(app, actor, &people, &ids).await?;
    let need = |(id, level): (i64, Level)| {
        let skill = known.iter().find(|skill| skill.id == id)?.clone();
        let held = details.task.assignees.iter().map(|face| (face.clone(), level_of(&levels, face.id, id))).collect();
        Some(Need { skill, level, held })
    };
    Ok(Needs { needs: asked.into_iter().filter_map(need).collect(), known: known.clone() })
}

pub fn level_of(levels: &[KnownLevel], person_id: i64, skill_id: i64) -> Option<Level> {
    levels.iter().find(|known| known.person_id == person_id && known.skill_id == skill_id).map(|known| known.level)
}

/// Asks for a skill, by its name, at a level of its scale.
pub async fn add(app: &App, actor: &Actor, id: i64, name: &str, level: &str) -> Result<()> {
    let details = get(app, actor, id).await?;
    details.project.require_member()?;
    let known = known_skills(app, actor).await?;
    let key = name.trim().to_lowercase();
    let skill = known.iter().find(|skill| skill.name.to_lowercase() == key);
    let skill = skill.ok_or_else(|| {
        Error::invalid("text", format!("There is no skill “{}”. Choose one from the list.", name.trim()))
    })?;
    let level = match level.trim() {
        "" => skill.scale.highest,
        text => skill.scale.parse(text).map_err(|problem| Error::invalid("text", problem))?,
    };
    Checks::only(of_task(app, id).await?.len() < MOST, "text", format!("A task needs at most {MOST} skills."))?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "INSERT INTO task_skills (task_id, skill_id, level) VALUES (?, ?, ?) {upsert task_id, skill_id} level = {new level}"
    ));
    query.bind(id).bind(skill.id).bind(level.hundredths()).execute().await?;
    note(&mut tx, actor, id, "skill", ("", &skill.name), app.now_ms()).await?;
    tx.commit().await?;
    publish(app, &details).await;
    Ok(())
}

pub async fn remove(app: &App, actor: &Actor, id: i64, skill_id: i64) -> Result<()> {
    let details = get(app, actor, id).await?;
    details.project.require_member()?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "SELECT s.name FROM task_skills t JOIN skills s ON s.id = t.skill_id WHERE t.task_id = ? AND t.skill_id = ?"
    ));
    let (name,): (String,) = query.bind(id).bind(skill_id).one().await?;
    tx.q(sql!("DELETE FROM task_skills WHERE task_id = ? AND skill_id = ?")).bind(id).bind(skill_id).execute().await?;
    note(&mut tx, actor, id, "skill", (&name, ""), app.now_ms()).await?;
    tx.commit().await?;
    publish(app, &details).await;
    Ok(())
}
