//! The board of a project, further cards of a column, and a card by itself.

use super::super::outline::Outline;
use super::super::saved_views::model as saved_views;
use super::super::tasks::filter::{Filter, FilterFields, Stage};
use super::super::tasks::model::{self as tasks, Details};
use super::super::{READ, TOPIC};
use super::model::{self, After};
use super::views;
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use maud::{Markup, html};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/projects/:code/board", READ, show),
        Route::get("/projects/:code/board/:status", READ, show_column),
        Route::get("/projects/tasks/:id/card", READ, show_card),
    ]
}

/// A board shows what is done in its column, so that the stage of a filter does not count.
fn filter_of(fields: &FilterFields) -> Filter {
    Filter { stage: Stage::Open, offset: 0, ..Filter::from(fields) }
}

#[handler]
async fn show(cx: Context, Path(code): Path<String>, Query(fields): Query<FilterFields>) -> Result<Response> {
    let actor = cx.actor()?;
    let outline = Outline::of(&cx.app, actor, &code).await?;
    let filter = filter_of(&fields);
    let columns = model::board(&cx.app, actor, outline.statuses.clone(), &filter, outline.today).await?;
    let saved = saved_views::list(&cx.app, actor, Some(outline.project.id)).await?;
    Ok(cx.live_page(&outline.project.name, Some(TOPIC), views::board(&cx, &outline, &filter, &columns, &saved)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Step {
    position: Option<i64>,
    id: Option<i64>,
}

#[handler]
async fn show_column(
    cx: Context,
    Path((code, status)): Path<(String, i64)>,
    Query(fields): Query<FilterFields>,
    Query(step): Query<Step>,
) -> Result<Response> {
    let actor = cx.actor()?;
    let outline = Outline::of(&cx.app, actor, &code).await?;
    let status = outline.status(status).ok_or(Error::NotFound)?.clone();
    let filter = filter_of(&fields);
    let after = step.position.zip(step.id).map_or(After::NOTHING, |(position, id)| After { position, id });
    let column = model::column(&cx.app, actor, status, &filter, after, outline.today).await?;
    match cx.is_partial() {
        true => Ok(cx.fragment(views::cards(&outline, &filter, &column))),
        false => Ok(cx.page(&column.status.name, views::column_page(&outline, &filter, &column))),
    }
}

#[handler]
async fn show_card(cx: Context, Path(id): Path<i64>, Query(fields): Query<FilterFields>) -> Result<Response> {
    let details = tasks::get(&cx.app, cx.actor()?, id).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other(&tasks::path(id)));
    }
    card_answer(&cx, &details, &fields, html! {}, StatusCode::OK).await
}

/// A card as the board's script takes it, with what the heads of the columns count now.
pub async fn card_answer(
    cx: &Context,
    details: &Details,
    fields: &FilterFields,
    told: Markup,
    status: StatusCode,
) -> Result<Response> {
    let outline = Outline::around(&cx.app, details.project.clone()).await?;
    let (actor, filter) = (cx.actor()?, filter_of(fields));
    let is_shown = model::shows(&cx.app, actor, &outline.project, &filter, details.task.id, outline.today).await?;
    let content = html! {
        @if is_shown { (views::card(&details.task, outline.today)) }
        (views::counts(&outline))
        (told)
    };
    Ok(cx.fragment_with(status, content))
}
