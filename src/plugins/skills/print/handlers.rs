//! The printable matrix.

use super::super::READ;
use super::super::matrix::choices::choices;
use super::super::matrix::filter::ViewFields;
use super::super::matrix::mode::Mode;
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
async fn show(cx: Context, Query(fields): Query<ViewFields>, Query(layout): Query<Layout>) -> Result<Response> {
    let actor = cx.actor()?;
    let now_ms = cx.app.now_ms();
    // Paper shows levels, whatever the screen showed.
    let view = fields.view(now_ms)?.in_mode(Mode::Level);
    let sheets = model::sheets(&cx.app, actor, &view).await?;
    let choices = choices(&cx.app, actor).await?;
    let page = Page {
        view: &view,
        choices: &choices,
        sheets: &sheets,
        flows: layout.pages == "flow",
        day: view.as_of.day().unwrap_or(day_of(now_ms)),
    };
    Ok(cx.page("Print the matrix", views::show(&page)))
}
