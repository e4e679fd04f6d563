//! The steps of a handoff. Each is one conditional write, so that of two who come at once one wins and the other is told who.

use super::super::TOPIC;
use super::super::composition::model::{columns, find_receiver};
use super::super::items::model as items;
use super::super::model::{Handoff, Receiver, Severity, State, get, receivers, too_late};
use super::super::notices::tell;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Checks, Error, Result};
use crate::notices;
use crate::{events, sql};

pub const MAX_CHARS: usize = 10_000;
/// Shorter than this a synthesis says nothing: it would be a box to tick.
const LEAST_SYNTHESIS_CHARS: usize = 15;

/// What a draft is sent with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sending {
    pub receiver: String,
    pub severity: String,
}

pub async fn send(app: &App, actor: &Actor, id: i64, sending: &Sending) -> Result<()> {
    let handoff = get(app, actor, id).await?;
    if handoff.state != State::Draft {
        return Err(too_late(app, actor, id).await?);
    }
    if !handoff.may_send() {
        return Err(Error::Forbidden);
    }
    let missing = || Error::invalid("receiver", "Say to whom it goes.");
    let receiver = find_receiver(app, handoff.author_id, &sending.receiver).await?.ok_or_else(missing)?;
    let severity = Severity::from_name(&sending.severity).unwrap_or(handoff.severity);
    let (person, team) = columns(Some(&receiver));
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE handoffs SET state = 'sent', sent_at = ?, receiver_id = ?, receiver_team_id = ?, severity = ?, reminded_at = NULL,
         escalated_at = NULL, version = version + 1 WHERE id = ? AND state = 'draft'"
    ));
    let query = query.bind(app.now_ms()).bind(person).bind(team).bind(severity.name()).bind(id);
    if query.execute().await? == 0 {
        drop(tx);
        return Err(too_late(app, actor, id).await?);
    }
    items::open_all(&mut tx, id, app.now_ms()).await?;
    let handoff = Handoff { receiver: Some(receiver), severity, ..handoff };
    let told = tell_receivers(&mut tx, actor, &handoff, app.now_ms()).await?;
    finish(app, tx, actor, (&handoff, "handoffs.sent"), told).await
}

async fn tell_receivers(tx: &mut Tx, actor: &Actor, handoff: &Handoff, now: i64) -> Result<Vec<i64>> {
    let people = receivers(tx, handoff).await?;
    let title = format!("{} hands off to you: {}", handoff.author, handoff.title);
    let key = ("handoffs.received", format!("{}:{now}", handoff.id));
    Ok(tell(tx, actor, key, &people, (handoff.id, title), now).await?)
}

async fn finish(app: &App, mut tx: Tx, actor: &Actor, (handoff, kind): (&Handoff, &str), told: Vec<i64>) -> Result<()> {
    let detail = serde_json::json!({
        "title": handoff.title,
        "from": handoff.author,
        "to": handoff.receiver.as_ref().map(Receiver::name),
    });
    events::record(&mut tx, actor, app.now_ms(), kind, &format!("handoff:{}", handoff.id), &detail).await?;
    tx.commit().await?;
    app.publish(TOPIC, handoff.id.to_string()).await;
    notices::publish(&app.bus, app.now_ms(), &told).await;
    Ok(())
}

fn check(field: &str, text: &str, least: usize, problem: &str) -> Result<String> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    let mut checks = Checks::default();
    checks.that(text.chars().count() >= least, field, problem);
    checks.that(text.chars().count() <= MAX_CHARS, field, format!("At most {MAX_CHARS} characters fit here."));
    checks.that(!text.contains('\0'), field, "Control characters are not allowed here.");
    checks.done()?;
    Ok(text)
}

/// Takes the responsibility over, with what the receiver has understood. A lead may take what was meant for somebody else.
pub async fn accept(app: &App, actor: &Actor, id: i64, synthesis: &str) -> Result<()> {
    let handoff = get(app, actor, id).await?;
    if handoff.state != State::Sent {
        return Err(too_late(app, actor, id).await?);
    }
    let takes = handoff.may_redirect() && !handoff.standing.is_author;
    if !handoff.may_answer() && !takes {
        return Err(Error::Forbidden);
    }
    let problem = "Say in your own words what you take over and what you will do first.";
    let synthesis = check("synthesis", synthesis, LEAST_SYNTHESIS_CHARS, problem)?;
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE handoffs SET state = 'accepted', ended_at = ?, ended_by = ?, synthesis = ?, version = version + 1
         WHERE id = ? AND state = 'sent'"
    ));
    let query = query.bind(app.now_ms()).bind(actor.person_id).bind(synthesis).bind(id);
    if query.execute().await? == 0 {
        drop(tx);
        return Err(too_late(app, actor, id).await?);
    }
    if let Some(team) = receiving_team(&handoff, actor) {
        items::move_all(&mut tx, id, team).await?;
    }
    let title = format!("{} has accepted “{}”, and is responsible now", actor.name, handoff.title);
    let told = tell_author(&mut tx, actor, &handoff, title, app.now_ms()).await?;
    finish(app, tx, actor, (&handoff, "handoffs.accepted"), told).await
}

