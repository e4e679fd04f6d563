//! Invitations: a link by which somebody who was added sets their first password and is logged in.
//!
//! Table: invitations. The person stands in the list from the moment they are invited, and can be rated; the invitation
//! adds the way in. It is valid for seven days, can be sent again (which makes a new link) and withdrawn. Where no mail is
//! sent, whoever invites is shown the link once, to pass it on.

use super::links::{Links, require_rank};
use super::passwords::{self, Owner, Passwords};
use super::people::{self, NewPerson};
use super::secrets::{random_token, token_hash};
use super::{Actor, Followers, WRITE};
use crate::db::{Db, Tx};
use crate::error::{Checks, Error, Result};
use crate::outbox::{self, NewMail};
use crate::{events, sql};

const LIFE_MS: i64 = 7 * 24 * 3_600_000;

/// An invitation as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Invitation {
    pub id: i64,
    pub person_id: i64,
    pub name: String,
    pub email: String,
    pub team: Option<String>,
    /// Who sent it last.
    pub inviter: Option<String>,
    pub sent_at: i64,
    pub expires_at: i64,
}

/// Somebody who was invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub person_id: i64,
    pub name: String,
    pub email: String,
    /// Where no mail is sent: to be shown once.
    pub link: Option<String>,
}

/// How somebody can get in, as those see it who look after people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayIn {
    /// Without an address there is none.
    NoAddress,
    /// Not yet; an invitation would be one.
    Uninvited,
    Invited {
        expires_at: i64,
    },
    Password,
}

pub async fn way_in(db: &Db, actor: &Actor, person_id: i64) -> Result<WayIn> {
    actor.require(WRITE)?;
    let query = db.q(sql!(
        "SELECT p.email, p.password_hash, i.expires_at FROM people p LEFT JOIN invitations i ON i.person_id = p.id
         WHERE p.id = ? AND p.active = TRUE"
    ));
    let row: (Option<String>, Option<String>, Option<i64>) = query.bind(person_id).one().await?;
    Ok(match row {
        (_, Some(_), _) => WayIn::Password,
        (None, _, _) => WayIn::NoAddress,
        (_, _, Some(expires_at)) => WayIn::Invited { expires_at },
        _ => WayIn::Uninvited,
    })
}

/// Those that were neither used nor withdrawn, the newest first.
pub async fn list(db: &Db, actor: &Actor) -> Result<Vec<Invitation>> {
    actor.require(WRITE)?;
    let query = db.q(sql!(
        "SELECT i.id, i.person_id, p.name, p.email, t.name AS team, b.name AS inviter, i.sent_at, i.expires_at
         FROM invitations i JOIN people p ON p.id = i.person_id LEFT JOIN teams t ON t.id = p.team_id
         LEFT JOIN people b ON b.id = i.invited_by
         WHERE p.active = TRUE AND p.email IS NOT NULL ORDER BY i.sent_at DESC, i.id DESC"
    ));
    Ok(query.all().await?)
}

/// Adds a person with one of the roles for new people, and invites them.
pub async fn invite_new(
    links: Links<'_>,
    followers: &Followers,
    actor: &Actor,
    new: &NewPerson,
    role: &str,
    now_ms: i64,
) -> Result<Invited> {
    actor.require(WRITE)?;
    let address = new.email.trim();
    Checks::only(!address.is_empty(), "email", "The invitation goes to an e-mail address.")?;
    Checks::only(outbox::is_deliverable(address), "email", "No mail can be sent to that address.")?;
    let mut tx = links.db.begin().await?;
    let person_id = people::add(&mut tx, followers, actor, new, role, now_ms).await?;
    let recipient = Recipient { person_id, name: new.name.trim().to_owned(), email: address.to_owned() };
    let invited = send_link(links, &mut tx, actor, recipient, now_ms).await?;
    tx.commit().await?;
    Ok(invited)
}

/// Invites somebody who is there already, or invites them again. The link before it does not work any more.
pub async fn invite(links: Links<'_>, actor: &Actor, person_id: i64, now_ms: i64) -> Result<Invited> {
    actor.require(WRITE)?;
    require_rank(links.db, actor, person_id).await?;
    let query = links.db.q(sql!("SELECT name, email, password_hash FROM people WHERE id = ? AND active = TRUE"));
    let (name, email, hash): (String, Option<String>, Option<String>) = query.bind(person_id).one().await?;
    let email = email.unwrap_or_default();
    let mut checks = Checks::default();
    checks.that(!email.is_empty(), "", format!("{name} has no e-mail address that an invitation could go to."));
    checks.that(email.is_empty() || outbox::is_deliverable(&email), "", format!("No mail can be sent to {email}."));
    checks.that(hash.is_none(), "", format!("{name} can log in already."));
    checks.done()?;
    let mut tx = links.db.begin().await?;
    let invited = send_link(links, &mut tx, actor, Recipient { person_id, name, email }, now_ms).await?;
    tx.commit().await?;
    Ok(invited)
}

