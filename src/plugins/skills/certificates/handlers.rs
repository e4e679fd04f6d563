//! What expires when, and on which days a skill's people are reminded.

use super::super::{EDIT, READ};
use super::model;
use super::views::{self, ListPage};
use crate::accounts::{Actor, teams};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/certificates", READ, index),
        Route::get("/skills/certificates/reminders/:skill", EDIT, edit),
        Route::post("/skills/certificates/reminders/:skill", EDIT, update),
    ]
}

pub const PER_PAGE: i64 = 50;
const USUAL_WITHIN: i64 = 90;

/// The list as its address tells it.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ListQuery {
    pub team: String,
    pub within: String,
    pub page: String,
}

impl ListQuery {
    pub fn within(&self) -> i64 {
        number_of(&self.within).filter(|days| (0..=3650).contains(days)).unwrap_or(USUAL_WITHIN)
    }

    pub fn team_id(&self) -> Option<i64> {
        id_of(&self.team)
    }

    /// Counted from 1.
    pub fn page(&self) -> i64 {
        number_of(&self.page).filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1)
    }

    pub fn at(&self, page: i64) -> String {
        let query = ListQuery { page: page.to_string(), ..self.clone() };
        format!("/skills/certificates?{}", serde_urlencoded::to_string(&query).unwrap_or_default())
    }
}

#[handler]
async fn index(cx: Context, Query(query): Query<ListQuery>) -> Result<Response> {
    let (app, actor) = (&cx.app, cx.actor()?);
    let first = (query.page() - 1) * PER_PAGE;
    let (certificates, total) = model::list(app, actor, query.within(), query.team_id(), PER_PAGE, first).await?;
    // Who may see the matrix sees the teams that it is grouped by.
    let teams = teams::all(&app.db, &Actor::system()).await?;
    let may_edit = cx.may(EDIT);
    let list =
        ListPage { certificates: &certificates, teams: &teams, query: &query, total, may_edit, now_ms: app.now_ms() };
    Ok(cx.page("Certificates", views::index(&list)))
}

#[handler]
async fn edit(cx: Context, Path(skill): Path<i64>) -> Result<Response> {
    let reminders = model::reminders_of(&cx.app, cx.actor()?, skill).await?;
    let days = reminders.reminders.text();
    Ok(cx.page("Reminders", views::form(&reminders, &days, None, cx.csrf())))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RemindersForm {
    days: String,
}

#[handler]
async fn update(cx: Context, Path(skill): Path<i64>, Form(form): Form<RemindersForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let reminders = model::reminders_of(&cx.app, actor, skill).await?;
    match model::set_reminders(&cx.app, actor, skill, &form.days).await {
        Ok(()) => {
            let text = format!("The reminders of {} were changed.", reminders.skill);
            Ok(cx.see_other_with("/skills/certificates", Tone::Success, &text))
        }
        Err(Error::Invalid(invalid)) => {
            Ok(cx.invalid_page("Reminders", views::form(&reminders, &form.days, Some(&invalid), cx.csrf())))
        }
        Err(other) => Err(other),
    }
}
