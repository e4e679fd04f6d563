//! People who log in elsewhere: who somebody is to an issuer of OpenID Connect, and which roles its groups give.
//!
//! Table: identities. The first time somebody comes, an active person with the same address is found if the issuer has
//! verified it, or a new one is made where the configuration allows that. Afterwards the issuer's own name for them
//! counts, so that an address that moves to somebody else takes nobody's account along. Roles that the configuration maps
//! to groups are given and taken with each log-in; others are left alone.

use super::people::{self, NewPerson};
use super::secrets::token_hash;
use super::{Actor, Followers, roles};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::{events, sql};
use std::collections::BTreeSet;

/// What the issuer says of somebody, and what it has signed.
#[derive(Clone, Debug, Default)]
pub struct Claimed {
    pub issuer: String,
    pub subject: String,
    pub email: Option<String>,
    pub email_verified: bool,
    pub name: Option<String>,
    pub groups: Vec<String>,
}

/// What the configuration makes of that.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    pub create_people: bool,
    /// The role of somebody new whose groups give none.
    pub default_role: String,
    /// Group and role.
    pub roles: Vec<(String, String)>,
}

/// The active person who came, with the roles of their groups.
///
/// # Errors
/// `Invalid` for the field `identity`, in words for the person.
pub async fn arrive((db, followers): (&Db, &Followers), claimed: &Claimed, rules: &Rules, now_ms: i64) -> Result<i64> {
    let mut tx = db.begin().await?;
    followers.prepare(&mut tx).await?;
    let person_id = match known(&mut tx, claimed).await? {
        Some(person_id) => person_id,
        None => {
            let person_id = match by_address(&mut tx, claimed).await? {
                Some(person_id) => person_id,
                None => create(&mut tx, followers, claimed, rules, now_ms).await?,
            };
            link(&mut tx, claimed, person_id, now_ms).await?;
            person_id
        }
    };
    follow_groups(&mut tx, person_id, claimed, rules, now_ms).await?;
    tx.commit().await?;
    Ok(person_id)
}

async fn known(tx: &mut Tx, claimed: &Claimed) -> Result<Option<i64>> {
    let query = tx.q(sql!(
        "SELECT p.id, p.active FROM identities i JOIN people p ON p.id = i.person_id WHERE i.subject_hash = ?"
    ));
    match query.bind(subject_hash(claimed)).optional::<(i64, bool)>().await? {
        Some((person_id, true)) => Ok(Some(person_id)),
        Some((_, false)) => Err(refused("Your account here is switched off. Ask an administrator.")),
        None => Ok(None),
    }
}

/// An address proves who somebody is only if the issuer has verified it.
async fn by_address(tx: &mut Tx, claimed: &Claimed) -> Result<Option<i64>> {
    let Some(email) = &claimed.email else { return Ok(None) };
    let query = tx.q(sql!("SELECT id, active FROM people WHERE email_key = ?"));
    match query.bind(email.trim().to_lowercase()).optional::<(i64, bool)>().await? {
        None => Ok(None),
        Some(_) if !claimed.email_verified => {
            Err(refused("Your e-mail address is not verified where you logged in, so it opens no account here."))
        }
        Some((_, false)) => Err(refused("Your account here is switched off. Ask an administrator.")),
        Some((person_id, true)) => Ok(Some(person_id)),
    }
}

async fn create(tx: &mut Tx, followers: &Followers, claimed: &Claimed, rules: &Rules, now_ms: i64) -> Result<i64> {
    let email = claimed.email.clone().filter(|_| claimed.email_verified);
    if !rules.create_people {
        return Err(refused("Nobody here has your e-mail address. Ask an administrator to add you."));
    }
    let Some(email) = email else {
        return Err(refused(
            "Where you logged in, no verified e-mail address is told of you, and an account needs one.",
        ));
    };
    let name = claimed.name.clone().filter(|name| !name.trim().is_empty()).unwrap_or_else(|| email.clone());
    let new = NewPerson { name, email, ..NewPerson::default() };
    new.check()?;
    let person_id = people::insert(tx, &new, now_ms).await?;
    roles::assign(tx, person_id, &rules.default_role).await?;
    followers.tell(tx, &[person_id]).await?;
    let detail = serde_json::json!({ "name": new.name, "email": new.email, "issuer": claimed.issuer });
    events::record(tx, &Actor::system(), now_ms, "people.created", &format!("person:{person_id}"), &detail).await?;
    Ok(person_id)
}

