//! Lines of a checklist.

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
        Route::post("/projects/tasks/:id/checks", READ, create),
        Route::post("/projects/checks/:id", READ, update),
        Route::post("/projects/checks/:id/deletion", READ, delete),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct CheckForm {
    title: String,
    /// `yes` once it is done.
    done: String,
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, Form(form): Form<CheckForm>) -> Result<Response> {
    let added = model::add(&cx.app, cx.actor()?, id, &form.title).await;
    answer(&cx, id, Part::Checks, added, &form.title).await
}

#[handler]
async fn update(cx: Context, Path(id): Path<i64>, Form(form): Form<CheckForm>) -> Result<Response> {
    let task = model::tick(&cx.app, cx.actor()?, id, form.done == "yes").await?;
    answer(&cx, task, Part::Checks, Ok(()), "").await
}

#[handler]
async fn delete(cx: Context, Path(id): Path<i64>) -> Result<Response> {
    let task = model::remove(&cx.app, cx.actor()?, id).await?;
    answer(&cx, task, Part::Checks, Ok(()), "").await
}
