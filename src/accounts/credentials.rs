//! One's own password: changed by who knows the old one, which ends all other sessions.

use super::Actor;
use super::passwords::{self, Owner, Passwords, Verdict};
use super::secrets::token_hash;
use super::sessions::{self, Sessions};
use crate::db::{self, Db, Tx};
use crate::error::{Checks, Error, Result};
use crate::notices::{self, NewNotice};
use crate::{events, sql};

/// No `Debug`: it holds passwords.
pub struct PasswordChange {
    pub old: String,
    pub new: String,
    /// The new one once more.
    pub again: String,
}

/// What a person logs in with.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LogIn {
    pub name: String,
    pub email: Option<String>,
    pub password_hash: Option<String>,
}

impl LogIn {
    pub fn owner(&self) -> Owner<'_> {
        Owner { name: &self.name, email: self.email.as_deref().unwrap_or_default() }
    }
}

/// One's own.
pub async fn own(db: &Db, actor: &Actor) -> Result<LogIn> {
    let person_id = actor.person_id.ok_or(Error::Forbidden)?;
    let query = db.q(sql!("SELECT name, email, password_hash FROM people WHERE id = ? AND active = TRUE"));
    Ok(query.bind(person_id).one().await?)
}

/// Changes whenever the person's password does, and tells nothing of it; `None` when there is no such active person.
pub async fn fingerprint(db: &Db, person_id: i64) -> Result<Option<String>> {
    let query = db.q(sql!("SELECT password_hash FROM people WHERE id = ? AND active = TRUE"));
    let found = query.bind(person_id).optional::<(Option<String>,)>().await?;
    Ok(found.map(|(hash,)| token_hash(&hash.unwrap_or_default())))
}

/// Sets a person's password from the command line, which ends all of their sessions.
pub async fn set_password(
    (db, passwords, sessions): (&Db, &Passwords, &Sessions),
    person_id: i64,
    password: String,
    now_ms: i64,
) -> Result<()> {
    let actor = Actor { person_id: Some(person_id), ..Actor::system() };
    let log_in = own(db, &actor).await?;
    let hash = passwords.hash(password, &log_in.owner()).await?;
    let mut tx = db.begin().await?;
    passwords::store(&mut tx, person_id, &hash, now_ms).await?;
    let ended = sessions::end_all_of(&mut tx, person_id, None).await?;
    let detail = serde_json::json!({ "sessions_ended": ended.count() });
    let subject = format!("person:{person_id}");
    events::record(&mut tx, &Actor::system(), now_ms, "accounts.password_set", &subject, &detail).await?;
    tx.commit().await?;
    sessions.forget_ended(ended).await;
    Ok(())
}

/// Changes one's own password. All sessions but the one that asks end with it; returns how many did.
pub async fn change_password(
    (db, passwords, sessions): (&Db, &Passwords, &Sessions),
    actor: &Actor,
    session_id: Option<i64>,
    change: PasswordChange,
    now_ms: i64,
) -> Result<usize> {
    let person_id = actor.person_id.ok_or(Error::Forbidden)?;
    let log_in = own(db, actor).await?;
    let mut checks = Checks::default();
    checks.that(change.new == change.again, "again", "That is not the same as above.");
    checks.that(change.new != change.old || change.new.is_empty(), "password", "That is the password that you have.");
    let fits = passwords.verify(change.old, log_in.password_hash.clone()).await? != Verdict::Wrong;
    checks.that(fits, "old", "That is not your password.");
    checks.done()?;
    let hash = passwords.hash(change.new, &log_in.owner()).await?;
    let mut tx = db.begin().await?;
    passwords::store(&mut tx, person_id, &hash, now_ms).await?;
    let ended = sessions::end_all_of(&mut tx, person_id, session_id).await?;
    let count = ended.count();
    tell(&mut tx, person_id, "Your password was changed.", now_ms).await?;
    let detail = serde_json::json!({ "sessions_ended": count });
    events::record(&mut tx, actor, now_ms, "accounts.password_changed", &format!("person:{person_id}"), &detail)
        .await?;
    tx.commit().await?;
    sessions.forget_ended(ended).await;
    Ok(count)
}

/// Tells a person that the way in which they log in has changed, inside of that change. `what` is a sentence. The caller
/// publishes the notice after the commit.
pub(super) async fn tell(tx: &mut Tx, person_id: i64, what: &str, now_ms: i64) -> db::Result<()> {
    let notice = NewNotice {
        person_id,
        kind: "accounts.log_in_changed",
        title: format!("{what} If that was not you, change your password and end your sessions."),
        href: "/account".to_owned(),
        dedup_key: format!("accounts.log_in_changed:{now_ms}:{}", token_hash(what)),
    };
    notices::raise(tx, &[notice], now_ms).await?;
    Ok(())
}
