//! The trend as a page and as a picture.

use super::super::super::READ;
use super::super::model::{Choices, begins_later, choices};
use super::super::scope::{Parameters, Scope};
use super::views::{self, Content};
use super::{model, picture};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/insights/trend", READ, index),
        Route::get("/skills/insights/trend.svg", READ, show_picture),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Chosen {
    /// An id, as links have it, or a name, as people type it.
    skill: String,
}

#[handler]
async fn index(cx: Context, Query(parameters): Query<Parameters>, Query(chosen): Query<Chosen>) -> Result<Response> {
    let choices = choices(&cx.app, cx.actor()?).await?;
    match page(&cx, &parameters, &chosen.skill, &choices).await {
        Err(Error::Invalid(invalid)) => {
            let content = Content::Invalid(&invalid);
            let content = views::index(&parameters, &chosen.skill, &Scope::default(), &choices, &content);
            Ok(cx.invalid_page("Insights", content))
        }
        answered => answered,
    }
}

async fn page(cx: &Context, parameters: &Parameters, skill: &str, choices: &Choices) -> Result<Response> {
    let actor = cx.actor()?;
    let scope = parameters.scope(&cx.app)?;
    let show = |content: Content| cx.page("Insights", views::index(parameters, skill, &scope, choices, &content));
    if skill.trim().is_empty() {
        return Ok(show(Content::Nothing));
    }
    let trend = model::trend(&cx.app, actor, &scope, skill).await?;
    Ok(match begins_later(&cx.app, actor, &scope).await? {
        Some(first) => show(Content::Before(first)),
        None => show(Content::Trend(&trend)),
    })
}

#[handler]
async fn show_picture(
    cx: Context,
    Query(parameters): Query<Parameters>,
    Query(chosen): Query<Chosen>,
) -> Result<Response> {
    let scope = parameters.scope(&cx.app)?;
    let trend = model::trend(&cx.app, cx.actor()?, &scope, &chosen.skill).await?;
    if trend.months.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(picture::draw(&trend).response())
}
