//! Role profiles: found and read.

use super::super::READ;
use super::super::levels::Level;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::contains;
use crate::error::Result;
use crate::sql;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ProfileLine {
    pub code: String,
    pub name: String,
    /// How many skills it tells of.
    pub skills: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub code: String,
    pub name: String,
    /// The most important first.
    pub skills: Vec<ProfileSkill>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSkill {
    pub name: String,
    /// From 1, not important, to 5, extremely important.
    pub importance: Level,
    /// On the scale O*NET 0–7.
    pub level: Level,
}

/// A page of the profiles whose names or codes contain the text, by name, and how many there are in all.
pub async fn list(app: &App, actor: &Actor, text: &str, limit: i64, offset: i64) -> Result<(Vec<ProfileLine>, i64)> {
    actor.require(READ)?;
    let text = contains(text);
    let query = app.db.q(sql!(
        "SELECT p.code, p.name, (SELECT COUNT(*) FROM role_profile_skills s WHERE s.code = p.code) AS skills
         FROM role_profiles p WHERE p.name_key LIKE ? ESCAPE '!' OR p.code LIKE ? ESCAPE '!'
         ORDER BY p.name_key, p.code LIMIT ? OFFSET ?"
    ));
    let lines = query.bind(text.clone()).bind(text.clone()).bind(limit).bind(offset).all().await?;
    let query = app
        .db
        .q(sql!("SELECT COUNT(*) FROM role_profiles p WHERE p.name_key LIKE ? ESCAPE '!' OR p.code LIKE ? ESCAPE '!'"));
    let (total,) = query.bind(text.clone()).bind(text).one::<(i64,)>().await?;
    Ok((lines, total))
}

pub async fn get(app: &App, actor: &Actor, code: &str) -> Result<Profile> {
    actor.require(READ)?;
    let query = app.db.q(sql!("SELECT code, name FROM role_profiles WHERE code = ?"));
    let (code, name) = query.bind(code).one::<(String, String)>().await?;
    let query = app.db.q(sql!(
        "SELECT skill, importance, level FROM role_profile_skills WHERE code = ? ORDER BY importance DESC, level DESC, skill"
    ));
    let rows: Vec<(String, i64, i64)> = query.bind(code.clone()).all().await?;
    let skill = |(name, importance, level): (String, i64, i64)| ProfileSkill {
        name,
        importance: Level::from_hundredths(importance),
        level: Level::from_hundredths(level),
    };
    Ok(Profile { code, name, skills: rows.into_iter().map(skill).collect() })
}
