//! Profiles: found by typing, and looked at.

use super::super::{IMPORT, READ, TARGETS_ALL};
use super::model;
use super::views::{self, List};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use crate::web::form::{id_of, number_of};
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

/// Profiles on a page of the list.
const PAGE: i64 = 50;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills/profiles", READ, index), Route::get("/skills/profiles/:code", READ, show)]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameters {
    text: String,
    offset: String,
    /// The job role that is to be filled from a profile.
    job_role: String,
}

#[handler]
async fn index(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    let offset = number_of(&parameters.offset).unwrap_or(0).max(0);
    let (profiles, total) = model::list(&cx.app, cx.actor()?, &parameters.text, PAGE, offset).await?;
    let Parameters { text, job_role, .. } = parameters;
    let (job_role, may_import) = (id_of(&job_role), cx.may(IMPORT));
    let list = List { text, job_role, profiles, total, offset, page: PAGE, may_import };
    Ok(cx.page("Role profiles", views::index(&list)))
}

#[handler]
async fn show(cx: Context, Path(code): Path<String>, Query(parameters): Query<Parameters>) -> Result<Response> {
    let profile = model::get(&cx.app, cx.actor()?, &code).await?;
    let job_role = id_of(&parameters.job_role);
    Ok(cx.page(&profile.name, views::show(&profile, job_role, cx.may(TARGETS_ALL))))
}
