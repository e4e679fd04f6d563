//! API tokens: a person's rights in a program's hands, limited to scopes where they are given.

use super::secrets::{random_token, token_hash};
use super::sessions::Sessions;
use super::{Actor, people};
use crate::db::Db;
use crate::error::{Checks, Error, Result};
use crate::sql;
use std::sync::Arc;

/// Distinguishes a token in a log or a file: scanners for leaked secrets look for such a beginning.
const PREFIX: &str = "qd_";
/// `used_at` is written at most this often, in milliseconds.
const USED_EVERY_MS: i64 = 60_000;

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: i64,
    person_id: i64,
    scopes: String,
    used_at: Option<i64>,
    expires_at: Option<i64>,
}

/// Makes a token for the person with that address and returns it; it cannot be shown again. Scopes are names of
/// permissions; without any the token may do all that the person may.
pub async fn create(
    db: &Db,
    email: &str,
    name: &str,
    scopes: &[String],
    known: &[&str],
    now_ms: i64,
) -> Result<String> {
    let Some((person_id, _)) = people::credentials(db, email).await? else {
        return Err(Error::invalid("email", format!("Nobody has the address {email}.")));
    };
    let mut checks = Checks::default();
    checks.that(!name.trim().is_empty(), "name", "Give the token a name.");
    for scope in scopes {
        let message = format!("There is no permission “{scope}”. There are: {}.", known.join(", "));
        checks.that(known.contains(&scope.as_str()), "scope", message);
    }
    checks.done()?;
    let token = format!("{PREFIX}{}", random_token());
    db.q(sql!(
        "INSERT INTO api_tokens (person_id, name, token_hash, scopes, created_at) VALUES (?, ?, ?, ?, ?) {returning id}"
    ))
    .bind(person_id)
    .bind(name.trim())
    .bind(token_hash(&token))
    .bind(scopes.join(" "))
    .bind(now_ms)
    .insert()
    .await?;
    Ok(token)
}

/// The person behind a bearer token, limited to its scopes; `None` when the token opens nothing.
pub async fn actor(db: &Db, sessions: &Sessions, token: &str, now_ms: i64) -> Result<Option<Arc<Actor>>> {
    let query = db.q(sql!("SELECT id, person_id, scopes, used_at, expires_at FROM api_tokens WHERE token_hash = ?"));
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
