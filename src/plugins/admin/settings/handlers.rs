//! Routes of the settings.

use super::super::{SYSTEM, frame};
use super::model::{self, Outcome};
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
        Route::get("/admin/settings", SYSTEM, index),
        Route::post("/admin/settings/:option", SYSTEM, update),
        Route::post("/admin/settings/:option/reset", SYSTEM, reset),
    ]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    list_page(&cx, None).await
}

async fn list_page(cx: &Context, refused: Option<&Refused<'_>>) -> Result<Response> {
    let lines = model::list(&cx.app, cx.actor()?).await?;
    Ok(frame::page(cx, "Settings", views::index(&lines, refused, cx.csrf())))
}

#[derive(Deserialize)]
struct SettingForm {
    #[serde(default)]
    value: String,
    version: i64,
}

#[handler]
async fn update(cx: Context, Path(option): Path<String>, Form(form): Form<SettingForm>) -> Result<Response> {
    let saved = model::save(&cx.app, cx.actor()?, &option, Some(&form.value), form.version).await;
    answer(&cx, &option, &form, saved, "Saved. It holds from the next request on.").await
}

#[handler]
async fn reset(cx: Context, Path(option): Path<String>, Form(form): Form<SettingForm>) -> Result<Response> {
    let saved = model::save(&cx.app, cx.actor()?, &option, None, form.version).await;
    answer(&cx, &option, &form, saved, "The configuration counts again.").await
}

async fn answer(
    cx: &Context,
    option: &str,
    form: &SettingForm,
    saved: Result<Outcome>,
    done: &str,
) -> Result<Response> {
    let (status, problem) = match saved {
        Ok(Outcome::Saved) => return Ok(cx.see_other_with("/admin/settings", Tone::Success, done)),
        Ok(Outcome::Conflict) => (StatusCode::CONFLICT, views::CONFLICT.to_owned()),
        Err(Error::Invalid(invalid)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, invalid.of("value").unwrap_or_default().to_owned())
        }
        Err(other) => return Err(other),
    };
    let is_conflict = status == StatusCode::CONFLICT;
    let refused = Refused { option, typed: &form.value, version: form.version, problem: &problem, is_conflict };
    let mut response = list_page(cx, Some(&refused)).await?;
    response.set_status(status);
    Ok(response)
}