async fn link(tx: &mut Tx, claimed: &Claimed, person_id: i64, now_ms: i64) -> Result<()> {
    let query = tx.q(sql!("INSERT INTO identities (subject_hash, person_id, issuer, created_at) VALUES (?, ?, ?, ?)"));
    let issuer: String = claimed.issuer.chars().take(190).collect();
    query.bind(subject_hash(claimed)).bind(person_id).bind(issuer).bind(now_ms).execute().await?;
    let detail = serde_json::json!({ "issuer": claimed.issuer });
    let subject = format!("person:{person_id}");
    Ok(events::record(tx, &Actor::system(), now_ms, "accounts.identity_linked", &subject, &detail).await?)
}

/// Gives and takes the roles that are mapped. The last administrator stays one, whatever the issuer says.
async fn follow_groups(tx: &mut Tx, person_id: i64, claimed: &Claimed, rules: &Rules, now_ms: i64) -> Result<()> {
    let has_group = |group: &String| claimed.groups.contains(group);
    let mapped: BTreeSet<&str> = rules.roles.iter().map(|(_, role)| role.as_str()).collect();
    let wanted: BTreeSet<&str> =
        rules.roles.iter().filter(|(group, _)| has_group(group)).map(|(_, role)| role.as_str()).collect();
    let held = held(tx, person_id).await?;
    let given: Vec<&str> = wanted.iter().copied().filter(|role| !held.contains(*role)).collect();
    let mut taken: Vec<&str> =
        mapped.iter().copied().filter(|role| held.contains(*role) && !wanted.contains(role)).collect();
    if taken.contains(&roles::ADMINISTRATOR) && !others_administer(tx, person_id).await? {
        tracing::warn!(person_id, "the issuer's groups would take away the last administrator");
        taken.retain(|role| *role != roles::ADMINISTRATOR);
    }
    for role in &given {
        roles::assign(tx, person_id, role).await?;
    }
    for role in &taken {
        take(tx, person_id, role).await?;
    }
    if given.is_empty() && taken.is_empty() {
        return Ok(());
    }
    let detail = serde_json::json!({ "given": given, "taken": taken, "issuer": claimed.issuer });
    let subject = format!("person:{person_id}");
    Ok(events::record(tx, &Actor::system(), now_ms, "people.roles_followed_groups", &subject, &detail).await?)
}

async fn held(tx: &mut Tx, person_id: i64) -> Result<BTreeSet<String>> {
    let query =
        tx.q(sql!("SELECT r.name FROM person_roles pr JOIN roles r ON r.id = pr.role_id WHERE pr.person_id = ?"));
    let rows: Vec<(String,)> = query.bind(person_id).all().await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

async fn take(tx: &mut Tx, person_id: i64, role: &str) -> Result<()> {
    let query =
        tx.q(sql!("DELETE FROM person_roles WHERE person_id = ? AND role_id = (SELECT id FROM roles WHERE name = ?)"));
    query.bind(person_id).bind(role).execute().await?;
    Ok(())
}

async fn others_administer(tx: &mut Tx, person_id: i64) -> Result<bool> {
    let query = tx.q(sql!(
        "SELECT COUNT(*) FROM person_roles pr JOIN roles r ON r.id = pr.role_id JOIN people p ON p.id = pr.person_id
         WHERE r.everything = TRUE AND p.active = TRUE AND p.id <> ?"
    ));
    let (count,) = query.bind(person_id).one::<(i64,)>().await?;
    Ok(count > 0)
}

fn subject_hash(claimed: &Claimed) -> String {
    token_hash(&format!("{}\n{}", claimed.issuer, claimed.subject))
}

fn refused(text: &str) -> Error {
    Error::invalid("identity", text)
}
