//! Begins a handoff: its parts, the open items of the team, and the tasks that changed since its last accepted handoff.

use super::super::TOPIC;
use super::super::model::{Receiver, Severity};
use super::super::teams::model::{self as teams, TeamSettings};
use super::super::{ALL, WRITE};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Checks, Error, Result};
use crate::events;
use crate::plugins::projects::{ChangedTask as Changed, changed_tasks};
use crate::sql;

pub const MAX_TITLE_CHARS: usize = 190;
/// How many changed tasks are told. What is more is for the list of tasks.
const MOST_TASKS: i64 = 60;
/// Without an earlier handoff, what changed within this is told.
const FIRST_MS: i64 = 24 * 3_600_000;
const MAX_ITEM_CHARS: usize = 300;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewHandoff {
    pub team_id: i64,
    pub title: String,
    /// `p7`, `t3`, or empty while nobody knows.
    pub receiver: String,
    pub severity: String,
    pub submission: String,
}

/// Begins a draft and returns its id. The same form sent twice begins one.
pub async fn begin(app: &App, actor: &Actor, new: &NewHandoff) -> Result<i64> {
    actor.require(WRITE)?;
    let author = actor.person_id.ok_or(Error::Forbidden)?;
    if actor.team_id != Some(new.team_id) && !actor.may(ALL) {
        return Err(Error::invalid("team_id", "You hand off for your own team."));
    }
    let severity = Severity::from_name(&new.severity).unwrap_or(Severity::Stable);
    let receiver = find_receiver(app, author, &new.receiver).await?;
    check(new)?;
    let settings = teams::of(app, new.team_id).await?;
    let since = since(app, new.team_id).await?;
    let changed = changed_tasks(app, actor, new.team_id, since, MOST_TASKS).await?;
    let mut tx = app.db.begin().await?;
    let id = match insert(&mut tx, author, new, (severity, receiver.as_ref()), &settings, since, app.now_ms()).await {
        Err(db::Error::Unique) => {
            drop(tx);
            return sent_before(app, author, &new.submission).await;
        }
        inserted => inserted?,
    };
    fill(&mut tx, (id, new.team_id, author), &settings, &changed, app.now_ms()).await?;
    let detail = serde_json::json!({ "title": new.title.trim(), "team": new.team_id });
    events::record(&mut tx, actor, app.now_ms(), "handoffs.begun", &format!("handoff:{id}"), &detail).await?;
    tx.commit().await?;
    app.publish(TOPIC, id.to_string()).await;
    Ok(id)
}

fn check(new: &NewHandoff) -> Result<()> {
    let mut checks = Checks::default();
    let title = new.title.trim();
    checks.that(!title.is_empty(), "title", "Say in a few words what is handed off.");
    let long = format!("At most {MAX_TITLE_CHARS} characters fit here.");
    checks.that(title.chars().count() <= MAX_TITLE_CHARS, "title", long);
    checks.that(!title.chars().any(char::is_control), "title", "Control characters are not allowed here.");
    checks.that(new.submission.len() <= 40, "", "This form cannot be read. Reload the page.");
    checks.done()
}

/// Whom `p7` or `t3` means. Nobody hands off to themselves.
pub async fn find_receiver(app: &App, author: i64, key: &str) -> Result<Option<Receiver>> {
    let gone = || Error::invalid("receiver", "Choose somebody who is here, or a team.");
    if key.trim().is_empty() {
        return Ok(None);
    }
    let (kind, id) = key.trim().split_at_checked(1).ok_or_else(gone)?;
    let id: i64 = id.parse().map_err(|_| gone())?;
    match kind {
        "p" if id == author => Err(Error::invalid("receiver", "A handoff goes to somebody else.")),
        "p" => {
            let query = app.db.q(sql!("SELECT name FROM people WHERE id = ? AND active = TRUE"));
            let (name,) = query.bind(id).optional::<(String,)>().await?.ok_or_else(gone)?;
            Ok(Some(Receiver::Person { id, name }))
        }
        "t" => {
            let query = app.db.q(sql!("SELECT name FROM teams WHERE id = ?"));
            let (name,) = query.bind(id).optional::<(String,)>().await?.ok_or_else(gone)?;
            Ok(Some(Receiver::Team { id, name }))
        }
        _ => Err(gone()),
    }
}

