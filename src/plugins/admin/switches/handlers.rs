//! Routes of the plugins' switches.

use super::super::{SYSTEM, frame};
use super::model::{self, Outcome};
use super::views;
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
    vec![Route::get("/admin/plugins", SYSTEM, index), Route::post("/admin/plugins/:id", SYSTEM, update)]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    list_page(&cx, None).await
}

async fn list_page(cx: &Context, problem: Option<&str>) -> Result<Response> {
    let lines = model::list(&cx.app, cx.actor()?).await?;
    Ok(frame::page(cx, "Plugins", views::index(&lines, problem, cx.csrf())))
}

#[derive(Deserialize)]
struct SwitchForm {
    on: bool,
    version: i64,
}

#[handler]
async fn update(cx: Context, Path(id): Path<String>, Form(form): Form<SwitchForm>) -> Result<Response> {
    let problem = match model::switch(&cx.app, cx.actor()?, &id, form.on, form.version).await {
        Ok(Outcome::Switched) => {
            let text =
                if form.on { "The plugin is back, with its data." } else { "The plugin is off. Its data stays." };
            return Ok(cx.see_other_with("/admin/plugins", Tone::Success, text));
        }
        Ok(Outcome::Conflict) => (StatusCode::CONFLICT, views::CONFLICT.to_owned()),
        Err(Error::Invalid(invalid)) => (StatusCode::UNPROCESSABLE_ENTITY, invalid.to_string()),
        Err(other) => return Err(other),
    };
    let mut response = list_page(&cx, Some(&problem.1)).await?;
    response.set_status(problem.0);
    Ok(response)
}
