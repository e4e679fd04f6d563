//! Which targets for at least so many people there are, how far they are met, and by whom.

use super::super::READ;
use super::super::levels::{Interest, Standing};
use super::super::targets::Fit;
use super::super::targets::model::{self as targets, Target, TargetRow, select_targets};
use super::super::targets::scope::{Demand, Scope};
use super::super::{levels::Scale, scales};
use super::rule::CoverageStatus;
use crate::accounts::Actor;
use crate::app::App;
use crate::db::contains;
use crate::error::{Error, Result};
use crate::sql;

/// Which coverage is looked at. The default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub scope: Option<Scope>,
    /// A part of the skill's name.
    pub skill: String,
    pub status: Option<CoverageStatus>,
}

/// The targets for at least so many, of skills that are not archived: by whom they are for, then by category and skill.
pub async fn list(app: &App, actor: &Actor, filter: &Filter) -> Result<Vec<Target>> {
    actor.require(READ)?;
    let ask = filter.scope.map(|scope| scope.ask(Demand::OfAtLeast(1))).unwrap_or_default();
    let query = app.db.q(select_targets!(
        "WHERE t.at_least IS NOT NULL AND s.active = TRUE AND (? = '' OR t.ask = ?) AND s.name_key LIKE ? ESCAPE '!'
         ORDER BY CASE WHEN t.team_id IS NOT NULL THEN 1 WHEN t.job_role_id IS NOT NULL THEN 2 ELSE 0 END,
         COALESCE(m.name_key, o.name_key, ''), t.ask, c.position, s.name_key, s.id, t.id"
    ));
    let rows: Vec<TargetRow> = query.bind(ask.clone()).bind(ask).bind(contains(&filter.skill)).all().await?;
    let targets = rows.into_iter().map(Target::from);
    let wanted = |target: &Target| filter.status.is_none_or(|status| status == target.coverage().status());
    Ok(targets.filter(wanted).collect())
}

/// One of those whom a target is for, and where they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: i64,
    pub name: String,
    pub title: String,
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
    /// Those who hold the level first, then those who are near, then the keenest.
    pub members: Vec<Member>,
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    id: i64,
    name: String,
    title: String,
    team: Option<String>,
    level: Option<i64>,
    not_applicable: Option<bool>,
    interest: Option<i64>,
    lapsed: Option<bool>,
    valid_until: Option<String>,
}

pub async fn behind(app: &App, actor: &Actor, target_id: i64) -> Result<Behind> {
    let target = targets::get(app, actor, target_id).await?;
    let scales = scales::all(app).await?;
    let scale = scales.get(target.scale_id).ok_or(Error::NotFound)?.clone();
    let (team, job_role) = (target.scope.team_id().unwrap_or(0), target.scope.job_role_id().unwrap_or(0));
    let query = app.db.q(sql!(
        "SELECT p.id, p.name, p.title, t.name AS team, r.level, r.not_applicable, r.interest, r.lapsed, r.valid_until
         FROM people p LEFT JOIN teams t ON t.id = p.team_id LEFT JOIN ratings r ON r.person_id = p.id AND r.skill_id = ?
         WHERE p.active = TRUE AND (? = 0 OR p.team_id = ?) AND (? = 0 OR EXISTS (
           SELECT 1 FROM job_role_people j WHERE j.job_role_id = ? AND j.person_id = p.id))
         ORDER BY p.team_position, p.name_key, p.id"
    ));
    let query = query.bind(target.skill_id).bind(team).bind(team).bind(job_role).bind(job_role);
    let rows: Vec<MemberRow> = query.all().await?;
    let mut members: Vec<Member> = rows.into_iter().map(|row| row.member(&target, &scale)).collect();
    // Sorting keeps the order of teams and names among those who are alike.
    members.sort_by_key(|member| {
        (member.standing == Standing::NotApplicable, member.fit, std::cmp::Reverse(member.interest))
    });
    Ok(Behind { target, scale, members })
}

impl MemberRow {
    fn member(self, target: &Target, scale: &Scale) -> Member {
        let standing = Standing::from_columns(self.level, self.not_applicable.unwrap_or(false));
        let lapsed = self.lapsed.unwrap_or(false);
        Member {
            id: self.id,
            name: self.name,
            title: self.title,
            team: self.team,
            standing,
            interest: self.interest.and_then(Interest::new),
            lapsed,
            valid_until: self.valid_until,
            fit: Fit::of(standing, target.level, lapsed, scale),
        }
    }
}
