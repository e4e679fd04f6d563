//! A new password for somebody who has forgotten theirs, by a link that goes to their address.
//!
//! Tables: password_reset_requests, password_resets. Whoever asks only writes a request: the same row, in the same time,
//! whether anybody has that address. `answer` looks the person up later, where mails are sent from, and writes the link
//! into the outbox. The link works once, for ten minutes; using it ends all sessions of the person. Administrators can
//! start it for somebody, and never see the link.

use super::links::{Links, require_rank};
use super::passwords::{self, Owner, Passwords};
use super::people::is_address;
use super::secrets::{random_token, token_hash};
use super::sessions::{self, Sessions};
use super::{Actor, WRITE};
use crate::db::{self, Db, Tx};
use crate::error::{Checks, Error, Result};
use crate::notices::{self, NewNotice};
use crate::outbox::{self, NewMail};
use crate::{events, sql};
use std::net::IpAddr;

const LIFE_MS: i64 = 10 * 60_000;
/// In so long, one address is sent at most so many links, and one client may ask at most so often.
const WINDOW_MS: i64 = 15 * 60_000;
const LINKS_IN_WINDOW: i64 = 3;
const REQUESTS_IN_WINDOW: i64 = 10;
/// How many requests are looked at together.
const AT_ONCE: i64 = 50;
/// A request tells nothing any more after this.
const REQUESTS_KEPT_MS: i64 = 24 * 3_600_000;

/// What became of a request; nothing of it depends on who has the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Noted,
    /// From there too many have come.
    TooOften {
        again_in_s: i64,
    },
}

/// Notes that somebody asked. The caller publishes `outbox::TOPIC`.
pub async fn ask(db: &Db, email: &str, client: Option<IpAddr>, now_ms: i64) -> Result<Asked> {
    let email = email.trim();
    let mut checks = Checks::default();
    checks.that(is_address(email) && email.chars().count() <= 190, "email", "That is not an e-mail address.");
    checks.that(!email.chars().any(char::is_control), "email", "Control characters are not allowed here.");
    checks.done()?;
    let client = client_key(client);
    let query = db.q(sql!("SELECT COUNT(*), MIN(at) FROM password_reset_requests WHERE client = ? AND at > ?"));
    let query = query.bind(client.clone()).bind(now_ms - WINDOW_MS);
    let (count, oldest) = query.one::<(i64, Option<i64>)>().await?;
    if count >= REQUESTS_IN_WINDOW {
        let again_in_ms = oldest.unwrap_or(now_ms) + WINDOW_MS - now_ms;
        return Ok(Asked::TooOften { again_in_s: (again_in_ms + 999) / 1000 });
    }
    db.q(sql!("INSERT INTO password_reset_requests (email_key, client, at) VALUES (?, ?, ?)"))
        .bind(email.to_lowercase())
        .bind(client)
        .bind(now_ms)
        .execute()
        .await?;
    Ok(Asked::Noted)
}

/// Whoever has an IPv6 address has all those that begin with the same 64 bits.
fn client_key(client: Option<IpAddr>) -> String {
    match client.map(|address| address.to_canonical()) {
        None => String::new(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let network = u128::from(address) >> 64 << 64;
            std::net::Ipv6Addr::from(network).to_string()
        }
    }
}

/// Writes the links that were asked for into the outbox, for those whom there are.
pub async fn answer(links: Links<'_>, now_ms: i64) -> Result<()> {
    loop {
        let query = links.db.q(sql!(
            "SELECT id, email_key, at FROM password_reset_requests WHERE answered_at IS NULL ORDER BY id LIMIT ?"
        ));
        let waiting: Vec<(i64, String, i64)> = query.bind(AT_ONCE).all().await?;
        if waiting.is_empty() {
            return Ok(());
        }
        for request in &waiting {
            answer_one(links, request, now_ms).await?;
        }
    }
}

