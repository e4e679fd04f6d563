//! Feeds: opened, closed, and read by whoever has the secret. What the person may no longer see is not in it.

use super::super::READ;
use super::super::tasks::model::path;
use crate::accounts::Actor;
use crate::accounts::secrets::{random_token, token_hash};
use crate::app::App;
use crate::error::{Error, Result};
use crate::sql;
use icalendar::{Calendar, Component, Event, EventLike};
use jiff::civil::Date;

/// A calendar holds no more than that.
const MOST: i64 = 1000;

/// When the actor's feed was opened; `None` while there is none.
pub async fn opened_at(app: &App, actor: &Actor) -> Result<Option<i64>> {
    actor.require(READ)?;
    let me = actor.person_id.ok_or(Error::Forbidden)?;
    let query = app.db.q(sql!("SELECT created_at FROM task_feeds WHERE person_id = ?"));
    Ok(query.bind(me).optional::<(i64,)>().await?.map(|(at,)| at))
}

/// Opens a feed and returns its secret. One that was open under another secret is closed by it.
pub async fn open(app: &App, actor: &Actor) -> Result<String> {
    actor.require(READ)?;
    let me = actor.person_id.ok_or(Error::Forbidden)?;
    let secret = random_token();
    let query = app.db.q(sql!(
        "INSERT INTO task_feeds (person_id, secret_hash, created_at) VALUES (?, ?, ?)
         {upsert person_id} secret_hash = {new secret_hash}, created_at = {new created_at}"
    ));
    query.bind(me).bind(token_hash(&secret)).bind(app.now_ms()).execute().await?;
    Ok(secret)
}

pub async fn close(app: &App, actor: &Actor) -> Result<()> {
    actor.require(READ)?;
    let me = actor.person_id.ok_or(Error::Forbidden)?;
    app.db.q(sql!("DELETE FROM task_feeds WHERE person_id = ?")).bind(me).execute().await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct DueTask {
    id: i64,
    code: String,
    number: i64,
    title: String,
    due_on: String,
    version: i64,
}

/// The calendar of the person whose secret it is, as long as they are active and may see projects.
pub async fn calendar(app: &App, secret: &str) -> Result<String> {
    let query = app.db.q(sql!("SELECT person_id FROM task_feeds WHERE secret_hash = ?"));
    let (person_id,) = query.bind(token_hash(secret)).one::<(i64,)>().await?;
    let actor = app.access.actor(person_id).await?.ok_or(Error::NotFound)?;
    actor.require(READ).map_err(|_| Error::NotFound)?;
    let query = app.db.q(sql!(
        "SELECT t.id, p.code, t.number, t.title, t.due_on, t.version FROM task_assignees a JOIN tasks t ON t.id = a.task_id
         JOIN projects p ON p.id = t.project_id AND p.archived_at IS NULL
         JOIN project_members m ON m.project_id = p.id AND m.person_id = a.person_id
         WHERE a.person_id = ? AND t.is_open = TRUE AND t.due_on IS NOT NULL ORDER BY t.due_on, t.id LIMIT ?"
    ));
    let tasks: Vec<DueTask> = query.bind(person_id).bind(MOST).all().await?;
    Ok(written(&app.site(), &tasks))
}

fn written(site: &str, tasks: &[DueTask]) -> String {
    let mut calendar = Calendar::new();
    calendar.name("Quarterdeck: due days");
    for task in tasks {
        let Some(day) = task.due_on.parse::<Date>().ok().and_then(civil) else { continue };
        let mut event = Event::new();
        event
            .uid(&format!("task-{}@quarterdeck", task.id))
            .summary(&format!("{}-{} {}", task.code, task.number, task.title));
        event
            .all_day(day)
            .sequence(u32::try_from(task.version).unwrap_or(u32::MAX))
            .url(&format!("{site}{}", path(task.id)));
        calendar.push(event.done());
    }
    calendar.to_string()
}

/// A day as the calendar's library has it.
fn civil(day: Date) -> Option<chrono::NaiveDate> {
    let (year, month, day) = (i32::from(day.year()), u32::try_from(day.month()).ok()?, u32::try_from(day.day()).ok()?);
    chrono::NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_program_can_read_it() {
        let title = "Fix, then; paint \\ and\nEND:VCALENDAR".to_owned();
        let task = DueTask { id: 7, code: "QD".into(), number: 12, title, due_on: "2026-12-31".into(), version: 3 };
        let text = written("https://deck.example.org", &[task]);
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
        assert!(text.contains("DTSTART;VALUE=DATE:20261231"), "{text}");
        assert!(text.contains("SUMMARY:QD-12 Fix\\, then\\; paint"), "{text}");
        assert_eq!(text.lines().filter(|line| *line == "END:VCALENDAR").count(), 1);
        assert!(text.contains("URL:https://deck.example.org/projects/tasks/7"));
    }
}
