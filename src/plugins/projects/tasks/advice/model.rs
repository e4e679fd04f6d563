//! Works out what one should know of those who could be given a task.

use super::super::super::outline::Outline;
use super::super::model::Details;
use super::super::skills::model::{level_of, of_task};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::plugins::skills::{known_levels, known_skills};
use crate::sql;
use std::collections::HashMap;

/// What somebody has in hand, and what they lack for a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// Open tasks in all projects. A number tells nothing of projects that the reader does not see.
    pub open: i64,
    /// How long those are estimated to take, in minutes.
    pub minutes: i64,
    /// Skill, the level that is needed, and the one that is known of them: `Welding 3 (has 1)`.
    pub lacks: Vec<String>,
}

/// For each of those who can be given the task.
pub async fn advise(app: &App, actor: &Actor, details: &Details, outline: &Outline) -> Result<HashMap<i64, Advice>> {
    let people: Vec<i64> = outline.workers().map(|member| member.id).collect();
    let mut advice: HashMap<i64, Advice> = people.iter().map(|id| (*id, Advice::default())).collect();
    let query = app.db.q(sql!(
        "SELECT a.person_id, COUNT(*), CAST(COALESCE(SUM(t.estimate_min), 0) AS {i64}) FROM task_assignees a
         JOIN tasks t ON t.id = a.task_id AND t.is_open = TRUE JOIN projects p ON p.id = t.project_id AND p.archived_at IS NULL
         WHERE a.person_id IN ({ids}) GROUP BY a.person_id"
    ));
    for (person, open, minutes) in query.bind_ids(&people).all::<(i64, i64, i64)>().await? {
        let of_person = advice.entry(person).or_default();
        (of_person.open, of_person.minutes) = (open, minutes);
    }
    let needs = of_task(app, details.task.id).await?;
    let known = known_skills(app, actor).await?;
    let ids: Vec<i64> = needs.iter().map(|(id, _)| *id).collect();
    let levels = known_levels(app, actor, &people, &ids).await?;
    for (skill_id, needed) in needs {
        let Some(skill) = known.iter().find(|skill| skill.id == skill_id) else { continue };
        for person in &people {
            let held = level_of(&levels, *person, skill_id);
            if held.is_none_or(|held| held < needed) {
                let has = held.map_or("not known".to_owned(), |held| format!("has {}", skill.scale.code(held)));
                advice.entry(*person).or_default().lacks.push(format!(
                    "{} {} ({has})",
                    skill.name,
                    skill.scale.code(needed)
                ));
            }
        }
    }
    Ok(advice)
}
