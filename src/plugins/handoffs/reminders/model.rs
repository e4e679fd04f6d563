//! Reminders and escalations. What was done is written down in the handoff, inside of the change that tells people: a job
//! that was away for a day tells each once, and so does one that runs twice. A receiver who was deactivated is told to the
//! leads at once.

use super::super::model::{Handoff, Receiver, get, receivers};
use super::super::notices::tell;
use super::super::teams::model as teams;
use super::super::{LEAD, TOPIC};
use crate::accounts::{Actor, roles};
use crate::app::App;
use crate::error::Result;
use crate::{notices, sql};

const MINUTE_MS: i64 = 60_000;

pub async fn remind(app: &App) -> Result<()> {
    let query =
        app.db.q(sql!("SELECT id, sent_at FROM handoffs WHERE state = 'sent' AND escalated_at IS NULL ORDER BY id"));
    for (id, sent_at) in query.all::<(i64, i64)>().await? {
        look_after(app, id, sent_at).await?;
    }
    Ok(())
}

async fn look_after(app: &App, id: i64, sent_at: i64) -> Result<()> {
    let handoff = get(app, &Actor::system(), id).await?;
    let settings = teams::of(app, handoff.team_id).await?;
    // A clock that was moved back makes nothing due.
    let waited_min = (app.now_ms() - sent_at) / MINUTE_MS;
    if waited_min >= settings.escalate_min || is_unreachable(app, &handoff).await? {
        return escalate(app, &handoff).await;
    }
    if waited_min >= settings.remind_min {
        return tell_receivers(app, &handoff).await;
    }
    Ok(())
}

/// Whether nobody is left who could accept it.
async fn is_unreachable(app: &App, handoff: &Handoff) -> Result<bool> {
    let query = match &handoff.receiver {
        None => return Ok(true),
        Some(Receiver::Person { id, .. }) => {
            app.db.q(sql!("SELECT COUNT(*) FROM people WHERE id = ? AND active = TRUE")).bind(*id)
        }
        Some(Receiver::Team { id, .. }) => {
            let query = app.db.q(sql!("SELECT COUNT(*) FROM people WHERE team_id = ? AND active = TRUE AND id <> ?"));
            query.bind(*id).bind(handoff.author_id)
        }
    };
    let (count,) = query.one::<(i64,)>().await?;
    Ok(count == 0)
}

async fn tell_receivers(app: &App, handoff: &Handoff) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let query =
        tx.q(sql!("UPDATE handoffs SET reminded_at = ? WHERE id = ? AND state = 'sent' AND reminded_at IS NULL"));
    if query.bind(app.now_ms()).bind(handoff.id).execute().await? == 0 {
        return Ok(());
    }
    let people = receivers(&mut tx, handoff).await?;
    let title = format!("{} still waits for you to accept “{}”", handoff.author, handoff.title);
    let key = ("handoffs.waiting", format!("{}:{}", handoff.id, handoff.sent_at.unwrap_or(0)));
    let told = tell(&mut tx, &Actor::system(), key, &people, (handoff.id, title), app.now_ms()).await?;
    tx.commit().await?;
    notices::publish(&app.bus, app.now_ms(), &told).await;
    Ok(())
}

/// The leads of both teams hear of it; where there are none, whoever leads everything.
async fn escalate(app: &App, handoff: &Handoff) -> Result<()> {
    let people = leads(app, handoff).await?;
    let mut tx = app.db.begin().await?;
    let query =
        tx.q(sql!("UPDATE handoffs SET escalated_at = ? WHERE id = ? AND state = 'sent' AND escalated_at IS NULL"));
    if query.bind(app.now_ms()).bind(handoff.id).execute().await? == 0 {
        return Ok(());
    }
    let title =
        format!("Nobody has accepted “{}” of {}: take it, or send it to somebody else", handoff.title, handoff.team);
    let key = ("handoffs.escalated", format!("{}:{}", handoff.id, handoff.sent_at.unwrap_or(0)));
    let told = tell(&mut tx, &Actor::system(), key, &people, (handoff.id, title), app.now_ms()).await?;
    tx.commit().await?;
    app.publish(TOPIC, handoff.id.to_string()).await;
    notices::publish(&app.bus, app.now_ms(), &told).await;
    Ok(())
}

async fn leads(app: &App, handoff: &Handoff) -> Result<Vec<i64>> {
    let mut teams = vec![handoff.team_id];
    if let Some(Receiver::Team { id, .. }) = &handoff.receiver {
        teams.push(*id);
    }
    let mut people = Vec::new();
    for team in teams {
        let holders = roles::holders(&app.access, LEAD, Some(team)).await?;
        people.extend(holders.iter().filter(|holder| holder.id != handoff.author_id).map(|holder| holder.id));
    }
    if people.is_empty() {
        let everybody = roles::holders(&app.access, super::super::ALL, None).await?;
        people.extend(everybody.iter().map(|holder| holder.id));
    }
    people.sort_unstable();
    people.dedup();
    Ok(people)
}
