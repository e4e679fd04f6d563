//! What days do to ratings: certificates expire, suspensions begin to hold and end. And who is reminded of it.

use super::super::sight::Sight;
use super::super::{EDIT, RATE_TEAM, TOPIC, summaries};
use super::rules::{EARLIEST_DAYS, LATEST_DAYS, Reminders, days_between, expiry_text};
use crate::accounts::{Actor, roles};
use crate::app::App;
use crate::error::{Error, Result};
use crate::notices::{self, NewNotice};
use crate::{clock, db, events, sql};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};

/// How many people's ratings one transaction moves: it must not hold the counters for long.
const PEOPLE_AT_ONCE: usize = 200;
/// More changes than these are told as one.
const MOST_TOLD: usize = 50;

/// The job: marks what has lapsed, and what no longer has, and raises the reminders that are due.
pub async fn expire(app: &App) -> Result<()> {
    let today = clock::day_of(app.now_ms());
    mark_lapsed(app, today).await?;
    remind(app, today).await
}

/// The ratings whose mark is not what the day says.
async fn wrongly_marked(app: &App, today: Date) -> Result<Vec<(i64, i64)>> {
    let today = today.to_string();
    let query = app.db.q(sql!(
        "SELECT person_id, skill_id FROM ratings
         WHERE (lapsed = FALSE AND (valid_until < ? OR suspended_until >= ?))
         OR (lapsed = TRUE AND (valid_until IS NULL OR valid_until >= ?) AND (suspended_until IS NULL OR suspended_until < ?))
         ORDER BY person_id, skill_id"
    ));
    let query = query.bind(today.clone()).bind(today.clone()).bind(today.clone()).bind(today);
    Ok(query.all().await?)
}

async fn mark_lapsed(app: &App, today: Date) -> Result<()> {
    let cells = wrongly_marked(app, today).await?;
    let people: Vec<i64> = cells.iter().map(|(person, _)| *person).collect::<BTreeSet<i64>>().into_iter().collect();
    for people in people.chunks(PEOPLE_AT_ONCE) {
        let of_these = |(person, _): &&(i64, i64)| people.binary_search(person).is_ok();
        let skills: BTreeSet<i64> = cells.iter().filter(of_these).map(|(_, skill)| *skill).collect();
        mark(app, today, people, &skills.into_iter().collect::<Vec<i64>>()).await?;
    }
    if cells.len() > MOST_TOLD {
        app.publish(TOPIC, "*").await;
        return Ok(());
    }
    for (person, skill) in cells {
        app.publish(TOPIC, format!("{person}:{skill}")).await;
    }
    Ok(())
}

/// Whoever edits one of these at the same moment is told that it changed: the counters are of what they saw.
async fn mark(app: &App, today: Date, people: &[i64], skills: &[i64]) -> db::Result<()> {
    let today = today.to_string();
    let mut tx = app.db.begin().await?;
    let query = tx.q(sql!(
        "UPDATE ratings SET lapsed = TRUE, version = version + 1
         WHERE lapsed = FALSE AND (valid_until < ? OR suspended_until >= ?) AND person_id IN ({ids}) AND skill_id IN ({ids})"
    ));
    query.bind(today.clone()).bind(today.clone()).bind_ids(people).bind_ids(skills).execute().await?;
    let query = tx.q(sql!(
        "UPDATE ratings SET lapsed = FALSE, version = version + 1
         WHERE lapsed = TRUE AND (valid_until IS NULL OR valid_until >= ?) AND (suspended_until IS NULL OR suspended_until < ?)
         AND person_id IN ({ids}) AND skill_id IN ({ids})"
    ));
    query.bind(today.clone()).bind(today).bind_ids(people).bind_ids(skills).execute().await?;
    summaries::recount(&mut tx, people, skills).await?;
    tx.commit().await
}

