//! Projects: listed, started, told about, changed, archived.

use super::model::{self, NewProject, Project};
use super::outline::Outline;
use super::views::{self, FormState};
use super::{CREATE, READ, TOPIC, settings};
use crate::accounts::people::{self, PeopleFilter};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of, number_of};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

/// More people than these nobody picks from a list.
const MOST_OFFERED: i64 = 1000;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/projects", READ, index),
        Route::get("/projects/new", CREATE, new_form),
        Route::post("/projects", CREATE, create),
        Route::get("/projects/:code/about", READ, show),
        // Who leads the project may change it; the model decides.
        Route::get("/projects/:code/edit", READ, edit),
        Route::post("/projects/:code", READ, update),
        Route::post("/projects/:code/archival", READ, update_archival),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Scope {
    archived: String,
}

#[handler]
async fn index(cx: Context, Query(scope): Query<Scope>) -> Result<Response> {
    let archived = scope.archived == "yes";
    let today = settings::today(&cx.app).await?;
    let projects = model::list(&cx.app, cx.actor()?, archived, today).await?;
    Ok(cx.live_page("Projects", Some(TOPIC), views::index(&cx, &projects, archived, today)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ProjectForm {
    code: String,
    name: String,
    description: String,
    owner: String,
    starts_on: String,
    ends_on: String,
    postpones_stalled: String,
    version: String,
}

impl ProjectForm {
    fn new_project(self) -> NewProject {
        NewProject {
            code: self.code,
            name: self.name,
            description: self.description,
            owner_id: id_of(&self.owner),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            postpones_stalled: self.postpones_stalled == "yes",
        }
    }
}

#[handler]
async fn new_form(cx: Context) -> Result<Response> {
    Ok(cx.page("New project", views::new_page(&cx, &FormState::default(), None)))
}

#[handler]
async fn create(cx: Context, Form(form): Form<ProjectForm>) -> Result<Response> {
    let new = form.new_project();
    match model::create(&cx.app, cx.actor()?, &new).await {
        Ok(project) => Ok(cx.see_other_with(
            &project.path(),
            Tone::Success,
            &format!("{} is there. Add its first task.", project.name),
        )),
        Err(Error::Invalid(invalid)) => {
            let state = FormState { new, ..FormState::default() };
            Ok(cx.invalid_page("New project", views::new_page(&cx, &state, Some(&invalid))))
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn show(cx: Context, Path(code): Path<String>) -> Result<Response> {
    let outline = Outline::of(&cx.app, cx.actor()?, &code).await?;
    Ok(cx.live_page(&outline.project.name, Some(TOPIC), views::about(&cx, &outline)))
}

#[handler]
async fn edit(cx: Context, Path(code): Path<String>) -> Result<Response> {
    let outline = Outline::of(&cx.app, cx.actor()?, &code).await?;
    outline.project.require_lead()?;
    let state = FormState::of(&outline.project);
    settings_page(&cx, &outline, &state, None, StatusCode::OK).await
}

/// The settings, with what is wrong with one of the short forms in them.
pub async fn refused(cx: &Context, project: Project, invalid: &Invalid) -> Result<Response> {
    project.require_lead()?;
    let outline = Outline::around(&cx.app, project).await?;
    let problem = invalid.errors().first().map(|error| error.message.clone());
    let state = FormState { problem, ..FormState::of(&outline.project) };
    settings_page(cx, &outline, &state, None, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The page with everything that leads change.
async fn settings_page(
    cx: &Context,
    outline: &Outline,
    state: &FormState,
    invalid: Option<&Invalid>,
    status: StatusCode,
) -> Result<Response> {
    let (people, _) = people::list(&cx.app.db, cx.actor()?, &PeopleFilter::default(), MOST_OFFERED, 0).await?;
    let mut response = cx.page("Settings", views::settings(cx, outline, state, &people, invalid));
    response.set_status(status);
    Ok(response)
}

#[handler]
async fn update(cx: Context, Path(code): Path<String>, Form(form): Form<ProjectForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let outline = Outline::of(&cx.app, actor, &code).await?;
    let version = number_of(&form.version).unwrap_or(0);
    let new = form.new_project();
    match model::update(&cx.app, actor, &outline.project, version, &new).await {
        Ok(()) => {
            Ok(cx.see_other_with(&format!("{}/edit", outline.project.path()), Tone::Success, "The project is saved."))
        }
        Err(Error::Invalid(invalid)) => {
            let state = FormState { new, version, ..FormState::default() };
            settings_page(&cx, &outline, &state, Some(&invalid), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Error::Conflict(text)) => {
            let outline = Outline::of(&cx.app, actor, &code).await?;
            let state = FormState { new, version: outline.project.version, conflict: Some(text), problem: None };
            settings_page(&cx, &outline, &state, None, StatusCode::CONFLICT).await
        }
        Err(other) => Err(other),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ArchivalForm {
    archived: String,
}

#[handler]
async fn update_archival(cx: Context, Path(code): Path<String>, Form(form): Form<ArchivalForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let project = model::find(&cx.app, actor, &code).await?;
    let archived = form.archived == "yes";
    model::archive(&cx.app, actor, &project, archived).await?;
    let (to, text) = match archived {
        true => ("/projects".to_owned(), format!("{} is in the archive.", project.name)),
        false => (project.path(), format!("{} is out of the archive.", project.name)),
    };
    Ok(cx.see_other_with(&to, Tone::Success, &text))
}
