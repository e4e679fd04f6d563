//! API tokens: a person's rights in a program's hands, limited to scopes and to a time where they are given.
//!
//! Table: api_tokens. A token is shown once; the table holds its SHA-256. People make and revoke their own.

use super::secrets::{random_token, token_hash};
use super::sessions::Sessions;
use super::{Actor, people};
use crate::db::Db;
use crate::error::{Checks, Error, Result};
use crate::{events, sql};
use std::sync::Arc;

/// Distinguishes a token in a log or a file: scanners for leaked secrets look for such a beginning.
const PREFIX: &str = "qd_";
/// `used_at` is written at most this often, in milliseconds.
const USED_EVERY_MS: i64 = 60_000;
const MAX_NAME_CHARS: usize = 190;
const MOST_TOKENS: usize = 100;
/// What fits into the column `scopes`.
const SHORT_SCOPES: usize = 190;
/// Stands in that column where there are more: no permission is called so, so that it allows nothing to a release that
/// knows that column alone.
const SCOPES_ELSEWHERE: &str = "-";

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: i64,
    person_id: i64,
    scopes: String,
    used_at: Option<i64>,
    expires_at: Option<i64>,
}

/// A token to be made. Scopes are names of permissions; without any it may do all that the person may.
pub struct NewToken<'a> {
    pub name: &'a str,
    pub scopes: &'a [String],
    /// In UTC milliseconds; `None` lives until it is revoked.
    pub expires_at: Option<i64>,
}

/// A token as its owner sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub id: i64,
    pub name: String,
    /// Names of permissions, separated by blanks.
    pub scopes: String,
    pub created_at: i64,
    pub used_at: Option<i64>,
    pub expires_at: Option<i64>,
}

/// One's own, newest first.
pub async fn list(db: &Db, actor: &Actor) -> Result<Vec<Listed>> {
    let query = db.q(sql!(
        "SELECT id, name, COALESCE(scope_names, scopes) AS scopes, created_at, used_at, expires_at
         FROM api_tokens WHERE person_id = ? ORDER BY created_at DESC, id DESC"
    ));
    Ok(query.bind(own(actor)?).all().await?)
}

/// Makes a token for the actor and returns it; it cannot be shown again.
pub async fn create(db: &Db, actor: &Actor, new: &NewToken<'_>, known: &[&str], now_ms: i64) -> Result<String> {
    let person_id = own(actor)?;
    let count = list(db, actor).await?.len();
    Checks::only(count < MOST_TOKENS, "name", "These are as many tokens as fit. Revoke one first.")?;
    insert(db, actor, person_id, new, known, now_ms).await
}

/// Makes a token for the person with that address, from the command line.
pub async fn create_for(db: &Db, email: &str, new: &NewToken<'_>, known: &[&str], now_ms: i64) -> Result<String> {
    let Some((person_id, _)) = people::credentials(db, email).await? else {
        return Err(Error::invalid("email", format!("Nobody has the address {email}.")));
    };
    insert(db, &Actor::system(), person_id, new, known, now_ms).await
}

/// Revokes one of one's own tokens; those of others look missing.
pub async fn revoke(db: &Db, actor: &Actor, id: i64, now_ms: i64) -> Result<()> {
    let person_id = own(actor)?;
    let mut tx = db.begin().await?;
    let query = tx.q(sql!("SELECT name FROM api_tokens WHERE id = ? AND person_id = ?"));
    let (name,) = query.bind(id).bind(person_id).optional::<(String,)>().await?.ok_or(Error::NotFound)?;
    tx.q(sql!("DELETE FROM api_tokens WHERE id = ?")).bind(id).execute().await?;
    let detail = serde_json::json!({ "name": name });
    let subject = format!("person:{person_id}");
    events::record(&mut tx, actor, now_ms, "accounts.token_revoked", &subject, &detail).await?;
    Ok(tx.commit().await?)
}

async fn insert(
    db: &Db,
    actor: &Actor,
    person_id: i64,
    new: &NewToken<'_>,
    known: &[&str],
    now_ms: i64,
) -> Result<String> {
    check(new, known)?;
    let scopes = new.scopes.join(" ");
    let short = if scopes.len() <= SHORT_SCOPES { scopes.as_str() } else { SCOPES_ELSEWHERE };
    let token = format!("{PREFIX}{}", random_token());
    let mut tx = db.begin().await?;
    tx.q(sql!(
        "INSERT INTO api_tokens (person_id, name, token_hash, scopes, scope_names, created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) {returning id}"
    ))
    .bind(person_id)
    .bind(new.name.trim())
    .bind(token_hash(&token))
    .bind(short)
    .bind(scopes.as_str())
    .bind(now_ms)
    .bind(new.expires_at)
    .insert()
    .await?;
    let detail = serde_json::json!({ "name": new.name, "scopes": scopes, "expires_at": new.expires_at });
    let subject = format!("person:{person_id}");
    events::record(&mut tx, actor, now_ms, "accounts.token_created", &subject, &detail).await?;
    tx.commit().await?;
    Ok(token)
}

fn check(new: &NewToken, known: &[&str]) -> Result<()> {
    let mut checks = Checks::default();
    checks.that(!new.name.trim().is_empty(), "name", "Give the token a name.");
    checks.that(new.name.chars().count() <= MAX_NAME_CHARS, "name", "At most 190 characters fit here.");
    for scope in new.scopes {
        let message = format!("There is no permission “{scope}”. There are: {}.", known.join(", "));
        checks.that(known.contains(&scope.as_str()), "scope", message);
    }
    checks.done()
}

/// The person behind a bearer token, limited to its scopes; `None` when the token opens nothing.
pub async fn actor(db: &Db, sessions: &Sessions, token: &str, now_ms: i64) -> Result<Option<Arc<Actor>>> {
    let query = db.q(sql!(
        "SELECT id, person_id, COALESCE(scope_names, scopes) AS scopes, used_at, expires_at FROM api_tokens WHERE token_hash = ?"
    ));
    let Some(row) = query.bind(token_hash(token)).optional::<TokenRow>().await? else { return Ok(None) };
    if row.expires_at.is_some_and(|expires_at| expires_at <= now_ms) {
        return Ok(None);
    }
    if row.used_at.is_none_or(|used_at| now_ms - used_at >= USED_EVERY_MS) {
        let query = db.q(sql!("UPDATE api_tokens SET used_at = ? WHERE id = ?"));
        // A database that is full or read-only can still be read from.
        if let Err(error) = query.bind(now_ms).bind(row.id).execute().await {
            tracing::warn!(%error, "the use of an API token could not be noted");
        }
    }
    let Some(actor) = sessions.actor(row.person_id).await? else { return Ok(None) };
    if row.scopes.is_empty() {
        return Ok(Some(actor));
    }
    let scopes = row.scopes.split(' ').map(str::to_owned).collect();
    Ok(Some(Arc::new(Actor { scopes: Some(Arc::new(scopes)), ..(*actor).clone() })))
}

fn own(actor: &Actor) -> Result<i64> {
    actor.person_id.ok_or(Error::Forbidden)
}
