//! Concepts are taken in from a file, and suggested for the name of a skill.

use super::super::{EDIT, IMPORT};
use super::Outcome;
use super::file::{self, Concept};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx, contains};
use crate::error::{Error, Result};
use crate::tables::{self, Limits};
use crate::{events, sql};
use bytes::Bytes;
use std::collections::HashMap;

/// How many rows one statement writes.
const AT_ONCE: usize = 1000;
/// How many concepts are suggested.
const SUGGESTED: i64 = 12;
/// Fewer letters say too little.
const MIN_CHARS: usize = 2;

/// How many concepts there are.
pub async fn count(app: &App, actor: &Actor) -> Result<i64> {
    actor.require(IMPORT)?;
    Ok(app.db.q(sql!("SELECT COUNT(*) FROM concepts")).one::<(i64,)>().await?.0)
}

/// Takes all of a file, or nothing of it.
pub async fn import(app: &App, actor: &Actor, file_name: &str, bytes: Bytes) -> Result<Outcome> {
    actor.require(IMPORT)?;
    let name = file_name.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let table = tables::read(&bytes, Some(&name), Limits::default())?;
        file::read(&table)
    });
    let concepts = match read.await.map_err(Error::internal)? {
        Ok(concepts) => concepts,
        Err(problems) => return Ok(Outcome::Refused(problems)),
    };
    let mut tx = app.db.begin().await?;
    let plan = plan(&mut tx, concepts).await?;
    if !plan.fresh.is_empty() {
        take(&mut tx, actor, file_name, &plan.fresh, app.now_ms()).await?;
        tx.commit().await?;
    }
    let added = plan.fresh.iter().filter(|(_, before)| before.is_none()).count();
    Ok(Outcome::Imported { added, renamed: plan.fresh.len() - added, unchanged: plan.unchanged })
}

/// What of a file is to be written.
pub struct Plan {
    /// New and renamed concepts, with the name that they had.
    pub fresh: Vec<(Concept, Option<String>)>,
    pub unchanged: usize,
}

pub async fn plan(tx: &mut Tx, concepts: Vec<Concept>) -> db::Result<Plan> {
    let known: Vec<(String, String)> = tx.q(sql!("SELECT uri, name FROM concepts")).all().await?;
    let mut known: HashMap<String, String> = known.into_iter().collect();
    let count = concepts.len();
    let with_before = concepts.into_iter().map(|concept| (known.remove(&concept.uri), concept));
    let is_fresh = |(before, concept): &(Option<String>, Concept)| before.as_ref() != Some(&concept.name);
    let fresh: Vec<_> = with_before.filter(is_fresh).map(|(before, concept)| (concept, before)).collect();
    Ok(Plan { unchanged: count - fresh.len(), fresh })
}

/// Writes what is new or renamed, inside of a larger change.
pub async fn take(
    tx: &mut Tx,
    actor: &Actor,
    file_name: &str,
    fresh: &[(Concept, Option<String>)],
    now_ms: i64,
) -> db::Result<()> {
    let concepts: Vec<&Concept> = fresh.iter().map(|(concept, _)| concept).collect();
    write(tx, &concepts, now_ms).await?;
    let added = fresh.iter().filter(|(_, before)| before.is_none()).count();
    let detail = serde_json::json!({ "file": file_name, "added": added, "renamed": fresh.len() - added });
    events::record(tx, actor, now_ms, "skills.concepts_imported", "concepts:*", &detail).await
}

async fn write(tx: &mut Tx, concepts: &[&Concept], now_ms: i64) -> db::Result<()> {
    for concepts in concepts.chunks(AT_ONCE) {
        let query = tx.q(sql!(
            "INSERT INTO concepts (uri, name, name_key, reuse_level, updated_at)
             SELECT item.uri, item.name, item.name_key, item.reuse_level, ?
             FROM {rows uri text, name text, name_key text, reuse_level text} WHERE 1 = 1
             {upsert uri} name = {new name}, name_key = {new name_key}, reuse_level = {new reuse_level},
             updated_at = {new updated_at}"
        ));
        query.bind(now_ms).bind_rows(concepts).execute().await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Suggestion {
    name: String,
    reuse_level: String,
    in_catalogue: bool,
}

/// The concepts that a part of a name suggests, those that begin with it first: the name, and a word about it.
pub async fn suggest(app: &App, actor: &Actor, text: &str) -> Result<Vec<(String, String)>> {
    actor.require(EDIT)?;
    let text: String = text.trim().chars().take(MIN_CHARS.max(190)).collect();
    if text.chars().count() < MIN_CHARS {
        return Ok(Vec::new());
    }
    let anywhere = contains(&text);
    let beginning = anywhere.trim_start_matches('%').to_owned();
    let query = app.db.q(sql!(
        "SELECT c.name, c.reuse_level, EXISTS (SELECT 1 FROM skills s WHERE s.uri = c.uri) AS in_catalogue
         FROM concepts c WHERE c.name_key LIKE ? ESCAPE '!'
         ORDER BY CASE WHEN c.name_key LIKE ? ESCAPE '!' THEN 0 ELSE 1 END, c.name_key, c.id LIMIT ?"
    ));
    let found: Vec<Suggestion> = query.bind(anywhere).bind(beginning).bind(SUGGESTED).all().await?;
    let about = |found: &Suggestion| match found.in_catalogue {
        true => "in the catalogue already".to_owned(),
        false => found.reuse_level.clone(),
    };
    Ok(found.iter().map(|found| (found.name.clone(), about(found))).collect())
}

/// Where the concept of exactly this name is defined; empty when there is none, or more than one.
pub async fn uri_of(app: &App, actor: &Actor, name: &str) -> Result<String> {
    actor.require(EDIT)?;
    let query = app.db.q(sql!("SELECT uri FROM concepts WHERE name_key = ? ORDER BY id LIMIT 2"));
    let found: Vec<(String,)> = query.bind(name.trim().to_lowercase()).all().await?;
    Ok(match <[(String,); 1]>::try_from(found) {
        Ok([(uri,)]) => uri,
        Err(_) => String::new(),
    })
}
