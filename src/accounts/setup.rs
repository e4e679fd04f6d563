//! The first administrator of an empty installation, made through a one-time link that the log shows.

use super::people::{self, NewPerson};
use super::secrets::{random_token, token_hash};
use super::{Actor, Followers, Owner, Passwords, roles};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::{events, sql};

/// A new link replaces the old ones; `None` when somebody can sign in already.
pub async fn new_link(db: &Db, now_ms: i64) -> Result<Option<String>> {
    if !people::nobody_can_sign_in(db).await? {
        return Ok(None);
    }
    let token = random_token();
    let mut tx = db.begin().await?;
    tx.q(sql!("DELETE FROM setup_links")).execute().await?;
    let query = tx.q(sql!("INSERT INTO setup_links (token_hash, created_at) VALUES (?, ?)"));
    query.bind(token_hash(&token)).bind(now_ms).execute().await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Whether the link still opens the set-up.
pub async fn link_is_open(db: &Db, token: &str) -> Result<bool> {
    let query = db.q(sql!("SELECT COUNT(*) FROM setup_links WHERE token_hash = ?"));
    let (count,) = query.bind(token_hash(token)).one::<(i64,)>().await?;
    Ok(count > 0 && people::nobody_can_sign_in(db).await?)
}

/// Uses the link up and makes the administrator. Of two who try at once, one is told that the link is gone.
pub async fn use_link(
    db: &Db,
    followers: &Followers,
    passwords: &Passwords,
    token: &str,
    new: &NewPerson,
    password: String,
    now_ms: i64,
) -> Result<i64> {
    if !link_is_open(db, token).await? {
        return Err(Error::NotFound);
    }
    let hash = checked_hash(passwords, new, password).await?;
    let mut tx = db.begin().await?;
    followers.prepare(&mut tx).await?;
    let used = tx.q(sql!("DELETE FROM setup_links WHERE token_hash = ?")).bind(token_hash(token)).execute().await?;
    if used == 0 {
        return Err(Error::NotFound);
    }
    let id = insert_administrator(&mut tx, new, &hash, now_ms).await?;
    followers.tell(&mut tx, &[id]).await?;
    tx.commit().await?;
    Ok(id)
}

/// Makes an administrator from the command line, or makes the person with that address one.
pub async fn create_administrator(
    db: &Db,
    followers: &Followers,
    passwords: &Passwords,
    new: &NewPerson,
    password: String,
    now_ms: i64,
) -> Result<i64> {
    let hash = checked_hash(passwords, new, password).await?;
    let existing = people::credentials(db, &new.email).await?;
    let mut tx = db.begin().await?;
    followers.prepare(&mut tx).await?;
    let id = match existing {
        None => insert_administrator(&mut tx, new, &hash, now_ms).await?,
        Some((id, _)) => {
            let query = tx.q(sql!("UPDATE people SET password_hash = ?, updated_at = ? WHERE id = ?"));
            query.bind(hash).bind(now_ms).bind(id).execute().await?;
            roles::assign(&mut tx, id, roles::ADMINISTRATOR).await?;
            id
        }
    };
    followers.tell(&mut tx, &[id]).await?;
    tx.commit().await?;
    Ok(id)
}

async fn checked_hash(passwords: &Passwords, new: &NewPerson, password: String) -> Result<String> {
    new.check()?;
    if new.email.trim().is_empty() {
        return Err(Error::invalid("email", "An administrator signs in with an e-mail address."));
    }
    passwords.hash(password, &Owner { name: &new.name, email: &new.email }).await
}

async fn insert_administrator(tx: &mut crate::db::Tx, new: &NewPerson, hash: &str, now_ms: i64) -> Result<i64> {
    let id = match people::insert(tx, new, now_ms).await {
        Ok(id) => id,
        Err(crate::db::Error::Unique) => return Err(Error::invalid("email", "Somebody has that address already.")),
        Err(other) => return Err(other.into()),
    };
    let query = tx.q(sql!("UPDATE people SET password_hash = ? WHERE id = ?"));
    query.bind(hash).bind(id).execute().await?;
    roles::assign(tx, id, roles::ADMINISTRATOR).await?;
    let detail = serde_json::json!({ "name": new.name, "email": new.email });
    let actor = Actor { person_id: Some(id), ..Actor::system() };
    events::record(tx, &actor, now_ms, "accounts.administrator_created", &format!("person:{id}"), &detail).await?;
    Ok(id)
}