/// From when changes are told: since the last handoff of the team was sent that somebody accepted.
async fn since(app: &App, team_id: i64) -> Result<i64> {
    let query = app.db.q(sql!("SELECT MAX(sent_at) FROM handoffs WHERE team_id = ? AND state = 'accepted'"));
    let (last,) = query.bind(team_id).one::<(Option<i64>,)>().await?;
    Ok(last.unwrap_or(app.now_ms() - FIRST_MS))
}

async fn insert(
    tx: &mut Tx,
    author: i64,
    new: &NewHandoff,
    (severity, receiver): (Severity, Option<&Receiver>),
    settings: &TeamSettings,
    since: i64,
    now: i64,
) -> db::Result<i64> {
    let (person, team) = columns(receiver);
    let title = new.title.trim();
    let query = tx.q(sql!(
        "INSERT INTO handoffs (team_id, author_id, receiver_id, receiver_team_id, severity, title, title_key, template, state,
         since_at, synthesis, reason, submission, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'draft', ?, '', '', ?, ?) {returning id}"
    ));
    let query = query.bind(new.team_id).bind(author).bind(person).bind(team).bind(severity.name());
    let query = query.bind(title).bind(title.to_lowercase()).bind(settings.template.name()).bind(since);
    query.bind(Some(new.submission.clone()).filter(|text| !text.is_empty())).bind(now).insert().await
}

/// The person and the team of a receiver, as the table holds them.
pub fn columns(receiver: Option<&Receiver>) -> (Option<i64>, Option<i64>) {
    match receiver {
        Some(Receiver::Person { id, .. }) => (Some(*id), None),
        Some(Receiver::Team { id, .. }) => (None, Some(*id)),
        None => (None, None),
    }
}

async fn sent_before(app: &App, author: i64, submission: &str) -> Result<i64> {
    let query = app.db.q(sql!("SELECT id FROM handoffs WHERE author_id = ? AND submission = ?"));
    let (id,) = query.bind(author).bind(submission).one::<(i64,)>().await?;
    Ok(id)
}

async fn fill(
    tx: &mut Tx,
    (id, team_id, author): (i64, i64, i64),
    settings: &TeamSettings,
    changed: &[Changed],
    now: i64,
) -> db::Result<()> {
    let (open, closed): (Vec<&Changed>, Vec<&Changed>) = changed.iter().partition(|task| task.is_open);
    for (position, blank) in settings.template.blanks(&settings.own_sections).iter().enumerate() {
        let body = if position == 0 { done(&closed) } else { String::new() };
        let query = tx.q(sql!(
            "INSERT INTO handoff_sections (handoff_id, position, title, hint, body, body_key, writer) VALUES (?, ?, ?, ?, ?, ?, '')"
        ));
        let query = query.bind(id).bind(position as i64).bind(blank.title.as_str()).bind(blank.hint.as_str());
        query.bind(body.as_str()).bind(body.to_lowercase()).execute().await?;
    }
    carry_over(tx, id, team_id).await?;
    let known = known_tasks(tx, id).await?;
    for task in open.into_iter().filter(|task| !known.contains(&task.id)) {
        propose(tx, (id, team_id, author), task, now).await?;
    }
    Ok(())
}

/// What was finished, as the first lines of the first part.
fn done(closed: &[&Changed]) -> String {
    if closed.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = closed.iter().map(|task| format!("- {} {}", task.name, task.title)).collect();
    format!("Done since the last handoff:\n\n{}\n", lines.join("\n"))
}

