//! The jobs of this plugin. Both do no harm when they run twice: a notice has a key, and what was postponed is no longer stalled.

use super::super::statuses::model as statuses;
use super::super::tasks::filter::STALLED_MS;
use super::super::tasks::model::path;
use super::super::tasks::values::Value;
use super::super::tasks::writing::model::{Change, apply, lock};
use super::super::{TOPIC, settings};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use crate::notices::{NewNotice, publish, raise};
use crate::sql;
use jiff::ToSpan;
use jiff::civil::Date;

const POSTPONED_DAYS: i64 = 30;
/// How many are looked at together.
const AT_ONCE: i64 = 500;

#[derive(sqlx::FromRow)]
struct DueTask {
    id: i64,
    person_id: i64,
    code: String,
    number: i64,
    title: String,
    due_on: String,
}

/// Tells those who work on tasks that are due today or tomorrow, and of those that are overdue.
pub async fn tell_due(app: &App) -> Result<()> {
    let today = settings::today(app).await?;
    let last = today.tomorrow().unwrap_or(today);
    let mut after = (0, 0);
    loop {
        let query = app.db.q(sql!(
            "SELECT t.id, a.person_id, p.code, t.number, t.title, t.due_on FROM tasks t
             JOIN task_assignees a ON a.task_id = t.id JOIN projects p ON p.id = t.project_id AND p.archived_at IS NULL
             JOIN project_members m ON m.project_id = p.id AND m.person_id = a.person_id
             WHERE t.is_open = TRUE AND t.due_on <= ? AND (t.id > ? OR (t.id = ? AND a.person_id > ?))
             ORDER BY t.id, a.person_id LIMIT ?"
        ));
        let query = query.bind(last.to_string()).bind(after.0).bind(after.0).bind(after.1);
        let due: Vec<DueTask> = query.bind(AT_ONCE).all().await?;
        let Some(end) = due.last() else { return Ok(()) };
        after = (end.id, end.person_id);
        let notices: Vec<NewNotice> = due.iter().filter_map(|task| notice(task, today)).collect();
        let mut tx = app.db.begin().await?;
        let told = raise(&mut tx, &notices, app.now_ms()).await?;
        tx.commit().await?;
        publish(&app.bus, app.now_ms(), &told).await;
    }
}

/// Once before the day, and once after it.
fn notice(task: &DueTask, today: Date) -> Option<NewNotice> {
    let due: Date = task.due_on.parse().ok()?;
    let name = format!("{}-{}", task.code, task.number);
    let (stage, words) = match () {
        () if due < today => ("overdue", "is overdue"),
        () if due == today => ("near", "is due today"),
        () => ("near", "is due tomorrow"),
    };
    Some(NewNotice {
        person_id: task.person_id,
        kind: "projects.due",
        title: format!("{name} {words}: {}", task.title),
        href: path(task.id),
        dedup_key: format!("projects.due:{}:{}:{stage}", task.id, task.due_on),
    })
}

/// Gives stalled tasks a later due day, in projects that want it.
pub async fn postpone_stalled(app: &App) -> Result<()> {
    let today = settings::today(app).await?;
    let to = today.checked_add(POSTPONED_DAYS.days()).unwrap_or(today);
    let query = app.db.q(sql!(
        "SELECT t.id, t.project_id FROM tasks t JOIN projects p ON p.id = t.project_id
         WHERE p.postpones_stalled = TRUE AND p.archived_at IS NULL AND t.is_open = TRUE AND t.touched_at < ? AND t.due_on < ?
         ORDER BY t.project_id, t.id LIMIT ?"
    ));
    let before = app.now_ms() - STALLED_MS;
    let stalled: Vec<(i64, i64)> = query.bind(before).bind(to.to_string()).bind(AT_ONCE).all().await?;
    for (id, project_id) in stalled {
        postpone(app, (id, project_id), to, before).await?;
    }
    Ok(())
}

async fn postpone(app: &App, (id, project_id): (i64, i64), to: Date, before: i64) -> Result<()> {
    let actor = Actor::system();
    let mut tx = app.db.begin().await?;
    let statuses = statuses::lock(&mut tx, project_id).await?;
    let mut state = lock(&mut tx, id).await?;
    let query = tx.q(sql!("SELECT COUNT(*) FROM tasks WHERE id = ? AND touched_at < ?"));
    // Somebody may have cared about it since it was looked for.
    if query.bind(id).bind(before).one::<(i64,)>().await?.0 == 0 {
        return Ok(());
    }
    let change = Change { actor: &actor, now_ms: app.now_ms(), batch_id: None, statuses: &statuses, position: None };
    apply(&mut tx, &change, &mut state, vec![Value::Due(Some(to))]).await?;
    tx.commit().await?;
    app.publish(TOPIC, format!("{project_id}:{id}")).await;
    Ok(())
}
