//! Dependencies of a task.

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
    vec![
        // Who works in the project may; the model decides.
        Route::post("/projects/tasks/:id/blockers", READ, create),
        Route::post("/projects/tasks/:id/blockers/:blocker/deletion", READ, delete),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct BlockerForm {
    text: String,
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, Form(form): Form<BlockerForm>) -> Result<Response> {
    let added = model::add(&cx.app, cx.actor()?, id, &form.text).await;
    answer(&cx, id, Part::Blockers, added, &form.text).await
}

#[handler]
async fn delete(cx: Context, Path((id, blocker)): Path<(i64, i64)>) -> Result<Response> {
    model::remove(&cx.app, cx.actor()?, id, blocker).await?;
    answer(&cx, id, Part::Blockers, Ok(()), "").await
}
