//! Starting a job role from a profile: the preview, and the making.

use super::super::super::TARGETS_ALL;
use super::super::super::job_roles::model as job_roles;
use super::super::super::levels::Level;
use super::super::model as profiles;
use super::model::{self, USUAL_IMPORTANCE};
use super::views::{self, Page};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/profiles/:code/job-roles/new", TARGETS_ALL, new_form),
        Route::post("/skills/profiles/:code/job-roles", TARGETS_ALL, create),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct StartForm {
    name: Option<String>,
    importance: Option<String>,
    /// The job role that is to be filled, by its id.
    job_role: String,
}

impl StartForm {
    fn importance_text(&self) -> String {
        self.importance.clone().unwrap_or_else(|| USUAL_IMPORTANCE.to_string())
    }

    fn importance(&self) -> Result<Level> {
        let range = Level::from_hundredths(100)..=Level::from_hundredths(500);
        let found = Level::parse(&self.importance_text()).filter(|level| range.contains(level));
        found.ok_or_else(|| Error::invalid("importance", "A number from 1 to 5, with at most two decimals."))
    }
}

#[handler]
async fn new_form(cx: Context, Path(code): Path<String>, Query(form): Query<StartForm>) -> Result<Response> {
    match form.importance() {
        Ok(_) => page(&cx, &code, &form, None).await,
        Err(Error::Invalid(invalid)) => page(&cx, &code, &form, Some(&invalid)).await,
        Err(other) => Err(other),
    }
}

#[handler]
async fn create(cx: Context, Path(code): Path<String>, Form(form): Form<StartForm>) -> Result<Response> {
    let name = form.name.clone().unwrap_or_default();
    let started = match form.importance() {
        Ok(least) => model::start(&cx.app, cx.actor()?, &code, &name, least).await,
        Err(error) => Err(error),
    };
    match started {
        Ok(id) => {
            let text = "The targets are set. Say who has the job role, and they are asked for them.";
            Ok(cx.see_other_with(&format!("/skills/targets/job-roles/{id}"), Tone::Success, text))
        }
        Err(Error::Invalid(invalid)) => page(&cx, &code, &form, Some(&invalid)).await,
        Err(other) => Err(other),
    }
}

/// The preview. What is typed wrong shows what the usual importance would make.
async fn page(cx: &Context, code: &str, form: &StartForm, invalid: Option<&Invalid>) -> Result<Response> {
    let actor = cx.actor()?;
    let job_roles = job_roles::list(&cx.app, actor).await?;
    let carried = job_roles.iter().find(|job_role| Some(job_role.id) == id_of(&form.job_role));
    let least = form.importance().unwrap_or(USUAL_IMPORTANCE);
    let profile = profiles::get(&cx.app, actor, code).await?;
    let usual_name = carried.map_or(&profile.name, |job_role| &job_role.name).clone();
    let name = form.name.clone().unwrap_or(usual_name);
    let plan = model::preview(&cx.app, actor, profile, &name, least).await?;
    let page =
        Page { plan: &plan, importance: &form.importance_text(), job_roles: &job_roles, invalid, csrf: cx.csrf() };
    let mut response = cx.page("Start a job role", views::new(&page));
    if invalid.is_some() {
        response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    Ok(response)
}
