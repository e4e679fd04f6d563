//! Suggestions while a skill is typed.

use super::super::super::EDIT;
use super::model;
use crate::error::Result;
use crate::plugin::Route;
use crate::web::components::options;
use crate::web::context::Context;
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills/catalogue/choices", EDIT, index)]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameters {
    into: String,
}

#[handler]
async fn index(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    Ok(cx.fragment(options(&model::suggest(&cx.app, cx.actor()?, &parameters.into).await?)))
}
