//! Routes of the health page.

use super::super::{SYSTEM, frame};
use super::{model, views};
use crate::error::Result;
use crate::plugin::Route;
use crate::web::context::Context;
use poem::{Response, handler};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/admin/health", SYSTEM, show)]
}

#[handler]
async fn show(cx: Context) -> Result<Response> {
    let findings = model::look(&cx.app, cx.actor()?).await?;
    Ok(frame::page(&cx, "Health", views::show(&findings)))
}
