//! Writes the example organisation in one transaction: the few rows through the functions that make them one by one,
//! the thousands of ratings set-wise.

use super::history::{self, Chance, Change, DAY_MS, DAYS, Subject};
use super::labels::LABELS;
use super::organisation::{self, CATEGORIES, Seniority, TEAMS};
use crate::accounts::people::{self, NewPerson};
use crate::accounts::{roles, teams};
use crate::app::App;
use crate::db::{self, Db, Tx};
use crate::error::{Error, Result};
use crate::plugins::skills::catalogue::labels::model::Labels;
use crate::plugins::skills::catalogue::model::{self as catalogue, NewSkill, Owner};
use crate::plugins::skills::categories::model::category_id;
use crate::plugins::skills::levels::Scale;
use crate::plugins::skills::{CATALOGUE_TOPIC, TOPIC, scales, summaries};
use crate::{accounts, sql};
use std::collections::HashMap;

/// Any number does; this one fills 55 % of the matrix.
const SEED: u64 = 1956;

struct Member {
    id: i64,
    lead_id: i64,
    seniority: Seniority,
    familiarity: &'static [f64; 8],
}

struct Skill {
    id: i64,
    /// Its place in `CATEGORIES`.
    category: usize,
    scale: Scale,
}

pub(super) async fn has_nobody(db: &Db) -> Result<bool> {
    let (somebody,) = db.q(sql!("SELECT EXISTS (SELECT 1 FROM people)")).one::<(bool,)>().await?;
    Ok(!somebody)
}

/// The demo's people who could log in.
pub(super) async fn open_log_ins(db: &Db) -> Result<Vec<i64>> {
    let query = db.q(sql!("SELECT id FROM people WHERE email_key LIKE ? AND password_hash IS NOT NULL ORDER BY id"));
    let rows: Vec<(i64,)> = query.bind(format!("%@{}", organisation::PEOPLE_DOMAIN)).all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn forget_password(db: &Db, person_id: i64, now_ms: i64) -> Result<()> {
    let query = db.q(sql!("UPDATE people SET password_hash = NULL, updated_at = ? WHERE id = ?"));
    query.bind(now_ms).bind(person_id).execute().await?;
    Ok(())
}

/// No two people, and no two skills, of the example share a name.
pub(super) async fn person_id(db: &Db, name: &str) -> Result<i64> {
    let (id,) = db.q(sql!("SELECT id FROM people WHERE name = ?")).bind(name).one::<(i64,)>().await?;
    Ok(id)
}

pub(super) async fn skill_id(db: &Db, name: &str) -> Result<i64> {
    let (id,) = db.q(sql!("SELECT id FROM skills WHERE name = ?")).bind(name).one::<(i64,)>().await?;
    Ok(id)
}

pub(super) async fn load(app: &App) -> Result<()> {
    let now = app.now_ms();
    let founded = now - (DAYS + 30) * DAY_MS;
    let scales = scales::all(app).await?;
    let mut tx = app.db.begin().await?;
    let people = insert_people(&mut tx, founded).await?;
    let skills = insert_skills(&mut tx, &scales, founded).await?;
    let changes = all_changes(&people, &skills, now);
    insert_events(&mut tx, &changes).await?;
    insert_ratings(&mut tx, &changes).await?;
    let person_ids: Vec<i64> = people.iter().map(|member| member.id).collect();
    let skill_ids: Vec<i64> = skills.iter().map(|skill| skill.id).collect();
    summaries::recount(&mut tx, &person_ids, &skill_ids).await?;
    super::targets::model::load(&mut tx, &scales, founded).await?;
    tx.commit().await?;
    for topic in [accounts::TOPIC, CATALOGUE_TOPIC, TOPIC] {
        app.publish(topic, "*").await;
    }
    Ok(())
}

async fn insert_people(tx: &mut Tx, founded: i64) -> Result<Vec<Member>> {
    let mut members = Vec::new();
    for team in &TEAMS {
        let team_id = teams::insert(tx, team.name, founded).await?;
        let mut lead_id = None;
        for (name, title, seniority) in team.people {
            let email = organisation::email(name);
            let new = NewPerson { name: (*name).into(), email, title: (*title).into(), team_id: Some(team_id) };
            let id = people::insert(tx, &new, founded).await?;
            roles::assign(tx, id, role(name, *seniority)).await?;
            let lead_id = *lead_id.get_or_insert(id);
            members.push(Member { id, lead_id, seniority: *seniority, familiarity: &team.familiarity });
        }
    }
    teams::rank(tx).await?;
    Ok(members)
}

fn role(name: &str, seniority: Seniority) -> &'static str {
    match name {
        organisation::ADMINISTRATOR => roles::ADMINISTRATOR,
        organisation::VIEWER => "viewer",
        _ if seniority == Seniority::Lead => "lead",
        _ => "member",
    }
}

