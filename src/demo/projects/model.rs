//! Moves what was done just now to where it would have happened.

use crate::app::App;
use crate::error::Result;
use crate::sql;

const DAY_MS: i64 = 24 * 3_600_000;

/// A task that was begun so many days ago, and ended so many days ago if it did.
pub(super) async fn move_into_the_past(app: &App, id: i64, begun: i64, ended: i64) -> Result<()> {
    let now = app.now_ms();
    let (created, last) = (now - begun * DAY_MS, now - ended * DAY_MS);
    let started = created + (last - created) / 4;
    let query = app.db.q(sql!(
        "UPDATE tasks SET created_at = ?, updated_at = ?, touched_at = ?, moved_at = ?,
         started_at = CASE WHEN started_at IS NULL THEN NULL ELSE ? END,
         closed_at = CASE WHEN closed_at IS NULL THEN NULL ELSE ? END WHERE id = ?"
    ));
    let query = query.bind(created).bind(last).bind(last).bind(last).bind(started).bind(last);
    query.bind(id).execute().await?;
    app.db.q(sql!("UPDATE task_events SET at = ? WHERE task_id = ?")).bind(created).bind(id).execute().await?;
    app.db.q(sql!("UPDATE task_comments SET created_at = ? WHERE task_id = ?")).bind(last).bind(id).execute().await?;
    Ok(())
}
