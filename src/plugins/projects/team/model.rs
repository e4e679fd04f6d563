//! Works out the load of each member, and who has the skills that the open tasks need.

use super::super::members::model::{self as members, Member};
use super::super::model::Project;
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::plugins::skills::{KnownSkill, Level, known_levels, known_skills};
use crate::sql;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    pub open: i64,
    pub doing: i64,
    pub minutes: i64,
    pub overdue: i64,
}

/// A skill that open tasks need, at the highest level that one of them asks for.
pub struct Needed {
    pub skill: KnownSkill,
    pub level: Level,
    /// How many open tasks need it.
    pub tasks: i64,
    /// The level of each member, in their order; `None` for none that is known.
    pub held: Vec<Option<Level>>,
}

impl Needed {
    pub fn able(&self) -> usize {
        self.held.iter().filter(|held| held.is_some_and(|held| held >= self.level)).count()
    }
}

pub struct Team {
    pub members: Vec<(Member, Load)>,
    pub needed: Vec<Needed>,
}

/// Who has the project in hand was let in; levels are those that the actor may see.
pub async fn team(app: &App, actor: &Actor, project: &Project, today: Date) -> Result<Team> {
    let members = members::list(app, project).await?;
    let loads = loads(app, project, today).await?;
    let needed = needed(app, actor, project, &members).await?;
    let with_load = |member: Member| (loads.get(&member.id).copied().unwrap_or_default(), member);
    Ok(Team { members: members.into_iter().map(with_load).map(|(load, member)| (member, load)).collect(), needed })
}

async fn loads(app: &App, project: &Project, today: Date) -> Result<HashMap<i64, Load>> {
    let query = app.db.q(sql!(
        "SELECT a.person_id, COUNT(*), COUNT(CASE WHEN s.kind = 'doing' THEN 1 END),
         CAST(COALESCE(SUM(t.estimate_min), 0) AS {i64}), COUNT(CASE WHEN t.due_on < ? THEN 1 END)
         FROM tasks t JOIN task_assignees a ON a.task_id = t.id JOIN project_statuses s ON s.id = t.status_id
         WHERE t.project_id = ? AND t.is_open = TRUE GROUP BY a.person_id"
    ));
    let rows: Vec<(i64, i64, i64, i64, i64)> = query.bind(today.to_string()).bind(project.id).all().await?;
    let load = |(person, open, doing, minutes, overdue)| (person, Load { open, doing, minutes, overdue });
    Ok(rows.into_iter().map(load).collect())
}

async fn needed(app: &App, actor: &Actor, project: &Project, members: &[Member]) -> Result<Vec<Needed>> {
    let query = app.db.q(sql!(
        "SELECT ts.skill_id, MAX(ts.level), COUNT(*) FROM task_skills ts JOIN tasks t ON t.id = ts.task_id
         WHERE t.project_id = ? AND t.is_open = TRUE GROUP BY ts.skill_id"
    ));
    let rows: Vec<(i64, i64, i64)> = query.bind(project.id).all().await?;
    let asked: BTreeMap<i64, (i64, i64)> = rows.into_iter().map(|(id, level, tasks)| (id, (level, tasks))).collect();
    let people: Vec<i64> = members.iter().map(|member| member.id).collect();
    let ids: Vec<i64> = asked.keys().copied().collect();
    let levels = known_levels(app, actor, &people, &ids).await?;
    let held = |person: &i64, skill: i64| {
        levels.iter().find(|known| known.person_id == *person && known.skill_id == skill).map(|known| known.level)
    };
    let known = known_skills(app, actor).await?;
    let needed = known.iter().filter_map(|skill| {
        let (level, tasks) = asked.get(&skill.id)?;
        let held = people.iter().map(|person| held(person, skill.id)).collect();
        Some(Needed { skill: skill.clone(), level: Level::from_hundredths(*level), tasks: *tasks, held })
    });
    Ok(needed.collect())
}
