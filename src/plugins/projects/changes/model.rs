//! The tasks of a team that changed since a moment.

use super::super::READ;
use super::super::model::bind_scope;
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::sql;
use std::collections::HashMap;

/// A task that somebody worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub id: i64,
    /// `QD-12`.
    pub name: String,
    pub title: String,
    pub is_open: bool,
    pub status: String,
    pub changes: i64,
    pub comments: i64,
    /// Skill and level in hundredths.
    pub needs: Vec<(i64, i64)>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    code: String,
    number: i64,
    title: String,
    is_open: bool,
    status: String,
    changes: i64,
    comments: i64,
}

/// Those that people of the team work on, and that the actor may see: open ones first, then by priority and by how lately
/// they changed. Nothing where the plugin is off.
pub async fn of_team(app: &App, actor: &Actor, team_id: i64, since_ms: i64, limit: i64) -> Result<Vec<Changed>> {
    if !actor.may(READ) || !app.plugins_on().any(|plugin| plugin.id == super::super::PLUGIN.id) {
        return Ok(Vec::new());
    }
    let query = app.db.q(sql!(
        "SELECT x.id, x.code, x.number, x.title, x.is_open, s.name AS status,
          (SELECT COUNT(*) FROM task_events e WHERE e.task_id = x.id AND e.at > ?) AS changes,
          (SELECT COUNT(*) FROM task_comments c WHERE c.task_id = x.id AND c.created_at > ?) AS comments
         FROM (SELECT t.id, p.code, t.number, t.title, t.is_open, t.status_id, t.priority, t.touched_at
           FROM tasks t JOIN projects p ON p.id = t.project_id
           WHERE t.touched_at > ? AND p.archived_at IS NULL
            AND (? = 1 OR EXISTS (SELECT 1 FROM project_members m WHERE m.project_id = p.id AND m.person_id = ?))
            AND EXISTS (SELECT 1 FROM task_assignees a JOIN people w ON w.id = a.person_id WHERE a.task_id = t.id AND w.team_id = ?)
           ORDER BY t.is_open DESC, t.priority DESC, t.touched_at DESC, t.id LIMIT ?) x
         JOIN project_statuses s ON s.id = x.status_id
         ORDER BY x.is_open DESC, x.priority DESC, x.touched_at DESC, x.id"
    ));
    let query = bind_scope(query.bind(since_ms).bind(since_ms).bind(since_ms), actor);
    let rows: Vec<Row> = query.bind(team_id).bind(limit).all().await?;
    let mut needs = needs(app, &rows).await?;
    let changed = |row: Row| Changed {
        needs: needs.remove(&row.id).unwrap_or_default(),
        name: format!("{}-{}", row.code, row.number),
        id: row.id,
        title: row.title,
        is_open: row.is_open,
        status: row.status,
        changes: row.changes,
        comments: row.comments,
    };
    Ok(rows.into_iter().map(changed).collect())
}

async fn needs(app: &App, rows: &[Row]) -> Result<HashMap<i64, Vec<(i64, i64)>>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let query = app.db.q(sql!("SELECT task_id, skill_id, level FROM task_skills WHERE task_id IN ({ids})"));
    let mut needs: HashMap<i64, Vec<(i64, i64)>> = HashMap::new();
    for (task, skill, level) in query.bind_ids(&ids).all::<(i64, i64, i64)>().await? {
        needs.entry(task).or_default().push((skill, level));
    }
    Ok(needs)
}

/// Code and name of the projects in which the actor may make tasks. Nothing where the plugin is off.
pub async fn open_to(app: &App, actor: &Actor) -> Result<Vec<(String, String)>> {
    if !actor.may(READ) || !app.plugins_on().any(|plugin| plugin.id == super::super::PLUGIN.id) {
        return Ok(Vec::new());
    }
    let query = app.db.q(sql!(
        "SELECT p.code, p.name FROM projects p WHERE p.archived_at IS NULL
          AND (? = 1 OR EXISTS (SELECT 1 FROM project_members m WHERE m.project_id = p.id AND m.person_id = ? AND m.role <> 'viewer'))
         ORDER BY p.name_key, p.id"
    ));
    Ok(bind_scope(query, actor).all().await?)
}
