//! What is asked of a handoff that waits to be accepted. The author hears of a question, who asked of the answer.

use super::super::TOPIC;
use super::super::items::model as items;
use super::super::model::State;
use super::super::model::{Handoff, get, too_late};
use super::super::notices::tell;
use crate::accounts::Actor;
use crate::app::App;
use crate::db;
use crate::error::{Checks, Error, Result};
use crate::notices;
use crate::sql;

pub const MAX_CHARS: usize = 5_000;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Question {
    pub id: i64,
    pub handoff_id: i64,
    pub item: Option<String>,
    pub asked_by: Option<i64>,
    pub asker: Option<String>,
    pub question: String,
    pub asked_at: i64,
    pub answerer: Option<String>,
    pub answer: String,
    pub answered_at: Option<i64>,
}

/// Who has the handoff in hand was let in.
pub async fn list(app: &App, handoff_id: i64) -> Result<Vec<Question>> {
    let query = app.db.q(sql!(
        "SELECT q.id, q.handoff_id, i.title AS item, q.asked_by, a.name AS asker, q.question, q.asked_at, w.name AS answerer, q.answer,
          q.answered_at FROM handoff_questions q LEFT JOIN handoff_items i ON i.id = q.item_id
         LEFT JOIN people a ON a.id = q.asked_by LEFT JOIN people w ON w.id = q.answered_by
         WHERE q.handoff_id = ? ORDER BY q.id"
    ));
    Ok(query.bind(handoff_id).all().await?)
}

/// A handoff that still waits, for who takes part in it.
async fn waiting(app: &App, actor: &Actor, id: i64) -> Result<Handoff> {
    let handoff = get(app, actor, id).await?;
    if handoff.state != State::Sent {
        return Err(too_late(app, actor, id).await?);
    }
    if handoff.may_ask() { Ok(handoff) } else { Err(Error::Forbidden) }
}

fn check(field: &str, text: &str) -> Result<String> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    let mut checks = Checks::default();
    checks.that(!text.is_empty(), field, "Say something.");
    checks.that(text.chars().count() <= MAX_CHARS, field, format!("At most {MAX_CHARS} characters fit here."));
    checks.that(!text.contains('\0'), field, "Control characters are not allowed here.");
    checks.done()?;
    Ok(text)
}

/// What somebody wants to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewQuestion {
    pub text: String,
    /// The item that it is about.
    pub item_id: Option<i64>,
    pub submission: String,
}

/// Asks; the same form sent twice asks once.
pub async fn ask(app: &App, actor: &Actor, id: i64, new: &NewQuestion) -> Result<()> {
    let handoff = waiting(app, actor, id).await?;
    let text = check("question", &new.text)?;
    Checks::only(new.submission.len() <= 40, "", "This form cannot be read. Reload the page.")?;
    let items = items::list(app, id).await?;
    let item = new.item_id.filter(|item| items.iter().any(|known| known.id == *item));
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "INSERT INTO handoff_questions (handoff_id, item_id, asked_by, question, asked_at, answer, submission)
         VALUES (?, ?, ?, ?, ?, '', ?) {returning id}"
    ));
    let query = query.bind(id).bind(item).bind(actor.person_id).bind(text).bind(app.now_ms());
    let question = match query.bind(Some(new.submission.clone()).filter(|text| !text.is_empty())).insert().await {
        Err(db::Error::Unique) => return Ok(()),
        inserted => inserted?,
    };
    let title = format!("{} asks about the handoff “{}”", actor.name, handoff.title);
    let key = ("handoffs.asked", format!("question:{question}"));
    let told = tell(&mut tx, actor, key, &[handoff.author_id], (id, title), app.now_ms()).await?;
    tx.commit().await?;
    app.publish(TOPIC, format!("{id}:questions")).await;
    notices::publish(&app.bus, app.now_ms(), &told).await;
    Ok(())
}

/// Answers a question once; returns the handoff's id. Whoever comes second is told so.
pub async fn answer(app: &App, actor: &Actor, question_id: i64, text: &str) -> Result<i64> {
    let query = app.db.q(sql!("SELECT handoff_id, asked_by FROM handoff_questions WHERE id = ?"));
    let (id, asker) = query.bind(question_id).one::<(i64, Option<i64>)>().await?;
    let handoff = waiting(app, actor, id).await?;
    let text = check("answer", text)?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE handoff_questions SET answer = ?, answered_by = ?, answered_at = ? WHERE id = ? AND answered_at IS NULL"
    ));
    let query = query.bind(text).bind(actor.person_id).bind(app.now_ms()).bind(question_id);
    if query.execute().await? == 0 {
        return Err(Error::Conflict("Somebody has answered this question already.".to_owned()));
    }
    let title = format!("{} answers your question about “{}”", actor.name, handoff.title);
    let asker: Vec<i64> = asker.into_iter().collect();
    let key = ("handoffs.asked", format!("answer:{question_id}"));
    let told = tell(&mut tx, actor, key, &asker, (id, title), app.now_ms()).await?;
    tx.commit().await?;
    app.publish(TOPIC, format!("{id}:questions")).await;
    notices::publish(&app.bus, app.now_ms(), &told).await;
    Ok(id)
}
