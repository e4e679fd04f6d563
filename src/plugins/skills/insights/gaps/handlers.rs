//! The heat map as a page and as a picture.

use super::super::super::READ;
use super::super::model::{begins_later, choices};
use super::super::scope::{Parameters, Scope};
use super::views::{self, Content};
use super::{model, picture};
use crate::error::{Error, Result};
use crate::plugin::Route;
use crate::web::context::Context;
use poem::web::Query;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills/insights", READ, index), Route::get("/skills/insights/heat-map.svg", READ, show_picture)]
}

#[handler]
async fn index(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    let actor = cx.actor()?;
    let choices = choices(&cx.app, actor).await?;
    let scope = match parameters.scope(&cx.app) {
        Ok(scope) => scope,
        Err(Error::Invalid(invalid)) => {
            let content = Content::Invalid(&invalid);
            return Ok(cx.invalid_page("Insights", views::index(&parameters, &Scope::default(), &choices, &content)));
        }
        Err(other) => return Err(other),
    };
    let gaps = model::gaps(&cx.app, actor, &scope).await?;
    let content = match begins_later(&cx.app, actor, &scope).await? {
        Some(first) => Content::Before(first),
        None => Content::Gaps(&gaps),
    };
    Ok(cx.page("Insights", views::index(&parameters, &scope, &choices, &content)))
}

#[handler]
async fn show_picture(cx: Context, Query(parameters): Query<Parameters>) -> Result<Response> {
    let gaps = model::gaps(&cx.app, cx.actor()?, &parameters.scope(&cx.app)?).await?;
    Ok(picture::draw(&gaps).response())
}
