//! Which targets for at least so many people there are, how far they are met, and by whom.

use super::super::READ;
use super::super::as_of::AsOf;
use super::super::levels::{Interest, Standing};
use super::super::requirements::past::model::{self as past, targets_then};
use super::super::sight::Sight;
use super::super::targets::Fit;
use super::super::targets::model::{self as targets, Target, TargetRow, select_targets};
use super::super::targets::scope::Scope;
use super::super::{levels::Scale, scales};
use super::rule::CoverageStatus;
use crate::accounts::Actor;
use crate::app::App;
use crate::clock::day_of;
use crate::db::{Sql, contains};
use crate::error::{Error, Result};
use crate::sql;
use std::collections::HashMap;

/// Which coverage is looked at. The default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub scope: Option<Scope>,
    /// A part of the skill's name, or of an alias.
    pub skill: String,
    pub status: Option<CoverageStatus>,
    /// Who was able by the end of that day, of today's people, by the targets of that day.
    pub as_of: AsOf,
}

/// The targets for at least so many, of skills that are not archived: by whom they are for, then by category and skill.
pub async fn list(app: &App, actor: &Actor, filter: &Filter) -> Result<Vec<Target>> {
    actor.require(READ)?;
    let query = match filter.as_of.before_ms() {
        None => app.db.q(LISTED),
        Some(before_ms) => app.db.q(LISTED_THEN).bind(before_ms),
    };
    let (team, job_role) = (filter.scope.and_then(Scope::team_id), filter.scope.and_then(Scope::job_role_id));
    let (team, job_role) = (team.unwrap_or(0), job_role.unwrap_or(0));
    let everybody = i64::from(filter.scope == Some(Scope::Everybody));
    let query = query.bind(team).bind(team).bind(job_role).bind(job_role).bind(everybody);
    let rows: Vec<TargetRow> = query.bind(contains(&filter.skill)).bind(contains(&filter.skill)).all().await?;
    let mut targets: Vec<Target> = rows.into_iter().map(Target::from).collect();
    look_back(app, &mut targets, filter.as_of).await?;
    let wanted = |target: &Target| filter.status.is_none_or(|status| status == target.coverage().status());
    Ok(targets.into_iter().filter(wanted).collect())
}

/// Team (0 for any), job role (0 for any), each twice, whether those for everybody alone, pattern of the skill's name or
/// alias (twice).
macro_rules! listed {
    ($from:expr) => {
        select_targets!(
            $from,
            "WHERE t.at_least IS NOT NULL AND s.active = TRUE AND (? = 0 OR t.team_id = ?) AND (? = 0 OR t.job_role_id = ?)
             AND (? = 0 OR (t.team_id IS NULL AND t.job_role_id IS NULL)) AND (s.name_key LIKE ? ESCAPE '!'
               OR s.id IN (SELECT a.skill_id FROM skill_aliases a WHERE a.alias_key LIKE ? ESCAPE '!'))
             ORDER BY CASE WHEN t.team_id IS NOT NULL THEN 1 WHEN t.job_role_id IS NOT NULL THEN 2 ELSE 0 END,
             COALESCE(m.name_key, o.name_key, ''), COALESCE(t.team_id, t.job_role_id, 0), c.position, s.name_key, s.id, t.id"
        )
    };
}
const LISTED: &Sql = listed!("targets");
/// First comes the moment.
const LISTED_THEN: &Sql = listed!(targets_then!());

/// Counts who was able by the end of a day, from the last thing that was said of each until then, and gives each target the
/// scale of that day.
pub async fn look_back(app: &App, targets: &mut [Target], as_of: AsOf) -> Result<()> {
    let (Some(day), Some(before_ms)) = (as_of.day().map(|day| day.to_string()), as_of.before_ms()) else {
        return Ok(());
    };
    let ids: Vec<i64> = targets.iter().map(|target| target.id).collect();
    let skills: Vec<i64> = targets.iter().map(|target| target.skill_id).collect();
    let rows: Vec<(i64, i64)> = app
        .db
        .q(sql!(concat!(
            "SELECT t.id, COUNT(*) FROM ",
            targets_then!(),
            " AS t JOIN (SELECT person_id, skill_id, MAX(id) AS id FROM rating_events
                   WHERE at < ? AND skill_id IN ({ids}) GROUP BY person_id, skill_id) AS last ON last.skill_id = t.skill_id
             JOIN rating_events e ON e.id = last.id JOIN people p ON p.id = e.person_id
             WHERE t.id IN ({ids}) AND e.level >= t.level AND p.active = TRUE
             AND (e.valid_until IS NULL OR e.valid_until >= ?) AND (e.suspended_until IS NULL OR e.suspended_until < ?)
             AND (t.team_id IS NULL OR p.team_id = t.team_id) AND (t.job_role_id IS NULL OR EXISTS (
               SELECT 1 FROM job_role_people j WHERE j.job_role_id = t.job_role_id AND j.person_id = p.id))
             GROUP BY t.id"
        )))
        .bind(before_ms)
        .bind(before_ms)
        .bind_ids(&skills)
        .bind_ids(&ids)
        .bind(day.clone())
        .bind(day)
        .all()
        .await?;
    let able: HashMap<i64, i64> = rows.into_iter().collect();
    let scales = scales::all(app).await?;
    for target in targets {
        target.scale_id = scales.id_on(target.skill_id, target.scale_id, as_of);
        target.able = able.get(&target.id).copied().unwrap_or(0);
    }
    Ok(())
}

