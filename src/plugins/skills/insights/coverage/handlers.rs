//! The bars as a page and as a picture.

use super::super::super::READ;
use super::super::model::choices;
use super::super::scope::Parameters;
use super::super::teams::{Asked, respond};
use super::views::PAGE;
use super::{model, picture};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::web::Query;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/skills/insights/coverage", READ, index),
        Route::get("/skills/insights/coverage.svg", READ, show_picture),
    ]
}

#[handler]
async fn index(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    let actor = cx.actor()?;
    let choices = choices(&cx.app, actor).await?;
    let asked = match parameters.scope(&cx.app) {
        Ok(scope) => Asked::picture(&cx, scope, model::coverage(&cx.app, actor, &scope).await?).await?,
        Err(error) => Asked::refused(error)?,
    };
    Ok(respond(&cx, &PAGE, &parameters, &choices, &asked))
}

#[handler]
async fn show_picture(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    let coverage = model::coverage(&cx.app, cx.actor()?, &parameters.scope(&cx.app)?).await?;
    Ok(picture::draw(&coverage).response())
}