/// Whatever nobody has closed goes on, and so do the contingencies of the last accepted handoff that are no task yet.
async fn carry_over(tx: &mut Tx, id: i64, team_id: i64) -> db::Result<()> {
    let query = tx.q(sql!(
        "INSERT INTO handoff_entries (handoff_id, item_id)
         SELECT h.id, i.id FROM handoffs h JOIN handoff_items i ON i.team_id = h.team_id
         WHERE h.id = ? AND i.opened_at IS NOT NULL AND i.closed_at IS NULL"
    ));
    query.bind(id).execute().await?;
    let query = tx.q(sql!("SELECT MAX(id) FROM handoffs WHERE team_id = ? AND state = 'accepted'"));
    let (last,) = query.bind(team_id).one::<(Option<i64>,)>().await?;
    let query = tx.q(sql!(
        "INSERT INTO handoff_contingencies (handoff_id, happening, action, created_at)
         SELECT h.id, c.happening, c.action, c.created_at FROM handoffs h JOIN handoff_contingencies c ON c.handoff_id = ?
         WHERE h.id = ? AND c.task_id IS NULL ORDER BY c.id"
    ));
    query.bind(last.unwrap_or(0)).bind(id).execute().await?;
    Ok(())
}

/// The tasks that its items are about already.
async fn known_tasks(tx: &mut Tx, id: i64) -> db::Result<Vec<i64>> {
    let query = tx.q(sql!(
        "SELECT i.task_id FROM handoff_entries n JOIN handoff_items i ON i.id = n.item_id
         WHERE n.handoff_id = ? AND i.task_id IS NOT NULL"
    ));
    Ok(query.bind(id).all::<(i64,)>().await?.into_iter().map(|(task,)| task).collect())
}

async fn propose(tx: &mut Tx, (id, team_id, author): (i64, i64, i64), task: &Changed, now: i64) -> db::Result<()> {
    let title: String = format!("{} {}", task.name, task.title).chars().take(MAX_ITEM_CHARS).collect();
    let query = tx.q(sql!(
        "INSERT INTO handoff_items (team_id, title, title_key, detail, task_id, created_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) {returning id}"
    ));
    let query = query.bind(team_id).bind(title.as_str()).bind(title.to_lowercase()).bind(told(task));
    let item = query.bind(task.id).bind(author).bind(now).insert().await?;
    for (skill, level) in &task.needs {
        let query = tx.q(sql!("INSERT INTO handoff_item_skills (item_id, skill_id, level) VALUES (?, ?, ?)"));
        query.bind(item).bind(*skill).bind(*level).execute().await?;
    }
    let query = tx.q(sql!("INSERT INTO handoff_entries (handoff_id, item_id) VALUES (?, ?)"));
    query.bind(id).bind(item).execute().await?;
    Ok(())
}

/// What happened to a task, in a line.
fn told(task: &Changed) -> String {
    let counted = |count: i64, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {one}s")),
    };
    let counts = [counted(task.changes, "change"), counted(task.comments, "comment")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    match counts.is_empty() {
        true => task.status.clone(),
        false => format!("{}; {} since the last handoff", task.status, counts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(name: &str, is_open: bool, changes: i64, comments: i64) -> Changed {
        let (title, status) = ("Fix pump".to_owned(), "Doing".to_owned());
        Changed { id: 1, name: name.to_owned(), title, is_open, status, changes, comments, needs: Vec::new() }
    }

    #[test]
    fn a_change_is_told_in_a_line() {
        assert_eq!(told(&task("QD-1", true, 0, 0)), "Doing");
        assert_eq!(told(&task("QD-1", true, 2, 1)), "Doing; 2 changes, 1 comment since the last handoff");
    }

    #[test]
    fn what_is_done_begins_the_first_part() {
        assert_eq!(done(&[]), "");
        let (one, other) = (task("QD-1", false, 1, 0), task("QD-2", false, 1, 0));
        assert_eq!(done(&[&one, &other]), "Done since the last handoff:\n\n- QD-1 Fix pump\n- QD-2 Fix pump\n");
    }
}
