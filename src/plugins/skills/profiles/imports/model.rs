//! Takes profiles in: what is new or different is written, all of it or nothing; what a file does not name stays.

use super::super::super::levels::Level;
use super::super::super::{CATALOGUE_TOPIC, IMPORT};
use super::super::model::{Profile, ProfileSkill};
use super::file;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::{self, Tx};
use crate::error::{Error, Result};
use crate::tables::{self, Limits, Problem, Table};
use crate::{events, sql};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;

/// How many rows one statement writes.
const AT_ONCE: usize = 1000;

/// What an import would do, or did.
#[derive(Debug, Default)]
pub struct Report {
    /// Whether it was written.
    pub is_done: bool,
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// Skills of the new and changed profiles.
    pub skills: usize,
    /// Nothing is written while there is one of these.
    pub problems: Vec<Problem>,
    /// What a person should know, in full sentences.
    pub notices: Vec<String>,
}

impl Report {
    pub fn is_refused(&self) -> bool {
        !self.problems.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { new, changed, unchanged, skills, .. } = self;
        let done = format!("{new} profiles new, {changed} changed ({skills} skills in them), {unchanged} unchanged");
        match (self.is_refused(), self.is_done) {
            (true, _) => writeln!(f, "Refused, nothing was written:")?,
            (false, true) => writeln!(f, "Imported: {done}.")?,
            (false, false) => writeln!(f, "Preview, nothing was written: {done}.")?,
        }
        self.problems.iter().try_for_each(|problem| writeln!(f, "  {problem}"))?;
        self.notices.iter().try_for_each(|notice| writeln!(f, "  {notice}"))
    }
}

/// Imports a file, or with `dry_run` tells what that would do.
///
/// # Errors
/// Forbidden; Invalid for a file that cannot be opened.
pub async fn run(app: &App, actor: &Actor, path: &Path, dry_run: bool) -> Result<Report> {
    actor.require(IMPORT)?;
    let unreadable = |error: std::io::Error| Error::invalid("", format!("{}: {error}", path.display()));
    let bytes = tokio::fs::read(path).await.map_err(unreadable)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let read = tables::read(&bytes, Some(&name), Limits::default()).and_then(|table| read(&table));
    let read = match read {
        Ok(read) => read,
        Err(problems) => return Ok(Report { problems, ..Report::default() }),
    };
    let mut tx = app.db.begin().await?;
    let (fresh, mut report) = plan(&mut tx, read).await?;
    if dry_run || fresh.is_empty() {
        report.is_done = !dry_run;
        return Ok(report);
    }
    take(&mut tx, actor, &name, &fresh, app.now_ms()).await?;
    tx.commit().await?;
    app.publish(CATALOGUE_TOPIC, "*").await;
    report.is_done = true;
    Ok(report)
}

/// What a file says: each profile with the row in which it begins.
pub struct Read {
    profiles: Vec<(u32, Profile)>,
    notices: Vec<String>,
}

pub fn read(table: &Table) -> Result<Read, Vec<Problem>> {
    Ok(Read { profiles: file::read(table)?, notices: table.notices.clone() })
}

/// A profile that is to be written.
pub struct Fresh {
    pub row: u32,
    pub profile: Profile,
    /// What it is called so far, if it is there.
    pub before: Option<String>,
}

/// Those that are to be written, and how many there are of each kind.
pub async fn plan(tx: &mut Tx, read: Read) -> db::Result<(Vec<Fresh>, Report)> {
    let (fresh, report) = compare(read.profiles, &known(tx).await?);
    Ok((fresh, Report { notices: read.notices, ..report }))
}

/// Writes what is new or different, inside of a larger change.
pub async fn take(tx: &mut Tx, actor: &Actor, file_name: &str, fresh: &[Fresh], now_ms: i64) -> db::Result<()> {
    let profiles: Vec<&Profile> = fresh.iter().map(|fresh| &fresh.profile).collect();
    write(tx, &profiles).await?;
    let new = fresh.iter().filter(|fresh| fresh.before.is_none()).count();
    let detail = serde_json::json!({ "file": file_name, "new": new, "changed": fresh.len() - new });
    events::record(tx, actor, now_ms, "skills.profiles_imported", "profiles", &detail).await
}

