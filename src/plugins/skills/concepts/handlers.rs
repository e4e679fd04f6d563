//! Concepts in the browser: how many there are, and the names that they suggest.

use super::super::{EDIT, IMPORT};
use super::{model, views};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::components::options;
use crate::web::context::Context;
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;

const HERE: &str = "/skills/concepts";

pub fn routes() -> Vec<Route> {
    vec![Route::get(HERE, IMPORT, index), Route::get("/skills/concepts/choices", EDIT, choices)]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameters {
    name: String,
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let count = model::count(&cx.app, cx.actor()?).await?;
    Ok(cx.page("Concepts", views::index(count)))
}

#[handler]
async fn choices(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    Ok(cx.fragment(options(&model::suggest(&cx.app, cx.actor()?, &parameters.name).await?)))
}
