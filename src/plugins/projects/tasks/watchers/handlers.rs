//! Watching a task.

use super::super::super::READ;
use super::super::parts::{Part, answer};
use super::model;
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use crate::web::form::Form;
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![Route::post("/projects/tasks/:id/watching", READ, update)]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct WatchForm {
    /// `yes` or `no`.
    watches: String,
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form): Form<WatchForm>) -> Result<Response> {
    model::watch(&cx.app, cx.actor()?, id, form.watches == "yes").await?;
    answer(&cx, id, Part::Watchers, Ok(()), "").await
}
