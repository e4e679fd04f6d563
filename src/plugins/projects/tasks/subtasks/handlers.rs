//! Subtasks of a task.

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
        Route::post("/projects/tasks/:id/subtasks", READ, create),
        Route::post("/projects/tasks/:id/parent/deletion", READ, delete),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct LineForm {
    text: String,
    submission: String,
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, Form(form): Form<LineForm>) -> Result<Response> {
    let added = model::add(&cx.app, cx.actor()?, id, &form.text, &form.submission).await;
    answer(&cx, id, Part::Subtasks, added, &form.text).await
}

#[handler]
async fn delete(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let parent = model::release(&cx.app, cx.actor()?, id).await?;
    answer(&cx, parent, Part::Subtasks, Ok(()), "").await
}
