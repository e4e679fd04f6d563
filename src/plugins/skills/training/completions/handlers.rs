//! A plan is completed or dropped on its page.

use super::super::super::READ;
use super::super::handlers::page;
use super::super::model as training;
use super::super::views::Attempt;
use super::model::{self, Completed, Completion};
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
        // The trainer completes, and whoever plans; which the model knows.
        Route::post("/skills/training/:id/completion", READ, complete),
        Route::post("/skills/training/:id/cancellation", READ, cancel),
    ]
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct CompletionForm {
    level: String,
    evidence: String,
    valid_until: String,
    version: String,
}

#[handler]
async fn complete(cx: Context, Path(id): Path<i64>, Form(form): Form<CompletionForm>) -> Result<Response> {
    let version = number_of(&form.version).unwrap_or(0);
    let CompletionForm { level, evidence, valid_until, .. } = form;
    let completion = Completion { level, evidence, valid_until, version };
    let (attempt, status) = match model::complete(&cx.app, cx.actor()?, id, &completion).await {
        Ok(Completed::Done) => {
            return Ok(cx.see_other_with(
                &format!("/skills/training/{id}"),
                Tone::Success,
                "Completed, and the level is confirmed.",
            ));
        }
        Ok(Completed::Conflict(theirs)) => {
            (Attempt { completion, invalid: None, theirs: Some(*theirs) }, StatusCode::CONFLICT)
        }
        Err(Error::Invalid(invalid)) => {
            (Attempt { completion, invalid: Some(invalid), theirs: None }, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(other) => return Err(other),
    };
    let plan = training::get(&cx.app, cx.actor()?, id).await?;
    let mut response = page(&cx, &plan, Some(&attempt));
    response.set_status(status);
    Ok(response)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cancellation {
    version: String,
}

#[handler]
async fn cancel(cx: Context, Path(id): Path<i64>, Form(form): Form<Cancellation>) -> Result<Response> {
    model::give_up(&cx.app, cx.actor()?, id, number_of(&form.version).unwrap_or(0)).await?;
    Ok(cx.see_other_with(&format!("/skills/training/{id}"), Tone::Success, "Dropped."))
}