/// Sends an invitation of the list again.
pub async fn send_again(links: Links<'_>, actor: &Actor, id: i64, now_ms: i64) -> Result<Invited> {
    actor.require(WRITE)?;
    let query = links.db.q(sql!("SELECT person_id FROM invitations WHERE id = ?"));
    let (person_id,) = query.bind(id).one::<(i64,)>().await?;
    invite(links, actor, person_id, now_ms).await
}

/// Withdraws an invitation: its link does not work any more. The person stays. Returns their name.
pub async fn withdraw(db: &Db, actor: &Actor, id: i64, now_ms: i64) -> Result<String> {
    actor.require(WRITE)?;
    let query =
        db.q(sql!("SELECT i.person_id, p.name FROM invitations i JOIN people p ON p.id = i.person_id WHERE i.id = ?"));
    let (person_id, name): (i64, String) = query.bind(id).one().await?;
    let mut tx = db.begin().await?;
    outbox::withdraw(&mut tx, &mail_key(id), now_ms).await?;
    if tx.q(sql!("DELETE FROM invitations WHERE id = ?")).bind(id).execute().await? == 0 {
        return Err(Error::NotFound);
    }
    record(&mut tx, actor, "people.invitation_withdrawn", person_id, now_ms).await?;
    tx.commit().await?;
    Ok(name)
}

struct Recipient {
    person_id: i64,
    name: String,
    email: String,
}

async fn send_link(links: Links<'_>, tx: &mut Tx, actor: &Actor, to: Recipient, now_ms: i64) -> Result<Invited> {
    let query = tx.q(sql!("SELECT id FROM invitations WHERE person_id = ?"));
    if let Some((old,)) = query.bind(to.person_id).optional::<(i64,)>().await? {
        outbox::withdraw(tx, &mail_key(old), now_ms).await?;
        tx.q(sql!("DELETE FROM invitations WHERE id = ?")).bind(old).execute().await?;
    }
    let token = random_token();
    let query = tx.q(sql!(
        "INSERT INTO invitations (person_id, token_hash, invited_by, sent_at, expires_at)
         VALUES (?, ?, ?, ?, ?) {returning id}"
    ));
    let query = query.bind(to.person_id).bind(token_hash(&token)).bind(actor.person_id);
    let id = query.bind(now_ms).bind(now_ms + LIFE_MS).insert().await?;
    let link = format!("{}/invitations/{token}", links.site);
    record(tx, actor, "people.invited", to.person_id, now_ms).await?;
    let Recipient { person_id, name, email } = to;
    if !links.outbox.is_on() {
        return Ok(Invited { person_id, name, email, link: Some(link) });
    }
    let text = format!(
        "Hello {name},\n\n{} invites you to Quarterdeck.\nOpen this link within seven days and choose a password:\n\n\
         {link}\n\nFrom then on you log in with this address and that password.\n",
        actor.name
    );
    let subject = format!("{} invites you to Quarterdeck", actor.name);
    let mail = NewMail { to: email.clone(), subject, text, dedup_key: mail_key(id) };
    links.outbox.enqueue_sealed(tx, &mail, now_ms + LIFE_MS, now_ms).await?;
    Ok(Invited { person_id, name, email, link: None })
}

fn mail_key(id: i64) -> String {
    format!("invitation:{id}")
}

/// Whom a link lets in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Guest {
    pub person_id: i64,
    pub name: String,
    pub email: String,
}

/// What a link opens; `None` when it was used, replaced, withdrawn or made up, when it is too old, or when the person can
/// log in by another way meanwhile or is not active.
pub async fn find(db: &Db, token: &str, now_ms: i64) -> Result<Option<Guest>> {
    let query = db.q(sql!(
        "SELECT i.person_id, p.name, p.email FROM invitations i JOIN people p ON p.id = i.person_id
         WHERE i.token_hash = ? AND i.expires_at > ? AND p.active = TRUE AND p.email IS NOT NULL
         AND p.password_hash IS NULL"
    ));
    Ok(query.bind(token_hash(token)).bind(now_ms).optional().await?)
}

/// Uses the link up and sets the first password. Of two who try at once, one is told that the link is gone.
pub async fn accept((db, passwords): (&Db, &Passwords), token: &str, password: String, now_ms: i64) -> Result<Guest> {
    let guest = find(db, token, now_ms).await?.ok_or(Error::NotFound)?;
    let hash = passwords.hash(password, &Owner { name: &guest.name, email: &guest.email }).await?;
    let mut tx = db.begin().await?;
    let query = tx.q(sql!("DELETE FROM invitations WHERE token_hash = ? AND person_id = ?"));
    if query.bind(token_hash(token)).bind(guest.person_id).execute().await? == 0 {
        return Err(Error::NotFound);
    }
    passwords::store(&mut tx, guest.person_id, &hash, now_ms).await?;
    let actor = Actor { person_id: Some(guest.person_id), ..Actor::system() };
    record(&mut tx, &actor, "people.invitation_accepted", guest.person_id, now_ms).await?;
    tx.commit().await?;
    Ok(guest)
}

async fn record(tx: &mut Tx, actor: &Actor, kind: &str, person_id: i64, now_ms: i64) -> Result<()> {
    Ok(events::record(tx, actor, now_ms, kind, &format!("person:{person_id}"), &serde_json::json!({})).await?)
}
