//! The second factor: codes of an app (TOTP, RFC 6238) with recovery codes, or passkeys, which have a file of their own.
//!
//! Tables: totp_secrets, recovery_codes. A secret is sealed before it is stored; a code is used once, because the step it
//! belongs to is written down, and a recovery code because it is marked. A role can require a second factor
//! (`roles.requires_second_factor`): who has such a role, or one that includes it, and no factor can do nothing but set one
//! up.

use super::secrets::token_hash;
use super::{AccessControl, Actor, credentials, throttle};
use crate::db::{self, Db, Tx};
use crate::error::{Error, Result};
use crate::seals::Seals;
use crate::{events, sql};
use totp_rs::{Builder, Totp};

/// RFC 4226, section 4: 160 bits are recommended.
const SECRET_BYTES: usize = 20;
/// How many recovery codes somebody gets, and the bytes in each.
const RECOVERY_CODES: usize = 10;
const RECOVERY_BYTES: usize = 10;
const ISSUER: &str = "Quarterdeck";

/// What a person has set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Factors {
    pub apps: i64,
    pub passkeys: i64,
    /// Recovery codes that are not used yet.
    pub recovery_codes: i64,
}

impl Factors {
    pub fn any(&self) -> bool {
        self.apps > 0 || self.passkeys > 0
    }
}

/// A secret that its person has yet to show a code of.
pub struct NewSecret {
    /// For the form, which brings it back.
    pub sealed: String,
    /// What an app reads off the picture.
    pub url: String,
    /// The same for typing, in groups of four.
    pub typed: String,
}

pub async fn of(db: &Db, person_id: i64) -> Result<Factors> {
    let query = db.q(sql!(
        "SELECT (SELECT COUNT(*) FROM totp_secrets WHERE person_id = ?) AS apps,
         (SELECT COUNT(*) FROM passkeys WHERE person_id = ?) AS passkeys,
         (SELECT COUNT(*) FROM recovery_codes WHERE person_id = ? AND used_at IS NULL) AS recovery_codes"
    ));
    Ok(query.bind(person_id).bind(person_id).bind(person_id).one().await?)
}

/// The names of those who may do everything, can log in with a password, and are neither required to show a second factor
/// nor have set one up.
pub async fn administrators_without(access: &AccessControl) -> Result<Vec<String>> {
    let table = access.table().await?;
    let query = access.db().q(sql!(
        "SELECT DISTINCT p.id, p.name FROM people p JOIN person_roles pr ON pr.person_id = p.id
         WHERE p.active = TRUE AND p.password_hash IS NOT NULL AND pr.role_id IN ({ids})
          AND NOT EXISTS (SELECT 1 FROM totp_secrets t WHERE t.person_id = p.id)
          AND NOT EXISTS (SELECT 1 FROM passkeys k WHERE k.person_id = p.id)
         ORDER BY p.name, p.id"
    ));
    let mut names = Vec::new();
    for (person_id, name) in query.bind_ids(&table.administrating()).all::<(i64, String)>().await? {
        let is_required = access.actor(person_id).await?.is_some_and(|actor| actor.requires_second_factor());
        if !is_required {
            names.push(name);
        }
    }
    Ok(names)
}

/// Begins to set an app up; nothing is stored yet.
pub fn new_secret(seals: &Seals, actor: &Actor, email: &str) -> Result<NewSecret> {
    let person_id = actor.person_id.ok_or(Error::Forbidden)?;
    let mut secret = [0u8; SECRET_BYTES];
    getrandom::fill(&mut secret).expect("the operating system gives random numbers");
    shown(seals, person_id, email, &secret)
}

/// The same secret again, for a form that came back with a code that did not fit.
pub fn again(seals: &Seals, actor: &Actor, email: &str, sealed: &str) -> Result<NewSecret> {
    let person_id = actor.person_id.ok_or(Error::Forbidden)?;
    shown(seals, person_id, email, &opened(seals, person_id, sealed)?)
}

fn shown(seals: &Seals, person_id: i64, email: &str, secret: &[u8]) -> Result<NewSecret> {
    let totp = totp(secret, email)?;
    let letters: Vec<char> = totp.secret().to_base32().chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    let url = totp.to_url().map_err(|error| Error::internal(error.to_string()))?;
    Ok(NewSecret { sealed: seals.seal(&purpose(person_id), secret), url, typed: groups.join(" ") })
}

