//! Passkeys (WebAuthn): a key that a person's device keeps, as a second factor or in the place of a password.
//!
//! Table: passkeys. A ceremony has two steps: the browser is given a challenge, which it keeps sealed until the device
//! has signed it, and what was signed is checked against origin, challenge, counter and key by the crate `passki`. A
//! challenge is taken once (`used_steps`). Where a passkey stands for password and second factor alike, the device must
//! have seen to who holds it (“user verification”).

use super::secrets::{random_token, same, token_hash};
use super::{Actor, credentials, used_steps};
use crate::db::{self, Db, Tx};
use crate::error::{Checks, Error, Result};
use crate::{events, sql};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use passki::{
    AuthenticationCredential, AuthenticationOptions, AuthenticationState, Passki, PasskiError, RegistrationCredential,
    RegistrationOptions, RegistrationState, ResidentKeyRequirement, StoredPasskey, UserVerificationRequirement,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const MOST_PASSKEYS: usize = 20;
const MAX_NAME_CHARS: usize = 100;
const REFUSED: &str = "That passkey does not fit. Please try again.";

/// Where the portal is, for the browser: a passkey works there alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// `deck.example.org`
    pub host: String,
    /// `https://deck.example.org`
    pub origin: String,
}

impl Site {
    fn party(&self) -> Passki {
        Passki::new(&self.host, &[&self.origin], "Quarterdeck")
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub id: i64,
    pub name: String,
    pub created_at: i64,
    pub used_at: Option<i64>,
}

/// What the browser keeps of a registration until the device has answered.
#[derive(Serialize, Deserialize)]
pub struct Registering {
    state: RegistrationState,
    handle: String,
}

/// What the browser keeps of a log-in until the device has answered.
#[derive(Serialize, Deserialize)]
pub struct Authenticating {
    state: AuthenticationState,
    /// Whose passkey it has to be; anybody's where it stands in the place of the password.
    person_id: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    person_id: i64,
    handle: String,
    passkey: String,
}

pub async fn list(db: &Db, actor: &Actor) -> Result<Vec<Listed>> {
    let query =
        db.q(sql!("SELECT id, name, created_at, used_at FROM passkeys WHERE person_id = ? ORDER BY created_at, id"));
    Ok(query.bind(own(actor)?).all().await?)
}

/// The options for the browser, and what it keeps.
pub async fn begin_registration(db: &Db, actor: &Actor, site: &Site, email: &str) -> Result<(Value, Registering)> {
    let rows = rows_of(db, own(actor)?).await?;
    // A person has one handle for all devices, so that each keeps one passkey for this portal.
    let handle = rows.first().map_or_else(|| format!("{}{}", random_token(), random_token()), |row| row.handle.clone());
    let known = rows.iter().map(Row::stored).collect::<Result<Vec<_>>>()?;
    let mut options = RegistrationOptions::default();
    options.resident_key = ResidentKeyRequirement::Preferred;
    options.user_verification = UserVerificationRequirement::Preferred;
    options.exclude_credentials = Some(&known);
    let begun = site.party().start_passkey_registration(handle.as_bytes(), email, &actor.name, options);
    let (challenge, state) = begun.map_err(internal)?;
    Ok((serde_json::to_value(challenge).map_err(Error::internal)?, Registering { state, handle }))
}

/// Stores the passkey that the device has made. `expires_at` is when the step would be over.
pub async fn register(
    (db, site): (&Db, &Site),
    actor: &Actor,
    kept: Registering,
    (credential, name): (&str, &str),
    (now_ms, expires_at): (i64, i64),
) -> Result<()> {
    let person_id = own(actor)?;
    let count = list(db, actor).await?.len();
    let mut checks = Checks::default();
    checks.that(!name.trim().is_empty(), "name", "Give the passkey a name, such as that of the device.");
    checks.that(name.chars().count() <= MAX_NAME_CHARS, "name", "At most 100 characters fit here.");
    checks.that(count < MOST_PASSKEYS, "name", "That are as many passkeys as fit. Remove one first.");
    checks.done()?;
    take(db, &kept.state.challenge, expires_at).await?;
    let credential: RegistrationCredential = parsed(credential)?;
    let stored = site.party().finish_passkey_registration(&credential, &kept.state).map_err(refused)?;
    let mut tx = db.begin().await?;
    insert(&mut tx, person_id, name.trim(), &kept.handle, &stored, now_ms).await?;
    let news = format!("The passkey “{}” was added to your account.", name.trim());
    credentials::tell(&mut tx, person_id, &news, now_ms).await?;
    record(&mut tx, actor, person_id, "accounts.passkey_added", name, now_ms).await?;
    Ok(tx.commit().await?)
}

async fn insert(
    tx: &mut Tx,
    person_id: i64,
    name: &str,
    handle: &str,
    stored: &StoredPasskey,
    now_ms: i64,
) -> Result<()> {
    let query = tx.q(sql!(
        "INSERT INTO passkeys (person_id, name, credential_hash, handle, passkey, created_at) VALUES (?, ?, ?, ?, ?, ?) {returning id}"
    ));
    let text = serde_json::to_string(stored).map_err(Error::internal)?;
    let query = query.bind(person_id).bind(name).bind(credential_hash(&stored.credential_id)).bind(handle);
    match query.bind(text).bind(now_ms).insert().await {
        Ok(_) => Ok(()),
        Err(db::Error::Unique) => Err(Error::invalid("name", "That device has a passkey here already.")),
        Err(other) => Err(other.into()),
    }
}

/// Removes one of one's own passkeys; those of others look missing.
pub async fn remove(db: &Db, actor: &Actor, id: i64, now_ms: i64) -> Result<()> {
    let person_id = own(actor)?;
    let mut tx = db.begin().await?;
    let query = tx.q(sql!("SELECT name FROM passkeys WHERE id = ? AND person_id = ?"));
    let (name,) = query.bind(id).bind(person_id).optional::<(String,)>().await?.ok_or(Error::NotFound)?;
    tx.q(sql!("DELETE FROM passkeys WHERE id = ?")).bind(id).execute().await?;
    credentials::tell(&mut tx, person_id, &format!("The passkey “{name}” was removed from your account."), now_ms)
        .await?;
    record(&mut tx, actor, person_id, "accounts.passkey_removed", &name, now_ms).await?;
    Ok(tx.commit().await?)
}

/// The options for the browser, and what it keeps. Of a person, when a password was right before; of anybody, when the
/// passkey stands in its place.
pub async fn begin_log_in(db: &Db, site: &Site, person_id: Option<i64>) -> Result<(Value, Authenticating)> {
    let rows = match person_id {
        Some(person_id) => rows_of(db, person_id).await?,
        None => Vec::new(),
    };
    let known = rows.iter().map(Row::stored).collect::<Result<Vec<_>>>()?;
    let mut options = AuthenticationOptions::default();
    options.user_verification = match person_id {
        Some(_) => UserVerificationRequirement::Preferred,
        None => UserVerificationRequirement::Required,
    };
    let (challenge, mut state) = site.party().start_passkey_authentication(&known, options).map_err(internal)?;
    // The browser would have to keep the list of credentials; whose they are is looked up instead.
    state.allowed_credentials.clear();
    Ok((serde_json::to_value(challenge).map_err(Error::internal)?, Authenticating { state, person_id }))
}

/// Whose passkey signed the challenge. What does not fit is told alike, whatever was wrong.
pub async fn log_in(
    (db, site): (&Db, &Site),
    kept: Authenticating,
    credential: &str,
    (now_ms, expires_at): (i64, i64),
) -> Result<i64> {
    take(db, &kept.state.challenge, expires_at).await?;
    let credential: AuthenticationCredential = parsed(credential)?;
    let id = URL_SAFE_NO_PAD.decode(&credential.raw_id).map_err(|_| does_not_fit())?;
    let query = db.q(sql!("SELECT id, person_id, handle, passkey FROM passkeys WHERE credential_hash = ?"));
    let row = query.bind(credential_hash(&id)).optional::<Row>().await?.ok_or_else(does_not_fit)?;
    if kept.person_id.is_some_and(|person_id| person_id != row.person_id) {
        return Err(does_not_fit());
    }
    let mut stored = row.stored()?;
    let result = site.party().finish_passkey_authentication(&credential, &kept.state, &stored).map_err(refused)?;
    let handle = result.user_handle.map(|handle| String::from_utf8_lossy(&handle).into_owned());
    let is_theirs = handle.as_ref().map_or(kept.person_id.is_some(), |handle| same(handle, &row.handle));
    if !is_theirs {
        return Err(does_not_fit());
    }
    stored.counter = result.counter;
    let query = db.q(sql!("UPDATE passkeys SET passkey = ?, used_at = ? WHERE id = ? AND passkey = ?"));
    let text = serde_json::to_string(&stored).map_err(Error::internal)?;
    query.bind(text).bind(now_ms).bind(row.id).bind(row.passkey).execute().await?;
    Ok(row.person_id)
}

impl Row {
    fn stored(&self) -> Result<StoredPasskey> {
        serde_json::from_str(&self.passkey).map_err(Error::internal)
    }
}

async fn rows_of(db: &Db, person_id: i64) -> Result<Vec<Row>> {
    let query = db.q(sql!("SELECT id, person_id, handle, passkey FROM passkeys WHERE person_id = ? ORDER BY id"));
    Ok(query.bind(person_id).all().await?)
}

async fn take(db: &Db, challenge: &[u8], expires_at: i64) -> Result<()> {
    match used_steps::take(db, &URL_SAFE_NO_PAD.encode(challenge), expires_at).await? {
        true => Ok(()),
        false => Err(does_not_fit()),
    }
}

fn parsed<T: serde::de::DeserializeOwned>(credential: &str) -> Result<T> {
    serde_json::from_str(credential).map_err(|_| does_not_fit())
}

fn credential_hash(id: &[u8]) -> String {
    token_hash(&URL_SAFE_NO_PAD.encode(id))
}

fn own(actor: &Actor) -> Result<i64> {
    actor.person_id.ok_or(Error::Forbidden)
}

fn internal(error: PasskiError) -> Error {
    Error::internal(error.to_string())
}

fn refused(error: PasskiError) -> Error {
    tracing::info!(%error, "a passkey was refused");
    does_not_fit()
}

fn does_not_fit() -> Error {
    Error::invalid("credential", REFUSED)
}

async fn record(tx: &mut Tx, actor: &Actor, person_id: i64, kind: &str, name: &str, now_ms: i64) -> db::Result<()> {
    let detail = serde_json::json!({ "name": name });
    events::record(tx, actor, now_ms, kind, &format!("person:{person_id}"), &detail).await
}