/// The team that looks after the items from now on.
fn receiving_team(handoff: &Handoff, actor: &Actor) -> Option<i64> {
    match &handoff.receiver {
        Some(Receiver::Team { id, .. }) => Some(*id),
        _ => actor.team_id,
    }
}

async fn tell_author(tx: &mut Tx, actor: &Actor, handoff: &Handoff, title: String, now: i64) -> Result<Vec<i64>> {
    let key = ("handoffs.answered", format!("{}:{now}", handoff.id));
    Ok(tell(tx, actor, key, &[handoff.author_id], (handoff.id, title), now).await?)
}

pub async fn decline(app: &App, actor: &Actor, id: i64, reason: &str) -> Result<()> {
    let handoff = get(app, actor, id).await?;
    if handoff.state != State::Sent {
        return Err(too_late(app, actor, id).await?);
    }
    if !handoff.may_answer() {
        return Err(Error::Forbidden);
    }
    let reason = check("reason", reason, 1, "Say why, so that somebody else can be found.")?;
    let title = format!("{} declines “{}”: you stay responsible", actor.name, handoff.title);
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE handoffs SET state = 'declined', ended_at = ?, ended_by = ?, reason = ?, version = version + 1 WHERE id = ? AND state = 'sent'"
    ));
    if query.bind(app.now_ms()).bind(actor.person_id).bind(reason).bind(id).execute().await? == 0 {
        drop(tx);
        return Err(too_late(app, actor, id).await?);
    }
    let told = tell_author(&mut tx, actor, &handoff, title, app.now_ms()).await?;
    finish(app, tx, actor, (&handoff, "handoffs.declined"), told).await
}

/// Takes a handoff back, or throws a draft away: what was opened stays open.
pub async fn withdraw(app: &App, actor: &Actor, id: i64) -> Result<()> {
    let handoff = get(app, actor, id).await?;
    if !handoff.may_withdraw() {
        let is_over = !matches!(handoff.state, State::Draft | State::Sent);
        return Err(if is_over { too_late(app, actor, id).await? } else { Error::Forbidden });
    }
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE handoffs SET state = 'withdrawn', ended_at = ?, ended_by = ?, version = version + 1
         WHERE id = ? AND state IN ('draft', 'sent')"
    ));
    if query.bind(app.now_ms()).bind(actor.person_id).bind(id).execute().await? == 0 {
        drop(tx);
        return Err(too_late(app, actor, id).await?);
    }
    items::drop_unopened(&mut tx, id).await?;
    let people = if handoff.state == State::Sent { receivers(&mut tx, &handoff).await? } else { Vec::new() };
    let title = format!("{} has withdrawn the handoff “{}”", actor.name, handoff.title);
    let key = ("handoffs.withdrawn", id.to_string());
    let told = tell(&mut tx, actor, key, &people, (id, title), app.now_ms()).await?;
    finish(app, tx, actor, (&handoff, "handoffs.withdrawn"), told).await
}

/// Sends it to somebody else, because the receiver is missing. The clock of its reminders begins anew.
pub async fn redirect(app: &App, actor: &Actor, id: i64, receiver: &str) -> Result<()> {
    let handoff = get(app, actor, id).await?;
    if handoff.state != State::Sent {
        return Err(too_late(app, actor, id).await?);
    }
    if !handoff.may_redirect() {
        return Err(Error::Forbidden);
    }
    let missing = || Error::invalid("receiver", "Say to whom it goes.");
    let receiver = find_receiver(app, handoff.author_id, receiver).await?.ok_or_else(missing)?;
    let (person, team) = columns(Some(&receiver));
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE handoffs SET receiver_id = ?, receiver_team_id = ?, sent_at = ?, reminded_at = NULL, escalated_at = NULL,
         version = version + 1 WHERE id = ? AND state = 'sent'"
    ));
    if query.bind(person).bind(team).bind(app.now_ms()).bind(id).execute().await? == 0 {
        drop(tx);
        return Err(too_late(app, actor, id).await?);
    }
    let handoff = Handoff { receiver: Some(receiver), ..handoff };
    let told = tell_receivers(&mut tx, actor, &handoff, app.now_ms()).await?;
    finish(app, tx, actor, (&handoff, "handoffs.redirected"), told).await
}
