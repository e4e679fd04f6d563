//! The settings of a team's handoffs. A team that has said nothing uses I-PASS, is reminded after half an hour, and its leads
//! hear of it after an hour.

use super::super::templates::{Template, check_own};
use super::super::{ALL, LEAD, READ};
use crate::accounts::Actor;
use crate::app::App;
use crate::error::{Checks, Error, Result};
use crate::{db, events, sql};

pub const MOST_MINUTES: i64 = 7 * 24 * 60;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamSettings {
    pub template: Template,
    /// The lines of the team's own template.
    pub own_sections: String,
    pub remind_min: i64,
    pub escalate_min: i64,
    /// 0 where nothing was said yet.
    pub version: i64,
}

impl Default for TeamSettings {
    fn default() -> Self {
        TeamSettings {
            template: Template::Ipass,
            own_sections: String::new(),
            remind_min: 30,
            escalate_min: 60,
            version: 0,
        }
    }
}

impl TeamSettings {
    fn check(&self) -> Result<()> {
        let mut checks = Checks::default();
        for (field, minutes) in [("remind_min", self.remind_min), ("escalate_min", self.escalate_min)] {
            let fits = (1..=MOST_MINUTES).contains(&minutes);
            checks.that(fits, field, format!("Minutes go from 1 to {MOST_MINUTES}."));
        }
        let in_order = self.remind_min <= self.escalate_min;
        checks.that(in_order, "escalate_min", "The leads hear of it after those whom it is for.");
        checks.done()?;
        if self.template == Template::Own { check_own(&self.own_sections) } else { Ok(()) }
    }
}

/// Who has the team in hand was let in.
pub async fn of(app: &App, team_id: i64) -> Result<TeamSettings> {
    let query = app.db.q(sql!(
        "SELECT template, own_sections, remind_min, escalate_min, version FROM handoff_teams WHERE team_id = ?"
    ));
    let row: Option<(String, String, i64, i64, i64)> = query.bind(team_id).optional().await?;
    Ok(row.map_or_else(TeamSettings::default, |(template, own_sections, remind_min, escalate_min, version)| {
        let template = Template::from_name(&template).unwrap_or(Template::Ipass);
        TeamSettings { template, own_sections, remind_min, escalate_min, version }
    }))
}

/// Whether somebody says how a team hands off.
pub fn may_set(actor: &Actor, team_id: i64) -> bool {
    actor.may(ALL) || (actor.may(LEAD) && actor.team_id == Some(team_id))
}

/// The name of a team whose settings the actor may change. Another team looks missing.
pub async fn settable(app: &App, actor: &Actor, team_id: i64) -> Result<String> {
    actor.require(READ)?;
    if !may_set(actor, team_id) {
        return Err(if actor.team_id == Some(team_id) { Error::Forbidden } else { Error::NotFound });
    }
    let (name,) = app.db.q(sql!("SELECT name FROM teams WHERE id = ?")).bind(team_id).one::<(String,)>().await?;
    Ok(name)
}

/// Saves what is based on `settings.version`; `false` when somebody else was quicker.
pub async fn save(app: &App, actor: &Actor, team_id: i64, settings: &TeamSettings) -> Result<bool> {
    settable(app, actor, team_id).await?;
    settings.check()?;
    let mut tx = app.db.begin().await?;
    let saved = match settings.version {
        0 => {
            let query = tx.q(sql!(
                "INSERT INTO handoff_teams (template, own_sections, remind_min, escalate_min, team_id) VALUES (?, ?, ?, ?, ?)"
            ));
            let query = query.bind(settings.template.name()).bind(settings.own_sections.as_str());
            match query.bind(settings.remind_min).bind(settings.escalate_min).bind(team_id).execute().await {
                Err(db::Error::Unique) => return Ok(false),
                inserted => inserted?,
            }
        }
        version => {
            let query = tx.q(sql!(
                "UPDATE handoff_teams SET template = ?, own_sections = ?, remind_min = ?, escalate_min = ?, version = version + 1
                 WHERE team_id = ? AND version = ?"
            ));
            let query = query.bind(settings.template.name()).bind(settings.own_sections.as_str());
            query.bind(settings.remind_min).bind(settings.escalate_min).bind(team_id).bind(version).execute().await?
        }
    };
    if saved == 0 {
        return Ok(false);
    }
    let detail = serde_json::json!({
        "template": settings.template.name(),
        "remind_min": settings.remind_min,
        "escalate_min": settings.escalate_min,
    });
    events::record(&mut tx, actor, app.now_ms(), "handoffs.team_changed", &format!("team:{team_id}"), &detail).await?;
    tx.commit().await?;
    Ok(true)
}
