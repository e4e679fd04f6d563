//! The timeline of a project.

use super::super::outline::Outline;
use super::super::tasks::filter::{Filter, FilterFields};
use super::super::{READ, TOPIC};
use super::model::{self, Stretch};
use super::views;
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/projects/:code/timeline", READ, show)]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct FromField {
    from: String,
}

#[handler]
async fn show(
    cx: Context,
    Path(code): Path<String>,
    Query(fields): Query<FilterFields>,
    Query(from): Query<FromField>,
) -> Result<Response> {
    let actor = cx.actor()?;
    let outline = Outline::of(&cx.app, actor, &code).await?;
    let (filter, stretch) = (Filter::from(&fields), Stretch::read(&from.from, outline.today));
    let tasks = model::list(&cx.app, actor, &outline.project, &filter, stretch, outline.today).await?;
    Ok(cx.live_page(&outline.project.name, Some(TOPIC), views::timeline(&outline, &filter, stretch, &tasks)))
}
