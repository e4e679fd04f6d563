//! Attachments: added, read, taken away. What a file is called never becomes a path.

use super::super::checks::model::publish;
use super::super::model::{Details, get};
use super::super::writing::model::note;
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Checks, Error, Result};
use crate::sql;
use bytes::Bytes;

const MAX_NAME_CHARS: usize = 190;
const MOST: usize = 50;
/// Under this name the contents of this plugin lie in the store.
const STORE: &str = "projects";
/// What is younger may belong to an upload that is just being written down.
const KEPT_MS: i64 = 24 * 3_600_000;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Attachment {
    pub id: i64,
    pub task_id: i64,
    pub name: String,
    pub bytes: i64,
    content: String,
    /// Who added it.
    pub who: Option<String>,
    pub created_at: i64,
}

/// In the order in which they were added. Who has the task in hand was let in.
pub async fn list(app: &App, task_id: i64) -> Result<Vec<Attachment>> {
    let query = app.db.q(sql!(
        "SELECT a.id, a.task_id, a.name, a.bytes, a.content, p.name AS who, a.created_at FROM task_attachments a
         LEFT JOIN people p ON p.id = a.person_id WHERE a.task_id = ? ORDER BY a.id"
    ));
    Ok(query.bind(task_id).all().await?)
}

/// The name of a file without the way to it, and without what no name holds.
pub fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|letter| !letter.is_control()).take(MAX_NAME_CHARS).collect();
    match kept.trim().trim_matches('.') {
        "" => "file".to_owned(),
        _ => kept.trim().to_owned(),
    }
}

pub async fn add(app: &App, actor: &Actor, task_id: i64, name: &str, content: Bytes) -> Result<()> {
    let details = get(app, actor, task_id).await?;
    details.project.require_member()?;
    let mut checks = Checks::default();
    checks.that(!content.is_empty(), "file", "Choose a file that holds something.");
    checks.that(list(app, task_id).await?.len() < MOST, "file", format!("A task has at most {MOST} files."));
    checks.done()?;
    let (name, bytes) = (plain_name(name), content.len() as i64);
    let stored = app.blobs.put(STORE, content).await?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "INSERT INTO task_attachments (task_id, person_id, name, bytes, content, created_at) VALUES (?, ?, ?, ?, ?, ?)"
    ));
    let query = query.bind(task_id).bind(actor.person_id).bind(name.as_str()).bind(bytes);
    query.bind(stored).bind(app.now_ms()).execute().await?;
    note(&mut tx, actor, task_id, "file", ("", &name), app.now_ms()).await?;
    tx.commit().await?;
    publish(app, &details).await;
    Ok(())
}

async fn find(app: &App, actor: &Actor, id: i64) -> Result<(Attachment, Details)> {
    let query = app.db.q(sql!(
        "SELECT a.id, a.task_id, a.name, a.bytes, a.content, p.name AS who, a.created_at FROM task_attachments a
         LEFT JOIN people p ON p.id = a.person_id WHERE a.id = ?"
    ));
    let attachment: Attachment = query.bind(id).one().await?;
    let details = get(app, actor, attachment.task_id).await?;
    Ok((attachment, details))
}

/// A file with what it holds, for who sees its task.
pub async fn read(app: &App, actor: &Actor, id: i64) -> Result<(Attachment, Bytes)> {
    let (attachment, _) = find(app, actor, id).await?;
    let content = app.blobs.get(&attachment.content).await?;
    Ok((attachment, content))
}

/// Takes a file away, and returns the id of its task.
pub async fn remove(app: &App, actor: &Actor, id: i64) -> Result<i64> {
    let (attachment, details) = find(app, actor, id).await?;
    details.project.require_member()?;
    let mut tx = app.db.begin().await?;
    if tx.q(sql!("DELETE FROM task_attachments WHERE id = ?")).bind(id).execute().await? == 0 {
        return Err(Error::NotFound);
    }
    note(&mut tx, actor, details.task.id, "file", (&attachment.name, ""), app.now_ms()).await?;
    tx.commit().await?;
    publish(app, &details).await;
    Ok(details.task.id)
}

/// Takes away contents that no attachment names any more.
pub async fn purge(app: &App) -> Result<()> {
    for name in app.blobs.older(STORE, app.now_ms() - KEPT_MS).await? {
        let query = app.db.q(sql!("SELECT COUNT(*) FROM task_attachments WHERE content = ?"));
        let (named,) = query.bind(name.as_str()).one::<(i64,)>().await?;
        if named == 0 {
            app.blobs.delete(&name).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::plain_name;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_no_path() {
        for (name, plain) in [
            ("../../x", "x"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("/etc/passwd", "passwd"),
            ("..", "file"),
            ("", "file"),
            ("a/", "file"),
            ("rope\r\nplan.pdf", "ropeplan.pdf"),
            (".env", ".env"),
            ("Plan für Kran.pdf", "Plan für Kran.pdf"),
        ] {
            assert_eq!(plain_name(name), plain, "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn no_name_is_too_strange(name in ".{0,300}") {
            let plain = plain_name(&name);
            prop_assert!(!plain.is_empty() && plain.chars().count() <= 190);
            prop_assert!(!plain.contains(['/', '\\', '\n', '\r', '\0']) && plain != "..");
        }
    }
}
