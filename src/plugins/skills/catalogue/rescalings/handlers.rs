//! `/skills/catalogue/:id/rescaling`: the new scale is chosen, its levels are mapped, and all of it undone.

use super::super::super::{EDIT, scales};
use super::super::model::get;
use super::mapping::Mapping;
use super::model::{self, Plan};
use super::views::{self, Page};
use crate::error::{Error, Invalid, Result};
use crate::plugin::Route;
use crate::web::components::Tone;
use crate::web::context::Context;
use crate::web::form::{Form, number_of};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use std::collections::BTreeMap;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/catalogue/:id/rescaling", EDIT, new_form),
        Route::post("/skills/catalogue/:id/rescaling", EDIT, create),
        Route::post("/skills/catalogue/rescalings/:id/reversal", EDIT, reversal),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameters {
    scale: String,
}

#[handler]
async fn new_form(cx: Context, Path(id): Path<i64>, Query(parameters): Query<Parameters>) -> Result<Response> {
    let nothing = BTreeMap::new();
    if parameters.scale.is_empty() {
        return page(&cx, id, &Asked { scale: "", typed: &nothing, plan: None, problem: None }).await;
    }
    let scale = parameters.scale.as_str();
    match model::plan(&cx.app, cx.actor()?, id, scale).await {
        Ok(plan) => {
            let typed = Mapping::suggested(&plan.from, &plan.to, &plan.occurring);
            page(&cx, id, &Asked { scale, typed: &typed, plan: Some(&plan), problem: None }).await
        }
        Err(problem) => page(&cx, id, &Asked { scale, typed: &nothing, plan: None, problem: Some(problem) }).await,
    }
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, Form(fields): Form<Vec<(String, String)>>) -> Result<Response> {
    let value = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
    let typed = fields.iter().filter_map(|(name, value)| Some((number_of(name.strip_prefix("map-")?)?, value.clone())));
    let typed: BTreeMap<i64, String> = typed.collect();
    let (scale, version) = (value("scale"), number_of(value("version")).unwrap_or(0));
    match model::rescale(&cx.app, cx.actor()?, id, version, scale, &typed).await {
        Ok((skill, ratings)) => {
            let text = format!("“{}” stands on the scale {scale} now; {ratings} ratings were rewritten.", skill.name);
            Ok(cx.see_other_with(&format!("/skills/catalogue/{id}"), Tone::Success, &text))
        }
        Err(problem @ (Error::Invalid(_) | Error::Conflict(_))) => {
            let plan = model::plan(&cx.app, cx.actor()?, id, scale).await.ok();
            page(&cx, id, &Asked { scale, typed: &typed, plan: plan.as_ref(), problem: Some(problem) }).await
        }
        Err(other) => Err(other),
    }
}

#[handler]
async fn reversal(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let skill = model::undo(&cx.app, cx.actor()?, id).await?;
    let text = format!("“{}” has its former scale again.", skill.name);
    Ok(cx.see_other_with(&format!("/skills/catalogue/{}", skill.id), Tone::Success, &text))
}

/// What was asked for, and why it could not be done.
struct Asked<'a> {
    scale: &'a str,
    typed: &'a BTreeMap<i64, String>,
    plan: Option<&'a Plan>,
    problem: Option<Error>,
}

async fn page(cx: &Context, id: i64, asked: &Asked<'_>) -> Result<Response> {
    let skill = get(&cx.app, cx.actor()?, id).await?;
    let scales = scales::all(&cx.app).await?;
    let (status, invalid, conflict): (StatusCode, Option<&Invalid>, Option<&str>) = match &asked.problem {
        None => (StatusCode::OK, None, None),
        Some(Error::Invalid(invalid)) => (StatusCode::UNPROCESSABLE_ENTITY, Some(invalid), None),
        Some(Error::Conflict(text)) => (StatusCode::CONFLICT, None, Some(text)),
        Some(_) => return Err(Error::NotFound),
    };
    let shown = Page {
        skill: &skill,
        scales: &scales,
        chosen: asked.scale,
        plan: asked.plan,
        typed: asked.typed,
        invalid,
        conflict,
        csrf: cx.csrf(),
    };
    let mut response = cx.page("Change the scale", views::show(&shown));
    response.set_status(status);
    Ok(response)
}
