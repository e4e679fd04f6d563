//! Labels: added, changed, removed. All of it happens in the settings of the project.

use super::super::READ;
use super::super::handlers::refused;
use super::super::model::{self as projects, Project};
use super::model;
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        // Who leads the project may; the model decides.
        Route::post("/projects/:code/labels", READ, create),
        Route::post("/projects/:code/labels/:id", READ, update),
        Route::post("/projects/:code/labels/:id/deletion", READ, delete),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct LabelForm {
    name: String,
    hue: String,
}

#[handler]
async fn create(cx: Context, Path(code): Path<String>, Form(form): Form<LabelForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let project = projects::find(&cx.app, actor, &code).await?;
    let saved = model::create(&cx.app, actor, &project, &form.name, number_of(&form.hue).unwrap_or(0)).await;
    done(&cx, project, saved.map(drop)).await
}

#[handler]
async fn update(cx: Context, Path((code, id)): Path<(String, i64)>, Form(form): Form<LabelForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let project = projects::find(&cx.app, actor, &code).await?;
    let saved = model::update(&cx.app, actor, &project, id, &form.name, number_of(&form.hue).unwrap_or(0)).await;
    done(&cx, project, saved).await
}

#[handler]
async fn delete(cx: Context, Path((code, id)): Path<(String, i64)>) -> Result<Response> {
    let actor = cx.actor()?;
    let project = projects::find(&cx.app, actor, &code).await?;
    let removed = model::remove(&cx.app, actor, &project, id).await;
    done(&cx, project, removed).await
}

async fn done(cx: &Context, project: Project, saved: Result<()>) -> Result<Response> {
    match saved {
        Ok(()) => {
            Ok(cx.see_other_with(&format!("{}/edit#labels", project.path()), Tone::Success, "The labels are saved."))
        }
        Err(Error::Invalid(invalid)) => refused(cx, project, &invalid).await,
        Err(other) => Err(other),
    }
}
