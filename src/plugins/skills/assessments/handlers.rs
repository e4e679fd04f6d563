//! What waits for whom, and one assessment as each of those sees it who have to do with it.

use super::super::READ;
use super::model::{self, Assessment};
use super::views::{self, Remarks};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/assessments", READ, index),
        Route::get("/skills/assessments/:id", READ, show),
        // Who may take it back depends on the person, so the model decides.
        Route::post("/skills/assessments/:id/withdrawal", READ, withdraw),
    ]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let to_do = model::to_do(&cx.app, cx.actor()?).await?;
    Ok(cx.page("Assessments", views::index(&to_do, model::today(&cx.app))))
}

#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let assessment = model::get(&cx.app, cx.actor()?, id).await?;
    Ok(page(&cx, &assessment, &Remarks::default()))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Withdrawal {
    version: String,
}

#[handler]
async fn withdraw(cx: Context, Path(id): Path<i64>, Form(form): Form<Withdrawal>) -> Result<Response> {
    model::withdraw(&cx.app, cx.actor()?, id, number_of(&form.version).unwrap_or(0)).await?;
    Ok(cx.see_other_with(&format!("/skills/assessments/{id}"), Tone::Success, "Withdrawn."))
}

pub(super) fn page(cx: &Context, assessment: &Assessment, remarks: &Remarks) -> Response {
    let Ok(actor) = cx.actor() else { return cx.see_other("/login") };
    let page = views::Page { assessment, actor, remarks, csrf: cx.csrf(), now_ms: cx.app.now_ms() };
    cx.page(&format!("Assessment of {}", assessment.person), views::show(&page))
}