/// Name and skills by code; of each skill its importance and level.
type Known = HashMap<String, (String, BTreeMap<String, (i64, i64)>)>;

async fn known(tx: &mut Tx) -> db::Result<Known> {
    let names: Vec<(String, String)> = tx.q(sql!("SELECT code, name FROM role_profiles")).all().await?;
    let mut known: Known = names.into_iter().map(|(code, name)| (code, (name, BTreeMap::new()))).collect();
    let query = tx.q(sql!("SELECT code, skill, importance, level FROM role_profile_skills"));
    for (code, skill, importance, level) in query.all::<(String, String, i64, i64)>().await? {
        if let Some((_, skills)) = known.get_mut(&code) {
            skills.insert(skill, (importance, level));
        }
    }
    Ok(known)
}

fn compare(profiles: Vec<(u32, Profile)>, known: &Known) -> (Vec<Fresh>, Report) {
    let mut report = Report::default();
    let mut fresh = Vec::new();
    for (row, profile) in profiles {
        match known.get(&profile.code) {
            Some(there) if *there == (profile.name.clone(), skills_of(&profile)) => {
                report.unchanged += 1;
                continue;
            }
            Some(_) => report.changed += 1,
            None => report.new += 1,
        }
        report.skills += profile.skills.len();
        let before = known.get(&profile.code).map(|(name, _)| name.clone());
        fresh.push(Fresh { row, profile, before });
    }
    (fresh, report)
}

fn skills_of(profile: &Profile) -> BTreeMap<String, (i64, i64)> {
    let values = |skill: &ProfileSkill| (skill.importance.hundredths(), skill.level.hundredths());
    profile.skills.iter().map(|skill| (skill.name.clone(), values(skill))).collect()
}

#[derive(Serialize)]
struct ProfileRow<'a> {
    code: &'a str,
    name: &'a str,
    name_key: String,
}

#[derive(Serialize)]
struct SkillRow<'a> {
    code: &'a str,
    skill: &'a str,
    importance: i64,
    level: i64,
}

async fn write(tx: &mut Tx, profiles: &[&Profile]) -> db::Result<()> {
    for profiles in profiles.chunks(AT_ONCE) {
        let rows: Vec<ProfileRow> = profiles.iter().copied().map(profile_row).collect();
        tx.q(sql!(
            "INSERT INTO role_profiles (code, name, name_key)
             SELECT item.code, item.name, item.name_key FROM {rows code text, name text, name_key text} WHERE 1 = 1
             {upsert code} name = {new name}, name_key = {new name_key}"
        ))
        .bind_rows(&rows)
        .execute()
        .await?;
        // What a profile no longer asks for goes.
        tx.q(sql!("DELETE FROM role_profile_skills WHERE code IN (SELECT item.code FROM {rows code text})"))
            .bind_rows(&rows)
            .execute()
            .await?;
    }
    let rows: Vec<SkillRow> = profiles.iter().copied().flat_map(skill_rows).collect();
    for rows in rows.chunks(AT_ONCE) {
        tx.q(sql!(
            "INSERT INTO role_profile_skills (code, skill, importance, level)
             SELECT item.code, item.skill, item.importance, item.level
             FROM {rows code text, skill text, importance i64, level i64}"
        ))
        .bind_rows(rows)
        .execute()
        .await?;
    }
    Ok(())
}

fn profile_row(profile: &Profile) -> ProfileRow<'_> {
    let Profile { code, name, .. } = profile;
    ProfileRow { code, name, name_key: name.to_lowercase() }
}

fn skill_rows(profile: &Profile) -> impl Iterator<Item = SkillRow<'_>> {
    profile.skills.iter().map(|skill| SkillRow {
        code: &profile.code,
        skill: &skill.name,
        importance: skill.importance.hundredths(),
        level: Level::hundredths(skill.level),
    })
}