#[derive(sqlx::FromRow)]
struct Expiring {
    person_id: i64,
    person: String,
    team_id: Option<i64>,
    skill_id: i64,
    skill: String,
    valid_until: String,
    days: Option<String>,
}

/// Deactivated people, archived skills and what says nothing remind nobody.
async fn expiring(app: &App, today: Date) -> Result<Vec<Expiring>> {
    let day = |days: i64| today.checked_add(days.days()).unwrap_or(today).to_string();
    let query = app.db.q(sql!(
        "SELECT r.person_id, p.name AS person, p.team_id, r.skill_id, s.name AS skill, r.valid_until, m.days
         FROM ratings r JOIN people p ON p.id = r.person_id JOIN skills s ON s.id = r.skill_id
         LEFT JOIN skill_reminders m ON m.skill_id = r.skill_id
         WHERE r.valid_until >= ? AND r.valid_until <= ? AND r.level IS NOT NULL AND p.active = TRUE AND s.active = TRUE
         ORDER BY r.valid_until, r.person_id, r.skill_id"
    ));
    Ok(query.bind(day(-LATEST_DAYS)).bind(day(EARLIEST_DAYS)).all().await?)
}

async fn remind(app: &App, today: Date) -> Result<()> {
    let due: Vec<(Expiring, Date, i64)> =
        expiring(app, today).await?.into_iter().filter_map(|rating| with_stage(rating, today)).collect();
    if due.is_empty() {
        return Ok(());
    }
    let leads = leads_by_team(app).await?;
    let notices: Vec<NewNotice> =
        due.iter().flat_map(|(rating, day, stage)| reminders(rating, today, *day, *stage, &leads)).collect();
    let mut tx = app.db.begin().await?;
    let told = notices::raise(&mut tx, &notices, app.now_ms()).await?;
    tx.commit().await?;
    notices::publish(&app.bus, app.now_ms(), &told).await;
    Ok(())
}

fn with_stage(rating: Expiring, today: Date) -> Option<(Expiring, Date, i64)> {
    let day: Date = rating.valid_until.parse().ok()?;
    let reminders = Reminders::parse(rating.days.as_deref().unwrap_or_default()).unwrap_or_default();
    let stage = reminders.due(days_between(today, day))?;
    Some((rating, day, stage))
}

/// Those who were given the right to rate their team, by team.
async fn leads_by_team(app: &App) -> Result<HashMap<i64, Vec<i64>>> {
    let mut leads: HashMap<i64, Vec<i64>> = HashMap::new();
    for holder in roles::holders(&app.access, RATE_TEAM, None).await?.into_iter().filter(|holder| !holder.everything) {
        if let Some(team_id) = holder.team_id {
            leads.entry(team_id).or_default().push(holder.id);
        }
    }
    Ok(leads)
}

/// To the person, and to those who lead them.
fn reminders(rating: &Expiring, today: Date, day: Date, stage: i64, leads: &HashMap<i64, Vec<i64>>) -> Vec<NewNotice> {
    let Expiring { person_id, person, team_id, skill_id, skill, .. } = rating;
    let when = format!("{} ({day})", expiry_text(days_between(today, day)));
    let notice = |to: i64, title: String| NewNotice {
        person_id: to,
        kind: "skills.expiry",
        title,
        href: format!("/skills/people/{person_id}?skill={skill_id}"),
        dedup_key: format!("skills.expiry:{person_id}:{skill_id}:{day}:{stage}"),
    };
    let of_team = team_id.and_then(|team| leads.get(&team)).into_iter().flatten().filter(|lead| *lead != person_id);
    let to_leads = of_team.map(|lead| notice(*lead, format!("{person}: {skill} {when}")));
    std::iter::once(notice(*person_id, format!("Your {skill} {when}"))).chain(to_leads).collect()
}

/// A certificate, as the list shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Certificate {
    pub person_id: i64,
    pub person: String,
    pub team: Option<String>,
    pub skill_id: i64,
    pub skill: String,
    pub valid_until: String,
    pub evidence: String,
    /// The reminders of the skill, where it has its own.
    pub days: Option<String>,
}

