//! The page that tells each person who sees their ratings.

use super::super::READ;
use super::{model, views};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/skills/sight", READ, show)]
}

#[handler]
async fn show(cx: Context) -> Result<Response> {
    let viewers = model::viewers(&cx.app, cx.actor()?).await?;
    Ok(cx.page("Who sees your ratings", views::show(cx.actor()?, &viewers)))
}
