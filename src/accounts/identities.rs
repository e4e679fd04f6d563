//! People who log in elsewhere: who somebody is to an issuer of OpenID Connect, and which roles its groups give.
//!
//! Table: identities. The first time somebody comes, an active person with the same address is found if the issuer has
//! verified it, or a new one is made where the configuration allows that. Afterwards the issuer's own name for them
//! counts, so that an address that moves to somebody else takes nobody's account along. Roles that the configuration maps
//! to groups are given and taken with each log-in; others are left alone.

use super::people::{self, NewPerson};
use super::secrets::token_hash;
use super::{Actor, Followers, access, roles};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::{events, sql};
use std::collections::{BTreeMap, BTreeSet};

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

/// Who came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrived {
    pub person_id: i64,
    /// Whether their groups changed their roles: the caller then publishes `access::TOPIC`.
    pub roles_changed: bool,
}

/// The active person who came, with the roles of their groups.
///
/// # Errors
/// `Invalid` for the field `identity`, in words for the person.
pub async fn arrive(
    (db, followers): (&Db, &Followers),
    claimed: &Claimed,
    rules: &Rules,
    now_ms: i64,
) -> Result<Arrived> {
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
    tx.commit().await?;
    let roles_changed = follow_groups(db, person_id, claimed, rules, now_ms).await?;
    Ok(Arrived { person_id, roles_changed })
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

/// Gives and takes the roles that are mapped; `false` when they are right already, which is found without making anybody
/// wait. A transaction of its own, as whoever changes roles locks those before people. The last administrator stays one,
/// whatever the issuer says.
async fn follow_groups(db: &Db, person_id: i64, claimed: &Claimed, rules: &Rules, now_ms: i64) -> Result<bool> {
    let (given, taken) = differences(db, person_id, claimed, rules).await?;
    if given.is_empty() && taken.is_empty() {
        return Ok(false);
    }
    let actor = Actor::system();
    let mut tx = db.begin().await?;
    for role in &given {
        roles::give(&mut tx, &actor, person_id, *role, now_ms).await?;
    }
    let detail = serde_json::json!({ "given": given, "taken": taken, "issuer": claimed.issuer });
    let subject = format!("person:{person_id}");
    events::record(&mut tx, &actor, now_ms, "people.roles_followed_groups", &subject, &detail).await?;
    tx.commit().await?;
    for role in taken {
        let mut tx = db.begin().await?;
        match roles::take(&mut tx, &actor, person_id, role, now_ms).await {
            Ok(_) => tx.commit().await?,
            Err(Error::Invalid(why)) => tracing::warn!(person_id, %why, "a role stays against the issuer's groups"),
            Err(other) => return Err(other),
        }
    }
    Ok(true)
}

/// The ids of the roles that are to be given, and of those that are to be taken.
async fn differences(
    mut db: &Db,
    person_id: i64,
    claimed: &Claimed,
    rules: &Rules,
) -> Result<(BTreeSet<i64>, BTreeSet<i64>)> {
    if rules.roles.is_empty() {
        return Ok(Default::default());
    }
    let ids: BTreeMap<String, i64> =
        db.q(sql!("SELECT name, id FROM roles")).all::<(String, i64)>().await?.into_iter().collect();
    let held: BTreeSet<i64> = access::roles_of(&mut db, person_id).await?.into_iter().collect();
    let role_of = |(_, role): &(String, String)| ids.get(role).copied();
    let mapped: BTreeSet<i64> = rules.roles.iter().filter_map(role_of).collect();
    let has_group = |mapped: &&(String, String)| claimed.groups.contains(&mapped.0);
    let wanted: BTreeSet<i64> = rules.roles.iter().filter(has_group).filter_map(role_of).collect();
    Ok((&wanted - &held, &(&mapped & &held) - &wanted))
}

fn subject_hash(claimed: &Claimed) -> String {
    token_hash(&format!("{}\n{}", claimed.issuer, claimed.subject))
}

fn refused(text: &str) -> Error {
    Error::invalid("identity", text)
}
