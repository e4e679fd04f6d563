//! Concepts are taken in from a file, and suggested for the name of a skill.

use super::super::{EDIT, IMPORT};
use super::Outcome;
use super::file::{self, Concept};
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{Tx, contains};
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
    let known: Vec<(String, String)> = tx.q(sql!("SELECT uri, name FROM concepts")).all().await?;
    let known: HashMap<String, String> = known.into_iter().collect();
    let of = |is_wanted: fn(Option<&String>, &str) -> bool| {
        concepts.iter().filter(|concept| is_wanted(known.get(&concept.uri), &concept.name)).count()
    };
    let added = of(|known, _| known.is_none());
    let renamed = of(|known, name| known.is_some_and(|known| known != name));
    write(&mut tx, &concepts, app.now_ms()).await?;
    let detail = serde_json::json!({ "file": file_name, "added": added, "renamed": renamed });
    events::record(&mut tx, actor, app.now_ms(), "skills.concepts_imported", "concepts:*", &detail).await?;
    tx.commit().await?;
    Ok(Outcome::Imported { added, renamed, unchanged: concepts.len() - added - renamed })
}

async fn write(tx: &mut Tx, concepts: &[Concept], now_ms: i64) -> Result<()> {
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