async fn answer_one(links: Links<'_>, (id, email_key, at): &(i64, String, i64), now_ms: i64) -> Result<()> {
    let mut tx = links.db.begin().await?;
    let query = tx.q(sql!("UPDATE password_reset_requests SET answered_at = ? WHERE id = ? AND answered_at IS NULL"));
    if query.bind(now_ms).bind(*id).execute().await? == 0 {
        return Ok(());
    }
    let query = tx.q(sql!("SELECT COUNT(*) FROM password_reset_requests WHERE email_key = ? AND at > ? AND id < ?"));
    let (before,) = query.bind(email_key.as_str()).bind(at - WINDOW_MS).bind(*id).one::<(i64,)>().await?;
    let query = tx.q(sql!(
        "SELECT id, name, email FROM people WHERE email_key = ? AND active = TRUE AND password_hash IS NOT NULL"
    ));
    let person: Option<(i64, String, String)> = query.bind(email_key.as_str()).optional().await?;
    if let Some((person_id, name, email)) = person.filter(|_| before < LINKS_IN_WINDOW) {
        let why = "Somebody, hopefully you, asked for a new password for Quarterdeck.";
        send_link(links, &mut tx, Recipient { person_id, name, email, why }, now_ms).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Starts it for somebody else, who is sent the link. Returns the address that it went to. The caller publishes
/// `outbox::TOPIC`.
pub async fn start(links: Links<'_>, actor: &Actor, person_id: i64, now_ms: i64) -> Result<String> {
    actor.require(WRITE)?;
    require_rank(links.db, actor, person_id).await?;
    let query = links.db.q(sql!("SELECT name, email, password_hash FROM people WHERE id = ? AND active = TRUE"));
    let (name, email, hash): (String, Option<String>, Option<String>) = query.bind(person_id).one().await?;
    let mut checks = Checks::default();
    checks.that(links.outbox.is_on(), "", "No mail is sent from here; use `quarterdeck set-password` instead.");
    checks.that(email.is_some(), "", format!("{name} has no e-mail address."));
    checks.that(hash.is_some(), "", format!("{name} has never had a password. Send an invitation instead."));
    checks.done()?;
    let email = email.unwrap_or_default();
    let why = format!("{} started this so that you can choose a new password for Quarterdeck.", actor.name);
    let mut tx = links.db.begin().await?;
    let recipient = Recipient { person_id, name, email: email.clone(), why: &why };
    send_link(links, &mut tx, recipient, now_ms).await?;
    let (kind, subject) = ("accounts.password_reset_started", format!("person:{person_id}"));
    events::record(&mut tx, actor, now_ms, kind, &subject, &serde_json::json!({ "email": email })).await?;
    tx.commit().await?;
    Ok(email)
}

struct Recipient<'a> {
    person_id: i64,
    name: String,
    email: String,
    /// The sentence that tells how it came to this mail.
    why: &'a str,
}

/// A new link replaces the one before it, and the mail with that is not sent any more.
async fn send_link(links: Links<'_>, tx: &mut Tx, to: Recipient<'_>, now_ms: i64) -> Result<()> {
    let query = tx.q(sql!("SELECT id FROM password_resets WHERE person_id = ?"));
    if let Some((old,)) = query.bind(to.person_id).optional::<(i64,)>().await? {
        outbox::withdraw(tx, &mail_key(old), now_ms).await?;
        tx.q(sql!("DELETE FROM password_resets WHERE id = ?")).bind(old).execute().await?;
    }
    let token = random_token();
    let query = tx.q(sql!(
        "INSERT INTO password_resets (person_id, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?) {returning id}"
    ));
    let query = query.bind(to.person_id).bind(token_hash(&token)).bind(now_ms).bind(now_ms + LIFE_MS);
    let id = query.insert().await?;
    let text = format!(
        "Hello {},\n\n{}\nOpen this link within ten minutes and choose one:\n\n{}/password-resets/{token}\n\n\
         The link works once. If you did not ask for it, leave this mail alone: your password stays as it is.\n",
        to.name, to.why, links.site
    );
    let subject = "A new password for Quarterdeck".to_owned();
    let mail = NewMail { to: to.email, subject, text, dedup_key: mail_key(id) };
    links.outbox.enqueue_sealed(tx, &mail, now_ms + LIFE_MS, now_ms).await?;
    Ok(())
}

fn mail_key(id: i64) -> String {
    format!("password-reset:{id}")
}

/// Whose password a link sets.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Reset {
    pub person_id: i64,
    pub name: String,
    pub email: String,
}

