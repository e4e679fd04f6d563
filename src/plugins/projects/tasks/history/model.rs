//! Reads the log of a task.

use crate::app::App;
use crate::error::Result;
use crate::sql;

/// The latest changes are shown; of a task that is changed more often than this nobody reads the beginning.
const SHOWN: i64 = 200;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    pub at: i64,
    /// Nobody for a job.
    pub who: Option<String>,
    pub field: String,
    pub old_value: String,
    pub new_value: String,
}

/// The latest first. Who has the task in hand was let in.
pub async fn list(app: &App, task_id: i64) -> Result<Vec<Entry>> {
    let query = app.db.q(sql!(
        "SELECT e.at, p.name AS who, e.field, e.old_value, e.new_value FROM task_events e LEFT JOIN people p ON p.id = e.actor_id
         WHERE e.task_id = ? ORDER BY e.id DESC LIMIT ?"
    ));
    Ok(query.bind(task_id).bind(SHOWN).all().await?)
}
