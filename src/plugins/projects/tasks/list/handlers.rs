//! The list of a project's tasks.

use super::super::super::batches::model as batches;
use super::super::super::outline::Outline;
use super::super::super::saved_views::model as saved_views;
use super::super::super::{READ, TOPIC};
use super::super::filter::{Filter, FilterFields};
use super::{model, views};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::web::{Path, Query};
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/projects/:code", READ, index)]
}

#[handler]
async fn index(cx: Context, Path(code): Path<String>, Query(fields): Query<FilterFields>) -> Result<Response> {
    let actor = cx.actor()?;
    let outline = Outline::of(&cx.app, actor, &code).await?;
    let filter = Filter::from(&fields);
    let listed = model::list(&cx.app, actor, &outline.project, &filter, outline.today).await?;
    let beside = views::Beside {
        saved: saved_views::list(&cx.app, actor, Some(outline.project.id)).await?,
        batch: batches::last(&cx.app, actor, &outline.project).await?,
        refused: None,
    };
    Ok(cx.live_page(&outline.project.name, Some(TOPIC), views::index(&cx, &outline, &filter, &listed, &beside)))
}
