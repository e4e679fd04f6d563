//! The parts of a draft: each has a version of its own, so that two who write in different parts never meet.

use super::super::TOPIC;
use super::super::model::{Handoff, State, get, too_late};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Checks, Error, Result};
use crate::sql;

pub const MAX_BODY_CHARS: usize = 100_000;
const MAX_WRITER_CHARS: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Section {
    pub position: i64,
    pub title: String,
    pub hint: String,
    /// Markdown.
    pub body: String,
    pub version: i64,
    pub editor: Option<String>,
    pub edited_at: Option<i64>,
}

/// Who has the handoff in hand was let in.
pub async fn list(app: &App, handoff_id: i64) -> Result<Vec<Section>> {
    let query = app.db.q(sql!(
        "SELECT s.position, s.title, s.hint, s.body, s.version, p.name AS editor, s.edited_at
         FROM handoff_sections s LEFT JOIN people p ON p.id = s.edited_by WHERE s.handoff_id = ? ORDER BY s.position"
    ));
    Ok(query.bind(handoff_id).all().await?)
}

async fn one(app: &App, handoff_id: i64, position: i64) -> Result<Section> {
    let sections = list(app, handoff_id).await?;
    sections.into_iter().find(|section| section.position == position).ok_or(Error::NotFound)
}

/// What somebody typed, and what it is based on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub body: String,
    pub version: i64,
    /// The number of the page that they type into.
    pub writer: String,
}

/// What became of a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Saved(Section),
    /// Somebody else saved first: what stands there now.
    Conflict(Section),
}

/// Saves a part of a draft. What the same page saved before is overwritten, also when its answer was lost on the way.
pub async fn save(app: &App, actor: &Actor, id: i64, position: i64, typed: &Typed) -> Result<(Handoff, Outcome)> {
    let handoff = get(app, actor, id).await?;
    if handoff.state != State::Draft {
        return Err(too_late(app, actor, id).await?);
    }
    if !handoff.may_write() {
        return Err(Error::Forbidden);
    }
    let body = check(typed)?;
    let before = one(app, id, position).await?;
    if before.body == body {
        return Ok((handoff, Outcome::Saved(before)));
    }
    let query = app.db.q(sql!(
        "UPDATE handoff_sections SET body = ?, body_key = ?, version = version + 1, writer = ?, edited_by = ?, edited_at = ?
         WHERE handoff_id = ? AND position = ? AND (version = ? OR (writer = ? AND writer <> ''))
          AND EXISTS (SELECT 1 FROM handoffs h WHERE h.id = handoff_id AND h.state = 'draft')"
    ));
    let query = query.bind(body.as_str()).bind(body.to_lowercase()).bind(typed.writer.as_str()).bind(actor.person_id);
    let query = query.bind(app.now_ms()).bind(id).bind(position).bind(typed.version).bind(typed.writer.as_str());
    let changed = query.execute().await?;
    let now = one(app, id, position).await?;
    if changed == 0 {
        return Ok((handoff, Outcome::Conflict(now)));
    }
    app.publish(TOPIC, format!("{id}:section-{position}")).await;
    Ok((handoff, Outcome::Saved(now)))
}

fn check(typed: &Typed) -> Result<String> {
    let body = typed.body.replace("\r\n", "\n");
    let length = body.chars().count();
    let mut checks = Checks::default();
    let long = format!("At most {MAX_BODY_CHARS} characters fit here; these are {length}.");
    checks.that(length <= MAX_BODY_CHARS, "body", long);
    checks.that(!body.contains('\0'), "body", "Control characters are not allowed here.");
    checks.that(typed.writer.len() <= MAX_WRITER_CHARS, "", "This form cannot be read. Reload the page.");
    checks.done()?;
    Ok(body)
}
