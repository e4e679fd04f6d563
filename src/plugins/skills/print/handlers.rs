//! The printable matrix.

use super::super::READ;
use super::super::matrix::handlers::Parameters;
use super::super::matrix::model::choices;
use super::model;
use super::views::{self, Page};
use crate::clock::day_of;
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills/print", READ, show)]
}

/// How the teams follow each other.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Layout {
    /// `flow`: one below the other; else each on a page of its own.
    pages: String,
}

#[handler]
async fn show(cx: Context, Query(parameters): Query<Parameters>, Query(layout): Query<Layout>) -> Result<Response> {
    let actor = cx.actor()?;
    let filter = parameters.filter();
    let sheets = model::sheets(&cx.app, actor, &filter).await?;
    let choices = choices(&cx.app, actor).await?;
    let page = Page {
        filter: &filter,
        choices: &choices,
        sheets: &sheets,
        flows: layout.pages == "flow",
        day: day_of(cx.app.now_ms()),
    };
    Ok(cx.page("Print the matrix", views::show(&page)))
}
