//! Contingencies: added, taken out, made a task.

use super::super::model::get;
use super::super::{WRITE, handlers};
use super::model;
use super::views::{self, Refused};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::Form;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/handoffs/:id/contingencies", WRITE, create),
        Route::post("/handoffs/contingencies/:id/deletion", WRITE, delete),
        Route::post("/handoffs/contingencies/:id/task", WRITE, make_task),
    ]
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub struct ContingencyForm {
    pub happening: String,
    pub action: String,
    pub project: String,
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, Form(form): Form<ContingencyForm>) -> Result<Response> {
    match model::add(&cx.app, cx.actor()?, id, &form.happening, &form.action).await {
        Ok(()) => part(&cx, id, None).await,
        Err(Error::Invalid(invalid)) => part(&cx, id, Some(&Refused { form: &form, invalid: &invalid })).await,
        Err(other) => Err(other),
    }
}

async fn part(cx: &Context, id: i64, refused: Option<&Refused<'_>>) -> Result<Response> {
    if !cx.is_partial() && refused.is_none() {
        return Ok(cx.see_other(&format!("/handoffs/{id}#contingencies")));
    }
    let handoff = get(&cx.app, cx.actor()?, id).await?;
    let all = views::all(cx, &handoff, refused).await?;
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(handlers::part(cx, &handoff, all, status))
}

#[handler]
async fn delete(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let handoff = model::remove(&cx.app, cx.actor()?, id).await?;
    part(&cx, handoff, None).await
}

#[handler]
async fn make_task(cx: Context, Path(id): Path<i64>, Form(form): Form<ContingencyForm>) -> Result<Response> {
    let (_, task) = model::make_task(&cx.app, cx.actor()?, id, &form.project).await?;
    Ok(cx.see_other_with(&format!("/projects/tasks/{task}"), Tone::Success, "The contingency is a task now."))
}