/// What a link opens; `None` when it was used, replaced or made up, when it is too old, or when the person is not active.
pub async fn find(db: &Db, token: &str, now_ms: i64) -> Result<Option<Reset>> {
    let query = db.q(sql!(
        "SELECT r.person_id, p.name, p.email FROM password_resets r JOIN people p ON p.id = r.person_id
         WHERE r.token_hash = ? AND r.expires_at > ? AND p.active = TRUE AND p.email IS NOT NULL"
    ));
    Ok(query.bind(token_hash(token)).bind(now_ms).optional().await?)
}

/// Uses the link up and sets the password, which ends all sessions of the person. Of two who try at once, one is told that
/// the link is gone. Returns the person, who is to be told of a notice after the commit.
pub async fn use_link(
    (db, passwords, sessions): (&Db, &Passwords, &Sessions),
    token: &str,
    password: String,
    now_ms: i64,
) -> Result<i64> {
    let reset = find(db, token, now_ms).await?.ok_or(Error::NotFound)?;
    let hash = passwords.hash(password, &Owner { name: &reset.name, email: &reset.email }).await?;
    let mut tx = db.begin().await?;
    let query = tx.q(sql!("DELETE FROM password_resets WHERE token_hash = ? AND person_id = ?"));
    if query.bind(token_hash(token)).bind(reset.person_id).execute().await? == 0 {
        return Err(Error::NotFound);
    }
    passwords::store(&mut tx, reset.person_id, &hash, now_ms).await?;
    let ended = sessions::end_all_of(&mut tx, reset.person_id, None).await?;
    tell_of_change(&mut tx, reset.person_id, now_ms).await?;
    let actor = Actor { person_id: Some(reset.person_id), ..Actor::system() };
    let (subject, detail) =
        (format!("person:{}", reset.person_id), serde_json::json!({ "sessions_ended": ended.count() }));
    events::record(&mut tx, &actor, now_ms, "accounts.password_reset", &subject, &detail).await?;
    tx.commit().await?;
    sessions.forget_ended(ended).await;
    Ok(reset.person_id)
}

/// So that a person learns of it whose mailbox somebody else reads.
async fn tell_of_change(tx: &mut Tx, person_id: i64, now_ms: i64) -> db::Result<()> {
    let notice = NewNotice {
        person_id,
        kind: "accounts.log_in_changed",
        title: "Your password was changed by a link. If that was not you, tell whoever looks after Quarterdeck."
            .to_owned(),
        href: "/account/sessions".to_owned(),
        dedup_key: format!("accounts.password_reset:{now_ms}"),
    };
    notices::raise(tx, &[notice], now_ms).await?;
    Ok(())
}

/// Removes links and requests that are of no use any more, and returns how many.
pub async fn purge(db: &Db, now_ms: i64) -> db::Result<u64> {
    let query = db.q(sql!("DELETE FROM password_resets WHERE expires_at <= ?"));
    let links = query.bind(now_ms).execute().await?;
    let query = db.q(sql!("DELETE FROM password_reset_requests WHERE at <= ?"));
    Ok(links + query.bind(now_ms - REQUESTS_KEPT_MS).execute().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_client_is_known_by_its_network() {
        let key = |text: &str| client_key(Some(text.parse().unwrap()));
        assert_eq!(key("192.0.2.7"), "192.0.2.7");
        assert_eq!(key("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::"));
        assert_eq!(client_key(None), "");
    }
}
