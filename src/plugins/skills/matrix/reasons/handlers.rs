//! `/skills/ratings/:person/:skill/reason`: what stands behind a cell, in a few words.

use super::super::super::ratings::model as ratings;
use super::super::super::ratings::views::own_page;
use super::super::super::{READ, targets};
use super::views;
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills/ratings/:person/:skill/reason", READ, show)]
}

/// Without scripts nothing rests on a cell; the person's page tells the same.
#[handler]
async fn show(cx: Context, Path((person, skill)): Path<(i64, i64)>) -> Result<Response> {
    let actor = cx.actor()?;
    let cell = ratings::get(&cx.app, actor, person, skill).await?;
    if !cx.is_partial() {
        return Ok(cx.see_other(&own_page(&cell)));
    }
    let reason = targets::reasons(&cx.app, actor, person, skill).await?;
    Ok(cx.fragment(views::reason(&cell, reason.as_ref())))
}
