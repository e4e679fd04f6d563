//! The team of a project.

use super::super::READ;
use super::super::outline::Outline;
use super::{model, views};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::web::Path;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/projects/:code/team", READ, show)]
}

#[handler]
async fn show(cx: Context, Path(code): Path<String>) -> Result<Response> {
    let actor = cx.actor()?;
    let outline = Outline::of(&cx.app, actor, &code).await?;
    let team = model::team(&cx.app, actor, &outline.project, outline.today).await?;
    Ok(cx.page("Team", views::team(&outline, &team)))
}
