//! The log as JSON lines, the newest first. A line holds the columns as they are hashed, so that whoever has the file can
//! follow the chain without this program.

use super::model::{self, EventRow, Filter};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::Result;
use bytes::Bytes;
use futures_util::stream;
use poem::Body;
use serde_json::json;
use std::io;

/// How many lines are read, and sent, at once.
const AT_ONCE: i64 = 500;

/// The file as the body of an answer. A failure on the way breaks the body off, so that nobody takes a part for the whole.
pub fn body(app: App, actor: Actor, filter: Filter) -> Body {
    let pieces = stream::unfold(Some(i64::MAX), move |before| {
        let (app, actor, filter) = (app.clone(), actor.clone(), filter.clone());
        async move {
            let piece = piece(&app, &actor, &filter, before?).await;
            Some(match piece {
                Ok((bytes, next)) => (Ok(bytes), next),
                Err(error) => {
                    tracing::warn!(%error, "an export of the audit log broke off");
                    (Err(io::Error::other("the export broke off")), None)
                }
            })
        }
    });
    Body::from_bytes_stream(pieces)
}

/// The lines below an id, and where the next ones begin.
async fn piece(app: &App, actor: &Actor, filter: &Filter, before: i64) -> Result<(Bytes, Option<i64>)> {
    let rows = model::list(app, actor, filter, before, AT_ONCE).await?;
    let next = rows.last().filter(|_| rows.len() as i64 == AT_ONCE).map(|row| row.id);
    let lines: String = rows.iter().map(line).collect();
    Ok((lines.into(), next))
}

fn line(row: &EventRow) -> String {
    let EventRow { id, at, actor_id, kind, subject, detail, position, hash, .. } = row;
    let time = jiff::Timestamp::from_millisecond(*at).map(|time| time.to_string()).unwrap_or_default();
    let line = json!({
        "id": id, "at": at, "time": time, "actor_id": actor_id, "actor": row.who(), "kind": kind, "subject": subject,
        "detail": detail, "position": position, "hash": hash,
    });
    format!("{line}\n")
}
