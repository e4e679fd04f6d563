//! Coverage: the list with its filter, and the people behind one number.

use super::super::as_of::AsOf;
use super::super::requirements::past::model as past;
use super::super::targets::scope::Scope;
use super::super::targets::scopes::model as scopes;
use super::super::{READ, scales};
use super::model::{self, Filter};
use super::rule::CoverageStatus;
use super::views::{self, Page};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use crate::web::form::id_of;
use crate::web::times;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills/coverage", READ, index), Route::get("/skills/coverage/:id", READ, show)]
}

/// The fields of the filter; a form sends those that are empty, too.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameters {
    of: String,
    skill: String,
    status: String,
    as_of: String,
}

impl Parameters {
    fn filter(&self, now_ms: i64) -> Result<Filter> {
        Ok(Filter {
            scope: scope_of(&self.of),
            skill: self.skill.trim().to_owned(),
            status: CoverageStatus::from_name(&self.status),
            as_of: AsOf::parse(&self.as_of, now_ms)?,
        })
    }
}

/// What is no scope is none chosen.
fn scope_of(text: &str) -> Option<Scope> {
    match text.split_once(':') {
        None if text == "everybody" => Some(Scope::Everybody),
        Some(("team", id)) => id_of(id).map(Scope::Team),
        Some(("job_role", id)) => id_of(id).map(Scope::JobRole),
        _ => None,
    }
}

#[handler]
async fn index(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    let actor = cx.actor()?;
    let filter = parameters.filter(cx.app.now_ms())?;
    let page = Page {
        scopes: scopes::list(&cx.app, actor).await?,
        targets: model::list(&cx.app, actor, &filter).await?,
        scales: scales::all(&cx.app).await?,
        asked_since: past::begins_later(&cx.app, actor, filter.as_of.before_ms()).await?,
        today: times::date(cx.app.now_ms()),
        filter,
    };
    Ok(cx.page("Coverage", views::index(&page)))
}

#[handler]
async fn show(cx: Context, Path(id): Path<i64>, Query(parameters): Query<Parameters>) -> Result<Response> {
    let as_of = AsOf::parse(&parameters.as_of, cx.app.now_ms())?;
    let behind = model::behind(&cx.app, cx.actor()?, id, as_of).await?;
    Ok(cx.page(&behind.target.skill, views::show(&behind)))
}
