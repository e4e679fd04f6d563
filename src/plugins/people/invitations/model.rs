//! Invitations and links for a new password, made by `accounts`, then told to everybody and sent.

use crate::accounts::invitations::{self, Invited};
use crate::accounts::links::Links;
use crate::accounts::people::NewPerson;
use crate::accounts::{Actor, TOPIC, resets};
use crate::app::App;
use crate::error::Result;
use crate::outbox;

pub async fn invite_new(app: &App, actor: &Actor, new: &NewPerson, role: &str) -> Result<Invited> {
    let site = app.site();
    let links = Links { db: &app.db, outbox: &app.outbox, site: &site };
    let invited = invitations::invite_new(links, &app.followers, actor, new, role, app.now_ms()).await?;
    app.publish(TOPIC, invited.person_id.to_string()).await;
    app.publish(outbox::TOPIC, "*").await;
    Ok(invited)
}

pub async fn invite(app: &App, actor: &Actor, person_id: i64) -> Result<Invited> {
    let site = app.site();
    let links = Links { db: &app.db, outbox: &app.outbox, site: &site };
    let invited = invitations::invite(links, actor, person_id, app.now_ms()).await?;
    app.publish(outbox::TOPIC, "*").await;
    Ok(invited)
}

pub async fn send_again(app: &App, actor: &Actor, id: i64) -> Result<Invited> {
    let site = app.site();
    let links = Links { db: &app.db, outbox: &app.outbox, site: &site };
    let invited = invitations::send_again(links, actor, id, app.now_ms()).await?;
    app.publish(outbox::TOPIC, "*").await;
    Ok(invited)
}

/// Has a link for a new password sent to somebody, and returns the address.
pub async fn start_reset(app: &App, actor: &Actor, person_id: i64) -> Result<String> {
    let site = app.site();
    let links = Links { db: &app.db, outbox: &app.outbox, site: &site };
    let email = resets::start(links, actor, person_id, app.now_ms()).await?;
    app.publish(outbox::TOPIC, "*").await;
    Ok(email)
}
