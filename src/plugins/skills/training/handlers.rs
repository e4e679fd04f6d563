//! Training under way, and the page of one plan.

use super::super::{READ, scales};
use super::model::{self, Plan};
use super::views::{self, Attempt};
use crate::clock;
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills/training", READ, index), Route::get("/skills/training/:id", READ, show)]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let lists = model::lists(&cx.app, cx.actor()?).await?;
    let scales = scales::all(&cx.app).await?;
    Ok(cx.page("Training", views::index(&lists, &scales, clock::day_of(cx.app.now_ms()))))
}

#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let plan = model::get(&cx.app, cx.actor()?, id).await?;
    Ok(page(&cx, &plan, None))
}

pub(super) fn page(cx: &Context, plan: &Plan, attempt: Option<&Attempt>) -> Response {
    let Ok(actor) = cx.actor() else { return cx.see_other("/login") };
    cx.page("Training", views::show(plan, actor, attempt, cx.csrf(), cx.app.now_ms()))
}
