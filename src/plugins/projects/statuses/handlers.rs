//! Statuses: added, changed, put in order, removed. All of it happens in the settings of the project.

use super::super::READ;
use super::super::handlers::refused;
use super::super::model::{self as projects, Project};
use super::super::outline::Outline;
use super::model::{self, NewStatus};
use super::views;
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        // Who leads the project may; the model decides.
        Route::post("/projects/:code/statuses", READ, create),
        Route::get("/projects/:code/statuses/:id/edit", READ, edit),
        Route::post("/projects/:code/statuses/:id", READ, update),
        Route::post("/projects/:code/statuses/:id/place", READ, update_place),
        Route::post("/projects/:code/statuses/:id/deletion", READ, delete),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct StatusForm {
    name: String,
    kind: String,
    wip_limit: String,
    version: String,
}

impl StatusForm {
    fn new_status(&self) -> NewStatus {
        NewStatus { name: self.name.clone(), kind: self.kind.clone(), wip_limit: self.wip_limit.clone() }
    }
}

#[handler]
async fn create(cx: Context, Path(code): Path<String>, Form(form): Form<StatusForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let project = projects::find(&cx.app, actor, &code).await?;
    let saved = model::create(&cx.app, actor, &project, &form.new_status()).await;
    done(&cx, project, saved.map(drop)).await
}

#[handler]
async fn edit(cx: Context, Path((code, id)): Path<(String, i64)>) -> Result<Response> {
    let outline = Outline::of(&cx.app, cx.actor()?, &code).await?;
    outline.project.require_lead()?;
    let status = outline.status(id).ok_or(Error::NotFound)?;
    Ok(cx.page(
        "Change a status",
        views::edit_page(&cx, &outline, status, &views::typed(status), status.version, None, None),
    ))
}

#[handler]
async fn update(cx: Context, Path((code, id)): Path<(String, i64)>, Form(form): Form<StatusForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let project = projects::find(&cx.app, actor, &code).await?;
    let (version, new) = (number_of(&form.version).unwrap_or(0), form.new_status());
    let saved = model::update(&cx.app, actor, &project, (id, version), &new).await;
    let outline = Outline::around(&cx.app, project).await?;
    let Some(status) = outline.status(id) else { return Err(Error::NotFound) };
    match saved {
        Ok(()) => Ok(to_settings(&cx, &outline.project)),
        Err(Error::Invalid(invalid)) => Ok(cx.invalid_page(
            "Change a status",
            views::edit_page(&cx, &outline, status, &new, version, Some(&invalid), None),
        )),
        Err(Error::Conflict(text)) => {
            let page = views::edit_page(&cx, &outline, status, &new, status.version, None, Some(&text));
            let mut response = cx.page("Change a status", page);
            response.set_status(StatusCode::CONFLICT);
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PlaceForm {
    /// `left` or `right`.
    to: String,
}

#[handler]
async fn update_place(
    cx: Context,
    Path((code, id)): Path<(String, i64)>,
    Form(form): Form<PlaceForm>,
) -> Result<Response> {
    let actor = cx.actor()?;
    let project = projects::find(&cx.app, actor, &code).await?;
    model::shift(&cx.app, actor, &project, id, form.to == "left").await?;
    Ok(to_settings(&cx, &project))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct DeletionForm {
    /// The status that its tasks go to.
    to: String,
}

#[handler]
async fn delete(
    cx: Context,
    Path((code, id)): Path<(String, i64)>,
    Form(form): Form<DeletionForm>,
) -> Result<Response> {
    let actor = cx.actor()?;
    let project = projects::find(&cx.app, actor, &code).await?;
    let removed = model::remove(&cx.app, actor, &project, id, id_of(&form.to)).await;
    done(&cx, project, removed).await
}

fn to_settings(cx: &Context, project: &Project) -> Response {
    cx.see_other_with(&format!("{}/edit#statuses", project.path()), Tone::Success, "The statuses are saved.")
}

async fn done(cx: &Context, project: Project, saved: Result<()>) -> Result<Response> {
    match saved {
        Ok(()) => Ok(to_settings(cx, &project)),
        Err(Error::Invalid(invalid)) => refused(cx, project, &invalid).await,
        Err(other) => Err(other),
    }
}
