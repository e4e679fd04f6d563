//! The timelines of a person and of one skill of theirs.

use super::super::super::READ;
use super::model;
use super::views::{self, Timeline};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use crate::web::form::number_of;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/people/:person/history", READ, index),
        Route::get("/skills/people/:person/skills/:skill/history", READ, show),
    ]
}

pub const PER_PAGE: i64 = 50;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Parameters {
    page: String,
}

impl Parameters {
    /// Counted from 1.
    fn page(&self) -> i64 {
        number_of(&self.page).filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1)
    }
}

#[handler]
async fn index(cx: Context, Path(person): Path<i64>, Query(parameters): Query<Parameters>) -> Result<Response> {
    answer(&cx, person, None, parameters.page()).await
}

#[handler]
async fn show(
    cx: Context,
    Path((person, skill)): Path<(i64, i64)>,
    Query(parameters): Query<Parameters>,
) -> Result<Response> {
    answer(&cx, person, Some(skill), parameters.page()).await
}

async fn answer(cx: &Context, person_id: i64, skill_id: Option<i64>, page: i64) -> Result<Response> {
    let history = model::history(&cx.app, cx.actor()?, person_id, skill_id, PER_PAGE, (page - 1) * PER_PAGE).await?;
    let timeline = Timeline { history: &history, page, now_ms: cx.app.now_ms() };
    Ok(cx.page(&format!("History of {}", history.person.name), views::timeline(&timeline)))
}