/// One of those whom a target is for, and where they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: i64,
    pub name: String,
    pub title: String,
    pub team_id: Option<i64>,
    pub team: Option<String>,
    pub standing: Standing,
    pub interest: Option<Interest>,
    /// Whether the level has expired or is suspended, so that it does not count.
    pub lapsed: bool,
    pub valid_until: Option<String>,
    pub fit: Fit,
}

/// The people behind a number.
pub struct Behind {
    pub target: Target,
    pub scale: Scale,
    /// Those whom the actor sees: who holds the level first, then who is near, then the keenest.
    pub members: Vec<Member>,
    /// How many others the target is for.
    pub hidden: usize,
    pub as_of: AsOf,
    /// Targets are recorded only since this moment, which is later than the day.
    pub asked_since: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    id: i64,
    name: String,
    title: String,
    team_id: Option<i64>,
    team: Option<String>,
    level: Option<i64>,
    not_applicable: Option<bool>,
    interest: Option<i64>,
    valid_until: Option<String>,
    suspended_until: Option<String>,
}

pub async fn behind(app: &App, actor: &Actor, target_id: i64, as_of: AsOf) -> Result<Behind> {
    let mut target = target_on(app, actor, target_id, as_of).await?;
    let scales = scales::all(app).await?;
    let scale = scales.get(target.scale_id).ok_or(Error::NotFound)?.clone();
    let rows = match as_of.before_ms() {
        None => members_now(app, &target).await?,
        Some(before_ms) => members_then(app, &target, before_ms).await?,
    };
    let day = as_of.day().unwrap_or_else(|| day_of(app.now_ms())).to_string();
    let mut members: Vec<Member> = rows.into_iter().map(|row| row.member(&target, &scale, &day)).collect();
    // Sorting keeps the order of teams and names among those who are alike.
    members.sort_by_key(|member| (member.is_exempt(), member.fit, std::cmp::Reverse(member.interest)));
    target.able = members.iter().filter(|member| member.fit == Fit::Met && !member.is_exempt()).count() as i64;
    let sight = Sight::of(app, actor).await?;
    let all = members.len();
    members.retain(|member| sight.sees(member.id, member.team_id, target.skill_id));
    let asked_since = past::begins_later(app, actor, as_of.before_ms()).await?;
    Ok(Behind { hidden: all - members.len(), target, scale, members, as_of, asked_since })
}

/// A target as it was on a day; one that was set later, or had been taken away, looks missing.
async fn target_on(app: &App, actor: &Actor, id: i64, as_of: AsOf) -> Result<Target> {
    let Some(before_ms) = as_of.before_ms() else { return targets::get(app, actor, id).await };
    let query = app.db.q(select_targets!(targets_then!(), "WHERE t.id = ?"));
    let mut target: Target = query.bind(before_ms).bind(id).one::<TargetRow>().await?.into();
    target.scale_id = scales::all(app).await?.id_on(target.skill_id, target.scale_id, as_of);
    Ok(target)
}

async fn members_now(app: &App, target: &Target) -> Result<Vec<MemberRow>> {
    let (team, job_role) = (target.scope.team_id().unwrap_or(0), target.scope.job_role_id().unwrap_or(0));
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.title, p.team_id, t.name AS team, r.level, r.not_applicable, r.interest, r.valid_until, r.suspended_until
         FROM people p LEFT JOIN teams t ON t.id = p.team_id LEFT JOIN ratings r ON r.person_id = p.id AND r.skill_id = ?
         WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?) AND (? = 0 OR EXISTS (
           SELECT 1 FROM job_role_people j WHERE j.job_role_id = ? AND j.person_id = p.id))
         ORDER BY p.team_position, p.name_key, p.id"
    ));
    let query = query.bind(target.skill_id).bind(team).bind(team).bind(job_role).bind(job_role);
    Ok(query.all().await?)
}

async fn members_then(app: &App, target: &Target, before_ms: i64) -> Result<Vec<MemberRow>> {
    let (team, job_role) = (target.scope.team_id().unwrap_or(0), target.scope.job_role_id().unwrap_or(0));
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.title, p.team_id, t.name AS team, e.level, e.not_applicable, e.interest, e.valid_until, e.suspended_until
         FROM people p LEFT JOIN teams t ON t.id = p.team_id
         LEFT JOIN (SELECT person_id, MAX(id) AS id FROM rating_events WHERE skill_id = ? AND at < ? GROUP BY person_id) AS last
         ON last.person_id = p.id LEFT JOIN rating_events e ON e.id = last.id
         WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?) AND (? = 0 OR EXISTS (
           SELECT 1 FROM job_role_people j WHERE j.job_role_id = ? AND j.person_id = p.id))
         ORDER BY p.team_position, p.name_key, p.id"
    ));
    let query = query.bind(target.skill_id).bind(before_ms).bind(team).bind(team).bind(job_role).bind(job_role);
    Ok(query.all().await?)
}

impl Member {
    pub fn is_exempt(&self) -> bool {
        self.standing == Standing::NotApplicable
    }
}

impl MemberRow {
    /// Dates compare as texts.
    fn member(self, target: &Target, scale: &Scale, day: &str) -> Member {
        let standing = Standing::from_columns(self.level, self.not_applicable.unwrap_or(false));
        let expired = self.valid_until.as_deref().is_some_and(|until| until < day);
        let lapsed = expired || self.suspended_until.as_deref().is_some_and(|until| until >= day);
        Member {
            id: self.id,
            name: self.name,
            title: self.title,
            team_id: self.team_id,
            team: self.team,
            standing,
            interest: self.interest.and_then(Interest::new),
            lapsed,
            valid_until: self.valid_until,
            fit: Fit::of(standing, target.level, lapsed, scale),
        }
    }
}
