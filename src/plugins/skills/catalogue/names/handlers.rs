//! `/skills/catalogue/:id/name`: the cell as it stands, its form, and what it is changed to.

use super::super::super::{EDIT, READ};
use super::super::model::{Skill, get};
use super::model;
use super::views::{self, Naming};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/catalogue/:id/name", READ, show),
        Route::get("/skills/catalogue/:id/name/edit", EDIT, edit),
        Route::post("/skills/catalogue/:id/name", EDIT, update),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NameForm {
    name: String,
    version: String,
}

/// The cell as it stands, which is what Cancel asks for. It has no page of its own.
#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let skill = get(&cx.app, cx.actor()?, id).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other(&format!("/skills/catalogue/{id}")));
    }
    Ok(cx.fragment(views::shown(&skill, cx.may(EDIT))))
}

#[handler]
async fn edit(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let skill = get(&cx.app, cx.actor()?, id).await?;
    let naming = Naming { skill: &skill, version: skill.version, name: &skill.name, problem: None, is_conflict: false };
    Ok(answer(&cx, &naming, StatusCode::OK))
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form): Form<NameForm>) -> Result<Response> {
    let version = number_of(&form.version).unwrap_or(0);
    let error = match model::rename(&cx.app, cx.actor()?, id, version, &form.name).await {
        Ok(skill) => return Ok(renamed(&cx, &skill)),
        Err(error) => error,
    };
    let skill = get(&cx.app, cx.actor()?, id).await?;
    let (problem, version, status) = match error {
        Error::Invalid(invalid) => (invalid.of("name").map(str::to_owned), version, StatusCode::UNPROCESSABLE_ENTITY),
        Error::Conflict(_) => {
            let text = format!("Somebody else changed this skill in the meantime; it is called “{}” now.", skill.name);
            (Some(text), skill.version, StatusCode::CONFLICT)
        }
        other => return Err(other),
    };
    let is_conflict = status == StatusCode::CONFLICT;
    Ok(answer(&cx, &Naming { skill: &skill, version, name: &form.name, problem, is_conflict }, status))
}

fn renamed(cx: &Context, skill: &Skill) -> Response {
    if cx.is_partial() {
        return cx.fragment(views::shown(skill, true));
    }
    cx.see_other_with("/skills/catalogue", Tone::Success, &format!("The skill is called “{}” now.", skill.name))
}

fn answer(cx: &Context, naming: &Naming, status: StatusCode) -> Response {
    if cx.is_partial() {
        return cx.fragment_with(status, views::cell(naming, cx.csrf()));
    }
    let mut response = cx.page("Rename a skill", views::page(naming, cx.csrf()));
    response.set_status(status);
    response
}
