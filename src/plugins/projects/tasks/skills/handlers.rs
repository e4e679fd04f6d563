//! Skills that a task needs.

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
        Route::post("/projects/tasks/:id/skills", READ, create),
        Route::post("/projects/tasks/:id/skills/:skill/deletion", READ, delete),
    ]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NeedForm {
    text: String,
    level: String,
}

#[handler]
async fn create(cx: Context, Path(id): Path<i64>, Form(form): Form<NeedForm>) -> Result<Response> {
    let added = model::add(&cx.app, cx.actor()?, id, &form.text, &form.level).await;
    answer(&cx, id, Part::Skills, added, &form.text).await
}

#[handler]
async fn delete(cx: Context, Path((id, skill)): Path<(i64, i64)>) -> Result<Response> {
    model::remove(&cx.app, cx.actor()?, id, skill).await?;
    answer(&cx, id, Part::Skills, Ok(()), "").await
}
