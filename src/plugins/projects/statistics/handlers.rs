//! The statistics of a project.

use super::super::READ;
use super::super::outline::Outline;
use super::{model, views};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/projects/:code/statistics", READ, show)]
}

#[handler]
async fn show(cx: Context, Path(code): Path<String>) -> Result<Response> {
    let outline = Outline::of(&cx.app, cx.actor()?, &code).await?;
    let statistics = model::statistics(&cx.app, &outline.project).await?;
    Ok(cx.page("Statistics", views::statistics(&outline, &statistics, cx.app.now_ms())))
}
