//! Members: taken in, given another role, let go. All of it happens in the settings of the project.

use super::super::handlers::refused;
use super::super::{READ, model as projects};
use super::model;
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, id_of};
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        // Who leads the project may; the model decides.
        Route::post("/projects/:code/members", READ, create),
        Route::post("/projects/:code/members/:person/deletion", READ, delete),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct MemberForm {
    person: String,
    role: String,
    /// Where to go afterwards: the task at which somebody was asked for, else the settings.
    task: String,
}

#[handler]
async fn create(cx: Context, Path(code): Path<String>, Form(form): Form<MemberForm>) -> Result<Response> {
    let actor = cx.actor()?;
    let project = projects::find(&cx.app, actor, &code).await?;
    let role =
        projects::Role::from_name(&form.role).ok_or_else(|| Error::invalid("role", "Choose a role from the list."));
    let saved = match role {
        Ok(role) => model::save(&cx.app, actor, &project, id_of(&form.person).unwrap_or(0), role).await,
        Err(error) => Err(error),
    };
    let to = match id_of(&form.task) {
        Some(task) => format!("/projects/tasks/{task}"),
        None => format!("{}/edit#members", project.path()),
    };
    match saved {
        Ok(()) => Ok(cx.see_other_with(&to, Tone::Success, "The members are saved.")),
        Err(Error::Invalid(invalid)) => refused(&cx, project, &invalid).await,
        Err(other) => Err(other),
    }
}

#[handler]
async fn delete(cx: Context, Path((code, person)): Path<(String, i64)>) -> Result<Response> {
    let actor = cx.actor()?;
    let project = projects::find(&cx.app, actor, &code).await?;
    match model::remove(&cx.app, actor, &project, person).await {
        Ok(()) if actor.is(person) => Ok(cx.see_other_with("/projects", Tone::Success, "You left the project.")),
        Ok(()) => {
            Ok(cx.see_other_with(&format!("{}/edit#members", project.path()), Tone::Success, "The members are saved."))
        }
        Err(Error::Invalid(invalid)) => refused(&cx, project, &invalid).await,
        Err(other) => Err(other),
    }
}
