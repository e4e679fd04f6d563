//! One skill is confirmed in its place.

use super::super::super::READ;
use super::super::super::ratings::model::Outcome;
use super::super::handlers::page;
use super::super::model as assessments;
use super::super::views::{Remark, Remarks};
use super::model::{self, Confirmation};
use super::views;
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
    // Who confirms depends on the skill and the person, so the model decides.
    vec![Route::post("/skills/assessments/:id/confirmations/:skill", READ, create)]
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ConfirmationForm {
    level: String,
    note: String,
    version: String,
}

#[handler]
async fn create(
    cx: Context,
    Path((id, skill)): Path<(i64, i64)>,
    Form(form): Form<ConfirmationForm>,
) -> Result<Response> {
    let version = number_of(&form.version).unwrap_or(0);
    let confirmation = Confirmation { level: form.level, note: form.note.replace("\r\n", "\n"), version };
    let mut remarks = Remarks::default();
    let Confirmation { level: typed, note, .. } = confirmation.clone();
    let status = match model::confirm(&cx.app, cx.actor()?, id, skill, &confirmation).await {
        Ok(Outcome::Saved(_)) => StatusCode::OK,
        Ok(Outcome::Conflict(_)) => {
            remarks.add_with_note(skill, Remark::Conflict { typed }, note);
            StatusCode::CONFLICT
        }
        Err(Error::Invalid(invalid)) => {
            remarks.add_with_note(skill, Remark::Invalid { typed, problem: invalid.to_string() }, note);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(other) => return Err(other),
    };
    answer(&cx, id, skill, &remarks, status).await
}

async fn answer(cx: &Context, id: i64, skill: i64, remarks: &Remarks, status: StatusCode) -> Result<Response> {
    if status == StatusCode::OK && !cx.is_partial() {
        return Ok(cx.see_other_with(&format!("/skills/assessments/{id}"), Tone::Success, "Confirmed."));
    }
    let assessment = assessments::get(&cx.app, cx.actor()?, id).await?;
    if !cx.is_partial() {
        let mut response = page(cx, &assessment, remarks);
        response.set_status(status);
        return Ok(response);
    }
    let item = assessment.items.iter().find(|item| item.skill_id == skill).ok_or(Error::NotFound)?;
    let shown =
        views::Confirming { assessment: &assessment, actor: cx.actor()?, csrf: cx.csrf(), now_ms: cx.app.now_ms() };
    Ok(cx.fragment_with(status, views::row_and_state(&shown, item, remarks)))
}