/// Stores the secret once its app shows the right code, and returns recovery codes in the place of earlier ones.
pub async fn set_up(
    (db, seals): (&Db, &Seals),
    actor: &Actor,
    sealed: &str,
    code: &str,
    now_ms: i64,
) -> Result<Vec<String>> {
    let person_id = actor.person_id.ok_or(Error::Forbidden)?;
    let secret = opened(seals, person_id, sealed)?;
    let fits = totp(&secret, "")?.check(&digits(code), seconds(now_ms));
    let step =
        fits.ok_or_else(|| Error::invalid("code", "That code does not fit. Type the one that the app shows now."))?;
    let mut tx = db.begin().await?;
    tx.q(sql!("DELETE FROM totp_secrets WHERE person_id = ?")).bind(person_id).execute().await?;
    let query = tx.q(sql!("INSERT INTO totp_secrets (person_id, secret, last_step, created_at) VALUES (?, ?, ?, ?)"));
    let sealed = seals.seal(&purpose(person_id), &secret);
    query.bind(person_id).bind(sealed).bind(step as i64).bind(now_ms).execute().await?;
    let codes = new_recovery_codes(&mut tx, person_id).await?;
    credentials::tell(&mut tx, person_id, "An app now shows codes for your log-in.", now_ms).await?;
    record(&mut tx, actor, person_id, "accounts.second_factor_set_up", now_ms).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Takes the app and the recovery codes away, for who shows a code of either.
pub async fn remove((db, seals): (&Db, &Seals), actor: &Actor, code: &str, now_ms: i64) -> Result<()> {
    let person_id = actor.person_id.ok_or(Error::Forbidden)?;
    confirm((db, seals), person_id, code, now_ms).await?;
    let mut tx = db.begin().await?;
    tx.q(sql!("DELETE FROM totp_secrets WHERE person_id = ?")).bind(person_id).execute().await?;
    tx.q(sql!("DELETE FROM recovery_codes WHERE person_id = ?")).bind(person_id).execute().await?;
    credentials::tell(&mut tx, person_id, "Your log-in no longer asks for a code of your app.", now_ms).await?;
    record(&mut tx, actor, person_id, "accounts.second_factor_removed", now_ms).await?;
    Ok(tx.commit().await?)
}

/// New recovery codes in the place of the old ones, for who shows a code.
pub async fn renew_recovery_codes(
    (db, seals): (&Db, &Seals),
    actor: &Actor,
    code: &str,
    now_ms: i64,
) -> Result<Vec<String>> {
    let person_id = actor.person_id.ok_or(Error::Forbidden)?;
    confirm((db, seals), person_id, code, now_ms).await?;
    let mut tx = db.begin().await?;
    let codes = new_recovery_codes(&mut tx, person_id).await?;
    record(&mut tx, actor, person_id, "accounts.recovery_codes_renewed", now_ms).await?;
    tx.commit().await?;
    Ok(codes)
}

async fn confirm(parts: (&Db, &Seals), person_id: i64, code: &str, now_ms: i64) -> Result<()> {
    let admitted = throttle::admit_own(parts.0, "second factor", person_id, now_ms).await?;
    match use_code(parts, person_id, code, now_ms).await? {
        true => throttle::succeeded(parts.0, admitted, now_ms).await,
        false => Err(Error::invalid("code", "That code does not fit, or was used before.")),
    }
}

/// Uses up a code of the app, or a recovery code; `false` when it does not fit or was used before.
pub async fn use_code((db, seals): (&Db, &Seals), person_id: i64, code: &str, now_ms: i64) -> Result<bool> {
    if use_recovery_code(db, person_id, code, now_ms).await? {
        return Ok(true);
    }
    let query = db.q(sql!("SELECT secret FROM totp_secrets WHERE person_id = ?"));
    let Some((sealed,)) = query.bind(person_id).optional::<(String,)>().await? else { return Ok(false) };
    // Under another secret of the installation nobody's app fits any more; recovery codes still do.
    let Ok(secret) = opened(seals, person_id, &sealed) else { return Ok(false) };
    let Some(step) = totp(&secret, "")?.check(&digits(code), seconds(now_ms)) else { return Ok(false) };
    let query = db.q(sql!("UPDATE totp_secrets SET last_step = ? WHERE person_id = ? AND last_step < ?"));
    Ok(query.bind(step as i64).bind(person_id).bind(step as i64).execute().await? == 1)
}

async fn use_recovery_code(db: &Db, person_id: i64, code: &str, now_ms: i64) -> Result<bool> {
    let query =
        db.q(sql!("UPDATE recovery_codes SET used_at = ? WHERE person_id = ? AND code_hash = ? AND used_at IS NULL"));
    Ok(query.bind(now_ms).bind(person_id).bind(token_hash(&plain(code))).execute().await? == 1)
}

async fn new_recovery_codes(tx: &mut Tx, person_id: i64) -> db::Result<Vec<String>> {
    tx.q(sql!("DELETE FROM recovery_codes WHERE person_id = ?")).bind(person_id).execute().await?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
    for code in &codes {
        let query = tx.q(sql!("INSERT INTO recovery_codes (person_id, code_hash) VALUES (?, ?)"));
        query.bind(person_id).bind(token_hash(&plain(code))).execute().await?;
    }
    Ok(codes)
}

/// 80 random bits in letters and digits that are not mistaken for each other, in groups of four.
fn recovery_code() -> String {
    let mut bytes = [0u8; RECOVERY_BYTES];
    getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
    let letters: Vec<char> = totp_rs::Secret::from(bytes.to_vec()).to_base32().to_lowercase().chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// As it is hashed, however it was typed.
fn plain(code: &str) -> String {
    code.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect::<String>().to_lowercase()
}

fn digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

fn totp(secret: &[u8], email: &str) -> Result<Totp> {
    // A colon would end the issuer's name in the address that the picture holds.
    let account = email.replace(':', " ");
    let built =
        Builder::new().with_secret(secret.to_vec()).with_account_name(account).with_issuer(Some(ISSUER)).build();
    built.map_err(|error| Error::internal(error.to_string()))
}

fn opened(seals: &Seals, person_id: i64, sealed: &str) -> Result<Vec<u8>> {
    let secret = seals.open(&purpose(person_id), sealed);
    secret.ok_or_else(|| Error::invalid("code", "That page is out of date. Begin anew."))
}

fn purpose(person_id: i64) -> String {
    format!("totp:{person_id}")
}

fn seconds(now_ms: i64) -> u64 {
    u64::try_from(now_ms / 1000).unwrap_or(0)
}

async fn record(tx: &mut Tx, actor: &Actor, person_id: i64, kind: &str, now_ms: i64) -> db::Result<()> {
    let subject = format!("person:{person_id}");
    events::record(tx, actor, now_ms, kind, &subject, &serde_json::json!({})).await
}
