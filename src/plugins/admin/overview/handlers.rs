//! Routes of the overview.

use super::super::{READ, frame};
use super::{model, views};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/admin", READ, index)]
}

#[handler]
async fn index(cx: Context) -> Result<Response> {
    let overview = model::look(&cx.app, cx.actor()?).await?;
    Ok(frame::page(&cx, "Administration", views::index(&overview)))
}
