//! `sessions list`, `revoke` and `purge`.

use super::{Failure, output, with_app};
use crate::config::Flags;
use crate::web::times;

pub async fn list(flags: &Flags) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let now = app.now_ms();
        let rows = app.sessions.list(None).await?.into_iter().map(|session| {
            let [opened, used] = [session.created_at, session.seen_at].map(|at| times::ago(at, now));
            [session.id.to_string(), session.person, opened, used, session.address, session.device]
        });
        output::table(["ID", "PERSON", "OPENED", "LAST USED", "ADDRESS", "DEVICE"], rows.collect())
    })
    .await
}

pub async fn revoke(flags: &Flags, id: i64) -> Result<(), Failure> {
    with_app(flags, async |app| {
        if !app.sessions.revoke(id).await? {
            return Err(Failure::new(format!("there is no session {id}; see quarterdeck sessions list")));
        }
        output::line(&format!("Session {id} has ended."))
    })
    .await
}

pub async fn purge(flags: &Flags) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let count = app.sessions.purge().await?;
        output::line(&format!("Removed the rows of {count} sessions that had ended."))
    })
    .await
}
