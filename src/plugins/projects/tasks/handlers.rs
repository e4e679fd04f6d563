//! A task: its page, and the parts of it that are asked for again when somebody changes it.

use super::super::comments::model as comments;
use super::super::outline::Outline;
use super::super::{READ, TOPIC};
use super::history;
use super::model::{self, Details, path};
use super::parts::{Part, draw};
use super::subtasks;
use super::views::{self, Around};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use maud::html;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/projects/tasks/:id", READ, show),
        Route::get("/projects/tasks/:id/row", READ, show_row),
        Route::get("/projects/tasks/:id/properties", READ, show_properties),
        Route::get("/projects/tasks/:id/history", READ, index_history),
        Route::get("/projects/:code/tasks/:number", READ, show_named),
    ]
}

async fn load(cx: &Context, id: i64) -> Result<(Details, Outline)> {
    let details = model::get(&cx.app, cx.actor()?, id).await?;
    let outline = Outline::around(&cx.app, details.project.clone()).await?;
    Ok((details, outline))
}

/// Everything that the page of a task shows.
pub async fn around(cx: &Context, details: &Details) -> Result<Around> {
    let outline = Outline::around(&cx.app, details.project.clone()).await?;
    let mut parts = Vec::new();
    for part in Part::IN_MAIN {
        parts.push(draw(cx, details, part, None).await?);
    }
    Ok(Around {
        outline,
        said: comments::list(&cx.app, details.task.id).await?,
        parent: subtasks::model::parent(&cx.app, details).await?,
        parts,
        watchers: draw(cx, details, Part::Watchers, None).await?,
    })
}

#[handler]
async fn show(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let details = model::get(&cx.app, cx.actor()?, id).await?;
    let title = format!("{} {}", details.task.name(), details.task.title);
    let around = around(&cx, &details).await?;
    Ok(cx.live_page(&title, Some(TOPIC), views::show(&cx, &details, &around, html! {})))
}

/// As people call it: `/projects/QD/tasks/12`.
#[handler]
async fn show_named(cx: Context, Path((code, number)): Path<(String, i64)>) -> Result<Response> {
    let details = model::named(&cx.app, cx.actor()?, &code, number).await?;
    Ok(cx.see_other(&path(details.task.id)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RowPlace {
    /// `all` in a list over all projects.
    r#in: String,
}

#[handler]
async fn show_row(cx: Context, Path(id): Path<i64>, Query(place): Query<RowPlace>) -> Result<Response> {
    let (details, outline) = load(&cx, id).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other(&path(id)));
    }
    Ok(cx.fragment(views::row(&details.task, outline.today, place.r#in != "all")))
}

#[handler]
async fn show_properties(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let (details, outline) = load(&cx, id).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other(&path(id)));
    }
    Ok(cx.fragment(views::properties(&details, &outline, cx.app.now_ms())))
}

#[handler]
async fn index_history(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let (details, outline) = load(&cx, id).await?;
    let entries = history::model::list(&cx.app, id).await?;
    let list = history::views::list(&entries, &outline, cx.app.now_ms());
    match cx.is_partial() {
        true => Ok(cx.fragment(list)),
        false => Ok(cx.page("History", history::views::page(&details, list))),
    }
}