/// A page of the certificates that expire within so many days, or have expired, the most urgent first; as far as the
/// actor may see them.
pub async fn list(
    app: &App,
    actor: &Actor,
    within_days: i64,
    team_id: Option<i64>,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Certificate>, i64)> {
    let sight = Sight::of(app, actor).await?;
    let today = clock::day_of(app.now_ms());
    let until = today.checked_add(within_days.days()).unwrap_or(today).to_string();
    let team = team_id.unwrap_or(0);
    let query = app.db.q(sql!(
        "SELECT r.person_id, p.name AS person, t.name AS team, r.skill_id, s.name AS skill, r.valid_until, r.evidence, m.days
         FROM ratings r JOIN people p ON p.id = r.person_id JOIN skills s ON s.id = r.skill_id
         LEFT JOIN teams t ON t.id = p.team_id LEFT JOIN skill_reminders m ON m.skill_id = r.skill_id
         WHERE r.valid_until <= ? AND p.active = TRUE AND s.active = TRUE AND (? = 0 OR p.team_id = ?)
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids}))
         ORDER BY r.valid_until, p.name_key, r.person_id, r.skill_id LIMIT ? OFFSET ?"
    ));
    let query = sight.bind(query.bind(until.clone()).bind(team).bind(team)).bind(limit).bind(offset);
    let certificates = query.all().await?;
    let query = app.db.q(sql!(
        "SELECT COUNT(*) FROM ratings r JOIN people p ON p.id = r.person_id JOIN skills s ON s.id = r.skill_id
         WHERE r.valid_until <= ? AND p.active = TRUE AND s.active = TRUE AND (? = 0 OR p.team_id = ?)
         AND (? = 1 OR p.id = ? OR p.team_id = ? OR r.skill_id IN ({ids}))"
    ));
    let (total,) = sight.bind(query.bind(until).bind(team).bind(team)).one::<(i64,)>().await?;
    Ok((certificates, total))
}

/// A skill and when it is reminded of.
pub struct SkillReminders {
    pub skill_id: i64,
    pub skill: String,
    pub reminders: Reminders,
}

pub async fn reminders_of(app: &App, actor: &Actor, skill_id: i64) -> Result<SkillReminders> {
    actor.require(EDIT)?;
    let query = app
        .db
        .q(sql!("SELECT s.name, m.days FROM skills s LEFT JOIN skill_reminders m ON m.skill_id = s.id WHERE s.id = ?"));
    let (skill, days): (String, Option<String>) = query.bind(skill_id).one().await?;
    Ok(SkillReminders { skill_id, skill, reminders: Reminders::parse(&days.unwrap_or_default()).unwrap_or_default() })
}

/// Nothing typed brings the usual days back.
pub async fn set_reminders(app: &App, actor: &Actor, skill_id: i64, text: &str) -> Result<()> {
    actor.require(EDIT)?;
    let reminders = Reminders::parse(text)?;
    let mut tx = app.db.begin().await?;
    let (skill,): (String,) = tx.q(sql!("SELECT name FROM skills WHERE id = ?")).bind(skill_id).one().await?;
    if reminders == Reminders::default() {
        tx.q(sql!("DELETE FROM skill_reminders WHERE skill_id = ?")).bind(skill_id).execute().await?;
    } else {
        let query = tx
            .q(sql!("INSERT INTO skill_reminders (skill_id, days) VALUES (?, ?) {upsert skill_id} days = {new days}"));
        query.bind(skill_id).bind(reminders.text()).execute().await?;
    }
    let detail = serde_json::json!({ "name": skill, "days": reminders.text() });
    let subject = format!("skill:{skill_id}");
    events::record(&mut tx, actor, app.now_ms(), "skills.reminders_changed", &subject, &detail).await?;
    tx.commit().await.map_err(Error::from)
}