async fn insert_skills(tx: &mut Tx, scales: &scales::Scales, founded: i64) -> Result<Vec<Skill>> {
    let people: Vec<(String, i64)> = tx.q(sql!("SELECT name, id FROM people")).all().await?;
    let people: HashMap<String, i64> = people.into_iter().collect();
    let mut skills = Vec::new();
    for (category, of_category) in CATEGORIES.iter().enumerate() {
        let scale = scales.named(of_category.scale).ok_or(Error::NotFound)?;
        for (name, description) in of_category.skills {
            let label = LABELS.iter().find(|label| label.skill == *name);
            let branch = label.map_or("", |label| label.branch);
            let path =
                if branch.is_empty() { of_category.name.into() } else { format!("{} › {branch}", of_category.name) };
            let category_id = category_id(tx, &path, founded).await?;
            let owner = label.and_then(|label| people.get(label.owner)).map_or(Owner::Nobody, |id| Owner::Person(*id));
            let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
            let labels = label.map(|label| Labels::of(texts(label.aliases), texts(label.tags))).unwrap_or_default();
            let (name, description) = ((*name).into(), (*description).into());
            let new = NewSkill { name, description, labels, owner, ..NewSkill::default() };
            let id = catalogue::insert(tx, category_id, scale.id, &new, founded).await?;
            skills.push(Skill { id, category, scale: scale.clone() });
        }
    }
    Ok(skills)
}

/// In the order of time, as the log of a real year would stand.
fn all_changes(people: &[Member], skills: &[Skill], now_ms: i64) -> Vec<Change> {
    let mut chance = Chance(SEED);
    let mut changes = Vec::new();
    for member in people {
        for skill in skills {
            let subject = Subject {
                person_id: member.id,
                lead_id: member.lead_id,
                skill_id: skill.id,
                scale: &skill.scale,
                seniority: member.seniority,
                familiarity: member.familiarity[skill.category],
            };
            changes.extend(history::of_cell(&subject, &mut chance, now_ms));
        }
    }
    changes.sort_by_key(|change| (change.at, change.version));
    changes
}

async fn insert_events(tx: &mut Tx, changes: &[Change]) -> db::Result<()> {
    tx.q(sql!(
        "INSERT INTO rating_events (person_id, skill_id, at, actor_id, origin, level, not_applicable, interest, note)
         SELECT item.person_id, item.skill_id, item.at, item.actor_id, 'cell', item.level, item.not_applicable, item.interest, item.note
         FROM {rows person_id i64, skill_id i64, at i64, actor_id i64, level i64, not_applicable bool, interest i64, note text}
         ORDER BY item.at"
    ))
    .bind_rows(changes)
    .execute()
    .await?;
    Ok(())
}

/// A rating is what its last change says.
async fn insert_ratings(tx: &mut Tx, changes: &[Change]) -> db::Result<()> {
    tx.q(sql!(
        "INSERT INTO ratings (person_id, skill_id, level, not_applicable, interest, note, version, updated_at, updated_by)
         SELECT item.person_id, item.skill_id, item.level, item.not_applicable, item.interest, item.note, item.version, item.at, item.actor_id
         FROM {rows person_id i64, skill_id i64, at i64, actor_id i64, level i64, not_applicable bool, interest i64, note text, version i64}"
    ))
    .bind_rows(&latest(changes))
    .execute()
    .await?;
    Ok(())
}

fn latest(changes: &[Change]) -> Vec<&Change> {
    let mut last = std::collections::BTreeMap::new();
    for change in changes {
        last.insert((change.person_id, change.skill_id), change);
    }
    last.into_values().collect()
}
