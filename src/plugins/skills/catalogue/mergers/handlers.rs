//! `/skills/catalogue/:id/merger`: what it would do, done, and undone.

use super::super::super::EDIT;
use super::super::choices::model as choices;
use super::super::model::get;
use super::model::{self, Outcome, Preview};
use super::views::{self, Page};
use crate::error::{Error, Result};
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
        Route::get("/skills/catalogue/:id/merger", EDIT, new_form),
        Route::post("/skills/catalogue/:id/merger", EDIT, create),
        Route::post("/skills/catalogue/mergers/:id/reversal", EDIT, reversal),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct MergerForm {
    into: String,
    seen: String,
}

#[handler]
async fn new_form(cx: Context, Path(id): Path<i64>, Query(form): Query<MergerForm>) -> Result<Response> {
    if form.into.trim().is_empty() {
        return page(&cx, id, "", None, None).await;
    }
    let kept = match choices::resolve(&cx.app, cx.actor()?, &form.into).await? {
        Ok(kept) => kept,
        Err(problem) => return page(&cx, id, &form.into, Some(&problem), None).await,
    };
    match model::preview(&cx.app, cx.actor()?, id, kept.id).await {
        Ok(preview) => page(&cx, id, &kept.path(), None, Some((&preview, false))).await,
        Err(Error::Invalid(invalid)) => page(&cx, id, &form.into, invalid.of("into"), None).await,
        Err(other) => Err(other),
    }
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, Form(form): Form<MergerForm>) -> Result<Response> {
    let kept_id = id_of(&form.into).ok_or(Error::NotFound)?;
    match model::merge(&cx.app, cx.actor()?, id, kept_id, &form.seen).await {
        Ok(Outcome::Merged(preview)) => Ok(done(&cx, &preview)),
        Ok(Outcome::Outdated(preview)) => page(&cx, id, &preview.kept.path(), None, Some((&preview, true))).await,
        Err(Error::Invalid(invalid)) => page(&cx, id, "", invalid.of("into"), None).await,
        Err(other) => Err(other),
    }
}

fn done(cx: &Context, preview: &Preview) -> Response {
    let Preview { kept, merged, moves, replaces, .. } = preview;
    let count = moves + replaces;
    let text = format!("“{}” was merged into “{}”: {count} ratings were taken over.", merged.name, kept.name);
    cx.see_other_with(&format!("/skills/catalogue/{}", kept.id), Tone::Success, &text)
}

#[handler]
async fn reversal(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let undone = model::undo(&cx.app, cx.actor()?, id).await?;
    let mut text = format!("“{}” and “{}” are two skills again.", undone.merged.name, undone.kept.name);
    if undone.changed_since > 0 {
        text.push_str(&format!(" {} ratings were changed since and stay as they are.", undone.changed_since));
    }
    Ok(cx.see_other_with(&format!("/skills/catalogue/{}", undone.merged.id), Tone::Success, &text))
}

/// The page, with what is wrong or with a preview, which may be of what is no longer as it was shown.
async fn page(
    cx: &Context,
    id: i64,
    into: &str,
    problem: Option<&str>,
    preview: Option<(&Preview, bool)>,
) -> Result<Response> {
    let merged = get(&cx.app, cx.actor()?, id).await?;
    let choices = choices::suggest(&cx.app, cx.actor()?, "").await?;
    let is_outdated = preview.is_some_and(|(_, outdated)| outdated);
    let preview = preview.map(|(preview, _)| preview);
    let shown = Page { merged: &merged, into, choices: &choices, problem, preview, is_outdated, csrf: cx.csrf() };
    let mut response = cx.page("Merge into another skill", views::show(&shown));
    response.set_status(match (problem, is_outdated) {
        (Some(_), _) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, true) => StatusCode::CONFLICT,
        (None, false) => StatusCode::OK,
    });
    Ok(response)
}
